"""Staff mode and the bag scale with real touches; the shopper's screen below stays as it was."""

from dataclasses import replace

import pytest

from kiosk.engine.messages import Intent
from kiosk.engine.staff_messages import (
    AddMissingPressed,
    AllScannedPressed,
    DecisionPressed,
    DiscountChosen,
    OwnBagPressed,
    PricePressed,
    ReasonChosen,
    SkipBaggingPressed,
    StaffBackPressed,
    StaffConfirmed,
    StaffDigitTyped,
    StaffLeavePressed,
    StaffLinePressed,
    StaffPressed,
    StaffQuantityPressed,
    ToolPressed,
)
from kiosk.engine.staff_view import Tool
from kiosk.engine.view import Overlay, Screen, Settings, View
from kiosk.ui.i18n import translator
from kiosk.ui.look import Look
from kiosk.ui.samples import SCAN
from kiosk.ui.samples_more import CLOSED, HELP, MORE
from kiosk.ui.samples_staff import BASE, DESK, FACTS, REFUSED, STAFF, STAFF_SAMPLES
from kiosk.ui.screens import screen_of
from kiosk.ui.screens.staff_more import StaffMoreScreen
from kiosk.ui.theme import Theme
from kiosk.ui.units import Glass
from kiosk.ui.widgets.staff import GiveBack
from tests.ui.harness import Harness

SAMPLE = STAFF_SAMPLES
TOUCHES: list[tuple[View, str, Intent]] = [
    (HELP, "staff", StaffPressed()),
    (CLOSED, "staff", StaffPressed()),
    (MORE["in_doubt"], "staff", StaffPressed()),
    (SAMPLE["bag_weight"], "own-bag", OwnBagPressed()),
    (SAMPLE["bag_weight"], "all-scanned", AllScannedPressed()),
    (SAMPLE["bag_not_placed"], "skip", SkipBaggingPressed()),
    (SAMPLE["bag_called"], "staff", StaffPressed()),
    (SAMPLE["terminal_called"], "staff", StaffPressed()),
    (SAMPLE["receipt_called"], "staff", StaffPressed()),
    (SAMPLE["thanks_called"], "staff", StaffPressed()),
    (SAMPLE["staff_pin"], "key-7", StaffDigitTyped("7")),
    (SAMPLE["staff_pin"], "delete", StaffDigitTyped("\b")),
    (SAMPLE["staff_pin"], "confirm", StaffConfirmed()),
    (SAMPLE["staff_pin"], "back", StaffBackPressed()),
    (DESK, "decision-0-yes", DecisionPressed("age-7", approved=True)),
    (DESK, "decision-0-no", DecisionPressed("age-7", approved=False)),
    (DESK, "decision-1-no", DecisionPressed("weight-1", approved=False)),
    (DESK, "tool-0", ToolPressed(Tool.CHANGE_LINE)),
    (DESK, "line-9", StaffLinePressed(9)),
    (DESK, "leave", StaffLeavePressed()),
    (SAMPLE["staff_decided"], "more", ToolPressed(Tool.MORE)),
    (SAMPLE["staff_decided"], "tool-2", ToolPressed(Tool.COPY)),
    (SAMPLE["staff_line"], "plus", StaffQuantityPressed(7, 7)),
    (SAMPLE["staff_line"], "minus", StaffQuantityPressed(7, 5)),
    (SAMPLE["staff_line"], "remove", StaffQuantityPressed(7, 0)),
    (SAMPLE["staff_line"], "price", PricePressed()),
    (SAMPLE["staff_line"], "discount", ToolPressed(Tool.DISCOUNT)),
    (SAMPLE["staff_coupon"], "remove", StaffQuantityPressed(10, 0)),
    (SAMPLE["staff_discount"], "percent-2500", DiscountChosen(2500)),
    (SAMPLE["staff_reason"], "reason-no_id", ReasonChosen("no_id")),
    (SAMPLE["staff_review"], "ready", StaffConfirmed()),
    (SAMPLE["staff_review_missing"], "add-missing", AddMissingPressed()),
    (SAMPLE["staff_more"], "tool-device_check", ToolPressed(Tool.DEVICE_CHECK)),
    (SAMPLE["staff_more"], "back", StaffBackPressed()),
]


