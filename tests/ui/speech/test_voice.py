"""The voice that is there: real eSpeak NG, and programs that are not it."""

import shutil
import threading
import wave
from pathlib import Path

import pytest

from kiosk.ui.i18n import languages
from kiosk.ui.speech.voice import PROGRAM, EspeakVoice

PATIENCE_S = 60.0
needs_espeak = pytest.mark.skipif(
    shutil.which(PROGRAM) is None, reason="espeak-ng is not installed"
)


class Speaker:
    """Takes sound files instead of a sound card, and measures them."""

    def __init__(self) -> None:
        self.played: list[float] = []
        self.stops = 0
        self.came = threading.Semaphore(0)

    def play(self, path: Path, volume: float) -> None:
        with wave.open(str(path)) as sound:
            self.played.append(sound.getnframes() / sound.getframerate())
        self.came.release()

    def stop(self) -> None:
        self.stops += 1


@needs_espeak
@pytest.mark.parametrize("language", languages())
def test_every_language_of_the_screen_has_a_voice(language: str) -> None:
    speaker = Speaker()
    EspeakVoice(speaker.play, speaker.stop).say("Skann neste vare", language, 0.5)
    assert speaker.came.acquire(timeout=PATIENCE_S), language
    assert speaker.played[0] > 0.5


@needs_espeak
def test_words_that_look_like_options_are_only_said() -> None:
    speaker = Speaker()
    EspeakVoice(speaker.play, speaker.stop).say("--version blåbær", "nb", 0.5)
    assert speaker.came.acquire(timeout=PATIENCE_S)
    assert speaker.played[0] > 0.5


def test_a_program_that_fails_says_nothing_and_the_next_words_are_tried(tmp_path: Path) -> None:
    tried = tmp_path / "tried"
    program = tmp_path / "broken"
    program.write_text(f"#!/bin/sh\necho x >> {tried}\nexit 3\n")
    program.chmod(0o755)
    speaker = Speaker()
    voice = EspeakVoice(speaker.play, speaker.stop, str(program))
    for wanted in (1, 2):
        voice.say("Hei", "nb", 0.5)
        deadline = threading.Event()
        for _ in range(200):
            if tried.exists() and len(tried.read_text()) >= 2 * wanted:
                break
            deadline.wait(0.05)
        assert len(tried.read_text().split()) == wanted
    assert speaker.played == []


def test_hush_stops_what_sounds() -> None:
    speaker = Speaker()
    EspeakVoice(speaker.play, speaker.stop, "/nowhere").hush()
    assert speaker.stops == 1
