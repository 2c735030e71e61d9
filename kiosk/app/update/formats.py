"""What a build writes into the journal: no version is taken from which there is no way back.

A version that is tried writes events before it has proved itself. If it fails, the version before
must read them all: every kind of event, in that number of its body. What cannot be read afterwards
is known before: a release says what it writes, and the installed version compares.
"""

from collections.abc import Mapping

import msgspec

from kiosk.journal.codec import KINDS, version_of
from kiosk.journal.schema import SCHEMA_VERSION


class JournalFormat(msgspec.Struct, frozen=True, kw_only=True):
    """The tables and the events that a build writes, and up to which it reads them."""

    tables: int
    """The number of the journal's tables (`user_version`)."""
    events: Mapping[str, int]
    """Each kind of event with the number of its body."""


def format_of_this_build() -> JournalFormat:
    """Return what this program writes."""
    return JournalFormat(
        tables=SCHEMA_VERSION, events={kind: version_of(kind) for kind in sorted(KINDS)}
    )


def unreadable(written: JournalFormat, here: JournalFormat) -> list[str]:
    """Return what of `written` the program `here` could not read, in words; empty when all."""
    found = []
    if written.tables > here.tables:
        found.append(f"tables {written.tables} (here {here.tables})")
    for kind, version in sorted(written.events.items()):
        known = here.events.get(kind, 0)
        if version > known:
            found.append(f"{kind} {version}" + (f" (here {known})" if known else ""))
    return found
