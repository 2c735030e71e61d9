"""Help, staff, language, adjustment, closed and out of order, with real touches."""

from dataclasses import replace

import pytest

from kiosk.engine.messages import (
    Adjusted,
    AdjustPressed,
    BackPressed,
    HelpCancelled,
    HelpPressed,
    HelpReasonChosen,
    Intent,
    LanguageChosen,
    LanguagePressed,
    RemovePressed,
    StartPressed,
)
from kiosk.engine.view import Overlay, Screen, Settings, View
from kiosk.ui.samples import SCAN
from kiosk.ui.samples_more import CLOSED, HELP, MORE, NEEDS_STAFF, OUT_OF_ORDER
from kiosk.ui.widgets import PrimaryButton
from tests.ui.harness import Harness

LANGUAGE, ADJUST = MORE["language"], MORE["adjust"]
TOUCHES: list[tuple[View, str, Intent]] = [
    (HELP, "barcode", HelpReasonChosen("barcode")),
    (HELP, "other", HelpReasonChosen("other")),
    (HELP, "onward", BackPressed()),
    (HELP, "cancel", HelpCancelled()),
    (NEEDS_STAFF, "onward", BackPressed()),
    (NEEDS_STAFF, "remove", RemovePressed(7)),
    (LANGUAGE, "nn", LanguageChosen("nn")),
    (LANGUAGE, "back", LanguagePressed()),
    (ADJUST, "large_text", Adjusted("large_text", on=True)),
    (ADJUST, "less_motion", Adjusted("less_motion", on=True)),
    (ADJUST, "done", AdjustPressed()),
    (CLOSED, "help", HelpPressed()),
    (OUT_OF_ORDER, "start", StartPressed()),
]


@pytest.mark.parametrize(("view", "name", "intent"), TOUCHES)
def test_a_touch_sends_its_intent_and_nothing_else(
    kiosk: Harness, view: View, name: str, intent: Intent
) -> None:
    kiosk.show(view)
    kiosk.press(name)
    assert kiosk.sent == [intent]


def test_a_setting_that_is_on_is_turned_off_at_the_same_place(kiosk: Harness) -> None:
    settings = Settings(less_motion=True)
    kiosk.show(replace(ADJUST, settings=settings))
    kiosk.press("less_motion")
    assert kiosk.sent == [Adjusted("less_motion", on=False)]


def test_a_kiosk_without_a_voice_answers_a_tap_with_nothing_but_its_words(kiosk: Harness) -> None:
    kiosk.show(MORE["adjust_no_voice"])
    assert {"Opplesing", "Ikke her"} <= set(kiosk.words())
    kiosk.press("read_aloud")
    assert not [intent for intent in kiosk.sent if isinstance(intent, Adjusted)]


def test_reading_aloud_is_a_switch_where_there_is_a_voice(kiosk: Harness) -> None:
    kiosk.show(ADJUST)
    kiosk.press("read_aloud")
    assert kiosk.sent == [Adjusted("read_aloud", on=True)]


def test_the_setting_takes_effect_on_the_panel_itself(kiosk: Harness) -> None:
    kiosk.show(ADJUST)
    small = {text.text: text.box.height for text in kiosk.texts()}
    kiosk.show(replace(ADJUST, settings=Settings(large_text=True)))
    large = {text.text: text.box.height for text in kiosk.texts()}
    assert large["Tilpass skjermen"] > small["Tilpass skjermen"]


def test_a_new_language_is_spoken_at_once_also_by_the_panel(kiosk: Harness) -> None:
    kiosk.show(LANGUAGE)
    assert "Velg språk" in kiosk.words()
    kiosk.show(replace(LANGUAGE, settings=Settings(language="nn")))
    assert "Vel språk" in kiosk.words()
    assert "Nynorsk" in kiosk.words()


def test_the_panel_lies_over_the_list_and_goes_again(kiosk: Harness) -> None:
    kiosk.show(LANGUAGE)
    assert kiosk.screen.is_overlay
    kiosk.show(replace(SCAN, overlay=Overlay.NONE))
    assert not kiosk.screen.is_overlay


def test_the_line_that_waits_stands_between_the_words_and_the_counter(kiosk: Harness) -> None:
    screen = kiosk.show(NEEDS_STAFF)
    boxes = {text.text: text.box for text in kiosk.texts()}
    lead = next(box for text, box in boxes.items() if text.startswith("Én vare"))
    assert lead.bottom < boxes["Pilsner 0,5 l"].y
    assert boxes["Aldersgrense 18 år"].bottom < boxes["Du kan skanne videre imens"].y
    assert screen is kiosk.screen


def test_a_check_without_a_line_has_no_remove(kiosk: Harness) -> None:
    kiosk.show(replace(NEEDS_STAFF, waiting_line_id=None))
    assert "remove" not in kiosk.names()
    assert "Pilsner 0,5 l" not in kiosk.words()


def test_a_closed_till_has_nothing_to_press_but_help_and_the_way_in_for_staff(
    kiosk: Harness,
) -> None:
    kiosk.show(CLOSED)
    assert kiosk.names() == {"help", "staff"}


@pytest.mark.parametrize("view", [CLOSED, OUT_OF_ORDER, NEEDS_STAFF, HELP])
def test_where_nobody_could_sign_in_there_is_no_button_for_it(kiosk: Harness, view: View) -> None:
    kiosk.show(replace(view, help_called=True))
    assert "staff" in kiosk.names()
    kiosk.show(replace(view, help_called=True, staffed=False))
    assert "staff" not in kiosk.names()


def test_a_till_that_cannot_sell_offers_no_start(kiosk: Harness) -> None:
    kiosk.show(MORE["out_of_order_journal"])
    assert "start" not in kiosk.names()
    assert "Virker" not in kiosk.words()
    kiosk.show(OUT_OF_ORDER)
    assert "start" in kiosk.names()
    assert {"Virker", "Virker ikke"} <= set(kiosk.words())


@pytest.mark.parametrize("view", [HELP, NEEDS_STAFF, OUT_OF_ORDER])
def test_going_on_is_the_yellow_one_and_the_focus_starts_there(kiosk: Harness, view: View) -> None:
    first = kiosk.show(view).focus_order()[0]
    assert isinstance(first, PrimaryButton)


@pytest.mark.parametrize("name", MORE)
def test_every_sample_is_drawn_on_the_real_window(kiosk: Harness, name: str) -> None:
    screen = kiosk.show(MORE[name])
    assert screen.visible_texts()
    wanted = MORE[name].overlay if screen.is_overlay else MORE[name].screen
    camel = "".join(part.capitalize() for part in wanted.value.split("_"))
    assert type(screen).__name__ == f"{camel}Screen"


def test_the_samples_show_every_screen_there_is() -> None:
    from kiosk.ui.samples import SAMPLES
    from kiosk.ui.samples_staff import STAFF_SAMPLES
    from kiosk.ui.samples_tenders import TENDER_SAMPLES
    from kiosk.ui.samples_wallet import WALLET_SAMPLES

    everything = (SAMPLES | MORE | STAFF_SAMPLES | WALLET_SAMPLES | TENDER_SAMPLES).values()
    assert {view.screen for view in everything} >= set(Screen)
    assert {view.overlay for view in everything} == set(Overlay)
