"""Cables out and in again, while it is on: the till says so, and works again by itself."""

from typing import Final

from kiosk.engine.view import Screen
from tests.appliance.customer import Customer
from tests.appliance.patience import until
from tests.appliance.shop import Counter, FarEnds
from tests.appliance.table import Proofs

PULLED: Final = ("scanner", "scale")
LOG: Final = "journalctl -u kiosk -b -o cat --no-pager --grep '\"device state changed\"' || true"


def prove_cables(proofs: Proofs, counter: Counter, shop: FarEnds) -> None:
    """Scanner and scale: pulled, noticed, put back, used."""
    customer = Customer(counter, shop, proofs.out / "screens")
    customer.scene = "cables"
    machine = counter.machine
    for name in PULLED:
        with proofs.proof("cables", f"the {name} is pulled out, put back, and works again") as said:
            machine.unplug(name)
            until(f"the {name} to be missed", lambda name=name: _last_state(counter, name),
                  lambda state: state != "ready", every_s=1.0)  # fmt: skip
            customer.look(f"{name}-out")
            machine.plug(name)
            until(f"the {name} to be back", lambda name=name: _last_state(counter, name),
                  lambda state: state == "ready", every_s=1.0)  # fmt: skip
            if name == "scanner":
                customer.scan_until_there()
                said.append("a scan adds its line")
            else:
                customer.weigh_bananas()
                said.append("bananas are weighed")
    with proofs.proof("cables", "the terminal's network is pulled while the shopper pays") as said:
        customer.go_on_until(lambda view: view.screen is Screen.PAY, "the ways to pay")
        shop["terminal"].call("unplug")
        until("the terminal to be missed", lambda: _last_state(counter, "terminal"),
              lambda state: state != "ready", every_s=1.0)  # fmt: skip
        customer.look("terminal-out")
        shop["terminal"].call("plug_in")
        until("the terminal to be back", lambda: _last_state(counter, "terminal"),
              lambda state: state == "ready", every_s=1.0)  # fmt: skip
        customer.leave()
        said.append("the sale is paid and over")


def _last_state(counter: Counter, name: str) -> str:
    """Return what the till's own log said of a device last."""
    lines = [line for line in counter.machine.agent.sh(LOG).splitlines() if f'"{name}"' in line]
    newest = lines[-1] if lines else ""
    return newest.partition('"state": "')[2].partition('"')[0]
