"""Silence, help, faults and closing time."""

from collections.abc import Callable

import pytest

from drivers.contracts import DeviceState
from kiosk.engine import messages as m
from kiosk.engine.view import Overlay, Screen, Tone
from kiosk.sale.events import Actor, InterventionResolved, Method, SaleAborted
from tests.engine.bench import BEER, COLA, MILK, Bench, config


def test_after_a_minute_of_silence_the_shopper_is_asked(bench: Bench) -> None:
    bench.scan(MILK).wait(59.9)
    assert bench.view.overlay is Overlay.NONE
    bench.wait(0.1)
    assert bench.view.overlay is Overlay.STILL_THERE
    assert bench.view.seconds_left == 30
    bench.wait(6)
    assert bench.view.seconds_left == 24
    assert bench.view.screen is Screen.SCAN


def test_the_countdown_ticks_at_ten_and_at_five(bench: Bench) -> None:
    bench.scan(MILK).wait(60)
    heard = {}
    for view in bench.published:
        heard[view.tone_seq] = (view.tone, view.seconds_left)
    before = set(heard)
    bench.wait(29)
    for view in bench.published:
        heard.setdefault(view.tone_seq, (view.tone, view.seconds_left))
    assert [heard[seq] for seq in sorted(set(heard) - before)] == [(Tone.TICK, 10), (Tone.TICK, 5)]


def test_the_receipts_countdown_ticks_at_ten_and_at_five_too(bench: Bench) -> None:
    bench.scan(MILK).pay_by_card()
    asked = bench.view.tone_seq
    heard = []
    for _ in range(19):
        bench.wait(1)
        heard.append((bench.view.tone_seq - asked, bench.view.tone is Tone.TICK))
    assert heard == [(0, False)] * 9 + [(1, True)] * 5 + [(2, True)] * 5


def test_who_has_to_wait_before_paying_hears_that_somebody_was_called_and_then_the_yes(
    bench: Bench,
) -> None:
    bench.scan(BEER).send(m.PayPressed())
    assert (bench.view.screen, bench.view.tone) == (Screen.NEEDS_STAFF, Tone.HELP_SENT)
    bench.send(m.StaffSettled(bench.view.waiting[0].id, approved=True, attendant_id="A7"))
    assert (bench.view.screen, bench.view.tone) == (Screen.SCAN, Tone.APPROVED)


@pytest.mark.parametrize("sign", [m.StillHerePressed(), m.Touched(), m.HelpPressed()])
def test_any_sign_of_life_ends_the_countdown(bench: Bench, sign: m.Intent) -> None:
    bench.scan(MILK).wait(70).send(sign)
    assert bench.view.overlay is Overlay.NONE
    assert len(bench.view.lines) == 1


def test_a_scan_ends_the_countdown_and_adds(bench: Bench) -> None:
    bench.scan(MILK).wait(70).scan(COLA)
    assert bench.view.overlay is Overlay.NONE
    assert len(bench.view.lines) == 2


def test_silence_may_be_answered_as_often_as_needed(bench: Bench) -> None:
    bench.scan(MILK)
    for _ in range(12):
        bench.wait(85)
        assert bench.view.overlay is Overlay.STILL_THERE
        bench.send(m.StillHerePressed())
    assert len(bench.view.lines) == 1


def test_a_shopper_who_walked_away_leaves_an_aborted_sale(bench: Bench) -> None:
    bench.scan(MILK).wait(90)
    assert bench.view.screen is Screen.START
    end = bench.record()[-1]
    assert isinstance(end, SaleAborted)
    assert (end.reason, end.amount_minor, end.actor) == ("walked_away", 2390, Actor.KIOSK)


def test_leaving_from_the_question_is_recorded_as_the_shoppers_wish(bench: Bench) -> None:
    bench.scan(MILK).wait(60).send(m.LeavePressed())
    end = bench.record()[-1]
    assert isinstance(end, SaleAborted)
    assert (end.reason, end.actor) == ("cancelled", Actor.SHOPPER)


def test_an_empty_list_goes_back_to_the_start_without_a_question(bench: Bench) -> None:
    bench.send(m.StartPressed()).wait(60)
    assert bench.view.screen is Screen.START
    assert bench.record() == []


def test_nobody_is_asked_while_paying(bench: Bench) -> None:
    bench.scan(MILK).to_terminal().wait(200)
    assert bench.view.overlay is Overlay.NONE
    assert bench.view.screen is Screen.TERMINAL


