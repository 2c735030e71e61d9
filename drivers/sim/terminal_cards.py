"""Invented cards and the bodies of a terminal's answers, as the published schema has them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

PIN = "1234"
TVR = "0000008000"


@dataclass(frozen=True, slots=True)
class TestCard:
    """A card that no bank ever issued: the digits under the mask do not exist."""

    brand: str
    masked_pan: str
    aid: str
    approval_code: str


CARDS: Final = {
    "visa": TestCard("visa", "499999 **** 4123", "A0000000031010", "083152"),
    "mc": TestCard("mc", "555500 **** 8807", "A0000000041010", "114790"),
    "bankaxept": TestCard("bankaxept", "957800 **** 0614", "D5780000021010", "552107"),
}


def failure(condition: str, message: str = "") -> dict[str, Any]:
    """Return a Response that says no."""
    response = {"Result": "Failure", "ErrorCondition": condition}
    if message:
        response["AdditionalResponse"] = "message=" + message.replace(" ", "+")
    return response


def approval(
    card: TestCard,
    *,
    sale: dict[str, str],
    transaction: dict[str, str],
    amount: Decimal,
    currency: str,
    entry_mode: str,
    poi_id: str,
    partial: bool,
) -> dict[str, Any]:
    """Return an approving PaymentResponse with the card facts that a receipt shows."""
    receipt = {
        "name=AID": ("aid", card.aid),
        "name=TVR": ("tvr", TVR),
        "name=TID": ("tid", poi_id.rpartition("-")[2]),
        "name=Auth.+code": ("authCode", card.approval_code),
    }
    lines = [
        {"Text": f"{name}&value={value}&key={key}", "EndOfLineFlag": True}
        for name, (key, value) in receipt.items()
    ]
    return {
        "Response": {"Result": "Partial" if partial else "Success"},
        "SaleData": {"SaleTransactionID": sale},
        "POIData": {"POITransactionID": transaction, "POIReconciliationID": 1000},
        "PaymentResult": {
            "PaymentInstrumentData": {
                "PaymentInstrumentType": "Card",
                "CardData": {
                    "PaymentBrand": card.brand,
                    "MaskedPan": card.masked_pan,
                    "EntryMode": [entry_mode],
                },
            },
            "AmountsResp": {"Currency": currency, "AuthorizedAmount": amount},
            "OnlineFlag": True,
            "PaymentAcquirerData": {
                "MerchantID": "SelvkasseDemo",
                "AcquirerPOIID": poi_id,
                "AcquirerTransactionID": {
                    "TransactionID": transaction["TransactionID"].replace(".", ""),
                    "TimeStamp": transaction["TimeStamp"],
                },
                "ApprovalCode": card.approval_code,
            },
        },
        "PaymentReceipt": [
            {
                "DocumentQualifier": "CustomerReceipt",
                "RequiredSignatureFlag": False,
                "OutputContent": {"OutputFormat": "Text", "OutputText": lines},
            }
        ],
    }
