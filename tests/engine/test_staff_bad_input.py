"""What nobody should do at a kiosk, and what then happens: nothing."""

from dataclasses import replace
from random import Random

import pytest

from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool
from kiosk.engine.view import Screen
from kiosk.fiscal.events import SignInRefused
from kiosk.sale import events as e
from kiosk.sale.events import Interest
from kiosk.sale.state import Phase
from tests.engine.bench import BEER, COLA, INGRID, MILK, Bench
from tests.engine.staffing import begin_register, decision


def word(bench: Bench, **changes: object) -> s.RemoteDecision:
    """Return a yes from afar about the first thing that waits."""
    call = bench.view.waiting[0]
    good = s.RemoteDecision(
        decision_id="d-1",
        kiosk_id="NT-0477-03",
        sale_id=bench.sale.id,
        intervention_id=call.id,
        approved=True,
        attendant_id="s-far",
    )
    return replace(good, **changes)  # type: ignore[arg-type]


# --- readers ------------------------------------------------------------------------------------


def test_a_badge_at_the_scanner_is_no_item_and_stands_nowhere(staffed: Bench) -> None:
    staffed.scan(MILK, INGRID, INGRID)
    assert len(staffed.view.lines) == 1
    assert staffed.view.staff is None
    assert INGRID not in repr(staffed.record())
    assert INGRID not in repr(staffed.published)


def test_a_badge_at_the_scanner_while_items_are_added_by_hand_is_an_unknown_code(
    staffed: Bench,
) -> None:
    staffed.scan(MILK).sign_in().send(s.ToolPressed(Tool.ADD_ITEM)).scan(INGRID)
    assert staffed.desk.problem is StaffProblem.UNKNOWN_CODE
    assert len(staffed.view.lines) == 1


@pytest.mark.parametrize("text", ["", "0", MILK, "SK-S:sale-1", "x" * 500, "æøå\x00\x1b"])
def test_whatever_a_badge_reader_reads_lets_nobody_in_but_who_is_known(
    staffed: Bench, text: str
) -> None:
    staffed.scan(MILK)
    before = staffed.record()
    staffed.badge(text)
    assert not staffed.desk.name
    assert staffed.record() == before


# --- keys ---------------------------------------------------------------------------------------


def test_a_flood_of_pins_is_written_down_once_for_each_lock_and_waits_grow(staffed: Bench) -> None:
    begin_register(staffed)
    staffed.send(s.StaffPressed())
    for _ in range(200):
        staffed.keys("12").keys("9999")
        staffed.wait(1)
    refused = [x.locked_s for x in staffed.record() if isinstance(x, SignInRefused)]
    assert refused == sorted(refused)
    assert len(refused) <= 4, "200 tries are not 200 events"
    assert refused[0] == 30
    assert staffed.view.staff is None or not staffed.desk.name
    staffed.badge()
    assert staffed.desk.name == "Ingrid", "who works here still gets in"


def test_keys_that_are_none_and_numbers_without_end_change_nothing(staffed: Bench) -> None:
    staffed.send(s.StaffPressed())
    staffed.send(*(s.StaffDigitTyped(x) for x in ("a", "", "12", "½", "-", "\n", "٣")))
    assert staffed.desk.entry == ""
    staffed.send(*(s.StaffDigitTyped("1") for _ in range(1000)))
    assert len(staffed.desk.entry) == 8


# --- decisions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"kiosk_id": "NT-0477-04"},
        {"sale_id": "sale-of-another-kiosk"},
        {"intervention_id": "call-of-another-sale"},
        {"sale_id": ""},
    ],
)
def test_a_decision_for_another_kiosks_sale_changes_nothing_and_is_told_so(
    staffed: Bench, changes: dict[str, str]
) -> None:
    staffed.scan(MILK).send(m.HelpPressed())
    before = staffed.record()
    staffed.send(word(staffed, **changes))
    assert staffed.answers[-1].verdict is s.Verdict.NO_SUCH
    assert staffed.record() == before


def test_approvals_that_come_in_the_wrong_order_settle_only_what_they_name(staffed: Bench) -> None:
    """First the yes to 18 years, late and for a line that is gone; then to one that stands."""
    staffed.scan(BEER)
    late = word(staffed)
    staffed.send(m.RemovePressed(1)).scan(MILK, BEER)
    staffed.send(late)
    assert staffed.answers[-1].verdict is s.Verdict.STANDS
    (waiting,) = [x for x in staffed.view.waiting if x.kind is Interest.AGE]
    assert waiting.id != late.intervention_id
    staffed.send(m.PayPressed())
    assert staffed.view.screen is Screen.NEEDS_STAFF


