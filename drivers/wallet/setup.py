"""How a wallet is put together from its options: what all providers have alike.

`MerchantOptions` are the options of one merchant with one provider, `MerchantWallet` the device
that is made from them. A provider adds its own options, the mistakes in them, and its Provider.
"""

import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Generic, Literal, TypeVar

from drivers.contracts import DeviceKind
from drivers.deadline import SYSTEM_CLOCK, Clock
from drivers.errors import DeviceConfigError
from drivers.secret_files import read_keys
from drivers.wallet.driver import Provider, WalletDriver
from drivers.wallet.health import Skew
from drivers.wallet.reference import is_prefix
from drivers.wallet.run import Pause
from drivers.wallet.times import Times
from drivers.wallet.wire import Wire, require_address


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantOptions:
    """Options of one merchant; times in seconds. Keys are in a file, never in here."""

    name: str
    url: str
    keys_file: str
    """Path (mode 0600) or "credential:NAME" of a TOML file: environment, and the provider's own."""
    environment: Literal["live", "test"] = "live"
    reference_prefix: str = "kiosk"
    """Begins the references in the provider's reports, 1 to 10 letters and digits."""
    timeout_s: float = 10.0
    health_interval_s: float = 60.0
    clock_skew_max_s: float = 120.0
    """With a clock more wrong than this the wallet is not offered."""
    poll_s: float = 2.0
    slow_s: float = 30.0
    create_s: float = 30.0
    resolve_s: float = 120.0
    capture_s: float = 60.0

    def __post_init__(self) -> None:
        mistakes = self.mistakes()
        if not is_prefix(self.reference_prefix):
            mistakes.append("reference_prefix must have 1 to 10 letters and digits")
        if mistakes:
            raise DeviceConfigError(f"device {self.name!r}: {'; '.join(mistakes)}")
        require_address(
            f"device {self.name!r}", self.url, environment=self.environment, hosts=self.hosts()
        )

    def mistakes(self) -> list[str]:
        """Return what is wrong with the provider's own options, a sentence each."""
        raise NotImplementedError

    def hosts(self) -> Mapping[str, str]:
        """Return the environment of each host that may be spoken to."""
        raise NotImplementedError

    def keys(self, *names: str) -> Mapping[str, str]:
        """Read the key file. DeviceConfigError: see drivers.secret_files."""
        return read_keys(self.keys_file, self.keys_name, names=names, environment=self.environment)

    @property
    def keys_name(self) -> str:
        """What errors call the keys."""
        return f"device {self.name!r} keys"

    @property
    def polls_too_often(self) -> bool:
        """Whether a live provider would be asked more often than once a second."""
        return self.environment == "live" and self.poll_s < 1

    def times(self, **own_s: float) -> Times:
        """Return the waits, with those that only this provider has."""
        return Times(
            **{
                "first_poll_s": self.poll_s,
                "poll_s": self.poll_s,
                "slow_s": self.slow_s,
                "create_s": self.create_s,
                "resolve_s": self.resolve_s,
                "capture_s": self.capture_s,
                **own_s,
            }
        )


Options = TypeVar("Options", bound=MerchantOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a provider's part works with."""

    wire: Wire
    clock: Clock
    wall: Callable[[], float]
    """The time of day in seconds since 1970."""
    skew: Skew

    def utc_now(self) -> datetime:
        """The time of day."""
        return datetime.fromtimestamp(self.wall(), UTC)


class MerchantWallet(WalletDriver, Generic[Options]):
    """drivers.contracts.Wallet. Constructed without I/O but for its key file.

    Raises:
        DeviceConfigError: see the options, and drivers.secret_files.
    """

    KIND: ClassVar[DeviceKind] = DeviceKind.WALLET

    def __init__(
        self,
        options: Options,
        *,
        clock: Clock = SYSTEM_CLOCK,
        pause: Pause | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        tools = Tools(
            wire=Wire(options.url, timeout_s=options.timeout_s, wall=wall),
            clock=clock,
            wall=wall,
            skew=Skew(options.clock_skew_max_s),
        )
        super().__init__(
            options.name,
            self.provider(options, tools),
            health_interval_s=options.health_interval_s,
            clock=clock,
            pause=pause,
            kind=self.KIND,
        )

    @abstractmethod
    def provider(self, options: Options, tools: Tools) -> Provider:
        """Put the provider's part together; reads the key file."""
