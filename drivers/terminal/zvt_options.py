"""What the configuration says about one ZVT terminal, checked as a whole."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from drivers.deadline import Clock, Flag
from drivers.errors import DeviceConfigError
from drivers.terminal.zvt_codes import CURRENCIES
from drivers.terminal.zvt_link import Link, SerialLink, TcpLink
from drivers.terminal.zvt_text import Charset
from drivers.terminal.zvt_turn import Patience, Times
from drivers.transport import SerialSettings, open_transport


@dataclass(frozen=True, slots=True, kw_only=True)
class ZvtOptions:
    """Options of one terminal; times in seconds."""

    name: str
    url: str
    """tcp://ADDRESS:20007, or a serial port such as /dev/serial/by-id/usb-..."""
    state_file: str
    """Where the driver remembers the last transactions. On a disk that keeps what is synced."""
    currency: str = "NOK"
    password: str = "000000"  # noqa: S105 - the factory's; it opens menus, not money
    """Six digits, the terminal's merchant password."""
    terminal_id: str = ""
    """Eight digits. Another terminal that answers at this address is refused; empty: any."""
    goods_questions: int = 10
    """How often the terminal asks whether the goods were issued, before it takes the payment
    back by itself. 0 for terminals that do not know issue of goods."""
    goods_wait_s: int = 5
    """How long the terminal waits before it asks again."""
    charset: Charset = "cp437"
    """Of the terminal's texts."""
    baudrate: int = 9600
    stopbits: Literal[1, 2] = 2
    answer_s: float = 5.0
    next_s: float = 180.0
    payment_s: float = 600.0
    """After this long a payment that is still talked about is asked about instead."""
    abort_every_s: float = 3.0
    abort_grace_s: float = 30.0
    health_interval_s: float = 30.0
    reconnect_s: float = 5.0
    question_s: float = 60.0
    """How long registration, status and a repeated receipt (which may be printed) may take."""
    mute_s: float = 5.0
    """How long a terminal may say nothing after it acknowledged a status enquiry."""
    status_wait_s: float = 2.0
    status_wait_max_s: float = 5.0
    settle_s: float = 5.0
    """How long "not booked" must stand, with the terminal idle, before it is believed."""
    silence_s: float = 60.0
    """After this long without an answer the attempt is UNKNOWN."""
    resolve_s: float = 300.0
    """After this long it is UNKNOWN even when the terminal still says that it is at work."""
    clock_tolerance_s: float = 3900.0
    """How wrong the terminal's clock may be: an hour of summer time, and five minutes."""

    def __post_init__(self) -> None:
        mistakes = []
        if self.currency not in CURRENCIES:
            mistakes.append(f"currency must be one of {', '.join(CURRENCIES)}")
        if not _is_digits(self.password, 6):
            mistakes.append("password must be six digits")
        if self.terminal_id and not _is_digits(self.terminal_id, 8):
            mistakes.append("terminal_id must be eight digits, or empty")
        if not 0 <= self.goods_questions <= 255 or not 1 <= self.goods_wait_s <= 255:
            mistakes.append("goods_questions must be 0 to 255, goods_wait_s 1 to 255")
        if not self.state_file or not Path(self.state_file).parent.is_dir():
            mistakes.append(f"state_file {self.state_file!r} must lie in a directory that exists")
        if not self.url.startswith(("tcp://", "/")):
            mistakes.append("url must be tcp://ADDRESS:PORT or a serial port's path")
        if mistakes:
            raise DeviceConfigError(f"terminal {self.name!r}: {'; '.join(mistakes)}")

    def patience(self) -> Patience:
        """Return how lost answers are asked for."""
        return Patience(
            first_wait_s=self.status_wait_s,
            longest_wait_s=self.status_wait_max_s,
            settle_s=self.settle_s,
            silence_s=self.silence_s,
            total_s=self.resolve_s,
        )

    def times(self) -> Times:
        """Return how long the conversation waits."""
        return Times(
            answer_s=self.answer_s,
            next_s=self.next_s,
            abort_every_s=self.abort_every_s,
            abort_grace_s=self.abort_grace_s,
        )

    def tolerance(self) -> timedelta:
        """Return how wrong the terminal's clock may be."""
        return timedelta(seconds=self.clock_tolerance_s)

    def open_link(self, *, stop: Flag, wake: Flag, clock: Clock) -> Link:
        """Open the line; DeviceError when nobody is there."""
        settings = SerialSettings(baudrate=self.baudrate, stopbits=self.stopbits)
        transport = open_transport(self.url, stop=stop, wake=wake, settings=settings, clock=clock)
        return TcpLink(transport) if self.url.startswith("tcp://") else SerialLink(transport, clock)


def _is_digits(text: str, size: int) -> bool:
    return len(text) == size and text.isascii() and text.isdigit()
