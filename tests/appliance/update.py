"""A signed release comes over the network while the plug is pulled at every step of it.

Fetched by its own unit, built by its own unit, taken up by the till when nobody shops, on trial.
After each cut the machine starts, sells, and has a whole version of the two.
"""

from dataclasses import dataclass
from typing import Final

from tests.appliance.image import NEXT_VERSION
from tests.appliance.judge import judge
from tests.appliance.patience import until
from tests.appliance.plug import up_again
from tests.appliance.shop import Counter, FarEnds
from tests.appliance.supplier import Supplier
from tests.appliance.table import Proofs
from tests.appliance.technician import CONFIG, version

HOME: Final = "/opt/selvkasse"
FETCHED: Final = "/var/lib/kiosk-update"
SECTION: Final = """
[update]
url = "{url}/selvkasse-x86_64.json"
ca = "/etc/kiosk/releases.pem"
quiet_min = 1
"""
BUILD_S: Final = 1500.0
"""Python's packages unpacked and compiled by an emulated processor."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where the plug is pulled: what is begun, and what is waited for."""

    words: str
    there: str
    """A script of the shell that succeeds when the moment has come."""
    begin: str = "systemctl start --no-block kiosk-update-fetch"


STEPS: Final = (
    Step("a part of the package is fetched", f"test -s {FETCHED}/*.part"),
    Step("the fetched package is being unpacked",
         f"test -d {HOME}/{NEXT_VERSION}+*/unpacked/wheels"),
    Step("the new version's packages are being installed",
         f"test -d {HOME}/{NEXT_VERSION}+*/venv/lib/python3*/site-packages/kiosk"),
    Step("the new version is whole and waits",
         f"grep -q '\"waiting\": \"{NEXT_VERSION}' {HOME}/update.json"),
    Step("the till has stopped itself for it", f"readlink {HOME}/current | grep -q {NEXT_VERSION}",
         begin="true"),
    Step("the new version is on trial, and runs",
         "systemctl is-active kiosk && kiosk update status | grep -q 'on trial'", begin="true"),
)  # fmt: skip


def prove_update(proofs: Proofs, counter: Counter, shop: FarEnds, release: Supplier) -> None:
    """Cut at each step; at the end the new version sells, on trial still."""
    machine = counter.machine
    agent = machine.agent
    agent.write("/etc/kiosk/releases.pem", release.ca_file.read_bytes())
    text = agent.read(CONFIG).decode()
    agent.write(CONFIG, text + SECTION.format(url=release.url), "640")
    agent.sh(f"chgrp kiosk {CONFIG} && systemctl restart kiosk")
    up_again(counter)
    proofs.measure("version before", _status(counter))
    for number, step in enumerate(STEPS):
        release.pause_s = 0.5 if number == 0 else 0.0
        with proofs.proof("update", step.words) as said:
            machine.agent.sh(step.begin)
            until(step.words, lambda step=step: _so(counter, step.there),
                  patience_s=BUILD_S, every_s=0.5)  # fmt: skip
            loss = machine.cut_power(f"update {number}")
            machine.power_on()
            up_again(counter)
            verdict = judge(machine.agent, shop, proofs.out)
            assert verdict.good, verdict.words
            said.append(f"{loss.lost} unflushed bytes lost; back as {_status(counter)}")
        if not proofs.rows[-1].ok:
            return  # each step begins where the one before has ended
    with proofs.proof("update", "the new version runs, by the till's own choice of the moment"):
        assert _status(counter).startswith(NEXT_VERSION), _status(counter)
        machine.screendump(proofs.out / "screens/99-new-version.png")


def prove_trial_ends(proofs: Proofs, counter: Counter) -> None:
    """The new version has said that it is well; the next start believes it."""
    with proofs.proof("update", "its trial ends well, and nothing older is taken any more") as said:
        until("the trial's end", lambda: _so(counter, "test -s /var/lib/kiosk/update/healthy"))
        counter.machine.agent.sh("systemctl restart kiosk")
        up_again(counter)
        told = counter.machine.agent.sh("kiosk update status")
        assert "on trial" not in told, told
        again = counter.machine.agent.run("kiosk", "update", "install").out.strip()
        assert "already" in again, again
        said.append(again)


def _status(counter: Counter) -> str:
    return version(counter.machine.agent.sh("kiosk update status"))


def _so(counter: Counter, script: str) -> bool:
    return counter.machine.agent.run("/bin/sh", "-c", script).code == 0
