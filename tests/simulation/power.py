"""The power can go at any moment: before or after each commit, before or after each effect."""

from collections.abc import Callable, Sequence
from typing import Any

from kiosk.journal import Journal, JournalUnwritable
from kiosk.sale.events import Event


class PowerCut(BaseException):
    """The kiosk is gone. No handler of the program may see it, so it is no Exception."""


class Power:
    """Counts the moments at which the power could go, and cuts it at one of them."""

    def __init__(self) -> None:
        self.moment = 0
        self.cut_at: int | None = None
        self.names: list[str] = []
        self.disk_full = False

    def passes(self, name: str) -> None:
        """Let one moment pass."""
        self.moment += 1
        self.names.append(name)
        if self.moment == self.cut_at:
            self.cut_at = None
            raise PowerCut(name)

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return `call` with a moment before and one after it."""

        def guarded(*args: Any, **kwargs: Any) -> Any:
            self.passes(f"before {name}")
            result = call(*args, **kwargs)
            self.passes(f"after {name}")
            return result

        return guarded


class PoweredJournal:
    """The real journal, with the power to go around each of its commits."""

    def __init__(self, journal: Journal, power: Power) -> None:
        self._journal = journal
        self._power = power

    def append(self, sale_id: str, sale_seq: int, events: Sequence[Event]) -> None:
        names = "+".join(type(event).__name__ for event in events)
        self._need_room()
        self._power.around(f"commit {names}", self._journal.append)(sale_id, sale_seq, events)

    def next_service_id(self) -> str:
        self._need_room()
        service_id: str = self._power.around("service id", self._journal.next_service_id)()
        return service_id

    def _need_room(self) -> None:
        if self._power.disk_full:
            raise JournalUnwritable("the disk is full")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)


EFFECTS = {
    "terminal": ("charge", "abort", "ask", "reverse", "refund", "ask_refund"),
    "printer": ("print", "ask"),
}


def give_power(world: Any, power: Power) -> None:
    """Put a moment before and after each call that reaches the world."""
    for device, calls in EFFECTS.items():
        model = getattr(world, device)
        for call in calls:
            setattr(model, call, power.around(f"{device}.{call}", getattr(model, call)))
