"""Sales set aside in a store with several kiosks: taken up once, whoever asks, whatever breaks."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.engine import staff_messages as s
from kiosk.engine.shelf import SLIP, Claim, SetAside, ShelfAnswered, ShelfOutcome, short_code
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool
from kiosk.fiscal.events import ZReportMade
from kiosk.sale import events as e
from kiosk.sale.state import Phase
from tests.engine.bench import BEER, COLA, MILK, Bench, config
from tests.engine.conftest import cheap_hashes


class Shelf:
    """A store's shelf as the contract has it. `answers` wait until somebody lets them through."""

    def __init__(self) -> None:
        self.there: dict[str, SetAside] = {}
        self.taken: dict[str, str] = {}
        self.answers: deque[ShelfAnswered] = deque()
        self.claims: list[Claim] = []
        self.silent = False
        self.loses_puts = False

    def put(self, aside: SetAside) -> None:
        if not self.loses_puts and aside.sale_id not in self.taken:
            self.there.setdefault(aside.sale_id, aside)

    def take(self, claim: Claim) -> None:
        self.claims.append(claim)
        sale_id = claim.sale_id or next(
            (x.sale_id for x in self.there.values() if x.code == claim.code), ""
        )
        outcome, aside = ShelfOutcome.GONE, None
        if sale_id and self.taken.setdefault(sale_id, claim.kiosk_id) == claim.kiosk_id:
            aside = self.there.get(sale_id)
            outcome = ShelfOutcome.YOURS if aside else ShelfOutcome.NEVER_THERE
        if not self.silent:
            self.answers.append(
                ShelfAnswered(claim_id=claim.claim_id, outcome=outcome, aside=aside)
            )


class Store:
    """Two kiosks of one store."""

    def __init__(self, folder: Path, catalog_path: Path) -> None:
        self.shelf = Shelf()
        self.one, self.two = (self._kiosk(folder, catalog_path, name) for name in ("03", "04"))

    def _kiosk(self, folder: Path, catalog_path: Path, name: str) -> Bench:
        here = folder / name
        here.mkdir()
        return Bench(
            here,
            catalog_path,
            config=config(kiosk_id=f"NT-0477-{name}"),
            seed=name,
            staffed=True,
            shelf=self.shelf,
        )

    def answer(self, bench: Bench) -> None:
        """Let the oldest answer through."""
        bench.send(self.shelf.answers.popleft())

    def set_aside(self, *codes: str) -> str:
        """Set a sale aside at the first kiosk; return its id."""
        self.one.scan(*codes).sign_in()
        sale_id = self.one.sale.id
        self.one.send(s.ToolPressed(Tool.SUSPEND), s.StaffLeavePressed())
        return sale_id

    def ask(self, bench: Bench, text: str) -> Bench:
        """Ask for a sale at a kiosk, by slip or by digits."""
        bench.sign_in().send(s.ToolPressed(Tool.RESUME))
        return bench.scan(text) if text.startswith(SLIP) else bench.keys(text)


