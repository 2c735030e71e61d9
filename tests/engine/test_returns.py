"""Goods that come back at the kiosk: found, chosen, paid back once, and on paper."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import RefundState, StaffProblem, StaffStep, Tool, Why
from kiosk.engine.view import Screen
from kiosk.fiscal.saft.export import Period, export
from kiosk.fiscal.saft.verify import verify
from kiosk.fiscal.signature import HmacKey
from kiosk.sale import events as e
from kiosk.sale.return_events import LineReturned, RefundRequested, RefundSettled
from kiosk.sale.state import Phase
from tests.engine.bench import BENCH_KEY, COLA, MILK, YOGHURT, Bench

SAFT = Path(__file__).parents[2].parent / "shared" / "data" / "saft"


@pytest.fixture
def shop(make_bench: Callable[..., Bench]) -> Bench:
    """A kiosk at which somebody has bought two colas, a milk and three yoghurts: 119,50 kr."""
    bench = make_bench(staffed=True, signed=True)
    buy(bench, COLA, COLA, MILK, YOGHURT, YOGHURT, YOGHURT)
    return bench


def buy(bench: Bench, *codes: str) -> None:
    bench.scan(*codes).pay_by_card().take_receipt().wait(15)
    assert bench.sale.phase is Phase.NONE


def supervisor(bench: Bench) -> Bench:
    return bench.sign_in("20", "2580")


def find(bench: Bench, number: str = "1") -> Bench:
    return supervisor(bench).send(s.ToolPressed(Tool.RETURN)).keys(number)


def choose(bench: Bench, **pieces: int) -> Bench:
    lines = {line.name.split()[0]: line.line_id for line in bench.desk.returning.lines}
    for name, quantity in pieces.items():
        bench.send(s.ReturnQuantityPressed(lines[name], quantity))
    return bench.send(s.ReturnPressed(), s.ReasonChosen("regret"))


def give_back(bench: Bench, **pieces: int) -> Bench:
    return choose(find(bench), **pieces).send(s.RefundPressed())


def receipts(bench: Bench) -> list[str]:
    return bench.world.printer.papers.texts()


def back(bench: Bench) -> list[int]:
    return [entry.charged_minor for entry in bench.world.terminal.books.refunds()]


def of(bench: Bench, kind: type) -> list:
    return [event for event in bench.record() if isinstance(event, kind)]


# --- the whole way --------------------------------------------------------------------------------


def test_one_cola_comes_back_with_its_deposit_to_the_card_it_was_paid_with(shop: Bench) -> None:
    find(shop)
    assert (shop.desk.step, shop.desk.returning.receipt) == (StaffStep.RETURN, "1")
    assert [(x.name.split()[0], x.left, x.amount_minor) for x in shop.desk.returning.lines] == [
        ("Cola", 2, 6580),
        ("Lettmelk", 1, 2390),
        ("Yoghurt", 3, 2980),
    ]
    choose(shop, Cola=1)
    refund = shop.desk.refund
    assert (refund.amount_minor, refund.last_four, refund.state) == (
        3290,
        "4321",
        RefundState.READY,
    )
    assert back(shop) == [], "nothing goes back before somebody says so"
    shop.send(s.RefundPressed())
    assert back(shop) == [3290]
    assert shop.desk.step is StaffStep.DESK
    (done,) = [one for one in of(shop, e.SaleCompleted) if one.total_minor < 0]
    assert (done.receipt_number, done.series) == (1, e.Series.RETURN)
    assert "RETURKVITTERING" in receipts(shop)[-1]
    assert "R1" in receipts(shop)[-1]
    shop.send(s.StaffLeavePressed()).wait(15)
    assert shop.sale.phase is Phase.NONE
    assert shop.journal.verify().ok


def test_the_code_on_the_receipt_finds_it(shop: Bench) -> None:
    supervisor(shop).send(s.ToolPressed(Tool.RETURN))
    shop.scan("SK1/NT-0477-03/1/20260302/11950")
    assert shop.desk.step is StaffStep.RETURN


def test_all_of_it_is_one_touch_and_so_is_nothing(shop: Bench) -> None:
    find(shop).send(s.ReturnAllPressed())
    assert shop.desk.returning.total_minor == 11950
    shop.send(s.ReturnAllPressed())
    assert shop.desk.returning.total_minor == 0
    shop.send(s.ReturnPressed())
    assert shop.desk.step is StaffStep.RETURN, "nothing was chosen"


def test_the_rest_comes_back_another_day_and_nothing_twice(shop: Bench) -> None:
    give_back(shop, Cola=1, Yoghurt=3).send(s.StaffLeavePressed()).wait(15)
    find(shop)
    assert [(x.name.split()[0], x.left) for x in shop.desk.returning.lines] == [
        ("Cola", 1),
        ("Lettmelk", 1),
    ]
    choose(shop, Cola=1, Lettmelk=1).send(s.RefundPressed(), s.StaffLeavePressed()).wait(15)
    assert back(shop) == [3290 + 2980, 3290 + 2390]
    find(shop)
    assert (shop.desk.step, shop.desk.problem) == (StaffStep.ITEM, StaffProblem.NOTHING_LEFT)


def test_goods_bought_are_paid_with_goods_that_came_back(shop: Bench) -> None:
    shop.scan(COLA, COLA)
    choose(find(shop), Lettmelk=1)
    assert shop.desk.step is StaffStep.DESK, "the shopper pays the rest"
    assert shop.view.totals.to_pay_minor == 2 * 3290 - 2390
    assert [row.came_back for row in shop.view.lines] == [False, True]
    shop.send(s.StaffLeavePressed()).pay_by_card().wait(15)
    (done,) = of(shop, e.SaleCompleted)[1:]
    assert (done.series, done.total_minor) == (e.Series.COMBINED, 4190)
    assert back(shop) == []
    assert "SALGSKVITTERING/" in receipts(shop)[-1]


def test_a_combined_return_that_brings_more_goes_back(shop: Bench) -> None:
    shop.scan(MILK)
    choose(find(shop), Cola=2)
    assert shop.desk.step is StaffStep.REFUND
    shop.send(s.RefundPressed())
    assert back(shop) == [6580 - 2390]


def test_an_even_exchange_is_numbered_and_printed_without_a_payment(shop: Bench) -> None:
    shop.scan(MILK)
    choose(find(shop), Lettmelk=1).send(s.StaffLeavePressed(), m.PayPressed(), m.BagsConfirmed())
    (done,) = of(shop, e.SaleCompleted)[1:]
    assert (done.series, done.total_minor) == (e.Series.COMBINED, 0)
    assert "SALGSKVITTERING/" in receipts(shop)[-1]
    assert shop.view.screen is Screen.THANKS


def test_the_tax_authority_can_read_all_of_it(shop: Bench, tmp_path: Path) -> None:
    """Sale, return, exchange and provisional receipt of one day, by the kiosk's own checker."""
    give_back(shop, Cola=1, Yoghurt=2).send(s.StaffLeavePressed()).wait(15)
    shop.scan(COLA)
    choose(find(shop), Lettmelk=1).send(s.ToolPressed(Tool.PROVISIONAL), s.StaffLeavePressed())
    shop.pay_by_card().wait(15).send(m.CloseDay())
    day = shop.clock.utc_now().date()
    done = export(
        shop.journal,
        Period(first=day, last=day),
        tmp_path / "saft",
        created=shop.clock.utc_now(),
    )
    schema = SAFT / "Norwegian_SAF-T_Cash_Register_Schema_v_1.00.xsd"
    found = verify(
        done.files,
        schema=schema if schema.exists() else None,
        keys={"1": HmacKey(BENCH_KEY)},
    )
    assert found.ok, found.in_words()
    assert (found.sales, found.signatures, found.z_reports) == (3, 3, 1)
    text = done.files[0].read_text(encoding="utf-8")
    for part in ("<transType>RETURNSAL<", "<transType>SALRETUR<", "RETREC", "PROFREC", "R1<"):
        assert part in text, part


