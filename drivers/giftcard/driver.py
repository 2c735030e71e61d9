"""Gift cards and deposit vouchers as devices: `GiftCards`, `DepositVouchers`, and their options."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from drivers.contracts import DeviceKind, PresentedValue, ValueRead, ValueState
from drivers.deadline import SYSTEM_CLOCK, Clock
from drivers.errors import DeviceConfigError
from drivers.giftcard.api import ValueApi
from drivers.giftcard.money import ValueMoney
from drivers.secret_files import read_keys
from drivers.wallet.driver import WalletDriver
from drivers.wallet.health import Skew
from drivers.wallet.reference import is_prefix
from drivers.wallet.run import Pause
from drivers.wallet.times import Times
from drivers.wallet.wire import Wire, require_address


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueOptions:
    """Options of one issuer; times in seconds. The key is in a file, never in here."""

    name: str
    url: str
    """Base address of the issuer, https."""
    keys_file: str
    """Path (mode 0600) or "credential:NAME" of a TOML file: environment, api_key."""
    environment: Literal["live", "test"] = "live"
    code_prefixes: tuple[str, ...] = ()
    """How the issuer's codes begin, so that a scan among the goods is known for what it is."""
    reference_prefix: str = "kiosk"
    """Begins the references in the issuer's reports, 1 to 10 letters and digits."""
    timeout_s: float = 10.0
    health_interval_s: float = 60.0
    clock_skew_max_s: float = 120.0
    poll_s: float = 1.0
    slow_s: float = 15.0
    create_s: float = 20.0
    resolve_s: float = 60.0
    capture_s: float = 60.0

    def __post_init__(self) -> None:
        if not is_prefix(self.reference_prefix):
            raise DeviceConfigError(
                f"device {self.name!r}: reference_prefix must have 1 to 10 letters and digits"
            )
        if any(len(start) < 2 for start in self.code_prefixes):
            raise DeviceConfigError(
                f"device {self.name!r}: code_prefixes of less than 2 characters would take goods "
                "for money"
            )
        # The shop names its issuer itself: its host is of the environment that is configured.
        host = urlsplit(self.url).hostname or ""
        require_address(
            f"device {self.name!r}",
            self.url,
            environment=self.environment,
            hosts={host: self.environment} if host else {},
        )

    def api_key(self) -> str:
        """Read the key file."""
        given = read_keys(
            self.keys_file,
            f"device {self.name!r} keys",
            names=("api_key",),
            environment=self.environment,
        )
        return given["api_key"]

    def times(self) -> Times:
        """Return the waits."""
        return Times(
            poll_s=self.poll_s,
            slow_s=self.slow_s,
            create_s=self.create_s,
            resolve_s=self.resolve_s,
            capture_s=self.capture_s,
        )


class ValueDriver(WalletDriver):
    """drivers.contracts.StoredValue. Constructed without I/O but for its key file.

    Raises:
        DeviceConfigError: see ValueOptions, drivers.secret_files.
    """

    OPTIONS = ValueOptions
    KIND: ClassVar[DeviceKind]
    BRAND: ClassVar[str]
    """What a receipt calls it."""
    PARTIAL: ClassVar[bool]

    def __init__(
        self,
        options: ValueOptions,
        *,
        clock: Clock = SYSTEM_CLOCK,
        pause: Pause | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        wire = Wire(options.url, timeout_s=options.timeout_s, wall=wall)
        self._money = ValueMoney(
            ValueApi(wire, options.api_key()),
            brand=self.BRAND,
            prefix=options.reference_prefix,
            partial=self.PARTIAL,
            times=options.times(),
            skew=Skew(options.clock_skew_max_s),
            hang_up=wire.hang_up,
        )
        super().__init__(
            options.name,
            self._money,
            health_interval_s=options.health_interval_s,
            clock=clock,
            pause=pause,
            kind=self.KIND,
        )

    def present(self, value: PresentedValue) -> None:
        """Ask what is on it, behind whatever is under way."""
        self._money.keep(value)
        attempt_id = value.attempt_id

        def read() -> None:
            self._deliver(self._money.read(self.name, attempt_id))

        if not self._payments.submit(read):
            self._money.forget(attempt_id)
            busy = ValueRead(device=self.name, attempt_id=attempt_id, state=ValueState.NO_ANSWER)
            self._deliver(busy)

    def forget(self, attempt_id: str) -> None:
        """Let go of a number that nobody pays with."""
        self._money.forget(attempt_id)


class GiftCards(ValueDriver):
    """Gift cards: partial by nature, a card may hold less than the sale costs."""

    KIND = DeviceKind.GIFT_CARD
    BRAND = "Gavekort"
    PARTIAL = True


class DepositVouchers(ValueDriver):
    """Deposit vouchers: redeemed whole, and once."""

    KIND = DeviceKind.VOUCHER
    BRAND = "Pantelapp"
    PARTIAL = False
