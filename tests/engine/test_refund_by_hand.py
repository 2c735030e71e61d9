"""A part of a return that its payer refuses for good: staff give it back, and the return ends.

The sale was paid by two cards. The second gives its part back, the first one refuses; so the
return can be called off no more, and without a way out it could not end either.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.contracts import RefundAnswered, RefundRequest
from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import StaffStep, Tool
from kiosk.fiscal.events import ZReportMade
from kiosk.fiscal.saft.export import Period, export
from kiosk.fiscal.saft.verify import verify
from kiosk.fiscal.signature import HmacKey
from kiosk.payments.reconcile import booked
from kiosk.sale.commands import Reason, Rejected
from kiosk.sale.decide import decide
from kiosk.sale.events import Method, Outcome, SaleCompleted, Series
from kiosk.sale.evolve import replay
from kiosk.sale.return_commands import RequestRefund
from kiosk.sale.return_events import ByHand, RefundSettled
from kiosk.sale.state import Phase, Sale
from kiosk.sale.totals import totals
from tests.engine.bench import BENCH_KEY, COLA, MILK, Bench, config
from tests.engine.conftest import cheap_hashes
from tests.engine.models import result_of
from tests.engine.test_returns import SAFT, back, find, of, receipts, supervisor

TOTAL_MINOR, FIRST_MINOR = 5680, 2000


@pytest.fixture
def shop(make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A kiosk at which a cola and a milk were paid, 20 kr by one card and the rest by another."""
    cheap_hashes(monkeypatch)
    bench = make_bench(staffed=True, signed=True, config=replace(config(), partial_approval=True))
    bench.scan(COLA, MILK).to_terminal()
    bench.world.terminal.tap(charged_minor=FIRST_MINOR)
    bench.pump()
    bench.send(m.MethodChosen(Method.CARD))
    bench.world.terminal.tap()
    bench.pump()
    bench.take_receipt().wait(15)
    assert bench.sale.phase is Phase.NONE
    return bench


def half_back(bench: Bench) -> Bench:
    """Bring all of it back, to a first card that refuses its part."""
    terminal = bench.world.terminal
    refund = terminal.refund

    def refuses_the_second(request: RefundRequest) -> None:
        terminal.refund_answer = "declined" if terminal.refunds else "made"
        refund(request)

    terminal.refund = refuses_the_second  # type: ignore[method-assign]
    find(bench).send(s.ReturnAllPressed(), s.ReturnPressed(), s.ReasonChosen("regret"))
    bench.send(s.RefundPressed())
    assert back(bench) == [TOTAL_MINOR - FIRST_MINOR]
    assert -totals(bench.sale).left_minor == FIRST_MINOR
    return bench


def by_hand(bench: Bench, way: ByHand) -> Bench:
    bench.send(s.RefundByHandPressed())
    assert (bench.desk.step, bench.desk.reasons) == (StaffStep.REASON, ("other_till", "bank"))
    return bench.send(s.ReasonChosen(way.value))


def test_what_is_half_back_can_be_called_off_no_more_but_finished_by_hand(shop: Bench) -> None:
    half_back(shop)
    assert shop.desk.refund is not None
    assert (shop.desk.refund.may_cancel, shop.desk.refund.may_by_hand) == (False, True)
    by_hand(shop, ByHand.OTHER_TILL)
    done = of(shop, SaleCompleted)[-1]
    assert (done.series, done.total_minor) == (Series.RETURN, -TOTAL_MINOR)
    assert shop.desk.step is StaffStep.DESK
    settled = of(shop, RefundSettled)[-1]
    assert (settled.outcome, settled.by_hand) == (Outcome.APPROVED, ByHand.OTHER_TILL)
    assert settled.attendant_id
    assert settled.reason == "Refusal", "why it was refused"
    assert shop.world.terminal.refunds == 2, "nobody is asked for it once more"


