"""The screen read aloud: by touches, and by a keypad."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kiosk.engine.messages import Adjusted, MethodChosen, Touched
from kiosk.engine.view import Settings
from kiosk.sale.events import Method
from kiosk.ui.samples import SAMPLES
from kiosk.ui.samples_more import MORE
from kiosk.ui.samples_staff import DESK
from kiosk.ui.speech import Narrator
from tests.ui.harness import Harness
from tests.ui.speech.test_narrator import Ear

ALOUD = Settings(read_aloud=True)


@pytest.fixture
def ear(kiosk: Harness) -> Iterator[Ear]:
    ear = Ear()
    kiosk.stage.narrator = Narrator(ear)
    yield ear
    kiosk.stage.narrator = None


def test_the_first_touch_says_what_is_there_and_the_second_one_presses_it(
    kiosk: Harness, ear: Ear
) -> None:
    kiosk.show(MORE["pay"], ALOUD)
    kiosk.press("card")
    assert ear.last() == "Kort. Også med mobil eller klokke"
    assert kiosk.sent == [Touched()]
    kiosk.press("card")
    assert kiosk.sent[1:] == [MethodChosen(Method.CARD)]


def test_words_are_read_where_they_are_touched(kiosk: Harness, ear: Ear) -> None:
    kiosk.show(MORE["terminal"], ALOUD)
    title = next(text for text in kiosk.texts() if text.text.startswith("Hold kortet"))
    kiosk.tap_at(*title.box.middle)
    assert ear.last().startswith("Hold kortet mot terminalen")


def test_a_screen_that_comes_is_read_without_its_buttons(kiosk: Harness, ear: Ear) -> None:
    kiosk.show(SAMPLES["scan"], ALOUD)
    kiosk.show(MORE["terminal"], ALOUD)
    assert "Hold kortet mot terminalen" in ear.last()
    assert "213 kroner og 95 øre" in ear.last()
    assert "Avbryt betalingen" not in ear.last()


def test_a_keypad_walks_over_the_controls_and_each_is_said(kiosk: Harness, ear: Ear) -> None:
    kiosk.show(SAMPLES["scan"], ALOUD)
    kiosk.stage.key("tab")
    assert ear.last() == "Betal"
    kiosk.stage.key("tab")
    assert ear.last() == "Hjelp"
    assert kiosk.sent == [Touched(), Touched()]


def test_a_key_of_the_keypad_switches_it_on_without_sight(kiosk: Harness, ear: Ear) -> None:
    kiosk.show(SAMPLES["start"], Settings())
    kiosk.stage.key("f1")
    assert kiosk.sent == [Adjusted("read_aloud", on=True)]


def test_staff_press_with_one_touch_and_hear_nothing(kiosk: Harness, ear: Ear) -> None:
    kiosk.show(replace(DESK), ALOUD)
    kiosk.press("leave")
    assert len(kiosk.sent) == 1
    assert ear.heard == []


def test_without_it_one_touch_is_enough(kiosk: Harness, ear: Ear) -> None:
    kiosk.show(MORE["pay"], Settings())
    kiosk.press("card")
    assert kiosk.sent == [MethodChosen(Method.CARD)]
    assert ear.heard == []
