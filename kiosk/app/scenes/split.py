"""Paying in parts, as the demonstration's shopper does it: voucher, gift card, card for the rest.

What was taken with the far ends is compared with the sale by `demo_papers`, as for every payer.
"""

from typing import Final

from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.engine.tender_view import ValueStep
from kiosk.engine.view import Screen, View

CARDS: Final = ("6338000000000000022", "6338000000000000014")
"""Of the far end's deck: 50 kr and 200 kr. The second shopper has the second one."""
SLIPS: Final = ("9800000034000",)
CODE_128: Final = "]C0"


def pay_in_parts(shopper: Shopper) -> None:
    """Give the voucher if it is still good, then the gift card, and pay the rest by card."""
    parts = 0
    if _is_good(shopper.store, "voucher", SLIPS[0]):
        shopper.hold(SLIPS[0], CODE_128)
        parts += 1
        shopper.wait_for("the voucher to pay", lambda v: _paid(v, parts))
        shopper.look("voucher-paid")
    card = next(one for one in CARDS if _is_good(shopper.store, "giftcard", one))
    shopper.press("Gavekort")
    shopper.wait_for_screen(Screen.VALUE)
    shopper.look("gift-card")
    shopper.hold(card, CODE_128)
    view = shopper.wait_for("what lies on the card", _is_shown)
    shopper.look("gift-card-balance")
    assert view.tenders.value is not None
    minor = view.tenders.value.pays_minor
    shopper.press(f"Bruk {minor // 100},{minor % 100:02d} kr")
    view = shopper.wait_for(
        "the gift card to pay", lambda v: v.screen is Screen.RECEIPT or _paid(v, parts + 1)
    )
    if view.screen is Screen.RECEIPT:
        return  # it held enough
    shopper.look("rest")
    shopper.press("Kort")
    shopper.wait_for("the terminal's own words", lambda v: bool(v.terminal and v.terminal.step))
    shopper.look("terminal")
    shopper.store.far_end("terminal").call("tap_card")
    shopper.wait_for_screen(Screen.RECEIPT)


def taken_in_parts_minor(store: Store) -> int:
    """Return what the issuers' own books say was taken and not put back."""
    books = [
        entry for name in ("giftcard", "voucher") for entry in store.far_end(name).call("books")
    ]
    return sum(entry["amount_minor"] for entry in books if not entry["reversed"])


def _is_good(store: Store, name: str, number: str) -> bool:
    return bool(store.far_end(name).call("balance_of", number))


def _paid(view: View, parts: int) -> bool:
    return view.screen is Screen.PAY and len(view.tenders.paid) == parts


def _is_shown(view: View) -> bool:
    value = view.tenders.value
    return value is not None and value.step is ValueStep.SHOWN
