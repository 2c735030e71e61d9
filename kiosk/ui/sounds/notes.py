"""The notes of each tone (look.md, "Sound and motion"), and how they become a WAV file. Pure.

A note is a sine with a little of its octave, so that it carries through a shop without being
sharp. It swells and dies softly: a hard edge would click in the loudspeaker.
"""

import io
import math
import struct
import wave
from dataclasses import dataclass

from kiosk.engine.view import Tone

RATE_HZ = 44_100
"""Samples a second, as SDL's mixer is opened: nothing has to be resampled."""
PEAK = 0.6
"""Of full scale. The loudness in the shop (about 60 dB(A) at 600 mm) is set by the volume."""
OCTAVE = 0.18
"""Share of the octave in the sound."""
ATTACK_MS = 6
RELEASE_MS = 28


@dataclass(frozen=True, slots=True)
class Note:
    """One note: pitch in hertz and length in milliseconds, swelling and dying included."""

    hz: int
    ms: int


NOTES: dict[Tone, tuple[Note, ...]] = {
    Tone.ADDED: (Note(1046, 70),),
    Tone.REFUSED: (Note(220, 120), Note(196, 120)),
    Tone.REMOVED: (Note(523, 90), Note(392, 120)),
    Tone.HELP_SENT: (Note(523, 110), Note(659, 150)),
    Tone.APPROVED: (Note(523, 110), Note(659, 110), Note(784, 190)),
    Tone.TICK: (Note(880, 45),),
}
"""The notes of every tone but NONE. Rising is done or coming, falling is gone, low is not known."""


def samples(notes: tuple[Note, ...]) -> list[int]:
    """Return 16-bit samples of the notes, one after another, beginning and ending at silence."""
    return [sample for note in notes for sample in _note(note)]


def wav(tone: Tone) -> bytes:
    """Return a tone as a mono 16-bit WAV file."""
    data = samples(NOTES[tone])
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(struct.pack(f"<{len(data)}h", *data))
    return file.getvalue()


def _note(note: Note) -> list[int]:
    count = RATE_HZ * note.ms // 1000
    step = 2 * math.pi * note.hz / RATE_HZ
    peak = 32_767 * PEAK / (1 + OCTAVE)
    sin = math.sin
    wave_form = [
        peak * (sin(step * index) + OCTAVE * sin(2 * step * index)) for index in range(count)
    ]
    for index, loudness in enumerate(_swell(ATTACK_MS)):
        wave_form[index] *= loudness
    for index, loudness in enumerate(_swell(RELEASE_MS)):
        wave_form[count - 1 - index] *= loudness
    return [round(value) for value in wave_form]


def _swell(ms: int) -> list[float]:
    """Return the loudness from silence to full over `ms`: a raised cosine."""
    count = RATE_HZ * ms // 1000
    return [0.5 - 0.5 * math.cos(math.pi * index / count) for index in range(count)]
