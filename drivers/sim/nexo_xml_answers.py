"""What the simulated XML terminal says about itself and its cards, in the order of the schema."""

import base64
import json
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from drivers.sim.terminal_cards import TVR, TestCard

MERCHANT_ID = "10020001"
TERMINAL_ID = "877888"
BRANDS: Final = {"visa": "Visa Debit", "mc": "Mastercard Debit", "bankaxept": "BankAxept"}


def approval(
    card: TestCard,
    *,
    sale: dict[str, str],
    transaction: dict[str, str],
    amount: Decimal,
    currency: str,
    entry_mode: str,
    poi_id: str,  # noqa: ARG001 - the other dialect prints it
    partial: bool,
) -> dict[str, Any]:
    """Return an approving PaymentResponse with both receipts."""
    return {
        "Response": {"Result": "Partial" if partial else "Success"},
        "SaleData": {"SaleTransactionID": sale},
        "POIData": {"POITransactionID": transaction},
        "PaymentResult": {
            "PaymentType": "Normal",
            "PaymentInstrumentData": {
                "PaymentInstrumentType": "Card",
                "CardData": {
                    "PaymentBrand": f"01,{BRANDS[card.brand]}",
                    "MaskedPAN": card.masked_pan.replace(" ", ""),
                    "EntryMode": entry_mode,
                },
            },
            "AmountsResp": {
                "Currency": currency,
                "AuthorizedAmount": amount,
                "CashBackAmount": Decimal("0.00"),
            },
            "PaymentAcquirerData": {
                "MerchantID": MERCHANT_ID,
                "AcquirerPOIID": TERMINAL_ID,
                "ApprovalCode": card.approval_code,
            },
        },
        "PaymentReceipt": [
            _receipt("CashierReceipt", "Merchant", card, transaction, amount, currency),
            _receipt("CustomerReceipt", "Cardholder", card, transaction, amount, currency),
        ],
    }


def login_response(serial_number: str, *, sound: bool, host_reachable: bool) -> dict[str, Any]:
    """Return a LoginResponse that begins a session."""
    return {
        "Response": {"Result": "Success"},
        "POISystemData": {
            "DateTime": datetime.now().astimezone().isoformat(timespec="milliseconds"),
            "POISoftware": {
                "ProviderIdentification": "Selvkasse",
                "ApplicationName": "simulated terminal",
                "SoftwareVersion": "1",
            },
            "POITerminalData": {
                "TerminalEnvironment": "Attended",
                "POISerialNumber": serial_number,
                "POICapabilities": "CustomerDisplay CustomerInput ICC EMVContactless",
            },
            "POIStatus": {
                "GlobalStatus": "OK" if sound else "Maintenance",
                "SecurityOKFlag": True,
                "PEDOKFlag": True,
                "CardReaderOKFlag": True,
                "CommunicationOKFlag": host_reachable,
            },
        },
    }


def _receipt(
    qualifier: str,
    copy: str,
    card: TestCard,
    transaction: dict[str, str],
    amount: Decimal,
    currency: str,
) -> dict[str, Any]:
    paid = format(amount, ".2f").replace(".", ",")
    number = card.masked_pan.replace(" ", "")
    facts = {
        "Mandatory": {
            "Acquirer": {"CardAcceptorNumber": MERCHANT_ID, "TerminalID": TERMINAL_ID},
            "CardAcceptor": {"Name": "Nærtorget", "OrganisationNumber": "999999999"},
            "CardDetails": {
                "ApplicationIdentifier": card.aid,
                "CardSchemeName": {"ApplicationLabel": BRANDS[card.brand]},
                "PrimaryAccountNumber": number,
                "TerminalVerificationResult": TVR,
            },
            "Outcome": {"ApprovalCode": card.approval_code, "DebitStatus": "00"},
            "Payment": {
                "Currency": currency,
                "PaymentAmount": paid,
                "ReceiptNumber": transaction["TransactionID"],
                "SignatureBlock": False,
                "TotalAmount": paid,
            },
        },
        "Optional": {"ReceiptString": ["Nærtorget", number, f"KJØP: {paid} {currency}"]},
    }
    text = base64.b64encode(json.dumps({copy: facts}).encode()).decode()
    return {
        "DocumentQualifier": qualifier,
        "OutputContent": {"OutputFormat": "Text", "OutputText": [text]},
    }
