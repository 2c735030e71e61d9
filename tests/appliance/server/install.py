"""A bare Debian becomes a store's server, by deploy/README.md, and is one after each start."""

import re
import time
from typing import Final

import httpx

from tests.appliance.image import SOURCE
from tests.appliance.patience import until
from tests.appliance.server.machines import SERVER, Store
from tests.appliance.server.people import Person
from tests.appliance.table import Proofs

RUNS: Final = (
    "mosquitto.service", "postgresql@15-main.service", "kiosk-fleet.service",
    "kiosk-fleet-enrolment.service",
)  # fmt: skip
TIMERS: Final = ("kiosk-fleet-backup.timer", "kiosk-fleet-renewal.timer")
PATHS: Final = ("kiosk-fleet-broker-reload.path", "kiosk-fleet-broker-restart.path")
ASKED: Final = ("kiosk-fleet-ingest@1.service",)
"""Not started by itself."""
SERVICES: Final = (
    "mosquitto.service", "kiosk-fleet.service", "kiosk-fleet-enrolment.service", *ASKED,
    "kiosk-fleet-backup.service", "kiosk-fleet-renewal.service",
    "kiosk-fleet-broker-reload.service", "kiosk-fleet-broker-restart.service",
)  # fmt: skip
EXPOSURE_MAX: Final = 2.0
ADMIN: Final = ("ingrid", "a long enough password")
INSTALL: Final = f"/{SOURCE}/deploy/install"
MEMORY: Final = """\
import pathlib, re, sys
for group in sys.argv[1:]:
    kib = 0
    for procs in pathlib.Path("/sys/fs/cgroup" + group).rglob("cgroup.procs"):
        for pid in procs.read_text().split():
            text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
            kib += int(re.search(r"^Pss: +(\\d+)", text, re.M)[1])
    print(kib // 1024)
"""


def prove_install(proofs: Proofs, store: Store) -> None:
    """Install, sign in, start again, look at every unit."""
    with proofs.proof("server", "deploy/install --fleet --host, by the README's words"):
        began = time.monotonic()
        store.server.sh(f"{INSTALL} --fleet --host {SERVER} --host {store.server.plan.address}")
        proofs.measure("deploy/install --fleet --host, program built before, s", _since(began))
        _demand_all(store)
    with proofs.proof("server", "the code in its log makes the first admin, over https") as said:
        said.append(_first_admin(store))
    with proofs.proof("server", "all of it once more changes nothing"):
        before = _made(store)
        store.server.sh(f"{INSTALL} --fleet --host {SERVER}")
        assert _made(store) == before, "an authority, a certificate or a key is another"
    with proofs.proof("server", "started again, everything is up and nothing has failed") as said:
        began = time.monotonic()
        store.server.restart()
        _demand_all(store)
        until_pages_answer(store)
        assert store.page().get("/api/session")["user"]["name"] == ADMIN[0]
        proofs.measure("server: from switching off and on to its pages, s", _since(began))
        said.append(store.server.sh("systemd-analyze | head -1"))
    with proofs.proof("server", "each unit is sound, and closed") as said:
        said.append(_closed(store))
    proofs.measure("memory of each service, idle, MB (PSS)", _memory(store))


def _demand_all(store: Store) -> None:
    """Demand that everything runs which the README's table names."""
    for unit in (*RUNS, *TIMERS, *PATHS):
        state = until(unit, lambda unit=unit: _word(store, unit), lambda word: word == "active",
                      patience_s=120.0)  # fmt: skip
        assert state == "active", f"{unit} is {state}"
    failed = store.server.sh("systemctl --failed --no-legend --plain")
    assert not failed, failed
    for timer in TIMERS:
        when = store.server.sh(f"systemctl show --property NextElapseUSecRealtime --value {timer}")
        assert when, f"{timer} does not know when it is next"


def _word(store: Store, unit: str) -> str:
    return store.server.run("systemctl", "is-active", unit).out.strip()


def _made(store: Store) -> str:
    """Return the sums of everything that must be made only once."""
    return store.server.sh(
        "sha256sum /var/lib/selvkasse-authority/ca.* /etc/selvkasse/fleet.toml "
        "/etc/selvkasse/pki/*.pem /var/lib/selvkasse-fleet/commands.*"
    )


def _first_admin(store: Store) -> str:
    """Go the README's way to the first account; return what was tried."""
    authority = store.folder / "ca.pem"
    authority.write_text(store.server.sh("cat /etc/selvkasse/pki/ca.pem") + "\n")
    store.admin = Person(store.server.plan.address, authority)
    until_pages_answer(store)
    log = until(
        "the one-time code",
        lambda: store.server.sh("journalctl --unit kiosk-fleet --output cat --no-pager"),
        lambda text: "One-time code" in text,
    )
    code = re.findall(r"One-time code for the first admin: (\S+)", log)[-1]
    page = store.admin.page()
    assert "<html" in page.text, page.text[:200]
    name, password = ADMIN
    wrong = {"name": name, "display_name": name, "password": password, "code": "AAAA-AAAA-AAAA"}
    assert store.admin.status("/api/first-start", wrong) == httpx.codes.FORBIDDEN
    store.admin.begin(code, name, password)
    again = {**wrong, "code": code, "name": "amir"}
    refused = store.admin.status("/api/first-start", again)
    assert refused == httpx.codes.FORBIDDEN, f"the code is good twice: {refused}"
    store.admin.sign_in(name, password)
    return "a wrong code and a used one are refused"


def until_pages_answer(store: Store) -> None:
    """Wait until the server answers a browser."""
    until("the pages", lambda: _answers(store.page()))


def _answers(person: Person) -> bool:
    try:
        person.get("/api/session")
    except httpx.HTTPError:
        return False
    return True


def _closed(store: Store) -> str:
    units = " ".join((*RUNS, *TIMERS, *PATHS, *ASKED))
    said = store.server.sh(f"systemd-analyze verify --man=no {units} 2>&1")
    assert not said, said
    found = {}
    for unit in SERVICES:
        told = store.server.sh(f"systemd-analyze security --no-pager {unit}")
        score = re.search(r"exposure level for \S+: ([\d.]+)", told)
        assert score, told[-500:]
        found[unit.removesuffix(".service")] = float(score[1])
    worst = max(found.values())
    assert worst <= EXPOSURE_MAX, found
    return ", ".join(f"{name} {score}" for name, score in found.items())


def _memory(store: Store) -> dict[str, int]:
    groups = [
        store.server.sh(f"systemctl show --property ControlGroup --value {unit}") for unit in RUNS
    ]
    told = store.server.run("python3", "-c", MEMORY, *groups)
    return dict(zip(RUNS, map(int, told.out.split()), strict=True))


def _since(began: float) -> float:
    return round(time.monotonic() - began, 1)
