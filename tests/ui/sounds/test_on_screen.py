"""The tones of the views that reach the glass."""

from dataclasses import replace

import pytest

from kiosk.engine.view import Tone
from kiosk.ui.samples import SCAN
from kiosk.ui.sounds import Sounds
from tests.ui.harness import Harness


class Listener:
    def __init__(self) -> None:
        self.heard: list[Tone] = []

    def play(self, tone: Tone, volume: float) -> None:
        self.heard.append(tone)


def test_a_view_is_heard_when_it_is_drawn_and_not_again_when_it_is_redrawn(
    kiosk: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = Listener()
    monkeypatch.setattr(kiosk.easel.app, "_sounds", Sounds(listener))
    kiosk.show(replace(SCAN, tone=Tone.ADDED, tone_seq=1))
    kiosk.show(replace(SCAN, tone=Tone.ADDED, tone_seq=1))
    kiosk.show(replace(SCAN, tone=Tone.REMOVED, tone_seq=2))
    assert listener.heard == [Tone.ADDED, Tone.REMOVED]


def test_a_gallery_is_silent(kiosk: Harness) -> None:
    assert kiosk.easel.app._sounds is None
    kiosk.show(replace(SCAN, tone=Tone.ADDED, tone_seq=3))