@pytest.fixture
def store(folder: Path, catalog_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    cheap_hashes(monkeypatch)
    return Store(folder, catalog_path)


@pytest.mark.parametrize("by_slip", [True, False])
def test_what_was_set_aside_at_one_kiosk_goes_on_at_another(store: Store, by_slip: bool) -> None:
    sale_id = store.set_aside(MILK, COLA, COLA)
    store.ask(store.two, f"{SLIP}{sale_id}" if by_slip else short_code(sale_id))
    assert store.two.desk.step is StaffStep.SHELF
    store.answer(store.two)
    assert [(x.name, x.quantity) for x in store.two.view.lines] == [
        ("Lettmelk 1 l", 1),
        ("Cola uten sukker 1.5 l", 2),
    ]
    started = next(x for x in store.two.record() if isinstance(x, e.SaleStarted))
    assert (started.resumes, started.resumed_from) == (sale_id, "NT-0477-03")
    assert started.attendant_id.startswith("s-")
    store.two.send(s.StaffLeavePressed()).pay_by_card().take_receipt()
    assert store.two.sale.receipt_number == 1


def test_of_two_kiosks_that_ask_at_once_one_gets_it(store: Store) -> None:
    slip = f"{SLIP}{store.set_aside(MILK)}"
    store.ask(store.two, slip)
    store.ask(store.one, slip)
    store.answer(store.two)
    store.answer(store.one)
    assert len(store.two.view.lines) == 1
    assert store.one.view.lines == ()
    assert store.one.desk.problem is StaffProblem.NOT_ON_SHELF


def test_what_went_on_elsewhere_does_not_go_on_where_it_was_set_aside(store: Store) -> None:
    slip = f"{SLIP}{store.set_aside(MILK)}"
    store.ask(store.two, slip)
    store.answer(store.two)
    store.one.restart()
    store.ask(store.one, slip)
    store.answer(store.one)
    assert store.one.sale.phase is Phase.NONE


def test_a_power_cut_between_the_shelfs_word_and_our_record_loses_nothing(store: Store) -> None:
    slip = f"{SLIP}{store.set_aside(MILK)}"
    store.ask(store.two, slip)
    store.two.restart()
    store.answer(store.two)
    assert store.two.view.lines == ()
    store.ask(store.two, slip)
    store.answer(store.two)
    assert len(store.two.view.lines) == 1


def test_asked_twice_by_the_same_kiosk_it_goes_on_once(store: Store) -> None:
    slip = f"{SLIP}{store.set_aside(MILK)}"
    store.ask(store.two, slip)
    store.answer(store.two)
    store.two.send(s.ToolPressed(Tool.VOID_SALE), s.ReasonChosen("mistake"))
    store.ask(store.two.send(s.StaffLeavePressed()), slip)
    store.answer(store.two)
    assert store.two.desk.problem is StaffProblem.NOT_ON_SHELF
    assert sum(isinstance(x, e.SaleStarted) for x in store.two.record()) == 1


def test_a_power_cut_in_the_middle_of_taking_up_at_home_marks_the_old_sale(store: Store) -> None:
    sale_id = store.set_aside(MILK)
    till = store.one.engine._till
    till.append_to = _power_cut  # type: ignore[method-assign]
    store.ask(store.one, f"{SLIP}{sale_id}")
    with pytest.raises(PowerCut):
        store.answer(store.one)
    store.one.restart()
    assert len(store.one.view.lines) == 1
    taken = [x for x in store.one.record() if isinstance(x, e.SaleResumed)]
    assert [x.into for x in taken] == [store.one.sale.id]


def test_a_kiosk_says_whether_a_sale_is_its_own_also_after_a_power_cut(store: Store) -> None:
    slip = f"{SLIP}{store.set_aside(MILK)}"
    store.ask(store.two, slip)
    store.one.restart()
    store.ask(store.one, slip)
    assert [(x.kiosk_id, x.own) for x in store.shelf.claims] == [
        ("NT-0477-04", False),
        ("NT-0477-03", True),
    ]


class PowerCut(Exception):
    """Here the world ends."""


def _power_cut(*_args: object) -> None:
    raise PowerCut


def test_a_store_that_says_nothing_is_waited_for_five_seconds(store: Store) -> None:
    slip = f"{SLIP}{store.set_aside(MILK)}"
    store.shelf.silent = True
    store.ask(store.two, slip)
    store.two.wait(4)
    assert store.two.desk.step is StaffStep.SHELF
    store.two.wait(1)
    assert store.two.desk.problem is StaffProblem.STORE_SILENT
    store.shelf.silent = False
    store.two.scan(slip)
    store.answer(store.two)
    assert len(store.two.view.lines) == 1


def test_an_answer_after_the_wait_changes_nothing(store: Store) -> None:
    store.ask(store.two, f"{SLIP}{store.set_aside(MILK)}")
    store.two.wait(6)
    store.answer(store.two)
    assert store.two.sale.phase is Phase.NONE
    assert store.two.desk.step is StaffStep.ITEM


def test_what_never_reached_the_shelf_goes_on_where_it_was_set_aside(store: Store) -> None:
    store.shelf.loses_puts = True
    sale_id = store.set_aside(MILK)
    store.one.restart()
    store.ask(store.one, f"{SLIP}{sale_id}")
    store.answer(store.one)
    assert len(store.one.view.lines) == 1


def test_what_never_reached_the_shelf_is_not_invented_elsewhere(store: Store) -> None:
    store.shelf.loses_puts = True
    store.ask(store.two, f"{SLIP}{store.set_aside(MILK)}")
    store.answer(store.two)
    assert store.two.sale.phase is Phase.NONE
    assert store.two.desk.problem is StaffProblem.NOT_ON_SHELF


def test_beer_that_was_approved_there_is_asked_about_here(store: Store) -> None:
    store.one.scan(BEER).sign_in()
    store.one.send(s.DecisionPressed(store.one.desk.decisions[0].id, True))
    sale_id = store.one.sale.id
    store.one.send(s.ToolPressed(Tool.SUSPEND), s.StaffLeavePressed())
    store.ask(store.two, f"{SLIP}{sale_id}")
    store.answer(store.two)
    assert [one.kind for one in store.two.desk.decisions] == [e.Interest.AGE]


def test_what_was_set_aside_yesterday_is_over(store: Store) -> None:
    slip = f"{SLIP}{store.set_aside(MILK)}"
    store.two.clock.advance(24 * 3600)
    store.ask(store.two, slip)
    store.answer(store.two)
    assert store.two.desk.problem is StaffProblem.NOT_ON_SHELF


def test_practice_set_aside_does_not_become_real(store: Store) -> None:
    slip = f"{SLIP}{store.set_aside(MILK)}"
    (sale_id,) = store.shelf.there
    store.shelf.there[sale_id] = replace(store.shelf.there[sale_id], training=True)
    store.ask(store.two, slip)
    store.answer(store.two)
    assert store.two.sale.phase is Phase.NONE


def test_a_sale_sent_to_a_staffed_till_leaves_a_slip_with_its_goods_and_never_goes_on_here(
    make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap_hashes(monkeypatch)
    bench = make_bench(staffed=True, signed=True)
    bench.scan(MILK, COLA, COLA).sign_in()
    sale_id = bench.sale.id
    bench.send(s.ToolPressed(Tool.TO_TILL))
    (slip,) = bench.world.papers.texts()
    assert "Til betjent kasse" in slip
    assert MILK in slip
    assert COLA in slip
    aborted = bench.record()[-1]
    assert isinstance(aborted, e.SaleAborted)
    assert (aborted.reason, aborted.actor) == ("to_staffed_till", e.Actor.STAFF)
    bench.send(s.ToolPressed(Tool.RESUME)).scan(f"{SLIP}{sale_id}")
    assert bench.desk.problem is StaffProblem.NOT_ON_SHELF
    bench.send(s.StaffLeavePressed()).sign_in("20", "2580")
    bench.send(s.ToolPressed(Tool.CLOSE_DAY), s.DayClosePressed())
    (z,) = [x.report.figures for x in bench.record() if isinstance(x, ZReportMade)]
    assert (z.aborted.number, z.aborted.amount_minor) == (1, 8970)
