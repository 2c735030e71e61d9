"""The touch panel's own error, taken out of every touch before anything hears of it.

A postprocessor of Kivy's input: it changes where a finger is, and nothing else. Touches that come
from elsewhere than the glass (the bench, the tests) do not pass through here, and need not.
"""

from typing import Any

from kiosk.engine.touch import AS_IT_IS, Map, mapped


class PanelMap:
    """Maps the begin and the moves of every touch; its end stays where the last of them was."""

    def __init__(self) -> None:
        self.by: Map = AS_IT_IS

    def process(self, events: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        """Move the touches among the events. Kivy counts y from the bottom."""
        if self.by == AS_IT_IS:
            return events
        for kind, event in events:
            if kind != "end" and getattr(event, "is_touch", False):
                x, y = mapped(self.by, event.sx, 1 - event.sy)
                event.sx, event.sy = x, 1 - y
        return events
