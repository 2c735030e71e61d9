"""Gift cards and deposit vouchers as devices: `GiftCards`, `DepositVouchers`, and their options."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from drivers.contracts import DeviceKind, PresentedValue, ValueRead, ValueState
from drivers.giftcard.api import ValueApi
from drivers.giftcard.money import ValueMoney
from drivers.wallet.setup import MerchantOptions, MerchantWallet, Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueOptions(MerchantOptions):
    """Options of one issuer, whose https address has no default. The key file has api_key."""

    code_prefixes: tuple[str, ...] = ()
    """How the issuer's codes begin, so that a scan among the goods is known for what it is."""
    poll_s: float = 1.0
    slow_s: float = 15.0
    create_s: float = 20.0
    resolve_s: float = 60.0

    def mistakes(self) -> list[str]:
        """See MerchantOptions."""
        if any(len(start) < 2 for start in self.code_prefixes):
            return ["code_prefixes of less than 2 characters would take goods for money"]
        return []

    def hosts(self) -> Mapping[str, str]:
        """The shop names its issuer itself: its host is of the environment that is configured."""
        host = urlsplit(self.url).hostname or ""
        return {host: self.environment} if host else {}


class ValueDriver(MerchantWallet[ValueOptions]):
    """drivers.contracts.StoredValue."""

    OPTIONS = ValueOptions
    BRAND: ClassVar[str]
    """What a receipt calls it."""
    PARTIAL: ClassVar[bool]

    def provider(self, options: ValueOptions, tools: Tools) -> ValueMoney:
        """Put it together, and keep it: numbers are presented to it."""
        self._money = ValueMoney(
            ValueApi(tools.wire, options.keys("api_key")["api_key"]),
            brand=self.BRAND,
            prefix=options.reference_prefix,
            partial=self.PARTIAL,
            times=options.times(),
            skew=tools.skew,
            hang_up=tools.wire.hang_up,
        )
        return self._money

    def present(self, value: PresentedValue) -> None:
        """Ask what is on it, behind whatever is under way."""
        self._money.keep(value)
        attempt_id = value.attempt_id

        def read() -> None:
            self._answers.deliver(self._money.read(self.name, attempt_id))

        if not self._payments.submit(read):
            self._money.forget(attempt_id)
            busy = ValueRead(device=self.name, attempt_id=attempt_id, state=ValueState.NO_ANSWER)
            self._answers.deliver(busy)

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
