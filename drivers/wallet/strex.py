"""Strex on our own screen: `StrexWallet`, its options and how they are put together.

The shopper types a phone number and the code that comes by SMS; the phone bill pays. See
strex_talk for what is asked, strex_money for how money moves and strex_api for the calls.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.wallet.phone import CodeLimits
from drivers.wallet.setup import MerchantOptions, MerchantWallet, Tools
from drivers.wallet.strex_api import BLOCKS_S, Signer, StrexApi, read_private_key
from drivers.wallet.strex_money import StrexMoney
from drivers.wallet.strex_talk import Service
from drivers.wallet.strex_transactions import Transactions

HOSTS = {"shared.target365.io": "live", "test.target365.io": "test"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StrexOptions(MerchantOptions):
    """Options of one merchant. The key file has key_name and private_key."""

    url: str = "https://shared.target365.io"
    merchant_id: str
    service_code: str
    """From the agreement with Strex; those in examples are for donations."""
    cap_minor: int
    """Above this amount the wallet is not offered, in øre. A phone bill carries little."""
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
    clock_skew_max_s: float = 60.0
    """Signatures carry the time."""
    settle_s: float = 5.0

    def mistakes(self) -> list[str]:
        """See MerchantOptions."""
        mistakes = []
        if not 1 <= len(self.sender) <= 11:
            mistakes.append("sender must have 1 to 11 characters")
        if self.cap_minor <= 0:
            mistakes.append("cap_minor must be above 0")
        if not self.merchant_id or not self.service_code:
            mistakes.append("merchant_id and service_code must not be empty")
        if self.polls_too_often or (self.environment == "live" and self.fake_numbers):
            mistakes.append("fake_numbers and poll_s below 1 are for tests")
        return mistakes

    def hosts(self) -> Mapping[str, str]:
        """The provider's own."""
        return HOSTS

    def signer(self, unix_time: Callable[[], float]) -> Signer:
        """Read the key file."""
        keys = self.keys("key_name", "private_key")
        key = read_private_key(keys["private_key"], f"{self.keys_name} {self.keys_file}")
        return Signer(keys["key_name"], key, unix_time=unix_time)

    def service(self) -> Service:
        """Return what was agreed on."""
        return Service(
            sender=self.sender,
            short_number=self.short_number,
            service_code=self.service_code,
            invoice_text=self.invoice_text,
            message_prefix=self.message_prefix,
            cap_minor=self.cap_minor,
            input_s=self.input_s,
            fake_numbers=self.fake_numbers,
        )


class StrexWallet(MerchantWallet[StrexOptions]):
    """See the module."""

    OPTIONS = StrexOptions

    def provider(self, options: StrexOptions, tools: Tools) -> StrexMoney:
        """Put it together."""
        api = StrexApi(tools.wire, options.signer(tools.wall), merchant_id=options.merchant_id)
        transactions = Transactions(
            api,
            prefix=options.reference_prefix,
            times=options.times(settle_s=options.settle_s),
            ask_timeout_s=BLOCKS_S + options.timeout_s,
            utc_now=tools.utc_now,
        )
        return StrexMoney(
            api,
            options.service(),
            transactions,
            limits=CodeLimits(
                tools.clock,
                per_number=options.codes_per_number,
                per_kiosk=options.codes_per_kiosk,
            ),
            skew=tools.skew,
            hang_up=tools.wire.hang_up,
        )
