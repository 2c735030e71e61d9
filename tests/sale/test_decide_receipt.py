"""The end of a sale: number, paper, the one copy, the next shopper."""

import pytest

from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.commands import Reason
from kiosk.sale.effects import NumberReceipt, PrintReceipt
from kiosk.sale.events import ReceiptChoice
from kiosk.sale.invariant import InvariantBroken
from kiosk.sale.pending import pending_effect
from kiosk.sale.state import Phase
from tests.sale.given import AT, BEER, MILK, Shop, add, kinds

CLOSE = c.CloseSale(at_utc=AT)
ABORT = c.AbortSale(at_utc=AT, reason="timeout", actor=e.Actor.KIOSK)


def completed() -> Shop:
    shop = Shop()
    shop.add(MILK)
    shop.pay()
    shop.complete()
    return shop


def start(shop: Shop, print_id: str, *, copy: bool = False) -> None:
    shop.do(c.StartPrint(at_utc=AT, print_id=print_id, copy=copy))


def end(shop: Shop, print_id: str, *, printed: bool, in_doubt: bool = False) -> None:
    shop.do(c.SettlePrint(at_utc=AT, print_id=print_id, printed=printed, in_doubt=in_doubt))


def owed(shop: Shop) -> object:
    now = pending_effect(shop.sale, recovering=False)
    assert pending_effect(shop.sale, recovering=True) == now
    return now


def test_a_paid_sale_wants_its_number() -> None:
    shop = Shop()
    shop.add(MILK)
    shop.pay()
    assert owed(shop) == NumberReceipt()
    shop.refuses(add(MILK), Reason.PAID_ALREADY)
    shop.refuses(ABORT, Reason.PAID_ALREADY)
    (event,) = shop.do(c.CompleteSale(at_utc=AT, receipt_number=7))
    assert event == e.SaleCompleted(at_utc=AT, receipt_number=7, total_minor=2190)
    shop.refuses(c.CompleteSale(at_utc=AT, receipt_number=8), Reason.SALE_IS_OVER)
    assert (shop.sale.receipt_number, shop.sale.completed_at) == (7, AT)


def test_a_receipt_number_is_never_zero() -> None:
    shop = Shop()
    shop.add(MILK)
    shop.pay()
    with pytest.raises(InvariantBroken):
        shop.do(c.CompleteSale(at_utc=AT, receipt_number=0))


def test_paper_is_started_printed_and_closed() -> None:
    shop = completed()
    assert owed(shop) is None
    shop.refuses(CLOSE, Reason.STILL_OWED)
    shop.choose(ReceiptChoice.PAPER)
    assert owed(shop) == PrintReceipt()
    start(shop, "1")
    assert owed(shop) == PrintReceipt(print_id="1")
    shop.refuses(CLOSE, Reason.STILL_OWED)
    end(shop, "1", printed=True)
    assert owed(shop) is None
    assert kinds(shop.do(CLOSE)) == ["SaleClosed"]
    assert shop.do(CLOSE) == ()
    shop.refuses(add(MILK), Reason.SALE_IS_OVER)
    shop.refuses(ABORT, Reason.SALE_IS_OVER)


def test_no_paper_is_owed_when_none_is_wanted_until_it_is() -> None:
    shop = completed()
    shop.choose(ReceiptChoice.NONE)
    assert owed(shop) is None
    assert shop.choose(ReceiptChoice.NONE) == ()
    shop.choose(ReceiptChoice.PAPER)
    assert owed(shop) == PrintReceipt()


def test_paper_that_is_on_its_way_is_not_unwished() -> None:
    shop = completed()
    shop.choose(ReceiptChoice.PAPER)
    start(shop, "1")
    assert shop.choose(ReceiptChoice.NONE) == ()
    end(shop, "1", printed=True)
    assert shop.choose(ReceiptChoice.NONE) == ()


def test_a_print_that_surely_failed_is_tried_again_as_the_original() -> None:
    shop = completed()
    shop.choose(ReceiptChoice.PAPER)
    start(shop, "1")
    end(shop, "1", printed=False)
    assert owed(shop) == PrintReceipt()
    start(shop, "2")
    end(shop, "2", printed=True)
    assert owed(shop) is None


def test_without_paper_in_the_printer_the_shopper_may_do_without() -> None:
    shop = completed()
    shop.choose(ReceiptChoice.PAPER)
    start(shop, "1")
    end(shop, "1", printed=False)
    shop.choose(ReceiptChoice.NONE)
    assert owed(shop) is None
    shop.do(CLOSE)


