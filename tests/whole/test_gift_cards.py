"""Gift cards and deposit slips while their issuer is silent: real kiosk, real wires, two books."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.far_ends import TILL
from kiosk.app.scenes.groceries import MILK
from kiosk.app.scenes.split import CODE_128
from kiosk.app.shopper import PATIENCE_S, Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.engine.tender_view import ValueStep
from kiosk.engine.view import Screen, View
from kiosk.fiscal.events import REGISTER
from kiosk.journal import Journal
from kiosk.sale.events import Interest, Method, Outcome
from kiosk.sale.evolve import replay
from kiosk.sale.state import Sale

CARD = "6338000000000000014"
SLIP = "9800000034000"
MILK_MINOR = 2390
ALWAYS = 10_000
QUICK = "create_s = 1.0\nresolve_s = 1.0\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(
        folder=tmp_path_factory.mktemp("store"),
        far_ends=(*TILL, "giftcard", "voucher"),
        sections=Sections(selling="thanks_s = 1\n"),
    )
    for name in ("giftcard", "voucher"):
        far_end = made.far_ends[name]
        made.far_ends[name] = replace(far_end, section=far_end.section + QUICK)
    with made as running:
        yield running
        log = (running.folder / "kiosk.log").read_text(encoding="utf-8")
        assert "Traceback" not in log
        for number in (CARD, SLIP):
            assert number not in log
            assert number.encode() not in running.journal_path.read_bytes()


@pytest.fixture
def shopper(store: Store) -> Iterator[Shopper]:
    somebody = Shopper(store, store.folder, tell=lambda _: None)
    somebody.wait_for_screen(Screen.START)
    yield somebody
    for name in ("giftcard", "voucher"):
        store.far_end(name).call("mend")


def to_the_methods(shopper: Shopper) -> None:
    shopper.press("Betal")
    view = shopper.wait_for("bags or ways to pay", lambda v: v.screen in (Screen.BAGS, Screen.PAY))
    if view.screen is Screen.BAGS:
        shopper.press("Betal uten pose")
        shopper.wait_for_screen(Screen.PAY)


def pay_the_rest_by_card(shopper: Shopper) -> None:
    shopper.press("Kort")
    shopper.wait_for("a terminal that wants a card", lambda v: bool(v.terminal and v.terminal.step))
    shopper.store.far_end("terminal").call("wait_for", "card")
    shopper.store.far_end("terminal").call("tap_card")
    take_paper(shopper)


def take_paper(shopper: Shopper) -> None:
    shopper.wait_for_screen(Screen.RECEIPT)
    shopper.press("På papir")
    shopper.wait_for_screen(Screen.START)


def newest_sale(store: Store) -> Sale:
    with Journal.open(store.journal_path, read_only=True) as journal:
        ids = dict.fromkeys(record.sale_id for record in journal.after(0, 100_000))
        *_, newest = [one for one in ids if one != REGISTER]
        return replay(journal.events_of(newest))


def wait(so: Callable[[], object], what: str) -> None:
    deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
    while not so():
        assert not deadline.passed(), f"waited in vain for {what}"
        ready((), 0.05)


def show_a_card(shopper: Shopper) -> None:
    shopper.scan(MILK, "]E0")
    to_the_methods(shopper)
    shopper.press("Gavekort")
    shopper.wait_for_screen(Screen.VALUE)
    shopper.hold(CARD, CODE_128)


def is_shown(view: View) -> bool:
    value = view.tenders.value
    return value is not None and value.step is ValueStep.SHOWN


def test_nobody_answers_about_a_card_so_nothing_is_taken_and_the_sale_is_paid_by_card(
    store: Store, shopper: Shopper
) -> None:
    store.far_end("giftcard").call("lose_next_request", ALWAYS, "balance")
    show_a_card(shopper)
    shopper.wait_for_text("Gavekort svarer ikke nå. Ingenting er trukket.")
    shopper.press("Betal på en annen måte")
    shopper.wait_for_screen(Screen.PAY)
    pay_the_rest_by_card(shopper)
    sale = newest_sale(store)
    assert [(one.method, one.approved_minor) for one in sale.attempts] == [
        (Method.CARD, MILK_MINOR)
    ]
    assert store.far_end("giftcard").call("books") == []


def test_silence_after_the_card_was_to_pay_is_a_doubt_that_outlives_a_kill_and_pays_once(
    store: Store, shopper: Shopper
) -> None:
    far_end = store.far_end("giftcard")
    show_a_card(shopper)
    shopper.wait_for("what lies on the card", is_shown)
    before = far_end.call("balance_of", CARD)
    far_end.call("lose_next_answer", ALWAYS, "redemptions")
    shopper.press("Bruk 23,90 kr")
    wait(lambda: far_end.call("balance_of", CARD) == before - MILK_MINOR, "the issuer's books")
    shopper.wait_for_screen(Screen.IN_DOUBT)
    shopper.wait_for_text("Bli stående her. Varene dine er lagret.")
    store.restart_kiosk(kill=True)
    shopper.wait_for_screen(Screen.IN_DOUBT)
    far_end.call("mend")
    take_paper(shopper)
    (attempt,) = newest_sale(store).attempts
    assert (attempt.method, attempt.outcome) == (Method.GIFT_CARD, Outcome.APPROVED)
    assert far_end.call("balance_of", CARD) == before - MILK_MINOR, "taken once"


def test_a_slip_that_nobody_can_vouch_for_is_kept_and_somebody_is_called(
    store: Store, shopper: Shopper
) -> None:
    store.far_end("voucher").call("lose_next_request", ALWAYS, "balance")
    shopper.scan(MILK, "]E0")
    shopper.scan(MILK, "]E0")
    shopper.hold(SLIP, CODE_128)
    shopper.wait_for_text("Pantelappen kan ikke brukes her nå. Du beholder den.")
    view = shopper.wait_for(
        "somebody to be called", lambda v: any(w.kind is Interest.VOUCHER for w in v.waiting)
    )
    assert view.totals.item_count == 2
    (call,) = newest_sale(store).interventions
    assert (call.kind, call.detail, call.open) == (Interest.VOUCHER, "offline", True)
    assert store.far_end("voucher").call("books") == []
    store.far_end("voucher").call("mend")
    shopper.hold(SLIP, CODE_128)
    shopper.wait_for("its worth", lambda v: v.tenders.vouchers_minor == 3400)
