"""The words of a receipt. Legal words stay Norwegian, also for shoppers who chose English.

Source: Kassasystemforskriften (FOR-2015-12-18-1616) sections 2-8-4 to 2-8-8. The regulation writes
nynorsk ("IKKJE KVITTERING FOR KJØP"); the bokmål form here is the one in use on the market.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from kiosk.sale.events import Method
from kiosk.sale.return_events import ByHand


class ReceiptKind(StrEnum):
    """The kinds of receipt that the kiosk can print; each has its own legal heading."""

    SALE = "sale"
    RETURN = "return"
    COMBINED = "combined"
    TRAINING = "training"
    PROVISIONAL = "provisional"


# A soft hyphen shows where narrow paper may part a word that must stand large.
HEADINGS: Final[Mapping[ReceiptKind, str]] = {
    ReceiptKind.SALE: "SALGSKVITTERING",
    ReceiptKind.RETURN: "RETURKVITTERING",
    ReceiptKind.COMBINED: "SALGSKVITTERING/ RETURKVITTERING",
    ReceiptKind.PROVISIONAL: "FORELØPIG KVITTERING – IKKE KVITTERING FOR KJØP",
    ReceiptKind.TRAINING: "TRENINGS\u00adKVITTERING – IKKE KVITTERING FOR KJØP",
}
COPY: Final = "KOPI"
ELECTRONIC: Final = "ELEKTRONISK"
"""Before the heading of a receipt that is read on a phone, as the market writes it."""
NO_SALE_KINDS: Final = (ReceiptKind.TRAINING, ReceiptKind.PROVISIONAL)
"""Kinds that are no receipt for a purchase: their headings say so, 1.5 times over the amounts."""

METHODS: Final[Mapping[Method, str]] = {
    Method.CARD: "Bankkort",
    Method.VIPPS: "Vipps",
    Method.KLARNA: "Klarna",
    Method.STREX: "Strex",
    Method.GIFT_CARD: "Gavekort",
    Method.DEPOSIT_VOUCHER: "Pantelapp",
}

BY_HAND: Final[Mapping[ByHand, str]] = {
    ByHand.OTHER_TILL: "Utbetalt i betjent kasse",
    ByHand.BANK: "Til bankkonto",
}

VALUE_METHODS: Final = (Method.GIFT_CARD, Method.DEPOSIT_VOUCHER)
"""Money that lay on a number already."""

ENTRY_MODES: Final[Mapping[str, str]] = {
    # The terminal's own word (nexo EntryMode and its relatives, lower case) -> ours.
    "contactless": "kontaktløs",
    "tapped": "kontaktløs",
    "icc": "chip",
    "chip": "chip",
    "synchronousicc": "chip",
    "magstripe": "magnetstripe",
    "mobile": "mobil",
}

VAT_REGISTERED: Final = "MVA"
REGISTER_OF_ENTERPRISES: Final = "Foretaksregisteret"
OUTSIDE_VAT: Final = "* utenfor merverdiavgift"
TAKEN_BACK: Final = "Retur fra kvittering {number} av {date}"
SERVED_BY: Final = "Betjent av"
RETURN_REASONS: Final[Mapping[str, str]] = {
    "regret": "Angret kjøp",
    "damaged": "Skadet vare",
    "wrong_item": "Feil vare",
    "wrong_price": "Feil pris",
    "recalled": "Tilbakekalt vare",
    "other": "Annet",
}
APPROVED: Final = "GODKJENT"
EXIT_CODE: Final = "Skann ved utgangen og ved bytte. Bytt innen {days} dager med kvittering."
TOTAL: Final = "Totalt kr"
THANKS: Final = "Takk for handelen!"
UNDECLARED: Final = "Prøveversjon: ikke produkterklært"
"""Foot of a receipt from a build without a product declaration (kassasystemlova § 4).

Such a build may be tried and shown, and must not pass for a declared cash register system.
"""


def items(count: int) -> str:
    """Return how many items the total is for, e.g. "9 varer"."""
    return f"{count} vare" if count == 1 else f"{count} varer"


def entry_mode(mode: str) -> str:
    """Return the terminal's entry mode in Norwegian; an unknown one is left out."""
    return ENTRY_MODES.get(mode.lower(), "")