def test_a_yes_before_the_question_is_no_yes(staffed: Bench) -> None:
    staffed.scan(MILK).sign_in()
    guess = f"{staffed.sale.id}-1"
    staffed.send(s.DecisionPressed(guess, True), s.StaffLeavePressed()).scan(BEER)
    assert [x.id for x in staffed.view.waiting] == [guess]


def test_a_reason_without_a_question_and_tools_out_of_turn_do_nothing(staffed: Bench) -> None:
    staffed.scan(MILK).sign_in()
    before = staffed.record()
    staffed.send(
        s.ReasonChosen("damaged"),
        s.DiscountChosen(5000),
        s.PricePressed(),
        s.StaffLinePressed(99),
        s.StaffQuantityPressed(99, 3),
        s.DecisionPressed("", True),
        s.ReportPrintPressed(),
        s.DayClosePressed(),
        s.TouchPointMet(float("nan"), 2.0),
    )
    assert staffed.record() == before
    assert staffed.desk.step is StaffStep.DESK


def test_intents_of_staff_mode_from_nobody_do_nothing(staffed: Bench) -> None:
    staffed.scan(MILK)
    before = staffed.record()
    for intent in (
        s.ToolPressed(Tool.VOID_SALE),
        s.ReasonChosen("mistake"),
        s.StaffQuantityPressed(1, 0),
        s.DayClosePressed(),
        s.VolumePressed(100),
    ):
        staffed.send(intent)
        staffed.send(s.StaffPressed(), intent, s.StaffBackPressed())
    assert staffed.record() == before
    assert staffed.view.volume_percent == 60


# --- the clock ----------------------------------------------------------------------------------


def test_beer_scanned_under_a_wrong_clock_is_asked_about_again_when_it_is_paid(
    staffed: Bench,
) -> None:
    staffed.scan(MILK, BEER).sign_in()
    staffed.send(s.DecisionPressed(decision(staffed, Interest.AGE), True), s.StaffLeavePressed())
    staffed.clock.advance(9.5 * 3600)
    staffed.send(m.StillHerePressed(), m.PayPressed())
    assert staffed.view.screen is Screen.NEEDS_STAFF
    (waiting,) = staffed.view.waiting
    assert waiting.kind is Interest.ALCOHOL_HOURS
    staffed.sign_in().send(s.DecisionPressed(waiting.id, True))
    assert [x.kind for x in staffed.desk.decisions] == [Interest.ALCOHOL_HOURS]


# --- everything at once -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_an_attendant_who_taps_blindly_breaks_nothing(staffed: Bench, seed: int) -> None:
    hand = Random(seed)
    staffed.scan(MILK, BEER, COLA).sign_in("20", "2580")
    for _ in range(150):
        staffed.send(hand.choice(_taps(staffed, hand)))
        if staffed.view.staff is None:
            staffed.sign_in("20", "2580")
    staffed.send(s.StaffLeavePressed())
    assert staffed.view.screen is not Screen.OUT_OF_ORDER, f"seed {seed}"
    for event in staffed.record():
        by_staff = getattr(event, "actor", None) is e.Actor.STAFF
        assert not by_staff or getattr(event, "attendant_id", ""), f"seed {seed}: {event}"
    assert staffed.sale.phase in (Phase.NONE, Phase.OPEN), f"seed {seed}"


def _taps(bench: Bench, hand: Random) -> list[m.Message]:
    desk = bench.view.staff
    lines = [line.line_id for line in bench.view.lines] or [1]
    return [
        s.ToolPressed(hand.choice(list(Tool))),
        s.StaffLinePressed(hand.choice(lines)),
        s.StaffQuantityPressed(hand.choice(lines), hand.randrange(-1, 4)),
        s.PricePressed(),
        s.DiscountChosen(hand.choice([0, 1000, 10_000, 99_999])),
        s.ReasonChosen(hand.choice(desk.reasons) if desk and desk.reasons else "other"),
        s.StaffDigitTyped(hand.choice("0123456789\b")),
        s.StaffConfirmed(),
        s.StaffBackPressed(),
        s.DecisionPressed(hand.choice([x.id for x in desk.decisions] if desk and desk.decisions
                                      else ["call-x"]), hand.random() < 0.5),
        s.VolumePressed(hand.randrange(-20, 130)),
        s.TouchPointMet(hand.random(), hand.random()),
        s.DayClosePressed(),
        s.ReportPrintPressed(),
        bench.scan_event(hand.choice([MILK, BEER, COLA])),
    ]  # fmt: skip
