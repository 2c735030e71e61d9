"""A till is let in, reports, takes orders; and whoever was struck off is out."""

import ssl
import time
from pathlib import Path
from typing import Final

from tests.appliance.patience import until
from tests.appliance.server.guest import BROKER_PORT, REFUSED, Guest
from tests.appliance.server.machines import JOURNAL, KEY, SERVER, Store
from tests.appliance.server.till import set_up
from tests.appliance.table import Proofs

STORE, _, TILL = KEY.rpartition("/")
STOLEN: Final = "naermat/torshov/kasse-9"
OTHER: Final = "naermat/torshov/kasse-8"
ROOT: Final = "selvkasse/v1"
PKI: Final = "/etc/selvkasse/pki"


def prove_tills(proofs: Proofs, store: Store) -> None:
    """Install a till, let it in, sell, order it about; strike another one off."""
    with proofs.proof("till", "deploy/install, a configuration, a catalog") as said:
        set_up(store.till)
        said.append(store.till.sh("kiosk update status | head -1"))
    with proofs.proof("till", "a one-time code lets it in, once, and the pages show it") as said:
        said.append(_let_in(store))
    with proofs.proof("till", "what it writes ends in PostgreSQL, row by row") as said:
        store.scan(5)
        said.append(f"{store.until_all_is_told()} rows, each with its hash")
    with proofs.proof("till", "an order from the pages is done there"):
        void_what_is_open(store)
    with proofs.proof("till", "its timers and its path unit wait, and what they start works"):
        _own_units(store)
    with proofs.proof("server", "the broker asks for a certificate, and each speaks for itself"):
        _who_may_what(store)
    with proofs.proof("server", "who is struck off is let go, and does not get in again") as said:
        said.append(_strike_off(store))
    with proofs.proof("server", "what is renewed the broker shows, and nobody is cut off") as said:
        said.append(_renewed(store))


def void_what_is_open(store: Store) -> None:
    """Let the operator end the sale at the till, and wait for its start screen."""
    row = until(
        "the sale on the pages", lambda: store.page().row(KEY), lambda row: row.get("sale_id")
    )
    body = {"kind": "void_sale", "args": {"sale_id": row["sale_id"], "reason": "customer_left"}}
    told = store.page().post(f"/api/kiosks/{KEY}/commands", body)
    assert told["verdict"] == "done", told
    until(
        "no sale at the till", lambda: store.page().row(KEY), lambda row: row.get("sale_id") == ""
    )


def until_online(store: Store) -> dict[str, object]:
    """Wait until the pages show the till as one that sells; return its row."""
    return until("the till on the pages", lambda: store.page().row(KEY),
                 lambda row: row.get("online") and row["mode"] == "open")  # fmt: skip


def _let_in(store: Store) -> str:
    told = store.server.sh(f"kiosk fleet authority enrol-code --store {STORE} --kiosk {TILL}")
    code = next(line.strip() for line in told.splitlines() if line.startswith("    "))
    enrol = ("kiosk", "enrol", "--server", f"https://{SERVER}:8791")
    slip = ("B" if code[0] == "A" else "A") + code[1:]
    assert store.till.run(*enrol, typed=f"{slip}\n").code != 0, "a letter was wrong"
    let_in = store.till.run(*enrol, typed=f"{code}\n")
    assert let_in.code == 0, let_in.out
    again = store.till.run(*enrol, typed=f"{code}\n")
    assert again.code != 0, f"the code was good twice: {again.out}"
    store.till.sh("systemctl start selvkasse.target")
    row = until_online(store)
    return f"{row['name']}, {row['software']}; refused again: {again.out.splitlines()[-1][-90:]}"


