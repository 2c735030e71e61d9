"""Klarna in store on our own screen: `KlarnaWallet`, its options and how they are put together.

The shopper scans a code that the kiosk draws itself; Klarna's pages are never opened on a screen
that strangers share. See klarna_money for how money moves and klarna_api for the calls.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from drivers.errors import DeviceConfigError
from drivers.wallet.klarna_api import KlarnaApi
from drivers.wallet.klarna_money import KlarnaMoney
from drivers.wallet.notes import Notes
from drivers.wallet.setup import MerchantOptions, MerchantWallet, Tools
from drivers.wallet.wire import Wire

HOSTS = {"api.klarna.com": "live", "api.playground.klarna.com": "test"}
TEST_USER_PREFIX = "PK"
"""User names of the playground begin so, those of live merchants do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KlarnaOptions(MerchantOptions):
    """Options of one merchant. The key file has username and password."""

    url: str = "https://api.klarna.com"
    notes_file: str
    """Where sessions are noted; on the same disk as the journal, gone only together with it."""
    country: str = "NO"
    locale: str = "nb-NO"
    description: str = "Kjøp i selvkasse"
    """Stands for the goods when they are not listed."""
    life_s: float = 600.0
    """How long the code stands on the screen; the session itself would live 46 hours."""

    def mistakes(self) -> list[str]:
        """See MerchantOptions."""
        mistakes = []
        if len(self.country) != 2 or not self.description:
            mistakes.append("country must have 2 letters, description at least one")
        if self.polls_too_often:
            mistakes.append("poll_s must be at least 1")
        return mistakes

    def hosts(self) -> Mapping[str, str]:
        """The provider's own."""
        return HOSTS

    def api(self, wire: Wire) -> KlarnaApi:
        """Read the key file."""
        keys = self.keys("username", "password")
        if keys["username"].startswith(TEST_USER_PREFIX) and self.environment == "live":
            raise DeviceConfigError(f"{self.keys_name} {self.keys_file}: a user of the playground")
        return KlarnaApi(wire, username=keys["username"], password=keys["password"])


class KlarnaWallet(MerchantWallet[KlarnaOptions]):
    """See the module."""

    OPTIONS = KlarnaOptions

    def provider(self, options: KlarnaOptions, tools: Tools) -> KlarnaMoney:
        """Put it together."""
        return KlarnaMoney(
            options.api(tools.wire),
            Notes(Path(options.notes_file)),
            prefix=options.reference_prefix,
            country=options.country,
            locale=options.locale,
            description=options.description,
            times=options.times(life_s=options.life_s),
            skew=tools.skew,
            hang_up=tools.wire.hang_up,
            utc_now=tools.utc_now,
        )
