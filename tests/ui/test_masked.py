"""What somebody elsewhere sees of the glass: the goods, and nothing of the shopper."""

import dataclasses
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import pytest
from PIL import Image

from kiosk.engine.view import Overlay, Screen, View
from kiosk.ui.i18n import translator
from kiosk.ui.look import Look
from kiosk.ui.masked import PUBLIC, masked
from kiosk.ui.pace import Pace
from kiosk.ui.samples import SAMPLES
from kiosk.ui.samples_more import MORE
from kiosk.ui.samples_staff import STAFF_SAMPLES
from kiosk.ui.samples_tenders import TENDER_SAMPLES
from kiosk.ui.samples_wallet import WALLET_SAMPLES
from kiosk.ui.screens import screen_class, screen_of
from kiosk.ui.theme import Theme
from kiosk.ui.units import Glass
from tests.ui.harness import Harness

SHOPPERS = SAMPLES | MORE | WALLET_SAMPLES | TENDER_SAMPLES


def private_texts(value: Any, *, public: bool = False) -> Iterator[str]:
    """Every text of a view that is not named as public, however deep."""
    if isinstance(value, str) and not isinstance(value, Enum):
        if not public and value:
            yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from private_texts(one, public=public)
    elif dataclasses.is_dataclass(value):
        for spec in dataclasses.fields(value):
            known = (type(value).__name__, spec.name) in PUBLIC
            yield from private_texts(getattr(value, spec.name), public=known)


@pytest.mark.usefixtures("easel")  # one window of the right size, before any screen
@pytest.mark.parametrize("name", SHOPPERS)
def test_a_masked_view_holds_no_private_text_and_can_be_drawn(name: str) -> None:
    view = masked(SHOPPERS[name])
    assert [*private_texts(view)] == []
    look = Look.of(Glass(1080, 1920), Theme(), view.settings)
    shown = screen_of(view) if view.overlay is Overlay.NONE else view.overlay
    words = translator(view.settings.language)
    screen = screen_class(shown)(look, words, lambda _: None, pace=Pace(wanted=False))
    screen.show(view)
    # A word without a figure may be the screen's own too.
    secrets = {
        text
        for text in private_texts(SHOPPERS[name])
        if len(text) > 3 and any(letter.isdecimal() for letter in text)
    }
    read = [text.text for text in screen.visible_texts()]
    assert [text for text in read for secret in secrets if secret in text] == []


def test_goods_and_sums_can_be_seen() -> None:
    view = next(one for one in SAMPLES.values() if one.screen is Screen.SCAN and one.lines)
    seen = masked(view)
    assert (seen.lines, seen.totals) == (view.lines, view.totals)


def test_a_text_that_is_added_later_is_private_until_it_is_named() -> None:
    @dataclass(frozen=True)
    class Later:
        phone: str = "900 00 000"

    view = replace(View(), thanks=Later())  # type: ignore[arg-type]
    assert masked(view).thanks == Later(phone="")


def test_every_name_in_the_list_is_a_text_of_a_view() -> None:
    found = set()
    for view in (SHOPPERS | STAFF_SAMPLES).values():
        found |= {*_fields(view)}
    assert {name for name in PUBLIC if name not in found} == set()


def _fields(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, tuple):
        for one in value:
            yield from _fields(one)
    elif dataclasses.is_dataclass(value):
        for spec in dataclasses.fields(value):
            yield type(value).__name__, spec.name
            yield from _fields(getattr(value, spec.name))


def test_a_picture_for_afar_hides_what_was_typed_and_leaves_the_glass_alone(
    kiosk: Harness,
) -> None:
    typed = next(one for one in SHOPPERS.values() if one.screen is Screen.CODE and one.code)
    kiosk.show(typed)
    before = kiosk.words()
    seen = kiosk.easel.app.screenshot_png()
    hidden = kiosk.easel.app.screenshot_png(masked=True)
    picture = Image.open(io.BytesIO(hidden))
    assert picture.size == Image.open(io.BytesIO(seen)).size
    assert hidden != seen
    assert kiosk.words() == before
    assert kiosk.stage.view is not None
    assert kiosk.stage.view.code == typed.code
    kiosk.easel.turn()
    assert kiosk.easel.app.screenshot_png() == seen


def test_there_is_no_picture_while_an_attendant_is_at_the_kiosk(kiosk: Harness) -> None:
    kiosk.show(STAFF_SAMPLES["staff_desk"])
    assert kiosk.easel.app.screenshot_png(masked=True) == b""