def _own_units(store: Store) -> None:
    wanted = ("kiosk.service", "kiosk-update-announced.path", "kiosk-certificate.timer",
              "kiosk-maintenance.timer", "kiosk-update.timer")  # fmt: skip
    for unit in wanted:
        store.till.sh(f"systemctl is-active {unit}")
    # As its timer would; what it found stands in its log, and a failure in its state.
    for unit in ("kiosk-certificate", "kiosk-maintenance", "kiosk-update-fetch"):
        store.till.sh(f"systemctl start {unit}")
    copies = store.till.sh(f"ls {JOURNAL.rpartition('/')[0]}/copies")
    assert copies, "the night's work made no copy"
    failed = store.till.sh("systemctl --failed --no-legend --plain")
    assert not failed, failed


def _who_may_what(store: Store) -> None:
    """Ask the broker with another till's certificate, with none, and with one of somebody else."""
    pair, mine, theirs = issue(store, STOLEN), f"{ROOT}/{STOLEN}", f"{ROOT}/{KEY}"
    with Guest(store, pair) as other:
        until("the other till at the broker", lambda: other.is_in)
        assert other.subscribe(f"{mine}/command") < REFUSED, "it may not hear its orders"
        assert other.publish(f"{mine}/health", b"{}") < REFUSED, "it may not speak for itself"
    # Refused, it is cut off as well (Mosquitto 2.0.11), so each try is somebody's first.
    for topic in (f"{theirs}/state", f"{theirs}/events", f"{mine}/command"):
        with Guest(store, pair) as other:
            until("the other till at the broker", lambda other=other: other.is_in)
            assert other.publish(topic, b"{}") >= REFUSED, f"it wrote to {topic}"
    with Guest(store) as nobody:
        until("nobody to be refused", lambda: nobody.refusals >= 2)
        assert not nobody.is_in, "the broker lets anybody in"


def _strike_off(store: Store) -> str:
    """Revoke a certificate while its owner is connected; all others come back."""
    before = main_pid(store, "mosquitto")
    with Guest(store, issue(store, STOLEN)) as stolen:
        until("the stolen till at the broker", lambda: stolen.is_in)
        began = time.monotonic()
        said = store.server.sh(f"kiosk fleet authority revoke {STOLEN}")
        until("the broker to let go of it", lambda: not stolen.is_in)
        gone_s = time.monotonic() - began
        until("it to be refused", lambda: stolen.refusals >= 2)
        assert not stolen.is_in, "it was let in again"
    assert main_pid(store, "mosquitto") != before, "the broker was not started anew"
    store.scan()
    store.until_all_is_told()
    until_online(store)
    void_what_is_open(store)
    return f"{said}; gone after {gone_s:.1f} s; the other till reports on"


def _renewed(store: Store) -> str:
    """Spoil the broker's pair and its list, as a bad disk may, and start what the timer starts."""
    address = (store.server.plan.address, BROKER_PORT)
    before, process = ssl.get_server_certificate(address), main_pid(store, "mosquitto")
    with Guest(store, issue(store, OTHER)) as other:
        until("a till at the broker", lambda: other.is_in)
        store.server.sh(f"cp {PKI}/fleet.key {PKI}/broker.pair/key.pem; rm {PKI}/crl.pem")
        store.server.sh("systemctl start kiosk-fleet-renewal")
        until("the new certificate at the broker",
              lambda: ssl.get_server_certificate(address), lambda seen: seen != before)  # fmt: skip
        assert main_pid(store, "mosquitto") == process, "it was started anew, and needed not"
        assert other.is_in, "somebody was cut off"
        assert not other.refusals, "somebody was cut off"
    return store.server.sh("journalctl -u kiosk-fleet-renewal -o cat --no-pager | grep Renewed")


def main_pid(store: Store, unit: str) -> str:
    """Return the process of a service of the server."""
    return store.server.sh(f"systemctl show --property MainPID --value {unit}")


def issue(store: Store, name: str) -> tuple[Path, Path]:
    """Let the authority make a pair for a name, as for a till without `kiosk enrol`."""
    flat = name.replace("/", "_")
    store.server.sh(f"kiosk fleet authority issue {name} --out /root")
    pair = store.folder / f"{flat}.pem", store.folder / f"{flat}.key"
    for path in pair:
        path.write_text(store.server.sh(f"cat /root/{path.name}") + "\n")
    return pair
