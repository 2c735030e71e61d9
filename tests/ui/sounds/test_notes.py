import io
import itertools
import wave

import pytest

from kiosk.engine.view import Tone
from kiosk.ui.sounds.notes import NOTES, RATE_HZ, Note, samples, wav

TONES = [tone for tone in Tone if tone is not Tone.NONE]


def crossings(values: list[int]) -> int:
    """How often the wave rises through zero: once a period."""
    return sum(a < 0 <= b for a, b in itertools.pairwise(values))


def test_every_tone_but_none_has_notes() -> None:
    assert set(NOTES) == set(TONES)


def test_the_notes_are_those_of_the_design() -> None:
    assert NOTES[Tone.ADDED] == (Note(1046, 70),)
    assert NOTES[Tone.REFUSED] == (Note(220, 120), Note(196, 120))
    assert [note.hz for note in NOTES[Tone.REMOVED]] == [523, 392]
    assert [note.hz for note in NOTES[Tone.HELP_SENT]] == [523, 659]
    assert [note.hz for note in NOTES[Tone.APPROVED]] == [523, 659, 784]


@pytest.mark.parametrize("tone", TONES)
def test_a_tone_starts_and_ends_in_silence_so_that_nothing_clicks(tone: Tone) -> None:
    for note in NOTES[tone]:
        values = samples((note,))
        assert values[0] == values[-1] == 0
        assert max(map(abs, values[:8])) < 200, "hard attack"
        assert max(map(abs, values[-8:])) < 200, "hard release"


@pytest.mark.parametrize("tone", TONES)
def test_a_tone_is_loud_enough_and_never_clipped(tone: Tone) -> None:
    loudest = max(map(abs, samples(NOTES[tone])))
    assert 0.4 * 32_767 < loudest < 0.75 * 32_767


@pytest.mark.parametrize("hz", [196, 220, 392, 523, 659, 784, 1046])
def test_a_note_has_its_pitch(hz: int) -> None:
    values = samples((Note(hz, 1000),))
    assert crossings(values) == pytest.approx(hz, abs=2)


@pytest.mark.parametrize("tone", TONES)
def test_the_wav_file_has_the_length_of_the_notes(tone: Tone) -> None:
    with wave.open(io.BytesIO(wav(tone))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        assert file.getnframes() == sum(RATE_HZ * note.ms // 1000 for note in NOTES[tone])
