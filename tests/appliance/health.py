"""Units and their walls, the watchdog, and what is used of memory and disk."""

import json
import time
from typing import Final

from tests.appliance.customer import Customer
from tests.appliance.patience import until
from tests.appliance.purchase import wait_until_selling
from tests.appliance.shop import Counter, FarEnds
from tests.appliance.table import Proofs

UNITS: Final = (
    "kiosk.service", "kiosk-maintenance.service",
    "kiosk-update.service", "kiosk-update-fetch.service",
    "kiosk-health.service", "kiosk-certificate.service",
)  # fmt: skip
EXPOSURE_MAX: Final = 2.0
IDLE_S: Final = 60.0
SECTOR: Final = 512
WRITTEN: Final = "awk '$3 == \"vda\" {print $10}' /proc/diskstats"
RESTARTS: Final = "systemctl show -P NRestarts kiosk"


def prove_health(proofs: Proofs, counter: Counter, shop: FarEnds) -> None:
    """On the running machine."""
    agent = counter.machine.agent
    with proofs.proof("units", "systemd-analyze verify finds nothing wrong inside") as said:
        ran = agent.run("systemd-analyze", "verify", *UNITS)
        ours = [line for line in ran.out.splitlines() if "kiosk" in line or "selvkasse" in line]
        assert not ours, ours
        said.append(f"{len(UNITS)} units")
    with proofs.proof("units", f"systemd-analyze security at most {EXPOSURE_MAX}") as said:
        for unit in UNITS:
            told = agent.run("systemd-analyze", "security", "--no-pager", unit).out
            exposure = float(told.rpartition("for ")[2].partition(": ")[2].split()[0])
            said.append(f"{unit.removesuffix('.service')} {exposure}")
            assert exposure <= EXPOSURE_MAX, f"{unit}: {exposure}"
    with proofs.proof("units", "the night's work checks and copies the journal beside the till"):
        agent.sh("systemctl start kiosk-maintenance && ls /var/lib/kiosk/copies/*.sqlite")
    with proofs.proof(
        "units", "the hourly look at machine and till asks systemd, and is in the log"
    ):
        agent.sh("systemctl start kiosk-health")
        line = agent.sh("journalctl -u kiosk-health -b -o cat --no-pager | grep '^{' | tail -1")
        told = json.loads(line)
        assert (told["till"], type(told["restarts"])) == ("active", int), line
    with proofs.proof("watchdog", "a till that stands still is ended and started again") as said:
        said.append(_ended(counter, "STOP"))
    with proofs.proof("watchdog", "a till that dies is started again") as said:
        said.append(_ended(counter, "KILL"))
    with proofs.proof("wear", "bytes written for a sale, and for nothing") as said:
        said.append(_wear(proofs, counter, shop))
    told = agent.sh("cat /proc/$(systemctl show -P MainPID kiosk)/status")
    proofs.measure("the till's memory, peak resident MB", _field_kb(told, "VmHWM") // 1024)
    free = agent.sh("cat /proc/meminfo")
    proofs.measure("memory left of the machine, MB", _field_kb(free, "MemAvailable") // 1024)
    proofs.measure("room taken on the disk, MB", int(agent.sh("du -xsm / | cut -f1")))
    failed = agent.sh("systemctl --failed --no-legend --plain")
    with proofs.proof("units", "no unit has failed"):
        assert not failed, failed


def _ended(counter: Counter, signal: str) -> str:
    agent = counter.machine.agent
    before = int(agent.sh(RESTARTS))
    began = time.monotonic()
    agent.sh(f"kill -{signal} $(systemctl show -P MainPID kiosk)")
    until("systemd to start it again", lambda: int(agent.sh(RESTARTS)), lambda n: n > before)
    ended_s = time.monotonic() - began
    wait_until_selling(counter)
    return f"ended after {ended_s:.0f} s, sells after {time.monotonic() - began:.0f} s"


def _wear(proofs: Proofs, counter: Counter, shop: FarEnds) -> str:
    agent = counter.machine.agent
    customer = Customer(counter, shop, proofs.out / "screens")
    customer.leave()

    def written() -> int:
        agent.sh("sync")
        return int(agent.sh(WRITTEN)) * SECTOR

    at_rest, began = written(), time.monotonic()
    time.sleep(IDLE_S)
    idle = (written() - at_rest) / (time.monotonic() - began) * 3600
    before = written()
    customer.scan_until_there()
    customer.leave()
    sale = written() - before
    proofs.measure("bytes written for a sale of one thing", sale)
    proofs.measure("bytes written in an idle hour (from a minute's)", round(idle))
    return f"{sale} bytes a sale, {idle:.0f} bytes an idle hour"


def _field_kb(told: str, name: str) -> int:
    line = next(line for line in told.splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])
