"""Who plays the notes: SDL's mixer where there is a sound card, nobody where there is none."""

import logging
import os
import tempfile
from pathlib import Path
from typing import Any, Protocol

from kiosk.engine.view import Tone, View
from kiosk.ui.sounds.notes import NOTES, wav

logger = logging.getLogger(__name__)

DEFAULT_VOLUME = 0.6
CARDS = Path("/proc/asound/cards")


class Player(Protocol):
    """Plays a tone without waiting for its end."""

    def play(self, tone: Tone, volume: float) -> None:
        """Start a tone at a volume of 0 to 1; a tone that still sounds is cut off by itself."""


class Silence:
    """The player of a machine without a loudspeaker."""

    def play(self, tone: Tone, volume: float) -> None:
        """Play nothing."""


class MixerPlayer:
    """Plays through SDL's mixer, by Kivy. The notes are made once, when it is constructed."""

    def __init__(self) -> None:
        """Load every tone.

        Raises:
            OSError: if the mixer cannot be opened or does not take the notes.
        """
        from kiosk.ui import kivy_setup  # noqa: F401  (before Kivy)

        from kivy.core.audio import SoundLoader  # isort: skip

        self._sounds: dict[Tone, Any] = {}
        # Kivy's loader wants files; the mixer keeps the samples, so the files may go at once.
        with tempfile.TemporaryDirectory(prefix="selvkasse-sounds-") as folder:
            for tone in NOTES:
                path = Path(folder) / f"{tone.value}.wav"
                path.write_bytes(wav(tone))
                sound = SoundLoader.load(str(path))
                if sound is None or not sound.length:
                    raise OSError(f"the mixer does not take the tone {tone.value!r}")
                self._sounds[tone] = sound

    def play(self, tone: Tone, volume: float) -> None:
        """Start a tone from its beginning."""
        sound = self._sounds[tone]
        sound.volume = volume
        sound.stop()
        sound.play()


class Sounds:
    """Plays the tone of each view once: a view that is drawn again does not sound again."""

    def __init__(self, player: Player, volume: float = DEFAULT_VOLUME) -> None:
        self._player = player
        self._heard = 0
        self.volume = volume

    @property
    def volume(self) -> float:
        """Loudness from 0 (off, as at night) to 1; at once for the next tone."""
        return self._volume

    @volume.setter
    def volume(self, value: float) -> None:
        self._volume = min(1.0, max(0.0, value))

    def show(self, view: View) -> None:
        """Play the view's tone, unless it has been played. Never raises, never waits."""
        if view.tone_seq == self._heard:
            return
        self._heard = view.tone_seq
        if view.tone is Tone.NONE or not self.volume or view.settings.read_aloud:  # speech says it
            return
        try:
            self._player.play(view.tone, self.volume)
        except Exception:
            # A sound card that went away must not take the screen with it.
            logger.exception("sound failed: silent from now on")
            self._player = Silence()


def open_player() -> Player:
    """Return the mixer where there is a sound card or SDL_AUDIODRIVER names a driver, else Silence.

    The mixer keeps a thread running even when nothing sounds, so without a card it is not opened.
    """
    if not can_be_heard():
        logger.info("no sound card: the kiosk is silent")
        return Silence()
    try:
        return MixerPlayer()
    except OSError as error:
        logger.warning("no sound: %s", error)
        return Silence()


def can_be_heard() -> bool:
    """Whether there is a sound card, or SDL_AUDIODRIVER names a driver."""
    return bool(os.environ.get("SDL_AUDIODRIVER")) or _has_card()


def _has_card() -> bool:
    """Whether ALSA lists a card; its file says "no soundcards" where there is none."""
    try:
        return "no soundcards" not in CARDS.read_text()
    except OSError:
        return False
