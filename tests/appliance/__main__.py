"""`make appliance-test`: the kiosk on a machine of its own, from a bare Debian on.

    python -m tests.appliance [--out appliance-out] [--commit HEAD]

One machine at a time, two processors of it, niced. Needs root, and QEMU and debootstrap.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.appliance import image, purchase
from tests.appliance.host import CannotStart
from tests.appliance.machine import Machine, choose_accelerator
from tests.appliance.shop import Counter, FarEnds
from tests.appliance.table import Proofs


def main() -> int:
    """Prove everything; the exit code is 1 when something could not be proven, 2 without tools."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("appliance-out"))
    parser.add_argument("--commit", default="HEAD", help="what is cloned and installed")
    asked = parser.parse_args()
    asked.out.mkdir(exist_ok=True)
    try:
        made = image.build(asked.commit)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 2
    proofs = Proofs(asked.out)
    accelerator = choose_accelerator(made)
    proofs.measure("processor", accelerator)
    with tempfile.TemporaryDirectory(prefix="appliance-") as scratch:
        folder = Path(scratch)
        with FarEnds(folder) as shop, Machine(folder, made, shop.usb, accelerator) as machine:
            counter = Counter(machine, shop)
            purchase.prove_set_up(proofs, counter, shop)
            purchase.prove_purchase(proofs, counter, shop)
    proofs.save()
    proofs.show()
    return 1 if proofs.failed else 0


if __name__ == "__main__":
    sys.exit(main())
