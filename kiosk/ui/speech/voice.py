"""Who speaks: eSpeak NG, a process for each utterance, heard through the mixer of the notes.

It has voices for bokmål, English and a hundred more, and needs no network. None of its voices is
nynorsk: bokmål's reads it. The words reach it on its standard input, never on a command line that
others can list.
"""

import logging
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

logger = logging.getLogger(__name__)

PROGRAM: Final = "espeak-ng"
VOICES: Final = {"nb": "nb", "nn": "nb", "en": "en-gb", "uk": "uk"}
"""By language; another language has the voice of its own code."""
WORDS_A_MINUTE: Final = 155
PATIENCE_S: Final = 5.0
"""A sentence takes 40 ms here. One that takes so long is not said."""

Play = Callable[[Path, float], None]
"""Plays a file at a volume; whatever still sounds of the last one ends. Any thread."""


class Voice(Protocol):
    """Says one thing at a time; what comes next cuts it off."""

    def say(self, text: str, language: str, volume: float) -> None:
        """Begin to say a text soon, at a volume of 0 to 1. Never raises, never waits."""

    def hush(self) -> None:
        """Stop at once."""


class EspeakVoice:
    """Turns texts into sound files on a thread of its own; only the newest text is made."""

    def __init__(self, play: Play, stop: Callable[[], None], program: str = PROGRAM) -> None:
        self._play, self._stop, self._program = play, stop, program
        self._wanted: tuple[str, str, float] | None = None
        self._came = threading.Condition()
        self._folder = tempfile.TemporaryDirectory(prefix="selvkasse-speech-")
        threading.Thread(target=self._work, name="voice", daemon=True).start()

    def say(self, text: str, language: str, volume: float) -> None:
        """Begin to say a text soon; what was being said ends."""
        with self._came:
            self._wanted = (text, language, volume)
            self._came.notify()

    def hush(self) -> None:
        """Stop at once."""
        with self._came:
            self._wanted = None
        self._stop()

    def _work(self) -> None:
        path = Path(self._folder.name) / "said.wav"
        while True:
            with self._came:
                while self._wanted is None:
                    self._came.wait()
                (text, language, volume), self._wanted = self._wanted, None
            try:
                self._speak(text, language, path)
            except (OSError, subprocess.SubprocessError) as error:
                # Not the text: a shopper's goods are in no log. A mistyped voice shows here.
                logger.warning("speech: %s", type(error).__name__)
                continue
            with self._came:
                if self._wanted is None:  # else it is out of date already
                    self._play(path, volume)

    def _speak(self, text: str, language: str, path: Path) -> None:
        """Write what `text` sounds like to `path`.

        Raises:
            OSError: the program is not there.
            subprocess.SubprocessError: it failed, or takes too long.
        """
        voice = VOICES.get(language, language)
        subprocess.run(
            [self._program, "-v", voice, "-s", str(WORDS_A_MINUTE), "-b", "1", "-w", path,
             "--stdin"],
            input=text.encode(),
            check=True,
            timeout=PATIENCE_S,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip


class MixerOutput:
    """Plays spoken files through SDL's mixer, by Kivy, in Kivy's thread."""

    def __init__(self) -> None:
        self._sound: object = None

    def play(self, path: Path, volume: float) -> None:
        """Play a file soon."""
        from kivy.clock import Clock
        from kivy.core.audio import SoundLoader

        # The file is read now: the next sentence will be written over it.
        sound = SoundLoader.load(str(path))

        def start(_dt: float) -> None:
            self._end()
            self._sound = sound
            if sound is not None:
                sound.volume = volume
                sound.play()

        Clock.schedule_once(start)

    def stop(self) -> None:
        """End what still sounds, soon."""
        from kivy.clock import Clock

        Clock.schedule_once(lambda _: self._end())

    def _end(self) -> None:
        sound, self._sound = self._sound, None
        if sound is not None:
            sound.stop()  # type: ignore[attr-defined]
            sound.unload()  # type: ignore[attr-defined]


def open_voice() -> Voice | None:
    """Return the voice of this machine, or None where eSpeak NG is not installed."""
    program = shutil.which(PROGRAM)
    if program is None:
        logger.info("no reading aloud: %s is not installed", PROGRAM)
        return None
    output = MixerOutput()
    return EspeakVoice(output.play, output.stop, program)
