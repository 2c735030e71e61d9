"""A coupon at the scanner: at once, later, for staff; on the screen, the paper and the record."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.shelf import aside_of
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool, Why
from kiosk.engine.view import LineView, Notice, Screen
from kiosk.fiscal.register import Register
from kiosk.fiscal.saft.export import export
from kiosk.fiscal.saft.survey import Period
from kiosk.fiscal.saft.verify import verify
from kiosk.sale.coupon_events import CouponRemoved, CouponTaken
from kiosk.sale.events import Actor, Interest, Method, ReceiptChoice
from kiosk.sale.totals import totals
from tests.engine.bench import BEER, MILK, Bench, build_catalog, config
from tests.engine.staffing import tool

KRONER_10 = "9900000000010"
FROM_100 = "9900000000027"
FOR_YOGHURT = "9900000000034"
LAST_YEAR = "9900000000041"
UNHEARD_OF = "9999999999994"
COUPONS = f"""id,codes,title,amount,percent,products,minimum,valid_from,valid_to
ti,{KRONER_10},10 kr på alt,10,,,,2026-03-01,2026-03-31
hundre,{FROM_100},25 kr ved 100 kr,25,,,100,,
yoghurt,{FOR_YOGHURT},20 % på yoghurt,,20,103,,,
fjor,{LAST_YEAR},5 kr,5,,,,,2025-12-31
"""
MILK_MINOR = 2390
DATA = Path(__file__).parents[3] / "shared/data/saft"
XSD = DATA / "Norwegian_SAF-T_Cash_Register_Schema_v_1.00.xsd"


@pytest.fixture(scope="module")
def with_coupons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_catalog(tmp_path_factory.mktemp("coupons"), coupons=COUPONS)


@pytest.fixture
def bench(tmp_path: Path, with_coupons: Path) -> Bench:
    return Bench(
        tmp_path, with_coupons, config=config(coupon_prefixes=("99",)), staffed=True, signed=True
    )


def coupon_row(bench: Bench) -> LineView:
    (row,) = [line for line in bench.view.lines if line.is_coupon]
    return row


def test_a_coupon_takes_off_at_once_and_stands_in_the_list(bench: Bench) -> None:
    bench.scan(MILK, KRONER_10)
    assert bench.view.notice is Notice.COUPON_TAKEN
    assert (coupon_row(bench).name, coupon_row(bench).amount_minor) == ("10 kr på alt", -1000)
    assert bench.view.added_line_id == coupon_row(bench).line_id
    assert bench.view.totals.to_pay_minor == MILK_MINOR - 1000
    assert (bench.world.scanner.good_reads, bench.world.scanner.error_tones) == (2, 0)
    assert bench.sale.interventions == ()
    bench.scan(BEER)
    assert [line.is_coupon for line in bench.view.lines] == [False, True, False]


def test_it_is_on_the_receipt_in_the_signed_amount_and_in_x(bench: Bench) -> None:
    bench.scan(MILK, MILK, KRONER_10).pay_by_card().take_receipt(ReceiptChoice.PAPER)
    paper = bench.world.papers.texts()[-1]
    assert "Kupong: 10 kr på alt" in paper
    assert "-10,00" in paper.replace("−", "-")
    (charged,) = bench.world.books.taken()
    assert charged.charged_minor == 2 * MILK_MINOR - 1000
    register = bench.engine._till.register
    assert isinstance(register, Register)
    figures = register.make_x("2026-03-02T10:00:00.000000+00:00").figures
    assert (figures.discounts.number, figures.discounts.amount_minor) == (1, 1000)
    assert figures.total_minor == 2 * MILK_MINOR - 1000


def test_the_same_campaign_twice_is_refused_and_another_adds_up(bench: Bench) -> None:
    bench.scan(MILK, KRONER_10, KRONER_10)
    assert bench.view.notice is Notice.COUPON_USED
    bench.scan("7038010000010", FOR_YOGHURT)
    assert bench.view.totals.to_pay_minor < MILK_MINOR + 1490 - 1000
    assert len(bench.sale.coupons) == 2


def test_below_its_minimum_it_says_from_when_it_counts(bench: Bench) -> None:
    bench.scan(MILK, FROM_100)
    assert (bench.view.notice, bench.view.notice_limit) == (Notice.COUPON_WAITS, 10_000)
    assert (coupon_row(bench).amount_minor, coupon_row(bench).minimum_minor) == (0, 10_000)
    bench.scan(MILK, MILK, MILK, MILK)
    assert bench.view.totals.to_pay_minor == 5 * MILK_MINOR - 2500


def test_for_goods_that_are_not_there_it_waits_too_and_beer_is_none(bench: Bench) -> None:
    bench.scan(BEER, FOR_YOGHURT)
    assert bench.view.notice is Notice.COUPON_NO_GOODS
    bench.scan(KRONER_10)
    assert bench.view.notice is Notice.COUPON_NO_GOODS
    assert bench.view.totals.to_pay_minor == 2490 + 200


@pytest.mark.parametrize(("code", "detail"), [(UNHEARD_OF, "coupon"), (LAST_YEAR, "coupon_date")])
def test_what_nobody_knows_or_is_out_of_date_is_looked_at_by_somebody(
    bench: Bench, code: str, detail: str
) -> None:
    bench.scan(MILK, code)
    assert bench.view.notice is Notice.COUPON_SEEN
    (call,) = bench.sale.interventions
    assert (call.kind, call.detail) == (Interest.VOUCHER, detail)
    assert bench.view.totals.to_pay_minor == MILK_MINOR
    bench.send(m.PayPressed())
    assert bench.view.screen is Screen.NEEDS_STAFF


def test_a_coupon_before_the_first_item_is_for_later_and_starts_no_sale(bench: Bench) -> None:
    bench.scan(KRONER_10)
    assert bench.view.notice is Notice.PAY_WITH_IT_LATER
    assert "SaleStarted" not in bench.kinds()


def test_at_the_terminal_it_comes_too_late(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    bench.send(bench.scan_event(KRONER_10))
    assert bench.sale.coupons == ()
    bench.world.terminal.tap()
    bench.pump()
    assert next(bench.world.books.taken()).charged_minor == MILK_MINOR


def test_on_the_pay_screen_it_still_counts(bench: Bench) -> None:
    bench.scan(MILK).send(m.PayPressed(), m.BagsConfirmed()).scan(KRONER_10)
    assert bench.view.screen is Screen.PAY
    assert totals(bench.sale).left_minor == MILK_MINOR - 1000
    bench.send(m.MethodChosen(Method.CARD))
    bench.world.terminal.tap()
    bench.pump()
    assert next(bench.world.books.taken()).charged_minor == MILK_MINOR - 1000


def test_the_shopper_may_keep_it_and_show_it_again(bench: Bench) -> None:
    bench.scan(MILK, KRONER_10)
    bench.send(m.LinePressed(coupon_row(bench).line_id), m.RemovePressed(coupon_row(bench).line_id))
    assert bench.view.totals.to_pay_minor == MILK_MINOR
    assert [line.is_coupon for line in bench.view.lines] == [False]
    bench.scan(KRONER_10)
    assert bench.view.totals.to_pay_minor == MILK_MINOR - 1000
    kinds = [type(one) for one in bench.record() if isinstance(one, CouponTaken | CouponRemoved)]
    assert kinds == [CouponTaken, CouponRemoved, CouponTaken]


def to_desk(bench: Bench) -> Bench:
    return bench.scan(MILK, KRONER_10).sign_in("20", "2580")


def test_staff_take_it_out_from_the_list_under_their_id_and_it_may_be_shown_again(
    bench: Bench,
) -> None:
    to_desk(bench)
    coupon = coupon_row(bench).line_id
    bench.send(s.StaffLinePressed(coupon))
    assert (bench.desk.step, bench.desk.chosen_line_id) == (StaffStep.LINE, coupon)
    bench.send(s.StaffQuantityPressed(coupon, 0))
    assert bench.desk.step is StaffStep.DESK
    assert bench.view.totals.to_pay_minor == MILK_MINOR
    (removed,) = [one for one in bench.record() if isinstance(one, CouponRemoved)]
    assert (removed.line_id, removed.actor) == (coupon, Actor.STAFF)
    assert removed.attendant_id
    bench.send(s.StaffLeavePressed()).scan(KRONER_10)
    assert bench.view.totals.to_pay_minor == MILK_MINOR - 1000


@pytest.mark.parametrize("line_first", [True, False])
def test_the_tool_that_takes_a_line_out_takes_a_coupon_too(bench: Bench, line_first: bool) -> None:
    to_desk(bench)
    taps = [s.StaffLinePressed(coupon_row(bench).line_id), s.ToolPressed(Tool.REMOVE_LINE)]
    bench.send(*(taps if line_first else reversed(taps)))
    assert [line.is_coupon for line in bench.view.lines] == [False]


def test_a_coupon_alone_can_still_be_taken_out(bench: Bench) -> None:
    to_desk(bench).send(s.ToolPressed(Tool.REMOVE_LINE), s.StaffLinePressed(1))
    assert [line.is_coupon for line in bench.view.lines] == [True]
    assert (tool(bench, Tool.REMOVE_LINE), tool(bench, Tool.DISCOUNT)) == (Why.NONE, Why.NO_LINE)
    bench.send(s.ToolPressed(Tool.REMOVE_LINE), s.StaffLinePressed(coupon_row(bench).line_id))
    assert bench.view.lines == ()
    assert tool(bench, Tool.REMOVE_LINE) is Why.NO_LINE


def test_a_coupon_has_no_price_number_or_discount_for_staff_to_change(bench: Bench) -> None:
    to_desk(bench)
    coupon = coupon_row(bench).line_id
    before = len(bench.record())
    bench.send(s.StaffLinePressed(coupon), s.PricePressed())
    assert bench.desk.step is StaffStep.LINE
    for impossible in (s.ToolPressed(Tool.DISCOUNT), s.StaffQuantityPressed(coupon, 2)):
        bench.send(s.StaffLinePressed(coupon), s.StaffLinePressed(coupon), impossible)
        assert (bench.desk.step, bench.desk.problem) == (StaffStep.LINE, StaffProblem.NOT_NOW)
    assert len(bench.record()) == before
    assert bench.view.totals.to_pay_minor == MILK_MINOR - 1000


def test_it_stays_while_money_is_on_its_way(bench: Bench) -> None:
    bench.scan(MILK, KRONER_10).send(m.PayPressed(), m.BagsConfirmed(), m.MethodChosen(Method.CARD))
    coupon = bench.sale.coupons[0].line_id
    bench.sign_in().send(s.StaffQuantityPressed(coupon, 0))
    assert bench.desk.problem is StaffProblem.NOT_NOW
    assert [one.line_id for one in bench.sale.coupons] == [coupon]


def test_a_power_cut_keeps_it_and_a_sale_set_aside_takes_it_along(bench: Bench) -> None:
    bench.scan(MILK, KRONER_10)
    bench.restart()
    assert bench.view.totals.to_pay_minor == MILK_MINOR - 1000
    assert [one.id for one in aside_of(bench.sale, "now").coupons] == ["ti"]


def test_a_coupon_that_covers_all_is_a_receipt_for_nothing(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    all_of_it = COUPONS + "alt,9900000000058,Hele kurven,500,,,,,\n"
    catalog = build_catalog(tmp_path_factory.mktemp("all"), coupons=all_of_it)
    bench = Bench(tmp_path, catalog, config=config(coupon_prefixes=("99",)))
    bench.scan(MILK, "9900000000058").send(m.PayPressed(), m.BagsConfirmed())
    assert bench.view.screen is Screen.RECEIPT
    assert list(bench.world.books.taken()) == []
    assert bench.sale.receipt_number == 1


def test_the_saf_t_file_has_what_it_took_off_each_line_and_adds_up(
    bench: Bench, tmp_path: Path
) -> None:
    bench.scan(MILK, "7038010000010", KRONER_10).pay_by_card().take_receipt(ReceiptChoice.PAPER)
    bench.wait(60)
    day = Period(first=date(2026, 3, 2), last=date(2026, 3, 2))
    (path,) = export(bench.journal, day, tmp_path / "saft", created=datetime.now(UTC)).files
    text = path.read_text(encoding="utf-8")
    taken = re.findall(r"<dscTp>KUPONG</dscTp>\s*<dscAmnt>([\d.]+)</dscAmnt>", text)
    assert sorted(taken) == ["3.84", "6.16"]
    assert "Kupong vist i kassen" in text
    assert "ti: 10 kr på alt" in text
    found = verify([path], schema=XSD if XSD.exists() else None)
    assert found.ok, found.listed
