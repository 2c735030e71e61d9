"""A card that pays less than it was asked for, over the real wire of both nexo dialects.

Where the shop takes parts, the rest is asked for by another means; where it does not, what was
taken goes back. The terminal's and the wallet's own books are held against the receipt.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.app.far_ends import TILL
from kiosk.app.scenes.groceries import MILK
from kiosk.app.scenes.wallets import pay_by_vipps, taken_by_wallet_minor
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.engine.view import Screen, View
from kiosk.fiscal.events import REGISTER, TerminalDayEnded
from kiosk.journal import Journal

MILK_MINOR, PART_MINOR = 2390, 1000
PARTS = "[payment]\npartial_approval = true\n"


@contextmanager
def shop(folder: Path, terminal: str, more: str) -> Iterator[Shopper]:
    """Somebody with one milk, in front of the ways to pay."""
    sections = Sections(selling="thanks_s = 120\nreceipt_s = 120\n", more=more)
    with Store(
        folder=folder, far_ends=(*TILL, "vipps"), terminal=terminal, sections=sections
    ) as store:
        shopper = Shopper(store, folder, tell=lambda _: None)
        shopper.wait_for_screen(Screen.START)
        shopper.scan(MILK, "]E0")
        shopper.press("Betal")
        shopper.wait_for_screen(Screen.BAGS)
        shopper.press("Betal uten pose")
        shopper.wait_for_screen(Screen.PAY)
        yield shopper


def tap_a_card(shopper: Shopper) -> None:
    terminal = shopper.store.far_end("terminal")
    shopper.press("Kort")
    shopper.wait_for("a terminal that wants a card", _wants_card)
    terminal.call("wait_for", "card")
    terminal.call("tap_card")


def receipt(shopper: Shopper) -> str:
    shopper.wait_for_screen(Screen.RECEIPT)
    shopper.press("På papir")
    shopper.wait_for_screen(Screen.THANKS)
    printer = shopper.store.far_end("printer")
    shopper.wait_for("the receipt", lambda _: bool(printer.state()["receipts"]))
    (paper,) = printer.state()["receipts"]
    shopper.press("Ferdig")
    shopper.wait_for_screen(Screen.START)
    return str(paper)


def test_fault_14_the_rest_is_paid_by_another_means_and_the_receipt_has_both(
    tmp_path: Path,
) -> None:
    with shop(tmp_path, "nexo-xml", PARTS) as shopper:
        store = shopper.store
        store.far_end("terminal").call("approve_partially", PART_MINOR)
        tap_a_card(shopper)
        view = shopper.wait_for("the rest to pay", lambda v: _paid(v, PART_MINOR))
        assert view.tenders.left_minor == MILK_MINOR - PART_MINOR
        pay_by_vipps(shopper)
        paper = receipt(shopper)
        assert taken(store) == [PART_MINOR]
        assert taken_by_wallet_minor("vipps", store) == MILK_MINOR - PART_MINOR
        assert amounts_of(paper, "Vipps") == [MILK_MINOR - PART_MINOR]
        assert amounts_of(paper, "Kort") == [PART_MINOR]
        assert terminal_day(shopper) == (PART_MINOR, PART_MINOR)


def test_fault_14_a_part_goes_back_where_parts_are_not_wanted_and_the_whole_is_paid(
    tmp_path: Path,
) -> None:
    with shop(tmp_path, "nexo-json", "") as shopper:
        store = shopper.store
        store.far_end("terminal").call("approve_partially", PART_MINOR)
        tap_a_card(shopper)
        shopper.wait_for("the ways to pay again", lambda v: v.screen is Screen.PAY)
        assert taken(store) == []
        assert shopper.store.glass.view().tenders.left_minor == MILK_MINOR
        tap_a_card(shopper)
        paper = receipt(shopper)
        assert taken(store) == [MILK_MINOR]
        assert amounts_of(paper, "Kort") == [MILK_MINOR]
        assert terminal_day(shopper) == (MILK_MINOR, MILK_MINOR)


def taken(store: Store) -> list[int]:
    """What the terminal's own books say was taken and not given back."""
    books = store.far_end("terminal").call("books")
    return [entry["amount_minor"] for entry in books if not entry["reversed"]]


def amounts_of(paper: str, means: str) -> list[int]:
    """What a receipt says was paid by this means, in minor units."""
    rows = [line for line in paper.splitlines() if means.lower() in line.lower()]
    found = [re.search(r"(\d+),(\d\d)\s*(?:kr|NOK)?\s*$", row) for row in rows]
    return [int(match[1]) * 100 + int(match[2]) for match in found if match]


def terminal_day(shopper: Shopper) -> tuple[int, int | None]:
    """Close the day; return what we and the terminal say was paid by card."""
    shopper.store.glass.close_day()
    ended: list[TerminalDayEnded] = []

    def written(_: View) -> bool:
        with Journal.open(shopper.store.journal_path, read_only=True) as journal:
            events = journal.events_of(REGISTER)
        ended[:] = [event for event in events if isinstance(event, TerminalDayEnded)]
        return bool(ended)

    shopper.wait_for("the end of the terminal's day", written)
    assert ended[0].done
    return ended[0].ours_minor, ended[0].theirs_minor


def _wants_card(view: View) -> bool:
    return view.terminal is not None and view.terminal.step is not None


def _paid(view: View, minor: int) -> bool:
    return view.screen is Screen.PAY and [one.amount_minor for one in view.tenders.paid] == [minor]
