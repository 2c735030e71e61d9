"""The one payment that is with the terminal now, and the wish to stop it."""

import threading
from collections.abc import Callable

from drivers.contracts import TerminalStep
from drivers.deadline import Flag


class Running:
    """A payment from before its first byte to its result. `wake` ends the wire's wait."""

    def __init__(
        self,
        attempt_id: str,
        service_id: str,
        *,
        say: Callable[[str, TerminalStep, str], None],
        wake: Flag,
    ) -> None:
        self.attempt_id = attempt_id
        self.service_id = service_id
        self._say = say
        self._wake = wake
        self._unwanted = threading.Event()

    def say(self, step: TerminalStep, text: str = "") -> None:
        """Tell the engine a step of this payment."""
        self._say(self.attempt_id, step, text)

    def unwant(self) -> None:
        """Wish to stop it. From any thread."""
        self._unwanted.set()
        self._wake.set()

    @property
    def unwanted(self) -> bool:
        """Whether somebody wishes it to stop."""
        return self._unwanted.is_set()
