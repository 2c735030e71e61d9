"""What the kiosk leaves for telemetry: the newest of each thing, and answers. Nobody waits here."""

from collections import deque
from typing import Final

from kiosk.engine.remote_messages import OrderAnswered
from kiosk.engine.staff_messages import DecisionAnswered
from kiosk.engine.view import View
from kiosk.telemetry.link import Wake
from kiosk.telemetry.messages import Reply

ANSWERS_MAX: Final = 256
"""More than orders can wait for."""

Answer = DecisionAnswered | OrderAnswered | Reply


class Slot:
    """Written from any thread, at once; read by telemetry's own. Older views are gone."""

    def __init__(self) -> None:
        self.wake = Wake()
        self.view: View | None = None
        self.devices: dict[str, str] = {}
        self.software: dict[str, str] = {}
        """What devices say of their own programs, by name."""
        self.paper = ""
        self.verified_at: str | None = None
        self.journal_ok: bool | None = None
        self.answers: deque[Answer] = deque(maxlen=ANSWERS_MAX)
        self._changed = True

    def show(self, view: View) -> None:
        """Leave the newest view."""
        self.view = view
        self._note()

    def device(self, name: str, state: str) -> None:
        """Leave a device's state."""
        self.devices = {**self.devices, name: state}
        self._note()

    def runs(self, name: str, software: str) -> None:
        """Leave what a device says of its own program."""
        self.software = {**self.software, name: software}

    def printer(self, paper: str) -> None:
        """Leave what the printer says of its paper."""
        self.paper = paper
        self._note()

    def verified(self, at_utc: str, *, ok: bool) -> None:
        """Leave when the journal was checked last, and what came of it."""
        self.verified_at, self.journal_ok = at_utc, ok

    def answer(self, answer: Answer) -> None:
        """Leave an answer of the engine, or the reply of an errand that took longer."""
        self.answers.append(answer)
        self.wake.set()

    def look_again(self) -> None:
        """Let everything count as new."""
        self._changed = True

    def take_changed(self) -> bool:
        """Return whether anything is new since this was asked last. Ask before you look."""
        changed, self._changed = self._changed, False
        return changed

    @property
    def changed(self) -> bool:
        """Whether anything is new."""
        return self._changed

    def _note(self) -> None:
        self._changed = True
        self.wake.set()
