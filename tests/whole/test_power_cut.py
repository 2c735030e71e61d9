"""Power cuts: the kiosk, the terminal or the printer ends by SIGKILL in mid-sale, over real wires.

The terminal's own books say what was charged, the printer's paper what was printed.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.app.scenes.groceries import MILK
from kiosk.app.shopper import Shopper
from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from kiosk.engine.view import Screen, View
from kiosk.fiscal.events import REGISTER
from kiosk.journal import Journal
from kiosk.sale.evolve import replay
from kiosk.sale.state import Sale

MILK_ØRE = 2390
PIN = "1234"
QUICK = "thanks_s = 1\nreceipt_s = 1\n"
PAN_THAT_NOBODY_HAS = "4999990000000007"
"""What the simulated terminal says when it is told to be careless."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(
        folder=tmp_path_factory.mktemp("store"), sections=Sections(selling=QUICK)
    ) as running:
        yield running
        log = (running.folder / "kiosk.log").read_text(encoding="utf-8")
        assert "Traceback" not in log
        assert PAN_THAT_NOBODY_HAS not in log
        report = Journal.open(running.journal_path, read_only=True).verify()
        assert report.ok, report.in_words()


@pytest.fixture
def till(store: Store, tmp_path: Path) -> "Till":
    till = Till(store, tmp_path)
    till.shopper.wait_for_screen(Screen.START)
    return till


class Till:
    """A shopper at the store, and what the books said before."""

    def __init__(self, store: Store, album: Path) -> None:
        self.store = store
        self.shopper = Shopper(store, album, tell=lambda _: None)
        self.terminal = store.far_end("terminal")
        self.printer = store.far_end("printer")
        self.sold_before = len(self._sold())
        self.charged_before = self._charged()
        self.papers_before = len(self._papers())

    def buy(self) -> None:
        """Put one milk on the list."""
        self.shopper.scan(MILK, "]E0")

    def choose_card(self) -> None:
        """Go from the list to the terminal that wants a card."""
        self.shopper.press("Betal")
        view = self.shopper.wait_for(
            "bags or ways to pay", lambda v: v.screen in (Screen.BAGS, Screen.PAY)
        )
        if view.screen is Screen.BAGS:
            self.shopper.press("Betal uten pose")
            self.shopper.wait_for_screen(Screen.PAY)
        self.ask_card()

    def ask_card(self) -> None:
        """Choose the card, and wait until the terminal wants it."""
        self.shopper.press("Kort")
        self.shopper.wait_for("a terminal that wants a card", _wants_card)
        self.terminal.call("wait_for", "card")

    def pay(self) -> None:
        """Pay for what is on the list."""
        self.choose_card()
        self.terminal.call("tap_card")

    def leaves_paid_once(self) -> list[str]:
        """Wait for the next start screen, hold all books against each other; the new papers."""
        self.shopper.wait_for_screen(Screen.START)
        (sale,) = self._sold()[self.sold_before :]
        assert [line.product.name for line in sale.live_lines] == ["Lettmelk 1 l"]
        assert self._charged() - self.charged_before == MILK_ØRE
        papers = self._papers()[self.papers_before :]
        originals = [paper for paper in papers if "KOPI" not in paper]
        assert len(originals) <= 1, papers
        assert papers, "no receipt came"
        return papers

    def _sold(self) -> list[Sale]:
        journal = Journal.open(self.store.journal_path, read_only=True)
        ids = dict.fromkeys(record.sale_id for record in journal.after(0, 100_000))
        sales = [replay(journal.events_of(one)) for one in ids if one != REGISTER]
        journal.close()
        return [sale for sale in sales if sale.receipt_number]

    def _charged(self) -> int:
        books = self.terminal.call("books")
        return sum(entry["amount_minor"] for entry in books if not entry["reversed"])

    def _papers(self) -> list[str]:
        papers: list[str] = self.printer.state()["receipts"]
        return papers


def _wants_card(view: View) -> bool:
    return view.terminal is not None and view.terminal.step is not None


def test_what_was_scanned_is_there_after_a_power_cut(till: Till) -> None:
    till.buy()
    till.store.restart_kiosk()
    view = till.shopper.wait_for_screen(Screen.SCAN)
    assert [line.name for line in view.lines] == ["Lettmelk 1 l"]
    till.pay()
    till.leaves_paid_once()


def test_a_payment_of_the_life_before_can_be_stopped_on_the_glass(till: Till) -> None:
    till.buy()
    till.choose_card()
    till.store.restart_kiosk()
    till.shopper.wait_for_screen(Screen.TERMINAL)
    till.shopper.press("Avbryt betalingen")
    till.shopper.wait_for_screen(Screen.PAY)
    till.ask_card()
    till.terminal.call("tap_card")
    till.leaves_paid_once()


def _pin(till: Till) -> None:
    till.terminal.call("insert_card")
    till.store.kill("kiosk")
    till.terminal.call("type_pin", PIN)


def _bank(till: Till) -> None:
    till.terminal.call("hold_host")
    till.terminal.call("tap_card")
    till.store.kill("kiosk")
    till.terminal.call("release_host")


def _approved(till: Till) -> None:
    till.terminal.call("tap_card")
    till.store.kill("kiosk")


@pytest.mark.parametrize("cut", [_pin, _bank, _approved])
def test_money_taken_around_a_power_cut_is_found_and_taken_once(
    till: Till, cut: Callable[[Till], None]
) -> None:
    till.buy()
    till.choose_card()
    cut(till)
    till.store.restart_kiosk()
    till.leaves_paid_once()


def _begin_receipt(till: Till) -> None:
    """Get the shopper to a receipt of which the first lines are on paper."""
    till.buy()
    till.pay()
    till.printer.call("slow", 0.1)
    # Silence is paper.
    till.shopper.wait_for("the first lines", lambda _: bool(till.printer.state()["uncut"].strip()))


def test_a_receipt_survives_the_kiosks_death_in_its_middle(till: Till) -> None:
    _begin_receipt(till)
    till.store.restart_kiosk()
    till.printer.call("slow", 0.0)
    till.leaves_paid_once()


def test_a_receipt_survives_the_printers_death_in_its_middle(till: Till) -> None:
    _begin_receipt(till)
    till.store.kill("printer")
    till.papers_before = 0  # a printer that starts anew has forgotten the papers it cut
    till.store.restart("printer")
    (paper,) = till.leaves_paid_once()
    assert "KOPI" in paper  # nobody knows how much of the first one came out


def test_a_terminal_that_dies_after_it_charged_is_asked_when_it_is_back(till: Till) -> None:
    till.buy()
    till.choose_card()
    till.terminal.call("lose_next_answer")
    till.terminal.call("tap_card")
    till.store.kill("terminal")
    till.store.restart("terminal")
    till.leaves_paid_once()


def test_a_careless_terminals_card_number_reaches_neither_paper_nor_log(till: Till) -> None:
    till.buy()
    till.choose_card()
    till.terminal.call("answer_with_whole_card_number")
    till.terminal.call("tap_card")
    for paper in till.leaves_paid_once():
        assert PAN_THAT_NOBODY_HAS not in re.sub(r"\s", "", paper)
    for name in ("kiosk.log", "data/journal.sqlite", "data/journal.sqlite-wal"):
        assert PAN_THAT_NOBODY_HAS.encode() not in (till.store.folder / name).read_bytes()
