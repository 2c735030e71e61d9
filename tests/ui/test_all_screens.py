"""Every screen at every size, in every language and with large texts: nothing is cut or too small.

Screens are built and not drawn: places and texts are known without a picture.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kiosk.engine.view import Overlay, Settings
from kiosk.ui import sizes
from kiosk.ui.i18n import languages, translator
from kiosk.ui.look import Look
from kiosk.ui.pace import Pace
from kiosk.ui.samples import SAMPLES
from kiosk.ui.samples_more import MORE
from kiosk.ui.samples_return import RETURN_SAMPLES
from kiosk.ui.samples_staff import STAFF_SAMPLES
from kiosk.ui.samples_tenders import TENDER_SAMPLES
from kiosk.ui.samples_wallet import WALLET_SAMPLES
from kiosk.ui.screens import screen_class, screen_of
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.theme import Theme
from kiosk.ui.units import UNITS_PER_MM, Glass, Layout
from kiosk.ui.widgets import Key, Pressable
from tests.ui.harness import Harness

GLASSES = {
    "portrait": Glass(1080, 1920),
    "landscape": Glass(1920, 1080),
    "compact": Glass(1280, 800, UNITS_PER_MM * 0.96),
}
SETTINGS = {
    **{f"as designed, {code}": Settings(language=code) for code in languages()},
    "large text": Settings(large_text=True),
    "high contrast": Settings(high_contrast=True, large_text=True),
    "lower controls": Settings(lower_controls=True),
}
EVERY = SAMPLES | MORE | WALLET_SAMPLES | TENDER_SAMPLES | STAFF_SAMPLES | RETURN_SAMPLES
LEAST_TARGET = sizes.TOUCH - 1
# In the compact layout eleven letters do not fit at 20 mm: 16 mm, as on a tablet.
LEAST_LETTER = 62


def built(glass: Glass, settings: Settings) -> Iterator[tuple[str, BaseScreen]]:
    """Every sample's screen, and overlay, as it stands."""
    look = Look.of(glass, Theme(), settings)
    words = translator(settings.language)
    for name, view in EVERY.items():
        view = replace(view, settings=settings)
        shown = screen_of(view) if view.overlay is Overlay.NONE else view.overlay
        screen = screen_class(shown)(look, words, lambda _: None, pace=Pace(wanted=False))
        screen.show(view)
        yield name, screen


def buttons(screen: BaseScreen) -> list[Pressable]:
    return [
        part
        for part in screen.parts()
        if isinstance(part, Pressable) and part.opacity > 0 and part.on_press is not None
    ]


def cut_texts(screen: BaseScreen) -> Iterator[str]:
    """Texts that are shortened, leave their room or the glass."""
    whole = screen.look.glass.box
    for text in screen.visible_texts():
        if text.shortened:
            yield f"shortened {text.text!r} in {text.room.width:.0f} x {text.room.height:.0f}"
        elif not text.room.contains(text.box, slack=4):
            yield f"{text.text!r} leaves its room by more than 4 units: {text.box} {text.room}"
        if not whole.contains(text.box, slack=1):
            yield f"{text.text!r} leaves the glass"


def texts_over_texts(screen: BaseScreen) -> Iterator[str]:
    """Texts that lie over each other."""
    texts = screen.visible_texts()
    for index, one in enumerate(texts):
        for other in texts[index + 1 :]:
            # The em boxes of two lines may touch; their letters do not.
            if one.box.inset(0, 6).overlaps(other.box.inset(0, 6), slack=3):
                yield f"{one.text!r} over {other.text!r}"


def bad_targets(screen: BaseScreen) -> Iterator[str]:
    """Targets under 20 mm, off the glass, or sharing a place."""
    compact = screen.look.layout is Layout.COMPACT
    found = buttons(screen)
    for index, one in enumerate(found):
        least = LEAST_LETTER if isinstance(one, Key) and compact else LEAST_TARGET
        if min(one.box.width, one.box.height) < least:
            yield f"{one.name} is {one.box.width:.0f} x {one.box.height:.0f}"
        if not screen.look.glass.box.contains(one.box):
            yield f"{one.name} leaves the glass"
        for other in found[index + 1 :]:
            if one.box.overlaps(other.box):
                yield f"{one.name} and {other.name} share a place"


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("glass", GLASSES)
def test_nothing_is_cut_hidden_or_too_small_to_touch(
    kiosk: Harness, glass: str, settings: str
) -> None:
    wrong = [
        f"{name}: {what}"
        for name, screen in built(GLASSES[glass], SETTINGS[settings])
        for check in (cut_texts, texts_over_texts, bad_targets)
        for what in check(screen)
    ]
    assert not wrong, "\n".join(wrong)


def test_with_lower_controls_nothing_to_touch_is_high_but_pictures(kiosk: Harness) -> None:
    glass = GLASSES["portrait"]
    highest = glass.box.height * sizes.REACH - 1
    wrong = [
        f"{name}: {button.name} at {button.box.y:.0f}"
        for name, screen in built(glass, Settings(lower_controls=True))
        for button in buttons(screen)
        # Older lines are no step of the normal way, and the list can be dragged from its low part.
        if button.box.y < highest and not button.name.startswith(("tile", "more-lines", "line-"))
    ]
    assert not wrong, "\n".join(wrong)


def test_every_control_has_a_name_of_its_own(kiosk: Harness) -> None:
    for name, screen in built(GLASSES["portrait"], Settings()):
        names = [button.name for button in buttons(screen)]
        assert all(names), name
        assert len(names) == len(set(names)), name
