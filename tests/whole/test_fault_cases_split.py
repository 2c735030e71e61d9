"""Faults in the middle of a sale that is paid in parts, over real wires: gift card, then bank card.

The issuer's own books and the terminal's are held against the journal after each.
The numbers are those of the list of payment faults (`tests/payments/fault_cases.py`).
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from kiosk.app.far_ends import TILL
from kiosk.app.scenes.groceries import MILK
from kiosk.app.scenes.split import CODE_128, taken_in_parts_minor
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.engine.tender_view import ValueStep
from kiosk.engine.view import Screen, View
from kiosk.fiscal.events import REGISTER
from kiosk.journal import Journal
from kiosk.sale.attempts import counts
from kiosk.sale.evolve import replay
from kiosk.sale.state import Sale

CARD_MINOR: Final = 5_000
SUM_MINOR: Final = 3 * 2_390
QUICK: Final = "thanks_s = 1\nreceipt_s = 1\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(
        folder=tmp_path_factory.mktemp("store"),
        far_ends=(*TILL, "giftcard", "voucher"),
        sections=Sections(selling=QUICK),
    ) as running:
        yield running
        assert "Traceback" not in (running.folder / "kiosk.log").read_text(encoding="utf-8")


@pytest.fixture
def till(store: Store, tmp_path: Path) -> "SplitTill":
    return SplitTill(store, tmp_path)


class SplitTill:
    """A shopper with three milks and a gift card that does not pay for all of them."""

    numbers = count(1)

    def __init__(self, store: Store, album: Path) -> None:
        self.store = store
        self.shopper = Shopper(store, album, tell=lambda _: None)
        self.terminal = store.far_end("terminal")
        self.issuer = store.far_end("giftcard")
        self.number = f"6338{next(self.numbers):015d}"
        self.issuer.call("issue", self.number, CARD_MINOR)
        self.before = (taken_in_parts_minor(store), self._charged())
        self.shopper.wait_for_screen(Screen.START)
        for _ in range(3):
            self.shopper.scan(MILK, "]E0")
        self.shopper.press("Betal")
        self.shopper.wait_for_screen(Screen.BAGS)
        self.shopper.press("Betal uten pose")
        self.shopper.wait_for_screen(Screen.PAY)

    def show_card(self) -> None:
        """Hold the gift card to the scanner, and see what lies on it."""
        self.shopper.press("Gavekort")
        self.shopper.wait_for_screen(Screen.VALUE)
        self.shopper.hold(self.number, CODE_128)
        self.shopper.wait_for("what lies on the card", _is_shown)

    def pay_a_part(self) -> None:
        """Use all of it."""
        self.show_card()
        self.shopper.press("Bruk 50,00 kr")
        self.shopper.wait_for("the part that is paid", _is_paid_in_part)

    def ask_bank_card(self) -> None:
        """Choose the card for the rest, and wait until the terminal wants it."""
        self.shopper.press("Kort")
        self.shopper.wait_for(
            "a terminal that wants a card", lambda v: bool(v.terminal and v.terminal.step)
        )
        self.terminal.call("wait_for", "card")

    def leaves_paid_once(self) -> None:
        """Wait for the next shopper's screen, and hold all books against each other."""
        self.shopper.wait_for_screen(Screen.START)
        sale = self._sales()[-1]
        kept = [(one.method.value, one.approved_minor) for one in sale.attempts if counts(one)]
        assert kept == [("gift_card", CARD_MINOR), ("card", SUM_MINOR - CARD_MINOR)]
        assert self.taken() == (CARD_MINOR, SUM_MINOR - CARD_MINOR)
        assert self.issuer.call("balance_of", self.number) == 0

    def taken(self) -> tuple[int, int]:
        """What issuer and terminal took for this sale, by their own books."""
        issued, charged = self.before
        return taken_in_parts_minor(self.store) - issued, self._charged() - charged

    def _charged(self) -> int:
        books = self.terminal.call("books")
        return sum(entry["amount_minor"] for entry in books if not entry["reversed"])

    def _sales(self) -> list[Sale]:
        with Journal.open(self.store.journal_path, read_only=True) as journal:
            ids = dict.fromkeys(record.sale_id for record in journal.after(0, 100_000))
            return [replay(journal.events_of(one)) for one in ids if one != REGISTER]


def _is_shown(view: View) -> bool:
    return view.tenders.value is not None and view.tenders.value.step is ValueStep.SHOWN


def _is_paid_in_part(view: View) -> bool:
    return view.screen is Screen.PAY and len(view.tenders.paid) == 1


def test_fault_01_answers_lost_by_issuer_and_terminal_in_one_sale_take_each_part_once(
    till: SplitTill,
) -> None:
    till.show_card()
    till.issuer.call("lose_next_answer")
    till.shopper.press("Bruk 50,00 kr")
    till.shopper.wait_for("the part that is paid", _is_paid_in_part)
    assert till.taken() == (CARD_MINOR, 0)
    till.ask_bank_card()
    till.terminal.call("lose_next_answer")
    till.terminal.call("tap_card")
    till.leaves_paid_once()


def test_fault_05_a_kiosk_that_dies_in_mid_split_keeps_the_first_part_and_finds_the_second(
    till: SplitTill,
) -> None:
    till.pay_a_part()
    till.ask_bank_card()
    till.terminal.call("tap_card")
    till.store.kill("kiosk")
    till.store.restart_kiosk()
    till.leaves_paid_once()


def test_fault_16_a_first_part_taken_back_whose_answer_is_lost_goes_back_once_and_can_pay_again(
    till: SplitTill,
) -> None:
    till.pay_a_part()
    till.issuer.call("lose_next_answer")
    till.shopper.press("Fjern siste")
    till.shopper.wait_for(
        "all of it to pay", lambda v: v.screen is Screen.PAY and not v.tenders.paid
    )
    assert till.taken() == (0, 0)
    assert till.issuer.call("balance_of", till.number) == CARD_MINOR
    till.pay_a_part()
    till.ask_bank_card()
    till.terminal.call("tap_card")
    till.leaves_paid_once()
