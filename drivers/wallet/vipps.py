"""Vipps MobilePay on our own screen: `VippsWallet`, its options and how they are put together.

The shopper scans a code that the kiosk draws itself; a push to a phone number is the second
choice. See vipps_money for how money moves and vipps_api for the calls.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from drivers.wallet.setup import MerchantOptions, MerchantWallet, Tools
from drivers.wallet.vipps_api import VippsApi, VippsKeys
from drivers.wallet.vipps_body import Shop
from drivers.wallet.vipps_money import VippsMoney

HOSTS = {"api.vipps.no": "live", "apitest.vipps.no": "test"}
VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class VippsOptions(MerchantOptions):
    """Options of one sales unit. The key file has client_id, client_secret, subscription_key."""

    url: str = "https://api.vipps.no"
    merchant_serial_number: str
    """The sales unit, 4 to 7 digits; it may be shared by the kiosks of a shop."""
    description: str = "Kjøp i selvkasse"
    pos_id: str = ""
    first_poll_s: float = 5.0
    life_s: float = 600.0
    grace_s: float = 30.0
    settle_s: float = 5.0
    push_s: float = 20.0
    """After this long without an answer to a push the code is offered again."""

    def mistakes(self) -> list[str]:
        """See MerchantOptions."""
        mistakes = []
        number = self.merchant_serial_number
        if not (number.isascii() and number.isdigit() and 4 <= len(number) <= 7):
            mistakes.append("merchant_serial_number must have 4 to 7 digits")
        if not 3 <= len(self.description) <= 100:
            mistakes.append("description must have 3 to 100 characters")
        if self.polls_too_often:
            mistakes.append("poll_s must be at least 1")
        return mistakes

    def hosts(self) -> Mapping[str, str]:
        """The provider's own."""
        return HOSTS

    def secrets(self) -> VippsKeys:
        """Read the key file."""
        keys = self.keys("client_id", "client_secret", "subscription_key")
        return VippsKeys(
            client_id=keys["client_id"],
            client_secret=keys["client_secret"],
            subscription_key=keys["subscription_key"],
            merchant_serial_number=self.merchant_serial_number,
        )


class VippsWallet(MerchantWallet[VippsOptions]):
    """See the module."""

    OPTIONS = VippsOptions

    def provider(self, options: VippsOptions, tools: Tools) -> VippsMoney:
        """Put it together."""
        return VippsMoney(
            VippsApi(tools.wire, options.secrets(), clock=tools.clock, version=VERSION),
            Shop(
                prefix=options.reference_prefix,
                merchant_serial_number=options.merchant_serial_number,
                description=options.description,
                pos_id=options.pos_id,
            ),
            times=options.times(
                first_poll_s=options.first_poll_s,
                life_s=options.life_s,
                grace_s=options.grace_s,
                settle_s=options.settle_s,
            ),
            push_s=options.push_s,
            hang_up=tools.wire.hang_up,
            skew=tools.skew,
            utc_now=tools.utc_now,
        )
