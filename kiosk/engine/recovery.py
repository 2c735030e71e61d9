"""Taking up what an earlier life of the program left behind, before the shop opens.

Nothing is invented: each open sale is replayed, and the same `pending_effect` says what is owed.
A payment that was with the terminal is asked about; a receipt that was on its way is asked about;
a sale that was still being scanned is shown again as it was, and its shopper, if gone, is found
out by the ordinary "are you still there?".
"""

import logging

from kiosk.engine.till import JournalFailed, Till
from kiosk.engine.view import Screen
from kiosk.journal import JournalError
from kiosk.sale.commands import GiveUpSale
from kiosk.sale.events import Actor
from kiosk.sale.evolve import replay
from kiosk.sale.state import Phase, Sale

logger = logging.getLogger(__name__)


def take_up_open_sales(till: Till) -> None:
    """Line up the sales that are not over; those with money in them come first.

    Raises:
        JournalFailed: the journal cannot be read.
    """
    try:
        sales = [replay(till.journal.events_of(sale_id)) for sale_id in till.journal.open_sales()]
    except JournalError as error:
        logger.error("journal: open sales cannot be read: %s", error)
        raise JournalFailed from error
    till.waiting = [sale.id for sale in sorted(sales, key=_is_being_scanned)]
    till.forget()
    if till.waiting:
        logger.warning("recovery: %d open sales", len(till.waiting))
    take_up_next(till)


def _is_being_scanned(sale: Sale) -> bool:
    return sale.phase is Phase.OPEN


def take_up_next(till: Till) -> None:
    """Load the next waiting sale, if none is on the glass.

    One kiosk has one shopper: of several sales that were still being scanned only the newest can
    be theirs, and the older ones are ended as abandoned.
    """
    while till.sale.phase is Phase.NONE and till.waiting:
        till.load(till.waiting.pop(0))
        logger.warning("recovery: sale=%s, phase=%s", till.sale.id, till.sale.phase)
        _place(till, till.sale.phase)


def _place(till: Till, phase: Phase) -> None:
    if phase is Phase.OPEN and till.waiting:
        abandoned = GiveUpSale(at_utc=till.now_utc(), reason="superseded", actor=Actor.KIOSK)
        if till.attempted(abandoned):
            till.forget_if_over()
    elif phase in (Phase.ABORTED, Phase.CLOSED):
        till.forget()
    elif phase is Phase.OPEN:
        till.session = till.session.at(Screen.SCAN)