# --- who, which and when --------------------------------------------------------------------------


def test_an_attendant_without_the_right_takes_nothing_back(shop: Bench) -> None:
    shop.sign_in().send(s.ToolPressed(Tool.RETURN))
    assert (shop.desk.step, shop.desk.problem) == (StaffStep.DESK, StaffProblem.NO_RIGHT)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("99", StaffProblem.UNKNOWN_RECEIPT),
        ("SK1/NT-0477-04/1/20260302/11950", StaffProblem.OTHER_KIOSK),
        ("7038010001659", StaffProblem.UNKNOWN_RECEIPT),
        ("T1", StaffProblem.UNKNOWN_RECEIPT),
        ("R1", StaffProblem.UNKNOWN_RECEIPT),
    ],
)
def test_a_receipt_that_is_not_ours_is_refused_with_words(
    shop: Bench, text: str, why: StaffProblem
) -> None:
    supervisor(shop).send(s.ToolPressed(Tool.RETURN)).scan(text)
    assert (shop.desk.step, shop.desk.problem) == (StaffStep.ITEM, why)


def test_nothing_comes_back_while_a_payment_runs_or_is_in_doubt(shop: Bench) -> None:
    shop.scan(MILK).to_terminal()
    supervisor(shop)
    assert tool(shop) is Why.BEING_PAID
    shop.world.terminal.reachable = False
    shop.world.terminal.tap(silent=True)
    shop.restart()
    assert shop.sale.phase is Phase.IN_DOUBT
    supervisor(shop).send(s.ToolPressed(Tool.RETURN))
    assert shop.desk.step is StaffStep.DESK


