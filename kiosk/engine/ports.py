"""What the engine needs of the world, as protocols: the journal and the devices.

Tests and simulations put honest stand-ins here; the real ones fit without an adapter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

from drivers.contracts import DeviceKind, Printer, Scale, Scanner, Terminal, Wallet
from drivers.light.contract import Light
from kiosk.fiscal.figures import Report
from kiosk.fiscal.register import Recorded
from kiosk.fiscal.zreport import ZDue, ZRefused
from kiosk.sale.events import Event, Method, Series
from kiosk.sale.invariant import InvariantBroken


class JournalPort(Protocol):
    """The record. Every method may raise `JournalError`; then nothing was written."""

    def append(self, sale_id: str, sale_seq: int, events: Sequence[Event]) -> None:
        """Write events as one transaction, durable on return; `sale_seq` is the first one's."""

    def events_of(self, sale_id: str) -> list[Event]:
        """Return all events of a sale, oldest first."""

    def open_sales(self) -> list[str]:
        """Return the sales that are not over, oldest first."""

    def sales_to_capture(self) -> list[str]:
        """Return the sales with reserved money that has not been taken yet, oldest first."""

    def sale_of_attempt(self, attempt_id: str) -> str | None:
        """Return the sale in which an attempt to pay was asked for, if that was not long ago."""

    def sales_with_late_money(self) -> list[str]:
        """Return sales whose money may still have to go back, or to be asked about."""

    def last_number(self, series: Series) -> int:
        """Return the highest receipt number given in a series; 0 before the first."""

    def sale_of_receipt(self, number: int, series: Series = Series.SALE) -> str | None:
        """Return the id of the sale that has this number in a series."""

    def newest_of(self, sale_id: str, kind: str) -> Recorded | None:
        """Return the newest event of a kind, of a sale or the register."""

    def latest_time(self, from_seq: int) -> str:
        """Return the latest `at_utc` among the newest events, none before `from_seq`; or ""."""

    def length_of(self, sale_id: str) -> int:
        """Return how many events a sale, or the register, has."""

    def next_service_id(self) -> str:
        """Return a new id for a terminal, durable before it is returned, never given twice."""


class RegisterPort(Protocol):
    """The cash register: signatures and days. Every method may raise `JournalError`."""

    @property
    def keeps_days(self) -> bool:
        """Whether there is anything to sign, count and close."""

    @property
    def day_began_at(self) -> str:
        """When the last Z was made, UTC; empty before the first."""

    def start(self, at_utc: str) -> None:
        """Write down that the program began, and sign what is unsigned."""

    def stop(self, at_utc: str) -> None:
        """Write down that the program ends in order."""

    def sign_due(self, at_utc: str) -> int:
        """Sign every completed sale that has no signature yet; return how many."""

    def z_due(self, at_utc: str) -> ZDue:
        """Return whether a Z is owed now."""

    def make_x(self, at_utc: str, attendant_id: str = "") -> Report:
        """Return the figures so far, and write down who looked at them."""

    def make_z(self, at_utc: str, attendant_id: str = "") -> Report:
        """Close the day; raises `ZRefused` where it must stay open."""


class ReceiptLinks(Protocol):
    """Receipts for phones: where the store's server shows one to whoever has its link."""

    def offered(self) -> bool:
        """Whether that server can be reached now, so that a phone will find the receipt there."""

    def link(self, sale_id: str, at_utc: str) -> str:
        """Return the address of the receipt of a sale that was completed at `at_utc`."""


class NoReceiptLinks:
    """Stands in where the store has no such server."""

    def offered(self) -> bool:
        """Nothing is offered."""
        return False

    def link(self, sale_id: str, at_utc: str) -> str:  # noqa: ARG002
        """There is no address."""
        return ""


class NoRegister:
    """Stands in where no signing key is configured: nothing is signed, and no day is closed."""

    keeps_days = False
    day_began_at = ""

    def start(self, at_utc: str) -> None:
        """Nothing begins."""

    def stop(self, at_utc: str) -> None:
        """Nothing ends."""

    def sign_due(self, at_utc: str) -> int:  # noqa: ARG002
        """Nothing is signed."""
        return 0

    def z_due(self, at_utc: str) -> ZDue:  # noqa: ARG002
        """Nothing is counted, so nothing is owed."""
        return ZDue.NOTHING

    def make_x(self, at_utc: str, attendant_id: str = "") -> Report:
        """Refuse: `keeps_days` has told that there is nothing to look at."""
        raise InvariantBroken(f"no register, no figures: {attendant_id} {at_utc}")

    def make_z(self, at_utc: str, attendant_id: str = "") -> Report:  # noqa: ARG002
        """Refuse."""
        raise ZRefused("No signing key is configured, so this is no cash register.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """The devices of this kiosk. A missing one is None: the engine says what cannot be done."""

    scanners: tuple[Scanner, ...] = ()
    scale: Scale | None = None
    printer: Printer | None = None
    terminal: Terminal | None = None
    """Takes cards."""
    payers: Mapping[Method, Terminal] = field(default_factory=dict)
    """What every other method is paid by: the wallets, by their method."""
    badges: tuple[Scanner, ...] = ()
    """Readers of staff's badges: what they read is never sold."""
    bag_scale: Scale | None = None
    light: Light | None = None

    def payer(self, method: Method) -> Terminal | None:
        """Return the device that takes the money of a method, None where there is none."""
        return self.terminal if method is Method.CARD else self.payers.get(method)

    def wallet(self, method: Method) -> Wallet | None:
        """Return the wallet that a method is paid by, None where it is no wallet."""
        payer = self.payers.get(method)
        return cast(Wallet, payer) if payer and payer.kind is DeviceKind.WALLET else None

    def names(self) -> frozenset[str]:
        """Return the names of the devices that this kiosk sells with."""
        single = (self.scale, self.printer, self.terminal, self.bag_scale, self.light)
        many = (*self.scanners, *self.badges, *self.payers.values())
        return frozenset(one.name for one in (*many, *single) if one is not None)