def test_who_waits_for_us_is_not_asked(bench: Bench) -> None:
    bench.scan(BEER).send(m.PayPressed()).wait(600)
    assert (bench.view.screen, bench.view.overlay) == (Screen.NEEDS_STAFF, Overlay.NONE)


def test_help_is_called_once_and_shown_until_somebody_came(bench: Bench) -> None:
    bench.scan(MILK).send(m.HelpPressed())
    assert bench.view.screen is Screen.HELP
    assert bench.view.tone is Tone.HELP_SENT
    bench.send(m.HelpReasonChosen("barcode"), m.BackPressed(), m.HelpPressed(), m.BackPressed())
    assert (bench.view.screen, bench.view.help_reason) == (Screen.SCAN, "barcode")
    assert bench.view.help_called
    assert bench.kinds().count("InterventionRaised") == 1
    call = bench.sale.interventions[0]
    bench.send(m.StaffSettled(call.id, approved=True, attendant_id="A7"))
    assert not bench.view.help_called
    resolved = bench.record()[-1]
    assert isinstance(resolved, InterventionResolved)
    assert resolved.attendant_id == "A7"


def test_help_that_is_not_needed_after_all(bench: Bench) -> None:
    bench.scan(MILK).send(m.HelpPressed(), m.HelpCancelled(), m.HelpCancelled())
    assert bench.view.screen is Screen.SCAN
    assert not bench.view.help_called
    assert not bench.sale.interventions[0].open


def test_help_keeps_what_was_half_done(bench: Bench) -> None:
    bench.send(m.CodePressed(), m.DigitTyped("4"), m.HelpPressed(), m.BackPressed())
    assert (bench.view.screen, bench.view.code) == (Screen.CODE, "4")


def test_help_from_the_start_screen_is_recorded_with_the_sale_that_follows(bench: Bench) -> None:
    bench.send(m.HelpPressed())
    assert bench.view.help_called
    assert bench.record() == []
    bench.scan(MILK)
    assert bench.kinds() == ["SaleStarted", "InterventionRaised", "ItemAdded"]


def test_help_at_the_terminal_leaves_the_terminal_on_the_glass(bench: Bench) -> None:
    bench.scan(MILK).to_terminal().send(m.HelpPressed())
    assert bench.view.screen is Screen.TERMINAL
    assert bench.view.help_called


def test_a_lost_terminal_puts_an_idle_kiosk_out_of_order(bench: Bench) -> None:
    bench.world.terminal.say(DeviceState.LOST)
    bench.pump()
    assert bench.view.screen is Screen.OUT_OF_ORDER
    assert bench.view.out_of_order is not None
    assert (bench.view.out_of_order.fault, bench.view.out_of_order.works) == ("terminal", ())
    assert not bench.view.out_of_order.can_start
    assert not bench.world.scanner.enabled
    bench.send(m.StartPressed(), bench.scan_event(MILK), m.LanguageChosen("en"))
    assert bench.view.screen is Screen.OUT_OF_ORDER
    bench.world.terminal.say(DeviceState.READY)
    bench.pump()
    assert bench.view.screen is Screen.START
    assert bench.world.scanner.enabled


def test_a_terminal_lost_while_shopping_leaves_the_list_alone(bench: Bench) -> None:
    bench.scan(MILK)
    bench.world.terminal.say(DeviceState.LOST)
    bench.pump()
    bench.scan(COLA)
    assert bench.view.screen is Screen.SCAN
    assert len(bench.view.lines) == 2


def test_without_paper_an_idle_kiosk_does_not_begin(bench: Bench) -> None:
    bench.world.printer.run_out()
    bench.pump()
    assert bench.view.out_of_order is not None
    assert bench.view.out_of_order.fault == "printer"
    bench.world.printer.refill()
    bench.pump()
    assert bench.view.screen is Screen.START


def test_a_lost_scanner_is_told_and_pictures_still_work(bench: Bench) -> None:
    bench.world.scanner.say(DeviceState.LOST)
    bench.pump()
    assert bench.view.out_of_order is not None
    assert bench.view.out_of_order.fault == "scanner"
    assert bench.view.out_of_order.works == (Method.CARD,)
    bench.send(m.StartPressed(), m.LookupPressed("fruit"), m.ProductPicked("4013"))
    assert len(bench.view.lines) == 1


def test_a_scanner_lost_in_mid_sale_is_told_where_the_next_scan_was_asked_for(
    bench: Bench,
) -> None:
    bench.scan(MILK)
    assert not bench.view.scanner_lost
    bench.world.scanner.say(DeviceState.LOST)
    bench.pump()
    assert bench.view.screen is Screen.SCAN
    assert bench.view.scanner_lost
    bench.world.scanner.say(DeviceState.READY)
    bench.pump()
    assert not bench.view.scanner_lost


