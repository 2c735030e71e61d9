"""`make appliance-test`: the kiosk on a machine of its own, from a bare Debian on.

    python -m tests.appliance [--out appliance-out] [--commit HEAD] [--only plug update]

Two machines side by side, each fresh from `deploy/install`: one sells while its plug is pulled, the
other is updated, mistreated and measured. Beside them a store's server with a till, in containers.
Needs root, QEMU, debootstrap and systemd-nspawn; `--only server` needs no QEMU.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.appliance import cables, debian, hands, health, image, plug, purchase, update
from tests.appliance.host import CannotStart
from tests.appliance.machine import Machine, choose_accelerator
from tests.appliance.server import trees
from tests.appliance.server.proving import prove_server
from tests.appliance.shop import HOST, Counter, FarEnds
from tests.appliance.supplier import Supplier
from tests.appliance.table import Proofs, save, show


@dataclass(frozen=True, slots=True)
class Bench:
    """A machine, what stands around it, and what is proven with it."""

    proofs: Proofs
    counter: Counter
    shop: FarEnds
    supplier: Supplier


Part = Callable[[Bench], None]
PARTS: Final[dict[str, Part]] = {
    "purchase": lambda at: purchase.prove_purchase(at.proofs, at.counter, at.shop),
    "plug": lambda at: plug.prove_cuts(at.proofs, at.counter, at.shop),
    "update": lambda at: update.prove_update(at.proofs, at.counter, at.shop, at.supplier),
    "cables": lambda at: cables.prove_cables(at.proofs, at.counter, at.shop),
    "closed": lambda at: hands.prove_closed(at.proofs, at.counter, at.shop),
    "trial": lambda at: update.prove_trial_ends(at.proofs, at.counter),
    "health": lambda at: health.prove_health(at.proofs, at.counter, at.shop),
}
MACHINES: Final = {
    "selling": ("purchase", "plug"),
    "serving": ("update", "cables", "closed", "trial", "health"),
}
"""Which machine lives through which parts, in order."""
WITH: Final = {"trial": "update"}
"""What cannot be asked for alone: it goes with another part."""
SERVER: Final = "server"
CHOICES: Final = (*(part for part in PARTS if part not in WITH), SERVER)


def main() -> int:
    """Prove everything; the exit code is 1 when something could not be proven, 2 without tools."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("appliance-out"))
    parser.add_argument("--commit", default="HEAD", help="what is cloned and installed")
    parser.add_argument("--only", nargs="+", choices=CHOICES, default=CHOICES, help="parts")
    asked = parser.parse_args()
    # Once: a branch may go on while the release and the disk of this commit are made.
    commit = debian.git("rev-parse", "--verify", f"{asked.commit}^{{commit}}").decode().strip()
    wanted = dict(_wanted(asked.only))
    try:
        made = image.build(commit) if wanted else None
        store = trees.build(commit) if SERVER in asked.only else None
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 2
    accelerator = choose_accelerator(made) if made else "none"
    with ThreadPoolExecutor(len(PARTS)) as side_by_side:
        running = [
            side_by_side.submit(prove, Proofs(asked.out / name), made, accelerator, parts)
            for name, parts in wanted.items()
            if made
        ]
        if store:
            own = Proofs(asked.out / "store")
            running.append(side_by_side.submit(prove_server, own, store, commit))
        done = [one.result() for one in running]
    save(asked.out, done)
    show(done, accelerator)
    return 1 if any(proofs.failed for proofs in done) else 0


def prove(proofs: Proofs, made: image.Image, accelerator: str, parts: Sequence[str]) -> Proofs:
    """Go through parts on one machine that lives through all of them; nothing is left running."""
    with tempfile.TemporaryDirectory(prefix="appliance-") as scratch, ExitStack() as running:
        folder = Path(scratch)
        shop = running.enter_context(FarEnds(folder))
        machine = running.enter_context(Machine(folder, made, shop.usb, accelerator))
        supplier = running.enter_context(Supplier(made.release, HOST, folder))
        at = Bench(proofs, Counter(machine, shop), shop, supplier)
        purchase.prove_set_up(proofs, at.counter, shop)
        if not proofs.failed:  # else nothing after it could be right
            for part in parts:
                PARTS[part](at)
    return proofs


def _wanted(parts: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each machine that is needed, with its parts."""
    for name, own in MACHINES.items():
        if chosen := [part for part in own if WITH.get(part, part) in parts]:
            yield name, chosen


if __name__ == "__main__":
    sys.exit(main())
