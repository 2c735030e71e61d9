"""Settle Kivy before it is imported: its own home, one input provider, no arguments, no log file.

Import this first in every module that may be the first to import Kivy. Environment that is
already set wins, so a test can ask for the mock renderer.

Why each: screens that hung on start read the shopper's home; two input providers double every
touch (kivy#1903, #3801); the default clock adds 7 ms between a view and its frame.
"""

import os
import tempfile
from pathlib import Path

_CONFIG = """\
[kivy]
kivy_clock = interrupt
log_enable = 0
log_level = warning
exit_on_escape = 0
desktop = 0
[graphics]
maxfps = 30
multisamples = 0
show_cursor = 1
resizable = 0
[input]
mouse = mouse,disable_multitouch
[postproc]
double_tap_time = 0
triple_tap_time = 0
[widgets]
scroll_timeout = 80
"""


def settle() -> None:
    """Write Kivy's configuration to a fresh folder and point Kivy there. Once per process."""
    if "KIVY_HOME" not in os.environ:
        home = Path(tempfile.mkdtemp(prefix="selvkasse-kivy-"))
        (home / "config.ini").write_text(_CONFIG)
        os.environ["KIVY_HOME"] = str(home)
    os.environ.setdefault("KIVY_NO_ARGS", "1")
    os.environ.setdefault("KIVY_NO_CONSOLELOG", "1")
    os.environ.setdefault("KIVY_NO_FILELOG", "1")
    os.environ.setdefault("KIVY_LOG_MODE", "MIXED")
    # Without a display Kivy would run invisibly: say so instead of guessing.
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")


settle()