def test_a_scanner_that_comes_back_is_enabled_again(bench: Bench) -> None:
    bench.world.scanner.say(DeviceState.LOST)
    bench.pump()
    bench.world.scanner.enabled = False
    bench.world.scanner.say(DeviceState.READY)
    bench.pump()
    assert bench.world.scanner.enabled


def test_closing_waits_for_the_shopper(bench: Bench) -> None:
    bench.scan(MILK).send(m.CloseKiosk("07.00"))
    assert bench.view.screen is Screen.SCAN
    bench.pay_by_card().take_receipt().send(m.DonePressed())
    assert (bench.view.screen, bench.view.opens_at) == (Screen.CLOSED, "07.00")
    bench.send(bench.scan_event(MILK), m.StartPressed())
    assert bench.view.screen is Screen.CLOSED
    assert not bench.world.scanner.enabled
    bench.send(m.OpenKiosk())
    assert bench.view.screen is Screen.START


ALL_INTENTS: list[m.Message] = [
    m.Touched(),
    m.LanguagePressed(),
    m.LanguageChosen("xx"),
    m.LanguageChosen("nn"),
    m.AdjustPressed(),
    m.Adjusted("large_text", on=True),
    m.Adjusted("__class__", on=True),
    m.HelpPressed(),
    m.HelpReasonChosen("'"),
    m.HelpCancelled(),
    m.StartPressed(),
    m.LookupPressed("no such"),
    m.LetterTyped("Å"),
    m.NextPagePressed(),
    m.ProductPicked(""),
    m.CodePressed(),
    m.DigitTyped("7"),
    m.CodeConfirmed(),
    m.PriceCheckPressed(),
    m.PriceCheckBuyPressed(),
    m.WeighConfirmed(-5),
    m.LinePressed(-1),
    m.QuantityPressed(1, 10**9),
    m.QuantityPressed(1, -3),
    m.RemovePressed(77),
    m.UndoPressed(),
    m.BagPressed("900", -4),
    m.BagsConfirmed(),
    m.AbortPaymentPressed(),
    m.StillHerePressed(),
    m.StaffSettled("no such", approved=True, attendant_id=""),
    m.Tick(),
    m.CatalogSwapped(),
]


@pytest.mark.parametrize("intent", ALL_INTENTS, ids=repr)
def test_a_touch_of_a_screen_that_is_gone_moves_no_money_and_breaks_nothing(
    make_bench: Callable[..., Bench], intent: m.Message
) -> None:
    """Every intent, in every state on the way through a sale."""
    bench = make_bench(config=config(languages=("nb", "nn", "en")))
    bench.send(intent).scan(MILK, COLA).send(intent, m.BackPressed(), m.BackPressed())
    bench.send(intent)
    while bench.view.screen is not Screen.SCAN:
        bench.send(m.BackPressed())
    if not bench.view.lines:
        bench.scan(MILK)
    owed = bench.view.totals.to_pay_minor
    bench.send(m.PayPressed(), intent)
    for _ in range(4):
        if bench.view.screen is not Screen.PAY:
            bench.send(m.BackPressed(), m.PayPressed(), m.BagsConfirmed())
    bench.send(m.MethodChosen(Method.CARD), intent)
    if bench.view.screen is Screen.PAY:  # it was the wish to stop
        bench.send(m.MethodChosen(Method.CARD))
    assert bench.view.screen is Screen.TERMINAL
    bench.world.terminal.tap()
    bench.pump()
    bench.send(intent).take_receipt().send(intent)
    assert [entry.charged_minor for entry in bench.world.books.taken()] == [owed]
    assert len(bench.world.papers.ids()) == 1


def test_calls_that_nobody_answered_end_with_the_sale(bench: Bench) -> None:
    bench.scan(MILK).send(m.HelpPressed(), m.BackPressed()).pay_by_card().take_receipt()
    bench.send(m.DonePressed())
    assert bench.kinds()[-2:] == ["InterventionResolved", "SaleClosed"]
    assert not bench.view.help_called


def test_somebody_is_called_when_there_is_no_way_to_pay(bench: Bench) -> None:
    bench.scan(MILK)
    bench.world.terminal.say(DeviceState.LOST)
    bench.pump()
    bench.send(m.PayPressed(), m.BagsConfirmed())
    assert bench.view.help_called
    bench.world.terminal.say(DeviceState.READY)
    bench.pump()
    assert not bench.view.help_called