@pytest.mark.parametrize(
    ("view", "name", "intent"),
    TOUCHES,
    ids=[f"{name}-{i}" for i, (_, name, _) in enumerate(TOUCHES)],
)
def test_a_touch_sends_its_intent_and_nothing_else(
    kiosk: Harness, view: View, name: str, intent: Intent
) -> None:
    kiosk.show(view)
    kiosk.press(name)
    assert kiosk.sent == [intent]


@pytest.mark.parametrize("name", STAFF_SAMPLES)
def test_every_sample_is_drawn_on_the_real_window(kiosk: Harness, name: str) -> None:
    screen = kiosk.show(STAFF_SAMPLES[name])
    assert screen.visible_texts()
    camel = "".join(part.capitalize() for part in screen_of(STAFF_SAMPLES[name]).value.split("_"))
    assert type(screen).__name__ == f"{camel}Screen"


def test_no_digit_of_a_pin_is_on_the_glass(kiosk: Harness) -> None:
    view = replace(SAMPLE["staff_pin"], staff=replace(SAMPLE["staff_pin"].staff, entry="4711"))
    kiosk.show(view)
    assert not [word for word in kiosk.words() if "4711" in word]


def test_a_coupon_can_only_be_taken_out(kiosk: Harness) -> None:
    kiosk.show(SAMPLE["staff_coupon"])
    words = kiosk.words()
    assert "Fjern kupongen" in words
    assert not {"Endre pris", "Rabatt", "Fjern vare"} & set(words)
    kiosk.show(SAMPLE["staff_line"])
    assert {"Endre pris", "Rabatt", "Fjern vare"} <= set(kiosk.words())


def test_the_two_answers_are_of_one_size(kiosk: Harness) -> None:
    kiosk.show(DESK)
    yes, no = kiosk.button("decision-0-yes").box, kiosk.button("decision-0-no").box
    assert (yes.width, yes.height, yes.y) == (no.width, no.height, no.y)


def test_the_way_back_is_yellow_and_has_the_focus_once_all_is_decided(kiosk: Harness) -> None:
    kiosk.show(DESK)
    leave = kiosk.button("leave")
    assert isinstance(leave, GiveBack)
    assert not leave.ready
    assert kiosk.screen.focus_order()[0] is not leave
    kiosk.show(SAMPLE["staff_decided"])
    leave = kiosk.button("leave")
    assert isinstance(leave, GiveBack)
    assert leave.ready
    assert kiosk.screen.focus_order()[0] is leave


def test_nothing_to_refuse_is_one_answer(kiosk: Harness) -> None:
    kiosk.show(SAMPLE["staff_help"])
    with pytest.raises(AssertionError, match="decision-0-no"):
        kiosk.button("decision-0-no")
    assert kiosk.button("decision-0-yes")


def test_later_decisions_are_a_page_away_and_the_first_come_back(kiosk: Harness) -> None:
    kiosk.show(SAMPLE["staff_many"])
    first = kiosk.words()
    assert "Aldersgrense 18 år" in first
    seen: set[str] = set()
    for _ in range(7):
        seen |= set(kiosk.words())
        kiosk.press("next-decisions")
    assert kiosk.words() == first
    assert {"Kunden ba om hjelp", "Stikkprøve", "Er klokken 17.20?"} <= seen
    assert kiosk.sent == []


def test_the_countdown_does_not_turn_the_page_back(kiosk: Harness) -> None:
    view = SAMPLE["staff_many"]
    kiosk.show(view)
    kiosk.press("next-decisions")
    before = [word for word in kiosk.words() if "går ut" not in word]
    kiosk.show(replace(view, staff=replace(view.staff, seconds_left=104)))
    assert [word for word in kiosk.words() if "går ut" not in word] == before


