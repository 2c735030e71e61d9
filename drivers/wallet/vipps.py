"""Vipps MobilePay on our own screen: `VippsWallet`, its options and how they are put together.

The shopper scans a code that the kiosk draws itself; a push to a phone number is the second
choice. See vipps_money for how money moves and vipps_api for the calls.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from drivers.deadline import SYSTEM_CLOCK, Clock
from drivers.errors import DeviceConfigError
from drivers.secret_files import read_keys
from drivers.wallet.driver import WalletDriver
from drivers.wallet.health import Skew
from drivers.wallet.reference import is_prefix
from drivers.wallet.run import Pause
from drivers.wallet.times import Times
from drivers.wallet.vipps_api import VippsApi, VippsKeys
from drivers.wallet.vipps_body import Shop
from drivers.wallet.vipps_money import VippsMoney
from drivers.wallet.wire import Wire, require_address

HOSTS = {"api.vipps.no": "live", "apitest.vipps.no": "test"}
VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class VippsOptions:
    """Options of one sales unit; times in seconds. Keys are in a file, never in here."""

    name: str
    merchant_serial_number: str
    """The sales unit, 4 to 7 digits; it may be shared by the kiosks of a shop."""
    keys_file: str
    """Path (mode 0600) or "credential:NAME" of a TOML file: environment, client_id,
    client_secret, subscription_key."""
    url: str = "https://api.vipps.no"
    environment: Literal["live", "test"] = "live"
    reference_prefix: str = "kiosk"
    """Begins the references in the provider's reports, 1 to 10 letters and digits."""
    description: str = "Kjøp i selvkasse"
    pos_id: str = ""
    timeout_s: float = 10.0
    health_interval_s: float = 60.0
    clock_skew_max_s: float = 120.0
    first_poll_s: float = 5.0
    poll_s: float = 2.0
    slow_s: float = 30.0
    create_s: float = 30.0
    life_s: float = 600.0
    grace_s: float = 30.0
    resolve_s: float = 120.0
    settle_s: float = 5.0
    capture_s: float = 60.0
    push_s: float = 20.0
    """After this long without an answer to a push the code is offered again."""

    def __post_init__(self) -> None:
        mistakes = []
        number = self.merchant_serial_number
        if not (number.isascii() and number.isdigit() and 4 <= len(number) <= 7):
            mistakes.append("merchant_serial_number must have 4 to 7 digits")
        if not is_prefix(self.reference_prefix):
            mistakes.append("reference_prefix must have 1 to 10 letters and digits")
        if not 3 <= len(self.description) <= 100:
            mistakes.append("description must have 3 to 100 characters")
        if self.environment == "live" and self.poll_s < 1:
            mistakes.append("poll_s must be at least 1")
        if mistakes:
            raise DeviceConfigError(f"wallet {self.name!r}: {'; '.join(mistakes)}")
        require_address(
            f"wallet {self.name!r}", self.url, environment=self.environment, hosts=HOSTS
        )

    def keys(self) -> VippsKeys:
        """Read the key file."""
        given = read_keys(
            self.keys_file,
            f"wallet {self.name!r} keys",
            names=("client_id", "client_secret", "subscription_key"),
            environment=self.environment,
        )
        return VippsKeys(
            client_id=given["client_id"],
            client_secret=given["client_secret"],
            subscription_key=given["subscription_key"],
            merchant_serial_number=self.merchant_serial_number,
        )

    def times(self) -> Times:
        """Return the waits."""
        return Times(
            first_poll_s=self.first_poll_s,
            poll_s=self.poll_s,
            slow_s=self.slow_s,
            create_s=self.create_s,
            life_s=self.life_s,
            grace_s=self.grace_s,
            resolve_s=self.resolve_s,
            settle_s=self.settle_s,
            capture_s=self.capture_s,
        )


class VippsWallet(WalletDriver):
    """drivers.contracts.Wallet. Constructed without I/O but for its key file.

    Raises:
        DeviceConfigError: see VippsOptions, drivers.secret_files.
    """

    OPTIONS = VippsOptions

    def __init__(
        self,
        options: VippsOptions,
        *,
        clock: Clock = SYSTEM_CLOCK,
        pause: Pause | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        wire = Wire(options.url, timeout_s=options.timeout_s, wall=wall)
        money = VippsMoney(
            VippsApi(wire, options.keys(), clock=clock, version=VERSION),
            Shop(
                prefix=options.reference_prefix,
                merchant_serial_number=options.merchant_serial_number,
                description=options.description,
                pos_id=options.pos_id,
            ),
            times=options.times(),
            push_s=options.push_s,
            hang_up=wire.hang_up,
            skew=Skew(options.clock_skew_max_s),
            utc_now=lambda: datetime.fromtimestamp(wall(), UTC),
        )
        super().__init__(
            options.name,
            money,
            health_interval_s=options.health_interval_s,
            clock=clock,
            pause=pause,
        )
