"""Strex on our own screen: `StrexWallet`, its options and how they are put together.

The shopper types a phone number and the code that comes by SMS; the phone bill pays. See
strex_talk for what is asked, strex_money for how money moves and strex_api for the calls.
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
from drivers.wallet.phone import CodeLimits
from drivers.wallet.reference import is_prefix
from drivers.wallet.run import Pause
from drivers.wallet.strex_api import BLOCKS_S, Signer, StrexApi, read_private_key
from drivers.wallet.strex_money import StrexMoney
from drivers.wallet.strex_talk import Service
from drivers.wallet.times import Times
from drivers.wallet.wire import Wire, require_address

HOSTS = {"shared.target365.io": "live", "test.target365.io": "test"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StrexOptions:
    """Options of one merchant; times in seconds. Keys are in a file, never in here."""

    name: str
    merchant_id: str
    service_code: str
    """From the agreement with Strex; those in examples are for donations."""
    cap_minor: int
    """Above this amount the wallet is not offered, in øre. A phone bill carries little."""
    keys_file: str
    """Path (mode 0600) or "credential:NAME" of a TOML file: environment, key_name, private_key."""
    url: str = "https://shared.target365.io"
    environment: Literal["live", "test"] = "live"
    reference_prefix: str = "kiosk"
    """Begins the transaction ids, 1 to 10 letters and digits."""
    short_number: str = "2002"
    sender: str = "Selvkasse"
    invoice_text: str = "Kjøp i selvkasse"
    message_prefix: str = "Kode til selvkassen:"
    fake_numbers: bool = False
    """Let the provider's own numbers for tests through (+47 000000xx); not in live."""
    codes_per_number: int = 3
    """SMS to one number in an hour; a wrong number is a stranger's."""
    codes_per_kiosk: int = 30
    """SMS from this kiosk in an hour."""
    input_s: float = 120.0
    timeout_s: float = 10.0
    health_interval_s: float = 60.0
    clock_skew_max_s: float = 60.0
    """Signatures carry the time; with a clock more wrong than this Strex is not offered."""
    poll_s: float = 2.0
    slow_s: float = 30.0
    create_s: float = 30.0
    resolve_s: float = 120.0
    settle_s: float = 5.0
    capture_s: float = 60.0

    def __post_init__(self) -> None:
        mistakes = []
        if not is_prefix(self.reference_prefix):
            mistakes.append("reference_prefix must have 1 to 10 letters and digits")
        if not 1 <= len(self.sender) <= 11:
            mistakes.append("sender must have 1 to 11 characters")
        if self.cap_minor <= 0:
            mistakes.append("cap_minor must be above 0")
        if not self.merchant_id or not self.service_code:
            mistakes.append("merchant_id and service_code must not be empty")
        if self.environment == "live" and (self.fake_numbers or self.poll_s < 1):
            mistakes.append("fake_numbers and poll_s below 1 are for tests")
        if mistakes:
            raise DeviceConfigError(f"wallet {self.name!r}: {'; '.join(mistakes)}")
        require_address(
            f"wallet {self.name!r}", self.url, environment=self.environment, hosts=HOSTS
        )

    def signer(self, unix_time: Callable[[], float]) -> Signer:
        """Read the key file."""
        what = f"wallet {self.name!r} keys"
        keys = read_keys(
            self.keys_file, what, names=("key_name", "private_key"), environment=self.environment
        )
        key = read_private_key(keys["private_key"], f"{what} {self.keys_file}")
        return Signer(keys["key_name"], key, unix_time=unix_time)

    def service(self) -> Service:
        """Return what was agreed on."""
        return Service(
            prefix=self.reference_prefix,
            sender=self.sender,
            short_number=self.short_number,
            service_code=self.service_code,
            invoice_text=self.invoice_text,
            message_prefix=self.message_prefix,
            cap_minor=self.cap_minor,
            input_s=self.input_s,
            fake_numbers=self.fake_numbers,
        )

    def times(self) -> Times:
        """Return the waits."""
        return Times(
            first_poll_s=self.poll_s,
            poll_s=self.poll_s,
            slow_s=self.slow_s,
            create_s=self.create_s,
            resolve_s=self.resolve_s,
            settle_s=self.settle_s,
            capture_s=self.capture_s,
        )


class StrexWallet(WalletDriver):
    """drivers.contracts.Wallet. Constructed without I/O but for its key file.

    Raises:
        DeviceConfigError: see StrexOptions, drivers.secret_files.
    """

    OPTIONS = StrexOptions

    def __init__(
        self,
        options: StrexOptions,
        *,
        clock: Clock = SYSTEM_CLOCK,
        pause: Pause | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        wire = Wire(options.url, timeout_s=options.timeout_s, wall=wall)
        money = StrexMoney(
            StrexApi(wire, options.signer(wall), merchant_id=options.merchant_id),
            options.service(),
            limits=CodeLimits(
                clock, per_number=options.codes_per_number, per_kiosk=options.codes_per_kiosk
            ),
            times=options.times(),
            ask_timeout_s=BLOCKS_S + options.timeout_s,
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
