"""The plug, pulled at every step of a sale: after each cut the machine starts, and all books agree.

One customer goes on through all of it, at a till that keeps dying: from wherever it comes up again
the purchase is brought to the next moment, and the next cut.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kiosk.engine.view import Screen, View
from tests.appliance.customer import BANANAS, BANANAS_G, MILK, Customer
from tests.appliance.judge import judge
from tests.appliance.patience import until
from tests.appliance.shop import Counter, FarEnds
from tests.appliance.table import Proofs

SLOW_LINE_S: Final = 0.2
STARTS: Final = (0.3, 0.8)
"""Shares of the time that a start takes."""
BUSY: Final = (Screen.TERMINAL, Screen.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the plug is pulled, and how the customer comes there from wherever the till is."""

    words: str
    reach: Callable[[Customer], None]
    after: Callable[[Customer], None] = lambda _: None
    """What must be so, or is done, once the machine is on again and before its books are held."""


def _half_a_code(customer: Customer) -> None:
    customer.leave()
    customer.machine.type(MILK[:6])


def _line(customer: Customer) -> None:
    customer.scan_until_there()


def _plate(customer: Customer) -> None:
    customer.press("Frukt og grønt")
    customer.wait_for_screen(Screen.LOOKUP)
    customer.press(BANANAS)
    customer.wait_for_screen(Screen.WEIGH)
    customer.shop["scale"].call("put_on", BANANAS_G)
    customer.wait_for("a price", lambda view: bool(view.weigh and view.weigh.price_minor))


def _plate_empty(customer: Customer) -> None:
    customer.shop["scale"].call("take_off")


def _to(screen: Screen) -> Callable[[Customer], None]:
    return lambda customer: _reach(customer, screen)


def _reach(customer: Customer, screen: Screen) -> None:
    customer.go_on_until(lambda view: view.screen is screen, screen.value)


def _card_wanted(customer: Customer) -> None:
    """The payment is with the terminal, which waits for a card that does not come."""
    _reach(customer, Screen.PAY)
    customer.press("Kort")
    until("the terminal to want a card", lambda: customer.terminal_waits_for == "card")


def _bank_asked(customer: Customer) -> None:
    customer.shop["terminal"].call("hold_host")
    _card_wanted(customer)
    customer.shop["terminal"].call("tap_card")
    until("the bank to be asked", lambda: customer.terminal_waits_for == "host")


def _bank_answers(customer: Customer) -> None:
    """While the till is dead the bank says yes: money is taken, and the till does not know it."""
    customer.shop["terminal"].call("release_host")


def _approved_unheard(customer: Customer) -> None:
    """Approved in the terminal's books; its answer is lost on the way, then the power goes."""
    _card_wanted(customer)
    taken = len(customer.shop.taken_minor())
    customer.shop["terminal"].call("lose_next_answer")
    customer.shop["terminal"].call("tap_card")
    until("the approval", lambda: len(customer.shop.taken_minor()) > taken)


def _approved_now(customer: Customer) -> None:
    """Cut as soon as the books have it: before, during or after the till writes it down."""
    _card_wanted(customer)
    taken = len(customer.shop.taken_minor())
    customer.shop["terminal"].call("tap_card")
    until("the approval", lambda: len(customer.shop.taken_minor()) > taken, every_s=0.001)


def _half_printed(customer: Customer) -> None:
    printer = customer.shop["printer"]
    printer.call("slow", SLOW_LINE_S)
    _reach(customer, Screen.RECEIPT)
    customer.press("På papir")
    until("half a receipt", lambda: printer.state()["uncut"].count("\n") >= 10)


def _print_on(customer: Customer) -> None:
    customer.shop["printer"].call("slow", 0)


MOMENTS: Final = (
    Moment("half a barcode has come", _half_a_code),
    Moment("the first line has just come up", _line),
    Moment("another line, a second life of the sale", _line),
    Moment("bananas lie on the scale", _plate, _plate_empty),
    Moment("the ways to pay stand there", _to(Screen.PAY)),
    Moment("the payment is sent, the terminal wants a card", _card_wanted),
    Moment("the bank is asked, and says yes while the till is dead", _bank_asked, _bank_answers),
    Moment("the receipt is asked about", _to(Screen.RECEIPT)),
    Moment("half a receipt is printed", _half_printed, _print_on),
    Moment("the paper is out", _to(Screen.THANKS)),
    Moment("approved, the answer lost, not in the journal", _approved_unheard),
    Moment("approved in this instant", _approved_now),
)


def prove_cuts(proofs: Proofs, counter: Counter, shop: FarEnds) -> None:
    """Cut, start, compare; at the end one more whole purchase on the disk that has seen it all."""
    customer = Customer(counter, shop, proofs.out / "screens")
    for number, moment in enumerate(MOMENTS, 1):
        with proofs.proof("plug", moment.words) as said:
            moment.reach(customer)
            shown = counter.glass.view()
            loss = counter.machine.cut_power(f"moment {number}")
            moment.after(customer)
            said.append(f"{loss.lost} of {loss.open} unflushed bytes lost")
            said.append(_back(proofs, counter, shop, shown))
    with proofs.proof("plug", "while it starts, and again while it starts") as said:
        shown = counter.glass.view()
        counter.machine.cut_power("before the starts")
        for share in STARTS:
            counter.machine.power_on(wait=False)
            time.sleep(share * float(proofs.measured["power on to selling, s"]))
            counter.machine.cut_power(f"start {share}")
        said.append(_back(proofs, counter, shop, shown))
    with proofs.proof("plug", "after all that, a whole purchase") as said:
        customer.leave()
        customer.scan_until_there()
        customer.leave()
        verdict = judge(counter.machine.agent, shop, proofs.out)
        said.append(verdict.words)
        assert verdict.good


def _back(proofs: Proofs, counter: Counter, shop: FarEnds, shown: View) -> str:
    """Switch on; what a shopper had seen before is still so, and all books agree."""
    machine = counter.machine
    machine.power_on()
    up_again(counter)
    verdict = judge(machine.agent, shop, proofs.out)
    assert verdict.good, verdict.words
    kept = verdict.items.get(shown.sale_id, 0)
    assert kept >= shown.totals.item_count, f"{kept} of {shown.totals.item_count} things are left"
    return f"back after {machine.on_for_s:.0f} s; {verdict.words}"


def up_again(counter: Counter) -> None:
    """Wait until the till is up and no payment is under way any more."""
    until("the till to be up", counter.glass.state, lambda seen: bool(seen["frames"]))
    until("payments to be settled", counter.glass.view, lambda view: view.screen not in BUSY)
