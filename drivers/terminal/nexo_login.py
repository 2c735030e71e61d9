"""The session of terminals that want a login first, and rest at night to update themselves.

A login resets the terminal, so it is sent only when the terminal does not know us, or after it said
that it is idle: a payment of an earlier life may still be running on it. Two kiosks cannot share
such a terminal, since the login of the one resets it under the other. How it is, is asked by an
empty TransactionStatusRequest; this dialect has no diagnosis.
Source: developer.swedbankpay.com, PAX terminal, nexo Retailer: first message, logout.
"""

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import structlog

from drivers.contracts import DeviceState
from drivers.errors import DeviceError
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_dialog import Dialog, MessageRejected
from drivers.terminal.nexo_model import Condition
from drivers.terminal.nexo_session import NotReady

logger = structlog.get_logger(__name__)

AT_WORK: Final = frozenset({Condition.BUSY, Condition.IN_PROGRESS})
NOT_AT_WORK: Final = frozenset({Condition.NONE, Condition.NOT_FOUND})
"""It told its last transaction, or that it has none."""
LISTENING: Final = ("CashierStatus", "CashierError", "CashierDisplay", "PrinterReceipt")
NOT_LISTENING: Final = ("PrinterReceipt",)


class LoginSession:
    """One login session. `rest` may be called from any thread, the rest from the payment thread."""

    def __init__(
        self,
        dialog: Dialog,
        *,
        language: str,
        listening: bool,
        serial_number: str,
        timeout_s: float,
        local_now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        software_version: str = "",
    ) -> None:
        self._dialog = dialog
        self._language = language
        self._capabilities = LISTENING if listening else NOT_LISTENING
        self._serial_number = serial_number
        self._timeout_s = timeout_s
        self._local_now = local_now
        self._software_version = software_version or _software_version()
        self.software = ""
        self._logged_in = False
        self._doubtful = False
        self._rest_wanted = False
        self._resting = False

    # --- Session ----------------------------------------------------------------------------------

    def open(self) -> None:
        """Log in, unless we are; see Session.open."""
        if self._rest_wanted:
            raise NotReady("Maintenance", "terminal: logged out so that it can update itself")
        if not self._logged_in:
            self._log_in(self._timeout_s)

    def doubt(self, condition: Condition) -> None:
        """Log in before the next payment (LoggedOut), or at the next look (anything else)."""
        self._doubtful = True
        if condition is Condition.LOGGED_OUT:
            self._logged_in = False

    def idle(self, timeout_s: float) -> bool:
        """Whether it says that it is not at work; silence and LoggedOut say nothing."""
        try:
            condition = self._condition(timeout_s)
        except DeviceError:
            return False
        return condition in NOT_AT_WORK

    def health(self, timeout_s: float) -> tuple[DeviceState, str]:
        """Ask how it is, log in where that is needed, or out where it shall rest."""
        if self._rest_wanted:
            self._log_out(timeout_s)
            return DeviceState.FAULT, "maintenance"
        self._resting = False
        if self._logged_in:
            condition = self._condition(timeout_s)
            if condition in AT_WORK or not (self._doubtful or condition is Condition.LOGGED_OUT):
                return DeviceState.READY, ""
            self._logged_in = False
        try:
            self._log_in(timeout_s)
        except NotReady as error:
            if isinstance(error.__cause__, DeviceError):
                raise error.__cause__ from error
            return DeviceState.FAULT, error.code
        return DeviceState.READY, ""

    def rest(self, on: bool) -> None:
        """Wish the terminal logged out, maintenance allowed, or back; `health` does it."""
        self._rest_wanted = on

    # --- how --------------------------------------------------------------------------------------

    def _condition(self, timeout_s: float) -> Condition:
        """Ask for its last transaction, which costs nothing, and return the answer's condition."""
        answer = self._dialog.call(m.StatusRequest(), timeout_s=timeout_s)
        if isinstance(answer, m.StatusResponse):
            return answer.verdict.condition
        # 204: there is nobody logged in whom it could answer.
        return Condition.LOGGED_OUT

    def _log_in(self, timeout_s: float) -> None:
        try:
            condition = self._condition(timeout_s)
        except MessageRejected:
            condition = Condition.LOGGED_OUT
        except DeviceError as error:
            raise NotReady("NotReached", str(error)) from error
        if condition in AT_WORK:
            raise NotReady("Busy", "terminal: at work, for us in an earlier life or for others")
        request = m.LoginRequest(
            at=self._local_now().isoformat(timespec="seconds"),
            language=self._language,
            capabilities=self._capabilities,
            software_version=self._software_version,
        )
        try:
            answer = self._dialog.call(request, timeout_s=timeout_s)
        except DeviceError as error:
            raise NotReady("NotReached", str(error)) from error
        self._believe(answer)
        self._logged_in, self._doubtful = True, False

    def _believe(self, answer: m.Answer | None) -> None:
        """Raise NotReady unless this login makes the terminal that we know ready."""
        if not isinstance(answer, m.LoginResponse):
            raise NotReady("NoLogin", "terminal: login not answered by a login response")
        if answer.verdict.result is not m.Result.SUCCESS:
            code = answer.verdict.condition.value or "LoginRefused"
            raise NotReady(code, f"terminal: login refused, {code}")
        if self._serial_number and answer.serial_number != self._serial_number:
            # Fault 45: an exchanged terminal is looked at by a person before it sees a card.
            logger.error(
                "terminal exchanged", expected=self._serial_number, found=answer.serial_number
            )
            raise NotReady("OtherTerminal", "terminal: another serial number than configured")
        if answer.global_status not in ("", "OK", "Busy"):
            raise NotReady(answer.global_status, f"terminal: {answer.global_status}")
        if not answer.host_reachable:
            raise NotReady("UnreachableHost", "terminal: host not reachable")
        self.software = answer.software

    def _log_out(self, timeout_s: float) -> None:
        if self._resting:
            return
        answer = self._dialog.call(m.LogoutRequest(maintenance_allowed=True), timeout_s=timeout_s)
        gone = isinstance(answer, m.LogoutResponse) and (
            answer.verdict.result is m.Result.SUCCESS
            or answer.verdict.condition is Condition.LOGGED_OUT
        )
        if gone:
            self._resting, self._logged_in = True, False


def _software_version() -> str:
    """Return ours: the acquirer wants to see when it changes."""
    try:
        return version("selvkasse")
    except PackageNotFoundError:
        return "0"
