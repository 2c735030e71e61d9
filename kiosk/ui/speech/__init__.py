"""Reading aloud: what the screen says, in the shopper's language, for those who cannot read it."""

from kiosk.ui.speech.narrator import Narrator
from kiosk.ui.speech.voice import Voice, open_voice

__all__ = ["Narrator", "Voice", "open_voice"]
