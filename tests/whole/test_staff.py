"""Staff mode over the real wires: real badge reader, scanner, terminal, printer, power cuts."""

from collections.abc import Iterator

import pytest

from kiosk.app.far_ends import TILL
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.engine.staff_view import StaffStep
from kiosk.engine.view import Screen
from kiosk.staff import Role

MILK = "7038010001659"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(folder=tmp_path_factory.mktemp("store"), far_ends=(*TILL, "badge")) as running:
        yield running


@pytest.fixture
def shopper(store: Store) -> Shopper:
    return Shopper(store, store.folder)


def badge(shopper: Shopper, role: Role) -> None:
    """Hold somebody's badge to the reader."""
    person = next(one for one in shopper.store.colleagues if one.role is role)
    shopper.store.far_end("badge").call("scan", person.badge)
    shopper.wait_for(person.name, lambda v: v.staff is not None and v.staff.name == person.name)


def practise(shopper: Shopper, word: str) -> None:
    """Switch practice on or off, and give the kiosk back."""
    badge(shopper, Role.SUPERVISOR)
    shopper.press("Mer")
    shopper.press(word)
    shopper.press("Tilbake")
    shopper.press("Gi kassen tilbake til kunden")
    shopper.wait_for("the shopper's screen", lambda v: v.staff is None)


def test_practice_prints_and_moves_no_money_also_over_a_kill(
    store: Store, shopper: Shopper
) -> None:
    practise(shopper, "Øv")
    assert shopper.wait_for_screen(Screen.START).training
    shopper.scan(MILK, "]E0")
    store.restart_kiosk(kill=True)
    view = shopper.wait_for("the sale", lambda v: bool(v.lines))
    assert view.training
    shopper.press("Betal")
    shopper.wait_for_screen(Screen.BAGS)
    shopper.press("Betal uten pose")
    shopper.wait_for_screen(Screen.PAY)
    shopper.press("Kort")
    shopper.wait_for_screen(Screen.RECEIPT)
    assert "Payment" not in store.far_end("terminal").state()["heard"]
    shopper.press("På papir")
    shopper.wait_for_screen(Screen.START)
    practise(shopper, "Slutt å øve")
    assert not shopper.wait_for_screen(Screen.START).training


def test_a_kill_while_an_attendant_is_signed_in_shuts_the_door_and_keeps_the_sale(
    store: Store, shopper: Shopper
) -> None:
    shopper.scan(MILK, "]E0")
    badge(shopper, Role.ATTENDANT)
    store.restart_kiosk(kill=True)
    view = shopper.wait_for("the sale", lambda v: bool(v.lines))
    assert view.staff is None
    badge(shopper, Role.ATTENDANT)
    shopper.press("Avbryt")
    shopper.wait_for("reasons", lambda v: v.staff is not None and v.staff.step is StaffStep.REASON)
    shopper.press("Det var en feil")
    shopper.wait_for("no sale", lambda v: not v.lines)
    shopper.press("Gi kassen tilbake til kunden")
    shopper.wait_for_screen(Screen.START)
