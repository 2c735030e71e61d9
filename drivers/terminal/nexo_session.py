"""Is the terminal there, in order, and ready for us? Each dialect finds out in its own way."""

from typing import Protocol

from drivers.contracts import DeviceState
from drivers.errors import DeviceError
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_dialog import Dialog
from drivers.terminal.nexo_model import Condition


class NotReady(DeviceError):
    """No payment can be sent now, and none was. `code` is for the result, logs and staff."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Session(Protocol):
    """What stands between a terminal and its next payment. Used by the payment thread only."""

    software: str
    """What the terminal says of its own program; empty where it says nothing."""

    def open(self) -> None:
        """Make sure that a payment may be sent now.

        Raises:
            NotReady: if not. Nothing about money was sent.
        """

    def doubt(self, condition: Condition) -> None:
        """The terminal said something that a ready one does not: look closer the next time."""

    def idle(self, timeout_s: float) -> bool:
        """Whether the terminal says of itself that it does nothing for anybody."""

    def health(self, timeout_s: float) -> tuple[DeviceState, str]:
        """Ask how it is, and return the state and its reason.

        Raises:
            DeviceError: if it does not answer.
        """


class Diagnosed:
    """The session of terminals that need no login and answer a DiagnosisRequest."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self.software = ""  # a diagnosis has no word for it

    def open(self) -> None:
        """Nothing to do: there is no login."""

    def doubt(self, condition: Condition) -> None:
        """Nothing to do: every diagnosis is a fresh one."""

    def idle(self, timeout_s: float) -> bool:
        """Whether a diagnosis says so; silence does not."""
        try:
            answer = self._dialog.call(m.DiagnosisRequest(), timeout_s=timeout_s)
        except DeviceError:
            return False
        return isinstance(answer, m.DiagnosisResponse) and answer.idle

    def health(self, timeout_s: float) -> tuple[DeviceState, str]:
        """Return what a diagnosis means. Busy is well: it works, for somebody."""
        answer = self._dialog.call(m.DiagnosisRequest(), timeout_s=timeout_s)
        if not isinstance(answer, m.DiagnosisResponse):
            return DeviceState.FAULT, "no diagnosis"
        if answer.verdict.condition in (Condition.BUSY, Condition.IN_PROGRESS):
            return DeviceState.READY, ""
        if answer.verdict.result is not m.Result.SUCCESS:
            return DeviceState.FAULT, answer.verdict.condition.value
        if answer.global_status not in ("OK", "Busy"):
            return DeviceState.FAULT, answer.global_status
        if not answer.host_reachable:
            return DeviceState.FAULT, "host not reachable"
        return DeviceState.READY, ""
