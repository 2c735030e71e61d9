"""Being logged on to a ZVT terminal: registration, is it idle, what was its last transaction.

Terminals differ here more than anywhere. One answers a status enquiry with a status information
before the end, one does not know the command and refuses it, one says "understood" and nothing
more. Only an answer that says "busy" counts as busy; only one that names a transaction says which
was the last.
"""

from dataclasses import dataclass

import structlog

from drivers.errors import DeviceBusy, DeviceError, DeviceLost
from drivers.terminal import zvt_codes
from drivers.terminal import zvt_messages as messages
from drivers.terminal.zvt_apdu import Apdu
from drivers.terminal.zvt_dialog import Dialog, Ended, Ending, NeverSent, Refused
from drivers.terminal.zvt_judge import last_of
from drivers.terminal.zvt_memory import Last, Memory, MemoryFull
from drivers.terminal.zvt_messages import StatusInformation
from drivers.terminal.zvt_options import ZvtOptions
from drivers.terminal.zvt_turn import Turn

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Repeated:
    """The terminal repeated its last transaction."""

    status: StatusInformation


@dataclass(frozen=True, slots=True)
class NothingToRepeat:
    """It took the command, and said that there is none."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """It said nothing that tells: refused the command, or ended it without a word."""


@dataclass(frozen=True, slots=True)
class AtWork:
    """It has no time for questions now."""


LastTransaction = Repeated | NothingToRepeat | NoAnswer | AtWork


class Session:
    """Keeps one terminal registered. Errors of the line are DeviceErrors; it is then hung up."""

    def __init__(self, dialog: Dialog, memory: Memory, options: ZvtOptions) -> None:
        self._dialog = dialog
        self._memory = memory
        self._password = options.password
        self._currency = options.currency
        self._question_s = options.question_s
        self._mute_s = options.mute_s
        self._terminal_id = options.terminal_id
        self._is_registered = False
        self._knows_last = False
        self.state = zvt_codes.OK
        self.software = ""
        """What the terminal says of its own program, once it was asked how it is."""
        """What the terminal last said of itself."""

    @property
    def dialog(self) -> Dialog:
        """The conversation."""
        return self._dialog

    @property
    def is_open(self) -> bool:
        """Whether the terminal is connected and registered."""
        return self._is_registered and self._dialog.is_connected

    def hang_up(self) -> None:
        """Close the line."""
        self._is_registered = False
        self._knows_last = False
        self._dialog.hang_up()

    def open(self) -> None:
        """Connect and register, as far as that is not done.

        Raises:
            NeverSent: the terminal is not there, is another one, or will not be registered.
            DeviceBusy: it is there, and at work.
        """
        if self.is_open:
            return
        try:
            self._dialog.connect()
            self._register()
        except (NeverSent, DeviceBusy):
            raise
        except DeviceError as error:
            self.hang_up()
            raise NeverSent(str(error)) from error

    def prepare(self) -> bool:
        """Make ready for a payment: open, idle, and the last transaction known and on disk.

        False: the terminal is at work (see `state`); nothing may be sent.
        Raises:
            NeverSent: it cannot be made ready.
        """
        try:
            self.open()
        except DeviceBusy:
            self.state = zvt_codes.WAIT
            return False
        if self._knows_last:
            return True
        try:
            if not self.is_idle():
                return False
            self.note_last()
        except DeviceError as error:
            self.hang_up()
            raise NeverSent(str(error)) from error
        return self._knows_last

    def keep_last(self, status: StatusInformation) -> None:
        """Note a transaction just made as the last one."""
        try:
            self._memory.saw(last_of(status))
            self._knows_last = True
        except MemoryFull as error:
            logger.error("terminal transaction not kept", error=str(error))
            self._knows_last = False

    def forget_last(self) -> None:
        """Something was tried that may or may not count as the last transaction: ask next time."""
        self._knows_last = False

    def is_idle(self) -> bool:
        """Ask what the terminal is doing; keep it in `state`; True unless it is at work."""
        enquiry = messages.status_enquiry(self._password)
        match self._dialog.run(enquiry, Turn(total_s=self._question_s, mute_s=self._mute_s)):
            case Ended(completion=completion, status=status, abort=None):
                said = status.result if status is not None else None
                self.state = completion.state or completion.result or said or zvt_codes.OK
                self.software = completion.version or self.software
            case Ended(abort=int(error)):
                self.state = error
            case Refused(error=error):
                # The command is unknown to it: it is there, and says nothing of itself.
                self.state = zvt_codes.OK if error == zvt_codes.NOT_NOW else error
        return self.state not in (zvt_codes.WAIT, zvt_codes.CARD_INSERTED)

    def last_transaction(self) -> LastTransaction:
        """Ask for the last transaction once more."""
        match self._ask(messages.repeat_receipt(self._password)):
            case Ended(status=StatusInformation(receipt=None, trace=None)):
                return NoAnswer()
            case Ended(status=StatusInformation() as status):
                return Repeated(status)
            case Ended(abort=zvt_codes.WAIT) | Refused(error=zvt_codes.WAIT):
                return AtWork()
            case Ended(abort=int()):
                return NothingToRepeat()
        return NoAnswer()

    def note_last(self) -> None:
        """Ask for the last transaction, and keep on disk which one it is."""
        match self.last_transaction():
            case Repeated(status):
                self._memory.saw(last_of(status))
            case NothingToRepeat():
                self._memory.saw(last_of(None))
            case AtWork():
                return
            case NoAnswer():
                # Whatever was noted before may be old by now: better to know nothing.
                self._memory.saw(Last())
        self._knows_last = True

    def _register(self) -> None:
        self._is_registered = self._knows_last = False
        ending = self._ask(messages.registration(self._password, self._currency))
        match ending:
            case Ended(abort=None, completion=completion):
                self._require_terminal(completion.terminal_id)
                self._is_registered = True
            case Ended(abort=zvt_codes.WAIT) | Refused(error=zvt_codes.WAIT):
                raise DeviceBusy("terminal: at work")
            case Ended(abort=int(error)) | Refused(error=error):
                raise DeviceLost(f"terminal: registration refused, {zvt_codes.name_of(error)}")

    def _require_terminal(self, found: str) -> None:
        if self._terminal_id and found and found != self._terminal_id:
            raise DeviceLost(f"terminal: it is {found}, expected {self._terminal_id}")

    def _ask(self, command: Apdu) -> Ending:
        return self._dialog.run(command, Turn(total_s=self._question_s))