def tool(bench: Bench) -> Why:
    return next(one.why_not for one in bench.desk.tools if one.tool is Tool.RETURN)


def test_a_return_that_is_cancelled_took_nothing_back(shop: Bench) -> None:
    choose(find(shop), Cola=2).send(s.StaffBackPressed(), s.ToolPressed(Tool.VOID_SALE))
    shop.send(s.ReasonChosen("mistake"))
    assert shop.sale.phase is Phase.NONE
    shop.send(s.StaffLeavePressed())
    find(shop)
    assert shop.desk.returning.lines[0].left == 2


def test_no_day_is_closed_while_a_return_is_open(shop: Bench) -> None:
    choose(find(shop), Cola=1).send(s.StaffLeavePressed(), m.CloseDay())
    assert "ZReportMade" not in shop.kinds()
    supervisor(shop).send(s.ToolPressed(Tool.RETURN), s.RefundPressed(), s.StaffLeavePressed())
    shop.wait(15).send(m.CloseDay())
    assert "ZReportMade" in shop.kinds()


def test_a_sale_of_last_year_comes_back(shop: Bench) -> None:
    shop.clock.advance(300 * 24 * 3600)
    shop.send(m.Tick())
    give_back(shop, Lettmelk=1)
    assert back(shop) == [2390]
    assert "Retur fra kvittering 1 av" in receipts(shop)[-1]


# --- money under faults ---------------------------------------------------------------------------


def test_a_declined_refund_says_so_and_can_be_tried_again(shop: Bench) -> None:
    shop.world.terminal.refund_answer = "declined"
    give_back(shop, Cola=1)
    assert (shop.desk.step, shop.desk.problem) == (StaffStep.REFUND, StaffProblem.REFUND_DECLINED)
    shop.world.terminal.refund_answer = "made"
    shop.send(s.RefundPressed())
    assert back(shop) == [3290]
    assert len(of(shop, RefundRequested)) == 2


@pytest.mark.parametrize("when", ["before the answer", "while it is asked about"])
def test_a_power_cut_during_a_refund_gives_the_money_once(shop: Bench, when: str) -> None:
    shop.world.terminal.refund_answer = "silent"
    give_back(shop, Cola=1)
    assert shop.desk.refund.state is RefundState.RUNNING
    if when != "before the answer":
        shop.world.terminal.reachable = False
        shop.restart()
        assert shop.sale.phase is Phase.IN_DOUBT
        assert shop.view.screen is Screen.NEEDS_STAFF
        shop.world.terminal.reachable = True
    shop.restart()
    shop.wait(60)
    assert shop.world.terminal.refunds == 1
    assert back(shop) == [3290]
    assert [one.outcome for one in of(shop, RefundSettled)][-1] is e.Outcome.APPROVED
    assert "RETURKVITTERING" in receipts(shop)[-1]


def test_a_refund_that_nobody_can_tell_of_is_settled_by_a_person(shop: Bench) -> None:
    shop.world.terminal.refund_answer = "silent"
    shop.world.terminal.reachable = False
    give_back(shop, Cola=1).send(s.StaffLeavePressed())
    shop.wait(400)
    assert shop.sale.phase is Phase.IN_DOUBT
    supervisor(shop)
    (asked,) = [one for one in shop.desk.decisions if one.kind is e.Interest.PAYMENT_IN_DOUBT]
    shop.send(s.DecisionPressed(asked.id, approved=True))
    assert of(shop, e.SaleCompleted)[-1].series is e.Series.RETURN
    assert shop.world.terminal.refunds == 1


def test_a_power_cut_before_the_money_leaves_a_return_that_goes_on(shop: Bench) -> None:
    choose(find(shop), Cola=1)
    shop.restart()
    assert shop.sale.phase is Phase.OPEN
    supervisor(shop).send(s.ToolPressed(Tool.RETURN))
    assert shop.desk.step is StaffStep.REFUND
    shop.send(s.RefundPressed())
    assert back(shop) == [3290]
    assert len(of(shop, LineReturned)) == 1


# --- provisional ----------------------------------------------------------------------------------


def test_a_provisional_receipt_has_its_number_before_its_paper(shop: Bench) -> None:
    shop.scan(MILK)
    supervisor(shop).send(s.ToolPressed(Tool.PROVISIONAL), s.ToolPressed(Tool.PROVISIONAL))
    assert [one.number for one in of(shop, e.ProvisionalGiven)] == [1, 2]
    assert "FORELØPIG KVITTERING" in receipts(shop)[-1]
    assert shop.sale.phase is Phase.OPEN
    shop.send(s.StaffLeavePressed()).pay_by_card().take_receipt()
    assert of(shop, e.SaleCompleted)[-1].receipt_number == 2
    assert shop.journal.verify().ok
