"""Training mode: the whole way of a sale, with no money in it.

A practice sale says so in its first event, so everything that follows from it does too: receipts of
a series of their own, no figure but the report's line for training. Terminal and wallets are never
asked: what such a sale wants of them is answered here. The mode is in the register's record, so a
power cut ends it no more than it ends a day; only staff do.
"""

import logging

from kiosk.engine.till import JournalFailed, Till
from kiosk.fiscal.events import REGISTER, TrainingBegun, TrainingEnded
from kiosk.journal import JournalError
from kiosk.sale.commands import SettlePayment, SettleReversal
from kiosk.sale.effects import (
    AskOutcome,
    AskPayBack,
    Charge,
    Effect,
    PayBack,
    Reverse,
    StopCharge,
)
from kiosk.sale.events import Outcome
from kiosk.sale.return_commands import SettleRefund

logger = logging.getLogger(__name__)

REASON = "training"
"""Of every payment that never was one."""


def begin(till: Till, attendant_id: str) -> None:
    """Let the next sales be for practice."""
    till.training = True
    till.note(TrainingBegun(at_utc=till.now_utc(), attendant_id=attendant_id))
    logger.warning("training: begun")


def end(till: Till, attendant_id: str) -> None:
    """Let sales be real again."""
    till.note(TrainingEnded(at_utc=till.now_utc(), attendant_id=attendant_id))
    till.training = till.config.training
    logger.warning("training: ended")


def restore(till: Till) -> None:
    """Go on as the record says.

    Raises:
        JournalFailed: it cannot be read.
    """
    try:
        begun = till.journal.newest_of(REGISTER, TrainingBegun.__name__)
        ended = till.journal.newest_of(REGISTER, TrainingEnded.__name__)
    except JournalError as error:
        raise JournalFailed from error
    still = begun is not None and (ended is None or ended.seq < begun.seq)
    till.training = till.config.training or still


def answer(till: Till, effect: Effect) -> bool:
    """Answer in place of a terminal or a wallet; False when neither is meant.

    What is asked for is approved in full, a wish to stop is granted, and what goes back has gone.
    """
    at_utc = till.now_utc()
    match effect:
        case Charge() | AskOutcome():
            approved = SettlePayment(
                at_utc=at_utc,
                attempt_id=effect.attempt_id,
                outcome=Outcome.APPROVED,
                amount_minor=effect.amount_minor,
                currency=effect.currency,
                reason=REASON,
            )
            till.submit(approved)
        case StopCharge(attempt_id=attempt_id):
            stopped = SettlePayment(
                at_utc=at_utc, attempt_id=attempt_id, outcome=Outcome.CANCELLED, reason=REASON
            )
            till.submit(stopped)
        case PayBack(refund_id=refund_id) | AskPayBack(refund=PayBack(refund_id=refund_id)):
            back = SettleRefund(
                at_utc=at_utc, refund_id=refund_id, outcome=Outcome.APPROVED, reason=REASON
            )
            till.submit(back)
        case Reverse(attempt_id=attempt_id):
            gone = SettleReversal(at_utc=at_utc, attempt_id=attempt_id, done=True, reason=REASON)
            till.submit(gone)
        case _:
            return False
    return True