@pytest.mark.parametrize(
    ("way", "words", "code"),
    [
        (ByHand.OTHER_TILL, "Utbetalt i betjent kasse", "OTHERTILL"),
        (ByHand.BANK, "Til bankkonto", "BANKACCOUNT"),
    ],
)
def test_paper_z_and_the_authoritys_file_say_how_it_went_back(
    shop: Bench, tmp_path: Path, way: ByHand, words: str, code: str
) -> None:
    by_hand(half_back(shop), way).send(s.StaffLeavePressed()).wait(15).send(m.CloseDay())
    assert words in receipts(shop)[-2] or words in receipts(shop)[-1]
    (made,) = of(shop, ZReportMade)
    payments = {row.key: row.amount_minor for row in made.report.figures.payments}
    assert payments[code] == -FIRST_MINOR
    assert payments["CARD"] == FIRST_MINOR
    day = shop.clock.utc_now().date()
    done = export(
        shop.journal, Period(first=day, last=day), tmp_path / "saft", created=shop.clock.utc_now()
    )
    schema = SAFT / "Norwegian_SAF-T_Cash_Register_Schema_v_1.00.xsd"
    keys = {"1": HmacKey(BENCH_KEY)}
    found = verify(done.files, schema=schema if schema.exists() else None, keys=keys)
    assert found.ok, found.in_words()
    text = done.files[0].read_text(encoding="utf-8")
    assert f"<paymentType>{code}<" in text
    assert f"{way}; -20.00; Refusal" in text


def test_the_terminals_books_are_held_against_what_it_gave_back_itself(shop: Bench) -> None:
    by_hand(half_back(shop), ByHand.BANK)
    ours = sum(row.amount_minor for row in booked(_sales(shop)))
    entries = shop.world.terminal.books.entries.values()
    took = sum(one.charged_minor for one in entries if one.state == "approved")
    assert ours == took - sum(back(shop)) == FIRST_MINOR


def _sales(bench: Bench) -> list[Sale]:
    ids = dict.fromkeys(record.sale_id for record in bench.journal.after(0, 10_000))
    sales = [replay(bench.journal.events_of(one)) for one in ids if one != "register"]
    return [sale for sale in sales if sale.id]


def test_before_it_was_refused_nothing_is_given_by_hand(shop: Bench) -> None:
    find(shop).send(s.ReturnAllPressed(), s.ReturnPressed(), s.ReasonChosen("regret"))
    assert shop.desk.refund is not None
    assert not shop.desk.refund.may_by_hand
    shop.send(s.RefundByHandPressed())
    assert shop.desk.step is StaffStep.REFUND


def test_the_sale_itself_refuses_it_too(shop: Bench) -> None:
    find(shop).send(s.ReturnAllPressed(), s.ReturnPressed(), s.ReasonChosen("regret"))
    wanted = RequestRefund(
        at_utc="2026-03-02T10:00:00+00:00",
        refund_id="r1",
        service_id="S9",
        method=Method.CARD,
        amount_minor=FIRST_MINOR,
        of_attempt_id="a1",
        attendant_id="A7",
        by_hand=ByHand.BANK,
    )
    with pytest.raises(Rejected) as refused:
        decide(shop.sale, wanted)
    assert refused.value.reason is Reason.NOT_PAID


def test_it_goes_on_after_a_power_cut_and_is_given_once(shop: Bench) -> None:
    half_back(shop)
    shop.restart()
    supervisor(shop).send(s.ToolPressed(Tool.RETURN))
    assert shop.desk.step is StaffStep.REFUND
    by_hand(shop, ByHand.BANK)
    shop.restart()
    assert len([one for one in of(shop, RefundSettled) if one.by_hand]) == 1
    assert of(shop, SaleCompleted)[-1].series is Series.RETURN


def test_back_from_the_question_gives_nothing(shop: Bench) -> None:
    half_back(shop).send(s.RefundByHandPressed(), s.StaffBackPressed())
    assert not [one for one in of(shop, RefundSettled) if one.by_hand]
    shop.send(s.ToolPressed(Tool.RETURN))
    assert shop.desk.step is StaffStep.REFUND


def test_a_refund_that_was_made_after_all_is_told_to_people(
    shop: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """Then the money is back twice: nothing can undo that, but nobody may overlook it."""
    by_hand(half_back(shop), ByHand.BANK)
    refund = shop.sale.refunds[-1]
    entry = next(iter(shop.world.terminal.books.entries.values()))
    told = replace(result_of(entry), service_id=refund.service_id)
    shop.send(RefundAnswered(device="terminal-1", attempt_id=refund.id, result=told))
    assert [one.levelname for one in caplog.records if "by hand" in one.message] == ["ERROR"]
