"""The sounds of the kiosk: a few soft notes, each with a visible twin on the screen.

`Sounds` is told every view and plays each tone once. The notes are made, not recorded
(`notes.py`); SDL's mixer plays them, opened by Kivy (`player.py`), and a machine without a sound
card is simply silent.
"""

from kiosk.ui.sounds.player import Player, Silence, Sounds, can_be_heard, open_player

__all__ = ["Player", "Silence", "Sounds", "can_be_heard", "open_player"]
