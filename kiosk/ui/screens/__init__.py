"""One module for each screen and overlay, named by its `Screen` or `Overlay` value.

A module `in_doubt` has a class `InDoubtScreen`. See kiosk/ui/README.md for how to write one.
"""

from functools import cache
from importlib import import_module

from kiosk.engine.view import Overlay, Screen
from kiosk.ui.screens.base import BaseScreen


@cache
def screen_class(name: Screen | Overlay) -> type[BaseScreen]:
    """Return the class that draws a screen or an overlay."""
    module = import_module(f"kiosk.ui.screens.{name.value}")
    camel = "".join(part.capitalize() for part in name.value.split("_"))
    found: type[BaseScreen] = getattr(module, f"{camel}Screen")
    return found
