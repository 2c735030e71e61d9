"""A whole kiosk and a whole fleet: processes, TLS, a real broker, and what breaks in between."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.at_the_board import AtTheBoard
from kiosk.app.broker import mosquitto
from kiosk.app.own_fleet import HERE, OwnFleet
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.catalog.importer import import_file
from kiosk.catalog.sample import sample_catalog_path
from kiosk.engine.view import Screen

MILK = "7038010001659"
PATIENCE_S = 60.0

pytestmark = pytest.mark.skipif(mosquitto() is None, reason="mosquitto is not installed")


@dataclass
class Chain:
    fleet: OwnFleet
    store: Store
    shopper: Shopper
    ingrid: AtTheBoard
    amir: AtTheBoard

    def wait(self, so: Callable[[], Any], what: str) -> Any:
        deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
        while not (found := so()):
            assert not deadline.passed(), f"waited in vain for {what}"
            ready((), 0.05)
        return found

    def row(self) -> dict[str, Any]:
        rows = self.amir.get("/api/kiosks")["kiosks"]
        return next((row for row in rows if row["key"] == str(HERE)), {})

    def help_wanted(self) -> dict[str, Any]:
        self.shopper.press("Hjelp")
        return self.ingrid.call("help")


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    folder = tmp_path_factory.mktemp("chain")
    (folder / "screens").mkdir()
    with OwnFleet(folder / "fleet", tls=True) as fleet:
        sections = Sections(more=fleet.kiosk_section())
        with Store(folder=folder / "shop", sections=sections) as store:
            fleet.settle()
            with AtTheBoard(fleet, "ingrid") as ingrid, AtTheBoard(fleet, "amir") as amir:
                found = Chain(fleet, store, Shopper(store, folder / "screens"), ingrid, amir)
                found.wait(lambda: found.row().get("online"), "the kiosk on the pages")
                yield found


def dearer_milk(folder: Path) -> bytes:
    """A whole catalog in which only the milk has another price."""
    source, target = folder / "products.csv", folder / "catalog.sqlite"
    lines = sample_catalog_path().read_text(encoding="utf-8").splitlines(keepends=True)
    changed = [line.replace(";23,90;", ";99,00;") if MILK in line else line for line in lines]
    assert changed != lines
    source.write_text("".join(changed), encoding="utf-8")
    assert import_file(source, target).imported
    return target.read_bytes()


def test_a_shopper_is_helped_over_the_pages(chain: Chain) -> None:
    chain.shopper.scan(MILK, "]E0")
    call = chain.help_wanted()
    assert chain.ingrid.come(call) == "done"
    chain.shopper.wait_for("the name", lambda view: view.seen_by == "Ingrid")
    assert chain.ingrid.decide(call, approved=True) == "taken"
    chain.shopper.wait_for_screen(Screen.SCAN)
    assert chain.amir.decide(call, approved=False) in ("stands", "no_such")


def test_a_broker_that_dies_while_somebody_waits_only_delays_the_help(chain: Chain) -> None:
    call = chain.help_wanted()
    chain.fleet.broker.kill()
    chain.shopper.wait_for_screen(Screen.HELP)
    chain.fleet.broker.start()

    def answered() -> bool:
        # A decision that the broker could not deliver is sent anew: each is another touch.
        calls = chain.ingrid.get("/api/interventions")
        return not calls or chain.ingrid.decide(call, approved=True) == "taken"

    chain.wait(answered, "the answer at the kiosk")
    chain.shopper.wait_for_screen(Screen.SCAN)


def test_a_catalog_goes_from_the_operators_hand_into_the_next_scan(
    chain: Chain, tmp_path: Path
) -> None:
    view = chain.shopper.scan(MILK, "]E0")
    before = view.lines[-1].unit_price_minor
    body = dearer_milk(tmp_path)
    chain.amir.post("/api/catalogs?kind=catalog&version=dearer-milk", body)
    rollout = {"kind": "catalog", "version": "dearer-milk", "tenant": HERE.tenant}
    chain.amir.post("/api/rollouts", {**rollout, "groups": ["*"], "soak_minutes": 0})

    def fetched() -> bool:
        # A kiosk fetches by itself within a minute of hearing of it; an operator need not wait.
        said = chain.amir.command(str(HERE), "fetch_catalog", what="catalog")
        return said["verdict"] == "done" and "dearer-milk is in place" in said["detail"]

    chain.wait(fetched, "the catalog in place")
    chain.wait(lambda: chain.row()["catalog"] == "dearer-milk", "the version on the pages")
    chain.shopper.scan(MILK, "]E0")
    prices = {line.unit_price_minor for line in chain.store.glass.view().lines}
    assert prices == {before, 9900}, "lines of a sale under way keep their own prices"
    chain.wait(
        lambda: chain.amir.get("/api/rollouts")[0]["state"] == "done", "the end of the roll-out"
    )


def test_settings_go_from_the_operators_hand_to_a_kiosk_that_nobody_uses(chain: Chain) -> None:
    sale_id = chain.store.glass.view().sale_id or chain.shopper.scan(MILK, "]E0").sale_id
    body = b"[selling]\nlimit_lines = 10\nidle_s = 77\n"
    chain.amir.post("/api/catalogs?kind=config&version=2026-48", body)
    rollout = {"kind": "config", "version": "2026-48", "tenant": HERE.tenant}
    chain.amir.post("/api/rollouts", {**rollout, "groups": ["*"], "soak_minutes": 0})

    def fetched() -> bool:
        said = chain.amir.command(str(HERE), "fetch_config")
        return said["verdict"] == "done" and "2026-48 is in place" in said["detail"]

    chain.wait(fetched, "the settings in place")
    for _ in range(3):
        assert chain.shopper.scan(MILK, "]E0").sale_id == sale_id, "nobody is thrown out"
    assert chain.row()["config"].startswith("own:"), "not in use while somebody shops"

    chain.ingrid.command(str(HERE), "void_sale", sale_id=sale_id, reason="customer_left")
    chain.store.restart("kiosk")  # as systemd does: once the kiosk has ended by itself
    chain.wait(lambda: chain.row()["config"] == "2026-48", "the version on the pages")
    chain.wait(
        lambda: chain.amir.get("/api/rollouts")[0]["state"] == "done", "the end of the roll-out"
    )
