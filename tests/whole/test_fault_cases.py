"""Faults that only the whole kiosk can answer, over real wires, held against the terminal's books.

The numbers are those of the list of payment faults (`tests/payments/fault_cases.py`).
"""

from kiosk.app.scenes.groceries import MILK
from kiosk.engine.view import Screen
from tests.whole.test_power_cut import Till, store, till

__all__ = ["store", "till"]

COLA = "5449000131805"


def test_fault_05_a_kiosk_that_dies_after_the_approval_finishes_the_sale_and_prints(
    till: Till,
) -> None:
    till.buy()
    till.pay()
    till.shopper.wait_for_screen(Screen.RECEIPT)
    till.store.restart_kiosk()
    till.leaves_paid_once()


def test_fault_09_a_double_tap_on_the_card_is_one_payment(till: Till) -> None:
    before = len(till.terminal.call("books"))
    till.buy()
    till.shopper.press("Betal")
    view = till.shopper.wait_for("the way", lambda v: v.screen in (Screen.BAGS, Screen.PAY))
    if view.screen is Screen.BAGS:
        till.shopper.press("Betal uten pose")
        till.shopper.wait_for_screen(Screen.PAY)
    till.shopper.settle()
    place = till.shopper.wait_for_text("Kort")
    for _ in range(3):
        till.store.glass.tap(*place)
    till.shopper.wait_for_screen(Screen.TERMINAL)
    till.terminal.call("wait_for", "card")
    till.terminal.call("tap_card")
    till.leaves_paid_once()
    assert len(till.terminal.call("books")) - before == 1


def test_fault_12_what_is_scanned_while_the_card_is_wanted_changes_no_amount(till: Till) -> None:
    till.buy()
    till.choose_card()
    till.store.far_end("scanner").call("scan", COLA, aim="]E0")
    till.terminal.call("tap_card")
    till.leaves_paid_once()  # one milk on the list, and one milk charged


def test_fault_12_a_basket_changed_after_a_stop_is_asked_for_anew_with_its_new_sum(
    till: Till,
) -> None:
    till.buy()
    till.choose_card()
    till.shopper.press("Avbryt betalingen")
    till.shopper.wait_for_screen(Screen.PAY)
    till.shopper.scan(MILK, "]E0")
    first_minor = till.store.glass.view().totals.to_pay_minor
    till.choose_card()
    till.terminal.call("tap_card")
    till.shopper.wait_for_screen(Screen.START)
    newest = till.terminal.call("books")[-1]
    assert newest["amount_minor"] == first_minor > 2390


def test_fault_39_paper_that_ends_after_the_approval_is_waited_for_and_the_receipt_comes(
    till: Till,
) -> None:
    till.buy()
    till.choose_card()
    till.printer.call("paper_out_after", 3)
    till.terminal.call("tap_card")
    till.shopper.wait_for("somebody called", lambda _: bool(till.store.glass.waiting()))
    assert till.store.glass.view().screen is not Screen.START, "the next shopper must not come yet"
    till.printer.call("load_paper")
    till.leaves_paid_once()


def test_fault_39_without_paper_no_card_is_asked_for(till: Till) -> None:
    before = len(till.terminal.call("books"))
    till.buy()
    till.printer.call("paper_out")
    till.shopper.press("Betal")
    till.shopper.press("Betal uten pose")
    till.shopper.wait_for_screen(Screen.PAY)
    till.shopper.press("Kort")
    till.shopper.wait_for("somebody called", lambda _: bool(till.store.glass.waiting()))
    assert len(till.terminal.call("books")) == before
    till.printer.call("load_paper")
    till.shopper.wait_for("paper again", lambda _: not till.store.glass.waiting())
    till.ask_card()
    till.terminal.call("tap_card")
    till.leaves_paid_once()
