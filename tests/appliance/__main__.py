"""`make appliance-test`: the kiosk on a machine of its own, from a bare Debian on.

    python -m tests.appliance [--out appliance-out] [--commit HEAD] [--only plug update]

One machine at a time, two processors of it, niced. Needs root, and QEMU and debootstrap.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.appliance import cables, hands, health, image, plug, purchase, update
from tests.appliance.host import CannotStart
from tests.appliance.machine import Machine, choose_accelerator
from tests.appliance.shop import HOST, Counter, FarEnds
from tests.appliance.supplier import Supplier
from tests.appliance.table import Proofs

PARTS: Final = ("purchase", "plug", "update", "cables", "closed", "health")


def main() -> int:
    """Prove everything; the exit code is 1 when something could not be proven, 2 without tools."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("appliance-out"))
    parser.add_argument("--commit", default="HEAD", help="what is cloned and installed")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="after the set-up")
    asked = parser.parse_args()
    (asked.out / "screens").mkdir(parents=True, exist_ok=True)
    try:
        made = image.build(asked.commit)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 2
    proofs = Proofs(asked.out)
    accelerator = choose_accelerator(made)
    proofs.measure("processor", accelerator)
    with tempfile.TemporaryDirectory(prefix="appliance-") as scratch, ExitStack() as running:
        folder = Path(scratch)
        shop = running.enter_context(FarEnds(folder))
        machine = running.enter_context(Machine(folder, made, shop.usb, accelerator))
        supplier = running.enter_context(Supplier(made.release, HOST, folder))
        prove(proofs, Counter(machine, shop), shop, supplier, asked.only)
    proofs.save()
    proofs.show()
    return 1 if proofs.failed else 0


def prove(
    proofs: Proofs, counter: Counter, shop: FarEnds, supplier: Supplier, parts: Sequence[str]
) -> None:
    """Go through the parts, on one machine that lives through all of them."""
    purchase.prove_set_up(proofs, counter, shop)
    if proofs.failed:
        return  # nothing after it could be right
    if "purchase" in parts:
        purchase.prove_purchase(proofs, counter, shop)
    if "plug" in parts:
        plug.prove_cuts(proofs, counter, shop)
    if "update" in parts:
        update.prove_update(proofs, counter, shop, supplier)
    if "cables" in parts:
        cables.prove_cables(proofs, counter, shop)
    if "closed" in parts:
        hands.prove_closed(proofs, counter, shop)
    if "update" in parts:
        update.prove_trial_ends(proofs, counter)
    if "health" in parts:
        health.prove_health(proofs, counter, shop)


if __name__ == "__main__":
    sys.exit(main())
