"""Norway's code tables for cash registers, as data: own names beside the predefined codes.

In SAF-T each file defines its own codes (`basics`) and maps them to predefined ones. Ours are
readable names; only those are listed that this program can write.

References:
    Skatteetaten, SAF-T Cash Register 1.00, code lists: BasicType and PredefinedBasicID-04, -11,
    -12, -13; Standard_Tax_Codes.csv.
    VAT rates of 2026: Stortinget's decision for 2026, unchanged from 2025.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.sale.events import Method
from kiosk.sale.return_events import ByHand
from kiosk.sale.return_state import Refund
from kiosk.sale.state import Attempt, Sale


@dataclass(frozen=True, slots=True)
class Code:
    """A code of ours: what it is predefined as (empty: nothing), and its words."""

    predefined: str
    norwegian: str


ARTICLE_GROUP, LINE, DISCOUNT, TRANSACTION, PAYMENT, EVENT = "04", "05", "08", "11", "12", "13"
"""BasicType: what a table of codes is about."""

DEPOSIT_GROUP: Final = "PANT"
"""Deposits are no goods of any group: a group of our own, outside VAT."""
DEPOSIT_ARTICLE: Final = "PANT"
DEPOSIT_VAT_CODE: Final = "7"
OTHER_GROUP: Final = "04999"

ARTICLE_GROUPS: Final[Mapping[str, Code]] = {
    "04003": Code("04003", "Varesalg"),
    "04006": Code("04006", "Mat"),
    "04007": Code("04007", "Øl"),
    "04010": Code("04010", "Rusbrus/Cider"),
    "04011": Code("04011", "Mineralvann (brus)"),
    "04012": Code("04012", "Annen drikke"),
    "04013": Code("04013", "Tobakk"),
    "04014": Code("04014", "Andre varer"),
    OTHER_GROUP: Code(OTHER_GROUP, "Øvrige"),
    DEPOSIT_GROUP: Code(OTHER_GROUP, "Pant"),
}

SALE_LINE, RETURN_LINE = "SAL", "RET"
LINES: Final[Mapping[str, Code]] = {
    SALE_LINE: Code("", "Salgslinje"),
    RETURN_LINE: Code("", "Returlinje"),
}

CAMPAIGN, STAFF_DISCOUNT, COUPON = "KAMPANJE", "AVSLAG", "KUPONG"
DISCOUNTS: Final[Mapping[str, Code]] = {
    CAMPAIGN: Code("", "Kampanjepris, automatisk"),
    STAFF_DISCOUNT: Code("", "Avslag gitt av betjening"),
    COUPON: Code("", "Kupong vist i kassen"),
}

CASH_SALE, RETURN_SALE, SALE_AND_RETURN = "CASHSAL", "RETURNSAL", "SALRETUR"
TRANSACTIONS: Final[Mapping[str, Code]] = {
    # Cards and wallets are cash sales in the law's sense too.
    CASH_SALE: Code("11001", "Kontantsalg"),
    RETURN_SALE: Code("11006", "Utbetaling ved vareretur"),
    SALE_AND_RETURN: Code("11016", "Kontantsalg og retur"),
}

PAYMENTS: Final[Mapping[str, Code]] = {
    "CARD": Code("12002", "Bankkort"),
    "CREDITCARD": Code("12003", "Kredittkort"),
    "GIFTCARD": Code("12005", "Gavekort"),
    # The list has deposits as a means of payment. What the shop owes for empties settles a part of
    # the price and lowers neither the sale nor its VAT; as a negative line it would do both.
    "PANTELAPP": Code("12008", "Pantelapp"),
    "VIPPS": Code("12011", "Vipps"),
    "STREX": Code("12011", "Strex"),
    "KLARNA": Code("12999", "Klarna"),
    # Only for money that goes back, and that whoever took it would not give back. This till has no
    # cash: what a staffed one pays out leaves that one's drawer.
    "OTHERTILL": Code("12999", "Utbetalt i betjent kasse"),
    "BANKACCOUNT": Code("12004", "Overført til bankkonto"),
}
_BY_HAND: Final[Mapping[ByHand, str]] = {
    ByHand.OTHER_TILL: "OTHERTILL",
    ByHand.BANK: "BANKACCOUNT",
}
_METHODS: Final[Mapping[Method, str]] = {
    Method.CARD: "CARD",
    Method.VIPPS: "VIPPS",
    Method.KLARNA: "KLARNA",
    Method.STREX: "STREX",
    Method.GIFT_CARD: "GIFTCARD",
    Method.DEPOSIT_VOUCHER: "PANTELAPP",
}
_CREDIT_BRANDS: Final = ("american express", "amex", "diners", "jcb", "credit")
"""Brands that are always credit. Visa and Mastercard are either; a receipt cannot tell."""

EVENTS: Final[Mapping[str, Code]] = {
    "POSSTART": Code("13001", "Oppstart av kassen"),
    "POSEND": Code("13002", "Avslutning av kassen"),
    "STAFFIN": Code("13003", "Ansatt logget inn"),
    "STAFFOUT": Code("13004", "Ansatt logget ut"),
    "POSUPDATE": Code("13007", "Oppdatering av programvare"),
    "XREP": Code("13008", "X-rapport"),
    "ZREP": Code("13009", "Z-rapport"),
    "SUSPEND": Code("13010", "Parkering av salg"),
    "RESUME": Code("13011", "Parkert salg tatt opp igjen"),
    "SALREC": Code("13012", "Salgskvittering skrevet ut"),
    "ESALREC": Code("13012", "Elektronisk salgskvittering"),
    "RETREC": Code("13013", "Returkvittering skrevet ut"),
    "ERETREC": Code("13013", "Elektronisk returkvittering"),
    "COPYREC": Code("13014", "Kopi av kvittering"),
    "PROFREC": Code("13015", "Foreløpig kvittering skrevet ut"),
    "TRAINREC": Code("13017", "Treningskvittering"),
    "PRICELOOKUP": Code("13022", "Prisundersøkelse"),
    "TRAINON": Code("13023", "Treningsmodus på"),
    "TRAINOFF": Code("13024", "Treningsmodus av"),
    "NORECEIPT": Code("13030", "Fullført salg uten utskrift av kvittering"),
    "LINEDELETE": Code("13999", "Varelinje slettet"),
    "LINERESTORE": Code("13999", "Sletting av varelinje angret"),
    "QTYREDUCE": Code("13999", "Antall redusert"),
    "SALEABORT": Code("13999", "Salg avbrutt"),
    "RETURNLINE": Code("13999", "Vare tatt i retur"),
    "REFUNDHAND": Code("13999", "Tilbakebetalt av betjening"),
    "RETURNALONE": Code("13999", "Retur tatt uten svar fra butikken"),
    "ATTENDANT": Code("13999", "Betjening kontrollerte"),
    "PRICEDOWN": Code("13021", "Pris satt ned av betjening"),
    "PRICELIST": Code("13021", "Ny prisliste tatt i bruk"),
    "DISCOUNT": Code("13999", "Avslag gitt av betjening"),
    "COUPONIN": Code("13999", "Kupong vist"),
    "COUPONOUT": Code("13999", "Kupong tatt ut"),
    "TERMDAY": Code("13999", "Oppgjør på betalingsterminalen"),
    "STAFFNO": Code("13999", "Innlogging avvist"),
    "TILLCLOSE": Code("13999", "Kassen stengt for flere kunder"),
    "TILLOPEN": Code("13999", "Kassen åpnet for kunder"),
    "COPYASKED": Code("13999", "Betjening ba om kvittering for avsluttet salg"),
    "ADJUST": Code("13999", "Innstilling endret av betjening"),
    "DEVICES": Code("13999", "Enheter kontrollert"),
    "CLOCKBACK": Code("13999", "Klokken ble stilt tilbake"),
    "CLOCKDOUBT": Code("13999", "Klokken var bak journalen"),
    "CLOCKTRUST": Code("13999", "Klokken ble godtatt"),
    "BEGUN": Code("13999", "Ny journal begynt"),
    "RESTORED": Code("13999", "Journalen gjenopprettet på ny maskin"),
}

NOT_HERE: Final[Mapping[str, str]] = {
    # Predefined events that this register never writes, and why.
    "13005": "Ingen kassaskuff",
    "13006": "Ingen kassaskuff",
    "13016": "Ingen kredittsalg, så ingen utleveringskvittering",
    "13018": "Ingen andre rapporter eller kvitteringer skrives ut for kunder",
    "13019": "Ingen kontanter",
    "13020": "Gjelder kasser med ROM; kopier tas av hele journalen",
    "13025": "Gjelder kasser med ROM; uten plass på disken selger kassen ikke",
    "13026": "Ingen nødmodus: det som ikke virker, tilbys ikke",
    "13027": "Ingen nødmodus: det som ikke virker, tilbys ikke",
    "13028": "Et fullført salg annulleres ikke; varer tas i retur med egen kvittering",
    "13029": "Ingen STEB-kvittering",
}

LINE_DELETED, QUANTITY_LOWERED = "Delete line", "Reduce quantity"
"""Kinds of line corrections; the first as the official example calls it."""
PRICE_LOWERED: Final = "Lower price"
"""Kind of other corrections."""
CORRECTIONS: Final[Mapping[str, str]] = {
    LINE_DELETED: "Slettet varelinje",
    QUANTITY_LOWERED: "Redusert antall",
    PRICE_LOWERED: "Nedsatt pris",
}

VAT_CODES: Final[Mapping[str, tuple[int, str]]] = {
    # Standard code: rate in hundredths of a percent in 2026, and its words.
    "3": (2500, "Utgående merverdiavgift, alminnelig sats"),
    "31": (1500, "Utgående merverdiavgift, middels sats (mat)"),
    "32": (1111, "Utgående merverdiavgift, råfisk"),
    "33": (1200, "Utgående merverdiavgift, lav sats"),
    "5": (0, "Fritatt for merverdiavgift"),
    "6": (0, "Utenfor merverdiavgiftsloven"),
    DEPOSIT_VAT_CODE: (0, "Ingen merverdiavgiftsbehandling (pant)"),
}


def article_group(code: str) -> str:
    """Return the group under which something is reported; an unknown one is "other"."""
    return code if code in ARTICLE_GROUPS else OTHER_GROUP


def payment_type(attempt: Attempt | Refund) -> str:
    """Return our code for the means with which an attempt paid, or a refund went back."""
    if isinstance(attempt, Refund) and attempt.by_hand:
        return _BY_HAND[attempt.by_hand]
    brand = attempt.card.brand.casefold()
    if attempt.method is Method.CARD and any(name in brand for name in _CREDIT_BRANDS):
        return "CREDITCARD"
    return _METHODS[attempt.method]


def transaction_type(sale: Sale) -> str:
    """Return our code for what a completed sale was: goods sold, taken back, or both."""
    if not sale.returned:
        return CASH_SALE
    return SALE_AND_RETURN if sale.live_lines else RETURN_SALE