def test_a_print_in_doubt_is_followed_by_one_copy() -> None:
    shop = completed()
    shop.choose(ReceiptChoice.PAPER)
    start(shop, "1")
    end(shop, "1", printed=False, in_doubt=True)
    assert owed(shop) == PrintReceipt(copy=True)
    shop.refuses(c.StartPrint(at_utc=AT, print_id="2"), Reason.COPY_USED)
    start(shop, "2", copy=True)
    end(shop, "2", printed=False, in_doubt=True)
    assert owed(shop) is None
    shop.refuses(c.StartPrint(at_utc=AT, print_id="3", copy=True), Reason.COPY_USED)
    shop.do(CLOSE)


def test_what_is_in_doubt_is_not_called_printed() -> None:
    shop = completed()
    shop.choose(ReceiptChoice.PAPER)
    start(shop, "1")
    end(shop, "1", printed=True, in_doubt=True)
    assert shop.sale.prints[0].printed is False
    assert owed(shop) == PrintReceipt(copy=True)


def test_doubt_about_a_print_may_end_once_with_the_truth() -> None:
    shop = completed()
    shop.choose(ReceiptChoice.PAPER)
    start(shop, "1")
    end(shop, "1", printed=False, in_doubt=True)
    again = c.SettlePrint(at_utc=AT, print_id="1", printed=False, in_doubt=True)
    assert shop.do(again) == ()
    end(shop, "1", printed=True)
    assert owed(shop) is None
    assert shop.do(c.SettlePrint(at_utc=AT, print_id="1", printed=False)) == ()


def test_an_attendant_may_print_one_copy() -> None:
    shop = completed()
    shop.choose(ReceiptChoice.PAPER)
    shop.refuses(c.StartPrint(at_utc=AT, print_id="9", copy=True), Reason.COPY_USED)
    start(shop, "1")
    assert shop.do(c.StartPrint(at_utc=AT, print_id="1")) == ()
    shop.refuses(c.StartPrint(at_utc=AT, print_id="2", copy=True), Reason.COPY_USED)
    end(shop, "1", printed=True)
    start(shop, "2", copy=True)
    assert owed(shop) == PrintReceipt(print_id="2", copy=True)
    end(shop, "2", printed=False)
    start(shop, "3", copy=True)
    end(shop, "3", printed=True)
    shop.refuses(c.StartPrint(at_utc=AT, print_id="4", copy=True), Reason.COPY_USED)


def test_paper_after_a_receipt_to_the_phone_is_the_copy() -> None:
    shop = completed()
    shop.choose(ReceiptChoice.PHONE)
    assert owed(shop) is None
    shop.choose(ReceiptChoice.PAPER)
    assert owed(shop) == PrintReceipt(copy=True)
    start(shop, "1", copy=True)
    end(shop, "1", printed=True)
    assert owed(shop) is None


def test_no_receipt_before_the_sale_is_paid() -> None:
    shop = Shop()
    shop.add(MILK)
    shop.refuses(c.AnswerReceipt(at_utc=AT, choice=ReceiptChoice.PAPER), Reason.NOT_PAID)
    shop.refuses(c.StartPrint(at_utc=AT, print_id="1"), Reason.NOT_PAID)
    shop.refuses(c.SettlePrint(at_utc=AT, print_id="1", printed=True), Reason.NO_SUCH_ATTEMPT)
    shop.refuses(CLOSE, Reason.NOT_PAID)


def test_giving_up_calls_off_whoever_was_to_come() -> None:
    shop = Shop()
    shop.add(BEER)
    assert kinds(shop.do(ABORT)) == ["InterventionResolved", "SaleAborted"]
    assert shop.sale.phase is Phase.ABORTED
    assert not any(i.open for i in shop.sale.interventions)
    aborted = shop.events[-1]
    assert isinstance(aborted, e.SaleAborted)
    assert aborted.amount_minor == 3490 + 200
    shop.refuses(ABORT, Reason.SALE_IS_OVER)
    shop.refuses(
        c.RaiseIntervention(
            at_utc=AT, intervention_id="x", kind=e.Interest.HELP, policy=e.Policy.NOTED
        ),
        Reason.SALE_IS_OVER,
    )
    shop.do(CLOSE)
    assert shop.sale.phase is Phase.CLOSED
