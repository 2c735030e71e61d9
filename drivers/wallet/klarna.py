"""Klarna in store on our own screen: `KlarnaWallet`, its options and how they are put together.

The shopper scans a code that the kiosk draws itself; Klarna's pages are never opened on a screen
that strangers share. See klarna_money for how money moves and klarna_api for the calls.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from drivers.deadline import SYSTEM_CLOCK, Clock
from drivers.errors import DeviceConfigError
from drivers.secret_files import read_keys
from drivers.wallet.driver import WalletDriver
from drivers.wallet.health import Skew
from drivers.wallet.klarna_api import KlarnaApi
from drivers.wallet.klarna_money import KlarnaMoney
from drivers.wallet.notes import Notes
from drivers.wallet.reference import is_prefix
from drivers.wallet.run import Pause
from drivers.wallet.times import Times
from drivers.wallet.wire import Wire, require_address

HOSTS = {"api.klarna.com": "live", "api.playground.klarna.com": "test"}
TEST_USER_PREFIX = "PK"
"""User names of the playground begin so, those of live merchants do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KlarnaOptions:
    """Options of one merchant; times in seconds. Keys are in a file, never in here."""

    name: str
    keys_file: str
    """Path (mode 0600) or "credential:NAME" of a TOML file: environment, username, password."""
    notes_file: str
    """Where sessions are noted; on the same disk as the journal, gone only together with it."""
    url: str = "https://api.klarna.com"
    environment: Literal["live", "test"] = "live"
    reference_prefix: str = "kiosk"
    """Begins the references in the provider's reports, 1 to 10 letters and digits."""
    country: str = "NO"
    locale: str = "nb-NO"
    description: str = "Kjøp i selvkasse"
    """Stands for the goods when they are not listed."""
    timeout_s: float = 10.0
    health_interval_s: float = 60.0
    clock_skew_max_s: float = 120.0
    poll_s: float = 2.0
    slow_s: float = 30.0
    create_s: float = 30.0
    life_s: float = 600.0
    """How long the code stands on the screen; the session itself would live 46 hours."""
    resolve_s: float = 120.0
    capture_s: float = 60.0

    def __post_init__(self) -> None:
        mistakes = []
        if not is_prefix(self.reference_prefix):
            mistakes.append("reference_prefix must have 1 to 10 letters and digits")
        if len(self.country) != 2 or not self.description:
            mistakes.append("country must have 2 letters, description at least one")
        if self.environment == "live" and self.poll_s < 1:
            mistakes.append("poll_s must be at least 1")
        if mistakes:
            raise DeviceConfigError(f"wallet {self.name!r}: {'; '.join(mistakes)}")
        require_address(
            f"wallet {self.name!r}", self.url, environment=self.environment, hosts=HOSTS
        )

    def api(self, wire: Wire) -> KlarnaApi:
        """Read the key file."""
        what = f"wallet {self.name!r} keys"
        keys = read_keys(
            self.keys_file, what, names=("username", "password"), environment=self.environment
        )
        if keys["username"].startswith(TEST_USER_PREFIX) and self.environment == "live":
            raise DeviceConfigError(f"{what} {self.keys_file}: a user of the playground")
        return KlarnaApi(wire, username=keys["username"], password=keys["password"])

    def times(self) -> Times:
        """Return the waits."""
        return Times(
            first_poll_s=self.poll_s,
            poll_s=self.poll_s,
            slow_s=self.slow_s,
            create_s=self.create_s,
            life_s=self.life_s,
            resolve_s=self.resolve_s,
            capture_s=self.capture_s,
        )


class KlarnaWallet(WalletDriver):
    """drivers.contracts.Wallet. Constructed without I/O but for its key file.

    Raises:
        DeviceConfigError: see KlarnaOptions, drivers.secret_files.
    """

    OPTIONS = KlarnaOptions

    def __init__(
        self,
        options: KlarnaOptions,
        *,
        clock: Clock = SYSTEM_CLOCK,
        pause: Pause | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        wire = Wire(options.url, timeout_s=options.timeout_s, wall=wall)
        money = KlarnaMoney(
            options.api(wire),
            Notes(Path(options.notes_file)),
            prefix=options.reference_prefix,
            country=options.country,
            locale=options.locale,
            description=options.description,
            times=options.times(),
            skew=Skew(options.clock_skew_max_s),
            hang_up=wire.hang_up,
            utc_now=lambda: datetime.fromtimestamp(wall(), UTC),
        )
        super().__init__(
            options.name,
            money,
            health_interval_s=options.health_interval_s,
            clock=clock,
            pause=pause,
        )