def test_lines_without_room_are_a_page_away(kiosk: Harness) -> None:
    kiosk.show(DESK)
    assert "Lettmelk 1 l" not in kiosk.words()
    kiosk.press("more-lines")
    assert "Lettmelk 1 l" in kiosk.words()
    kiosk.press("more-lines")
    assert "Pilsner 0,5 l" in kiosk.words()


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080), (1280, 800)])
@pytest.mark.parametrize("big", [False, True])
def test_all_ten_past_decisions_can_be_read_on_every_panel(
    kiosk: Harness, size: tuple[int, int], big: bool
) -> None:
    look = Look.of(Glass.fitting(*size), Theme(), Settings(large_text=big))
    screen = StaffMoreScreen(look, translator("nb"), lambda _: None)
    screen.show(SAMPLE["staff_more"])
    seen: set[str] = set()
    for _ in range(6):
        seen |= {text.text for text in screen.visible_texts()}
        screen.facts.page()
    assert {past.at for past in FACTS.past} <= seen
    assert {"1.2.0", "10.20.3.13", "Kortterminal"} <= seen


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080), (1280, 800)])
def test_money_that_is_not_taken_can_be_read_on_every_panel(
    kiosk: Harness, size: tuple[int, int]
) -> None:
    screen = StaffMoreScreen(
        Look.of(Glass.fitting(*size), Theme(), Settings()), translator("nb"), lambda _: None
    )
    screen.show(SAMPLE["staff_more_untaken"])
    seen: set[str] = set()
    for _ in range(6):
        seen |= {text.text for text in screen.visible_texts()}
        screen.facts.page()
    assert {"Vipps 239,00 kr", REFUSED.reference} <= seen


def test_a_keypad_types_the_pin(kiosk: Harness) -> None:
    kiosk.show(SAMPLE["staff_pin"])
    kiosk.stage.key("", "4")
    kiosk.stage.key("backspace")
    assert kiosk.sent == [StaffDigitTyped("4"), StaffDigitTyped("\b")]


def test_leaving_gives_back_the_very_screen_with_its_list_where_it_was(kiosk: Harness) -> None:
    lines = tuple(replace(SCAN.lines[0], line_id=number) for number in range(1, 31))
    long = replace(SCAN, lines=lines, open_line_id=30, added_line_id=30, toast=None)
    screen = kiosk.show(long)
    screen.list.page_back()  # type: ignore[attr-defined]
    words = kiosk.words()
    kiosk.show(replace(long, staff=STAFF))
    assert kiosk.screen is not screen
    kiosk.show(long)
    assert kiosk.screen is screen
    assert kiosk.words() == words


def test_a_question_over_the_list_waits_under_staff_mode_and_comes_back(kiosk: Harness) -> None:
    asked = replace(SCAN, toast=None, overlay=Overlay.STILL_THERE, seconds_left=24)
    kiosk.show(asked)
    assert "Er du der fortsatt?" in kiosk.words()
    kiosk.show(replace(asked, staff=STAFF))
    assert not kiosk.screen.is_overlay
    assert "Er du der fortsatt?" not in kiosk.words()
    kiosk.show(asked)
    assert "Er du der fortsatt?" in kiosk.words()


def test_staff_read_the_shops_language_and_the_shopper_their_own(kiosk: Harness) -> None:
    english = replace(BASE, settings=Settings(language="en"))
    kiosk.show(replace(english, staff=STAFF))
    assert "2 ting å avgjøre" in kiosk.words()
    kiosk.show(english)
    assert "Scan the next item" in kiosk.words()


def test_a_shopper_who_scans_sees_no_way_into_staff_mode(kiosk: Harness) -> None:
    quiet = ("pay", "bags", "terminal", "receipt", "thanks")
    for view in (SCAN, SAMPLE["bag_weight"], *(MORE[name] for name in quiet)):
        kiosk.show(view)
        assert "staff" not in kiosk.names()


def test_the_way_in_goes_again_with_the_help_that_was_called(kiosk: Harness) -> None:
    kiosk.show(SAMPLE["thanks_called"])
    assert "staff" in kiosk.names()
    kiosk.show(MORE["thanks"])
    assert {"help", "language", "adjust"} <= kiosk.names()
    assert "staff" not in kiosk.names()


def test_a_training_till_says_so_in_place_of_the_shops_name(kiosk: Harness) -> None:
    kiosk.show(replace(SCAN, training=True))
    assert "Treningskasse · ingen ekte handel" in kiosk.words()
    assert SCAN.shop_name not in kiosk.words()


def test_the_bag_scale_says_nothing_to_answer_once_somebody_comes(kiosk: Harness) -> None:
    kiosk.show(SAMPLE["bag_weight"])
    assert {"own-bag", "all-scanned"} <= kiosk.names()
    kiosk.show(SAMPLE["bag_called"])
    assert not {"own-bag", "all-scanned"} & kiosk.names()
    assert kiosk.screen is kiosk.stage.screen
    assert screen_of(SAMPLE["bag_called"]) is Screen.BAG_WEIGHT
