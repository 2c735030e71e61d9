"""The server's parts die, its database is lost and put back: what tills said is all there."""

import re
from typing import Final

from tests.appliance.patience import until
from tests.appliance.server.install import RUNS, until_pages_answer
from tests.appliance.server.machines import Store
from tests.appliance.server.tills import main_pid, until_online, void_what_is_open
from tests.appliance.table import Proofs

COPIES: Final = "/var/lib/selvkasse-fleet/copies"
BACKUP: Final = "/opt/selvkasse/current/deploy/fleet-backup"
WORKERS: Final = ("kiosk-fleet-ingest@1.service", "kiosk-fleet-ingest@2.service")
FLEET_TOML: Final = "/etc/selvkasse/fleet.toml"
EVERYTHING: Final = (
    "SELECT count(*) || ' rows, ' || coalesce(max(seq), 0) || ' the last' FROM event",
    "SELECT name || ' ' || role FROM person ORDER BY name",
)


def prove_faults(proofs: Proofs, store: Store) -> None:
    """Workers of their own, SIGKILL for each service, a copy and its way back."""
    with proofs.proof("server", "workers of their own store what comes"):
        _own_workers(store)
    for unit in (*RUNS, *WORKERS):
        with proofs.proof("killed", f"{unit.removesuffix('.service')} while goods are scanned"):
            _kill(store, unit)
    with proofs.proof("copies", "the night's copy, all lost, the copy back") as said:
        said.append(_lose_and_restore(store))


def _own_workers(store: Store) -> None:
    """As deploy/README.md has it: none in the server, two beside it."""
    server = store.server
    server.sh(f"sed -i '1i ingest_workers = 0' {FLEET_TOML}")
    server.sh(f"systemctl restart kiosk-fleet && systemctl enable --now {' '.join(WORKERS)}")
    until_pages_answer(store)
    store.scan(3)
    store.until_all_is_told()


def _kill(store: Store, unit: str) -> None:
    """SIGKILL to all of a service, goods before and after; it comes back by itself."""
    before = main_pid(store, unit)
    store.scan()
    store.server.sh(f"systemctl kill --kill-whom=all --signal=KILL {unit}")
    store.scan(3)
    until(f"{unit} to be back", lambda: _is_back(store, unit, before))
    store.scan()
    store.until_all_is_told()
    until_pages_answer(store)
    until_online(store)


def _is_back(store: Store, unit: str, before: str) -> bool:
    active = store.server.run("systemctl", "is-active", unit).out.strip() == "active"
    return active and main_pid(store, unit) not in ("0", before)


def _lose_and_restore(store: Store) -> str:
    """Start the night's copy by hand; empty the database; put the copy back, by the README."""
    server = store.server
    server.sh("systemctl start kiosk-fleet-backup.service")
    copy = server.sh(f"ls {COPIES}/*.dump | tail -1")
    before = [line for query in EVERYTHING for line in store.sql(query)]
    store.scan()
    store.until_all_is_told()
    as_postgres = "runuser -u postgres --"
    server.sh(f"{as_postgres} dropdb --force fleet")
    server.sh(f"{as_postgres} createdb --owner=selvkasse-fleet fleet")
    said = server.sh(f"{BACKUP} --restore {copy}")
    assert "is back" in said, said
    workers = server.run("systemctl", "is-active", *WORKERS).out.split()
    assert workers == ["active"] * len(WORKERS), f"the workers are {workers}"
    until_pages_answer(store)
    people = store.sql(EVERYTHING[1])
    assert people == before[1:], people
    # What was told after the copy comes again from the till itself.
    store.scan()
    rows = store.until_all_is_told()
    void_what_is_open(store)
    size = server.sh(f"stat -c %s {copy}")
    return f"{re.sub(r'.*/', '', copy)}, {size} bytes, {before[0]}; now {rows} rows"
