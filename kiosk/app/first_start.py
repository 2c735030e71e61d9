"""A kiosk with an empty disk: may its numbers begin at 1?

Receipt numbers belong to the register's id. New hardware in an old kiosk's place, or a disk that
was wiped, would begin at 1 again and give every number twice. The store's server has heard every
event, so it is asked before a record begins: what it knows of this id, it gives back
(`kiosk journal restore --from-store`). When it cannot be asked, somebody beside the kiosk has to
say that this id is new (`kiosk journal begin`), and that stands in the record.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline, ready
from kiosk.app.config import Config
from kiosk.fiscal.events import REGISTER, RegisterBegun
from kiosk.journal import Journal, JournalError
from kiosk.telemetry.store_words import KeptJournal

logger = logging.getLogger(__name__)

PATIENCE_S: Final = 120.0
"""After a power cut of the whole store the server may begin later than the kiosk."""
AGAIN_S: Final = 1.0
KNOWS_NOTHING: Final = "knows_nothing"
NOT_ASKED: Final = "not_asked"


class FirstStartRefused(JournalError):
    """No record may begin here now. The message says why, and what to do."""


def begin_if_first(
    config: Config,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    *,
    patience_s: float = PATIENCE_S,
    clock: Clock = SYSTEM_CLOCK,
) -> None:
    """Begin the record of a new kiosk once the store's server knows nothing of its id.

    Does nothing where there is a journal, or was one, or where no server can be asked. `now` is the
    kiosk's own clock: a demonstration's is another than the machine's.

    Raises:
        FirstStartRefused: the store knows this register, or nobody can say.
        JournalError: the new journal cannot be written.
    """
    path = config.journal_path
    if path.exists() or path.with_name(path.name + ".lock").exists():
        return  # what is missing then is the journal's own business
    if config.telemetry is None or not config.telemetry.server:
        return
    known = _asked(config, Deadline(clock, patience_s))
    if known:
        raise FirstStartRefused(_in_words(config.kiosk.id, known))
    begin(config, KNOWS_NOTHING, now())
    logger.info("journal: begun, the store knows nothing of register %s", config.kiosk.id)


def begin(config: Config, store: str, now: datetime) -> None:
    """Make the new, empty record, which says why it may begin.

    Raises:
        JournalError: there is one, or was, or it cannot be written.
    """
    at_utc = now.astimezone(UTC).isoformat(timespec="microseconds")
    with Journal.open(config.journal_path, kiosk_id=config.kiosk.id) as journal:
        if journal.count():
            raise FirstStartRefused(f"{config.journal_path} holds events already.")
        journal.append(REGISTER, 1, (RegisterBegun(at_utc=at_utc, store=store),))


def known_to_the_store(config: Config) -> list[KeptJournal]:
    """Return what the store's server has of this kiosk, or of its register's id.

    Raises:
        StoreSilent, StoreRefuses: nobody can say.
    """
    # httpx takes its time to load, and a kiosk that has its journal needs none of it.
    from kiosk.app.store_line import line_to_store

    with line_to_store(config) as line:
        return line.kept_journals(config.kiosk.id)


def _asked(config: Config, deadline: Deadline) -> list[KeptJournal]:
    from kiosk.telemetry.store_line import StoreRefuses, StoreSilent

    logger.info("journal: none is here; the store's server is asked whether there was one")
    while True:
        try:
            return known_to_the_store(config)
        except StoreSilent as error:
            if deadline.passed():
                raise _nobody_can_say(config, error) from error
            ready((), AGAIN_S)
        except StoreRefuses as error:
            raise _nobody_can_say(config, error) from error


def _nobody_can_say(config: Config, error: Exception) -> FirstStartRefused:
    return FirstStartRefused(
        "This kiosk has no journal, and the store's server cannot say whether register "
        f"{config.kiosk.id} has sold before: {error}\n"
        "Wait until the server answers. Or, when you know that nobody has ever sold under "
        "this id: kiosk journal begin --nobody-has-sold"
    )


def _in_words(register_id: str, known: list[KeptJournal]) -> str:
    newest = max(known, key=lambda one: one.last_at_utc)
    return (
        f"Register {register_id} has sold before: the store has its journal {newest.journal_id} "
        f"of {newest.kiosk} with {newest.last_seq} events, the newest of {newest.last_at_utc}. "
        "Its receipt numbers must not begin at 1 again.\n"
        "To go on with it on this machine: kiosk journal restore --from-store\n"
        "The machine that had it must never be switched on again. Or give this kiosk an id that "
        "nobody has had ([kiosk] id)."
    )
