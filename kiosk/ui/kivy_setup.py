"""Settle Kivy before it is imported: its own home, one input provider, no arguments, no log file.

Import this first in every module that may be the first to import Kivy. Environment that is
already set wins, so a test can ask for the mock renderer.

Why each: screens that hung on start read the shopper's home; two input providers double every
touch (kivy#1903, #3801); the default clock adds 7 ms between a view and its frame.
"""

import atexit
import os
import shutil
import tempfile

_WANTED = {
    ("kivy", "kivy_clock"): "interrupt",
    ("kivy", "log_enable"): "0",
    ("kivy", "log_level"): "warning",
    ("kivy", "exit_on_escape"): "0",
    ("graphics", "maxfps"): "30",
    ("graphics", "multisamples"): "0",
    ("graphics", "resizable"): "0",
    ("postproc", "double_tap_time"): "0",
    ("postproc", "triple_tap_time"): "0",
}
"""Set after Kivy has read its file: it writes defaults over what an unversioned file says."""
_INPUT = ("mouse", "mouse,disable_multitouch")
"""Touch arrives as mouse from SDL; any other provider beside it doubles every touch."""


def settle() -> None:
    """Give Kivy a fresh home and the configuration of a kiosk. Before any other part of Kivy."""
    if "KIVY_HOME" not in os.environ:
        home = tempfile.mkdtemp(prefix="selvkasse-kivy-")
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        os.environ["KIVY_HOME"] = home
    os.environ.setdefault("KIVY_NO_ARGS", "1")
    os.environ.setdefault("KIVY_NO_CONSOLELOG", "1")
    os.environ.setdefault("KIVY_NO_FILELOG", "1")
    os.environ.setdefault("KIVY_LOG_MODE", "MIXED")
    # Without a display Kivy would run invisibly: say so instead of guessing.
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    from kivy.config import Config

    for (section, name), value in _WANTED.items():
        Config.set(section, name, value)
    for name, _ in Config.items("input"):
        Config.remove_option("input", name)
    Config.set("input", *_INPUT)


settle()
