"""The one road between screen and engine: views come, intents go."""

from collections.abc import Callable
from typing import Protocol

from kiosk.engine.messages import Intent
from kiosk.engine.view import View


class Bridge(Protocol):
    """What the screen needs of the engine."""

    def send(self, intent: Intent) -> None:
        """Tell what the finger did. Never blocks; may drop when the inbox is full."""
        ...

    def subscribe(self, callback: Callable[[View], None]) -> None:
        """Call back with each new view, from any thread, beginning with the current one."""
        ...
