"""The ways in which the demonstration's shopper can pay: `kiosk demo --pay NAME`.

To add one: write a function that takes the shopper from the screen with the ways to pay to the
question about the receipt, one that asks the far ends' own books what was taken, and add a row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kiosk.app.scenes.split import pay_in_parts, taken_in_parts_minor
from kiosk.app.scenes.wallets import (
    pay_by_klarna,
    pay_by_strex,
    pay_by_vipps,
    taken_by_wallet_minor,
)
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.engine.view import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """One way to pay: what must run for it, what the shopper does, and whose books tell the truth.

    `pay` begins on the screen PAY and ends when the screen RECEIPT stands; it may take pictures.
    `taken_minor` is what everybody who could take money says was taken since the store was opened,
    less what was given back.
    """

    words: str
    """What the shopper does, as the demonstration tells it."""
    pay: Callable[[Shopper], None]
    taken_minor: Callable[[Store], int]
    terminal: str = "nexo-json"
    """The protocol of the card terminal, which is there whatever is paid with."""
    far_ends: tuple[str, ...] = ()
    """Names of `kiosk.app.far_ends.WALLETS` that must run."""


def pay_by_card(shopper: Shopper) -> None:
    """Choose the card, and hold it to the terminal when the terminal wants it."""
    shopper.press("Kort")
    shopper.wait_for("the terminal's own words", lambda v: bool(v.terminal and v.terminal.step))
    shopper.look("terminal")
    shopper.store.far_end("terminal").call("tap_card")
    shopper.wait_for_screen(Screen.RECEIPT)


def taken_by_terminal_minor(store: Store) -> int:
    """Return what stands in the card terminal's own books."""
    books = store.far_end("terminal").call("books")
    return sum(entry["amount_minor"] for entry in books if not entry["reversed"])


def _card(protocol: str) -> Payer:
    return Payer(
        words="card, which is held to the terminal",
        pay=pay_by_card,
        taken_minor=taken_by_terminal_minor,
        terminal=protocol,
    )


def _wallet(name: str, pay: Callable[[Shopper], None], words: str) -> Payer:
    return Payer(
        words=words,
        pay=pay,
        taken_minor=lambda store: (
            taken_by_wallet_minor(name, store) + taken_by_terminal_minor(store)
        ),
        far_ends=("vipps", "klarna", "strex"),
    )


PAYERS: Final[Mapping[str, Payer]] = MappingProxyType(
    {
        "nexo-json": _card("nexo-json"),
        "nexo-xml": _card("nexo-xml"),
        "zvt": _card("zvt"),
        "vipps": _wallet("vipps", pay_by_vipps, "Vipps: the phone scans the code on the screen"),
        "klarna": _wallet("klarna", pay_by_klarna, "Klarna: the phone scans the code"),
        "split": Payer(
            words="a deposit voucher and a gift card, and the rest by card",
            pay=pay_in_parts,
            taken_minor=lambda store: taken_in_parts_minor(store) + taken_by_terminal_minor(store),
            far_ends=("giftcard", "voucher"),
        ),
        "strex": _wallet("strex", pay_by_strex, "Strex: a number, and the code that it gets"),
    }
)
