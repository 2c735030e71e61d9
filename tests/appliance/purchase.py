"""The first proofs: it is set up by the book, starts by itself, and sells by every wire."""

from pathlib import Path
from typing import Final

from kiosk.engine.view import Screen
from tests.appliance.customer import BANANAS_G, Customer
from tests.appliance.judge import judge
from tests.appliance.patience import until
from tests.appliance.shop import Counter, FarEnds
from tests.appliance.table import Proofs
from tests.appliance.technician import set_up

SELLING: Final = (Screen.START, Screen.SCAN)


def prove_set_up(proofs: Proofs, counter: Counter, shop: FarEnds) -> None:
    """The technician's part, on a machine that is fresh from `deploy/install`."""
    machine = counter.machine
    with proofs.proof(
        "set up", "Debian with deploy/install starts, and waits for a technician"
    ) as said:
        machine.power_on()
        said.append(f"up after {machine.booted_s:.0f} s, {machine.agent.sh('uname -r')}")
        state = machine.agent.sh("systemctl is-active kiosk || true")
        assert state == "inactive", f"kiosk.service is {state} before there is a configuration"
        failed = machine.agent.sh("systemctl --failed --no-legend --plain")
        assert not failed, failed
    with proofs.proof(
        "set up", "name-device and kiosk setup: each device tried and written down"
    ) as said:
        done = set_up(counter, shop)
        said.append(f"named {', '.join(done.named)}; kiosk setup: {_tried(done.said)}")
    with proofs.proof(
        "set up", "the till is up on KMS/DRM, told systemd so, and shows its start screen"
    ):
        wait_until_selling(counter)
        assert machine.agent.sh("systemctl is-active kiosk") == "active"
    with proofs.proof(
        "start", "switched off in order and on again, it sells without a hand"
    ) as said:
        machine.switch_off()
        machine.power_on()
        wait_until_selling(counter)
        proofs.measure("power on to selling, s", round(machine.on_for_s, 1))
        said.append(f"after {machine.on_for_s:.0f} s")


def prove_purchase(proofs: Proofs, counter: Counter, shop: FarEnds) -> None:
    """Scan, weigh, pay by card, take the paper; pictures of each screen."""
    album = proofs.out / "screens"
    customer = Customer(counter, shop, album)
    with proofs.proof("purchase", "milk by the scanner, bananas by the scale, card, paper") as said:
        customer.wait_for_screen(Screen.START)
        customer.look("start")
        customer.scan_until_there()
        customer.look("milk")
        customer.weigh_bananas()
        customer.look("bananas")
        for screen in (Screen.BAGS, Screen.PAY, Screen.TERMINAL, Screen.RECEIPT, Screen.THANKS):
            customer.go_on_until(lambda view, wanted=screen: view.screen is wanted, screen.value)
            customer.look(screen.value)
        customer.leave()
        said.append(
            f"{BANANAS_G} g weighed, {shop.taken_minor()} øre taken, {len(shop.papers())} papers"
        )
    with proofs.proof("purchase", "journal, terminal's books and paper agree") as said:
        verdict = judge(counter.machine.agent, shop, proofs.out)
        said.append(verdict.words)
        assert verdict.good
        assert verdict.sold == 1
        shop["printer"].call(
            "save_receipt", str(_in(proofs, "receipt.png")), str(_in(proofs, "receipt.txt"))
        )


def wait_until_selling(counter: Counter) -> None:
    """Wait until the first frame of a screen at which somebody can buy is on the glass."""
    until("the till to sell", counter.glass.state,
          lambda seen: bool(seen["frames"]) and seen["screen"] in SELLING)  # fmt: skip


def _in(proofs: Proofs, name: str) -> Path:
    return (proofs.out / name).resolve()


def _tried(said: str) -> str:
    return ", ".join(
        line[4:-1] for line in said.splitlines() if line.startswith("The ") and line[-1] == "."
    )
