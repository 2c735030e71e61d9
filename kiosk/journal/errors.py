"""What can be wrong with a journal, in words for the person who stands beside the kiosk."""

from pathlib import Path


class JournalError(Exception):
    """Base of all journal errors. The message says which file, what is wrong and what to do."""


class JournalDamaged(JournalError):
    """The record is not what was written. The kiosk stays closed; nothing has been changed.

    Example scenarios: a bad block on the disk; a file cut short; a file put there by hand; a row
    changed by another program.
    """

    def __init__(self, path: Path, what: str, where: str = "") -> None:
        self.path = path
        self.what = what
        self.where = where
        place = f" ({where})" if where else ""
        super().__init__(
            f"The journal {path} is damaged: {what}{place}. "
            "The kiosk stays closed so that no sale is lost, and nothing has been changed. "
            f"Do not delete or move the file. Call support; they run 'kiosk journal verify' on "
            f"{path.name} and bring back the last good copy."
        )


class JournalBusy(JournalError):
    """Another program writes this journal. One journal has one writer.

    Example scenarios: the kiosk was started twice; a command that writes runs beside the kiosk.
    """


class JournalTooNew(JournalError):
    """A newer version of the program wrote it, so this one must not touch it.

    Example scenario: the program was rolled back after an update that changed the journal.
    """


class JournalUnwritable(JournalError):
    """An append did not become durable; none of its events is in the record.

    Example scenarios: the disk is full; the disk turned read-only after an error; no permission.
    """


class OutOfStep(JournalError):
    """The caller's picture of the record is not the record's own; nothing was written.

    Example scenarios: an event number was skipped or used twice; a receipt number that is not the
    next one.
    """
