"""What the driver keeps on disk, because a ZVT terminal knows no ids of ours.

A terminal can repeat its last transaction and nothing else. So before each 06 01 the driver
writes down which transaction was the last one then, and what it is about to ask; before it tells
the terminal that the goods were issued, the approval; and at the end, how it ended. Each of these
is on disk (fsync of file and directory) before the next byte leaves.

The file also says for which service ids it can speak: from the first one it ever saw on. A file
that was lost and begun anew says nothing about the time before, rather than "never heard of".
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec
import structlog

from drivers.contracts import ChargeRequest, PaymentOutcome, PaymentResult
from drivers.errors import DeviceConfigError, DeviceError
from drivers.terminal.zvt_messages import StatusInformation

logger = structlog.get_logger(__name__)

ATTEMPTS_MAX: Final = 64
VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Which transaction it was, in the terminal's own counting. None: it did not say."""

    trace: int | None = None
    receipt: int | None = None
    turnover: int | None = None

    @classmethod
    def of(cls, status: StatusInformation) -> "Mark":
        """Return the mark of a transaction."""
        return cls(trace=status.trace, receipt=status.receipt, turnover=status.turnover)


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last transaction of a terminal. `mark` is None when it has none; see `is_known`."""

    is_known: bool = False
    mark: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One payment, as far as it came."""

    service_id: str
    amount_minor: int
    currency: str
    sent_at: str
    """UTC, ISO 8601."""
    before: Last
    """The terminal's last transaction when this one was sent."""
    asks_for_goods: bool
    """Whether it was sent with issue of goods: unanswered, the terminal takes it back."""
    approved: PaymentResult | None = None
    """Written before the terminal is told that the goods were issued."""
    result: PaymentResult | None = None
    """How it ended; nothing but the end is written here."""
    is_superseded: bool = False
    """Another transaction was started before its end was known: the terminal cannot tell it now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    version: int = VERSION
    speaks_from: str | None = None
    last: Last = Last()
    repeats: bool = False
    attempts: tuple[Attempt, ...] = ()


class MemoryFull(DeviceError):
    """Nothing could be written, so no payment may begin.

    Example scenarios: full disk; a file system that went read-only.
    """


class Memory:
    """The file. Used by one thread, read by any. A damaged file is set aside and begun anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._state = self._read()

    # --- what it knows ---------------------------------------------------------------------------

    @property
    def last(self) -> Last:
        """The last transaction seen on the terminal."""
        return self._state.last

    @property
    def repeats(self) -> bool:
        """Whether this terminal ever repeated a receipt: some never do, and "none" is no proof."""
        return self._state.repeats

    def attempt(self, service_id: str) -> Attempt | None:
        """Return what is known of a payment."""
        found = (item for item in self._state.attempts if item.service_id == service_id)
        return next(found, None)

    def in_doubt(self) -> Attempt | None:
        """Return the newest payment without an end."""
        attempts = self._state.attempts
        open_ones = [item for item in attempts if item.result is None and not item.is_superseded]
        return open_ones[-1] if open_ones else None

    def has_accepted(self, transaction_id: str) -> bool:
        """Whether this transaction was accepted as one of ours, and nothing else said since."""
        approved = PaymentOutcome.APPROVED
        return any(
            item.approved is not None
            and item.approved.transaction_id == transaction_id
            and (item.result is None or item.result.outcome is approved)
            for item in self._state.attempts
        )

    def speaks_for(self, service_id: str) -> bool:
        """Whether a payment that is not in here was certainly never sent.

        Service ids grow: those above the oldest one in here would be in here too.
        """
        first = self._state.speaks_from
        return first is not None and _order(service_id) >= _order(first)

    # --- what it learns (all on disk on return) --------------------------------------------------

    def speak_from(self, service_id: str) -> None:
        """Say that no payment with this id or a later one was made before now: an installation."""
        if self._state.speaks_from is None:
            self._write(lambda state: replace(state, speaks_from=service_id))

    def saw(self, last: Last) -> None:
        """Note the terminal's last transaction."""
        repeats = last.is_known and last.mark is not None
        if last != self._state.last or repeats > self._state.repeats:
            self._write(lambda state: replace(state, last=last, repeats=state.repeats or repeats))

    def begin(self, request: ChargeRequest, *, sent_at: str, asks_for_goods: bool) -> Attempt:
        """Note a payment that is about to leave."""
        attempt = Attempt(
            service_id=request.service_id,
            amount_minor=request.amount_minor,
            currency=request.currency,
            sent_at=sent_at,
            before=self._state.last,
            asks_for_goods=asks_for_goods,
        )
        self._write(lambda state: _with(_superseded(state), attempt))
        return attempt

    def supersede(self) -> None:
        """Note that the terminal's last transaction will no longer tell about those in doubt."""
        if self.in_doubt() is not None:
            self._write(_superseded)

    def approve(self, service_id: str, approved: PaymentResult) -> None:
        """Note an approval that is about to be accepted."""
        self._change(service_id, lambda attempt: replace(attempt, approved=approved))

    def end(self, result: PaymentResult) -> None:
        """Note how a payment ended. UNKNOWN is no end."""
        if result.outcome is not PaymentOutcome.UNKNOWN:
            self._change(result.service_id, lambda attempt: replace(attempt, result=result))

    def doubt(self, request: ChargeRequest) -> None:
        """Note a payment that somebody asks about and that this file cannot speak for."""
        attempt = Attempt(
            service_id=request.service_id,
            amount_minor=request.amount_minor,
            currency=request.currency,
            sent_at="",
            before=Last(),
            asks_for_goods=False,
            is_superseded=True,
        )
        self._write(lambda state: replace(_with(state, attempt), speaks_from=state.speaks_from))

    # --- the file --------------------------------------------------------------------------------

    def _change(self, service_id: str, how: Callable[[Attempt], Attempt]) -> None:
        def change(state: _State) -> _State:
            return replace(
                state,
                attempts=tuple(
                    how(item) if item.service_id == service_id else item for item in state.attempts
                ),
            )

        if self.attempt(service_id) is not None:
            self._write(change)

    def _write(self, how: Callable[[_State], _State]) -> None:
        with self._lock:
            state = how(self._state)
            try:
                _replace_file(self._path, msgspec.json.encode(state))
            except OSError as error:
                raise MemoryFull(f"{self._path}: {error}") from error
            self._state = state

    def _read(self) -> _State:
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return _State()
        except OSError as error:
            raise DeviceConfigError(f"terminal state_file {self._path}: {error}") from error
        try:
            state = msgspec.json.decode(raw, type=_State)
        except msgspec.DecodeError:
            state = None
        if state is not None and state.version == VERSION:
            return state
        aside = self._path.with_name(self._path.name + ".damaged")
        self._path.replace(aside)
        logger.error("terminal state file damaged, set aside", path=str(aside))
        return _State()


def _superseded(state: _State) -> _State:
    return replace(
        state,
        attempts=tuple(
            item if item.result is not None else replace(item, is_superseded=True)
            for item in state.attempts
        ),
    )


def _order(service_id: str) -> tuple[int, str]:
    return len(service_id), service_id


def _with(state: _State, attempt: Attempt) -> _State:
    """Add an attempt; the oldest ended one goes when there are too many, and is not spoken for."""
    others = [item for item in state.attempts if item.service_id != attempt.service_id]
    speaks_from = state.speaks_from or attempt.service_id
    ended = [item for item in others if item.result is not None]
    if len(others) >= ATTEMPTS_MAX and ended:
        others.remove(ended[0])
        speaks_from = max(speaks_from, _after(ended[0].service_id), key=_order)
    return replace(state, attempts=(*others, attempt), speaks_from=speaks_from)


def _after(service_id: str) -> str:
    """Return a text of the same length behind this id and before every later one."""
    return service_id[:-1] + chr(ord(service_id[-1]) + 1)


def _replace_file(path: Path, data: bytes) -> None:
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        beside.chmod(0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
