"""From a terminal's numbers to the PaymentResult that the kiosk acts on, and back to a receipt.

The transaction id of the kiosk is "TRACE-RECEIPT": what a receipt shows and what a reversal needs.
"""

from drivers.attempts import Named, result_of
from drivers.contracts import ChargeRequest, PaymentOutcome, PaymentResult
from drivers.terminal import zvt_codes
from drivers.terminal.zvt_memory import Attempt
from drivers.terminal.zvt_messages import StatusInformation


def failed(asked: Named, result: int) -> PaymentResult:
    """Return the result of a payment that ended with `result`, which is not OK."""
    return result_of(asked, zvt_codes.outcome_of(result), zvt_codes.name_of(result))


def approved(asked: ChargeRequest | Attempt, status: StatusInformation) -> PaymentResult:
    """Return the result of a payment that the terminal says is paid.

    An amount or currency other than asked is passed on as it is, with the reason "OtherAmount".
    """
    amount = status.amount_minor or 0
    # The currency is the registered one when the terminal leaves it out.
    currency = status.currency or asked.currency
    as_asked = (amount, currency) == (asked.amount_minor, asked.currency)
    return PaymentResult(
        service_id=asked.service_id,
        outcome=PaymentOutcome.APPROVED,
        amount_minor=amount,
        currency=currency,
        transaction_id=transaction_id(status),
        transaction_at=transaction_at(status),
        brand=status.brand,
        last_four=status.last_four,
        entry_mode=status.entry_mode,
        aid=status.aid,
        terminal_id=status.terminal_id,
        approval_code=status.approval_code,
        reference=f"{status.turnover:06d}" if status.turnover is not None else "",
        reason="" if as_asked else "OtherAmount",
    )


def is_as_asked(request: ChargeRequest, status: StatusInformation) -> bool:
    """Whether an approval is for the amount and currency that were asked, and can be reversed."""
    currency = status.currency or request.currency
    same = (status.amount_minor, currency) == (request.amount_minor, request.currency)
    return same and status.receipt is not None


def transaction_id(status: StatusInformation) -> str:
    """Return "TRACE-RECEIPT", e.g. "000470-0470"."""
    return f"{status.trace or 0:06d}-{status.receipt or 0:04d}"


def transaction_at(status: StatusInformation) -> str:
    """Return "MM-DDTHH:MM:SS" on the terminal's clock, as much of it as there is."""
    date, time = status.date, status.time
    day = f"{date[:2]}-{date[2:]}" if date else ""
    clock = f"{time[:2]}:{time[2:4]}:{time[4:]}" if time else ""
    return "T".join(part for part in (day, clock) if part)


def receipt_of(transaction: str) -> int | None:
    """Return the receipt number in a transaction id; None when it is none of ours."""
    trace, _, receipt = transaction.partition("-")
    fits = len(trace) == 6 and len(receipt) == 4 and (trace + receipt).isdecimal()
    return int(receipt) if fits and (trace + receipt).isascii() else None


def trace_of(transaction: str) -> int:
    """Return the trace number in a transaction id that `receipt_of` accepted."""
    return int(transaction.partition("-")[0])
