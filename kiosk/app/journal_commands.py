"""`kiosk journal backup`, `restore` and `begin`: where a copy goes, and what goes on from one."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kiosk.app.cli import DEFAULT_CONFIG, ConfigFile
from kiosk.journal.commands import DEFAULT, JournalPath, journal_app, stop

if TYPE_CHECKING:
    from kiosk.app.config import Config
    from kiosk.journal import Journal
    from kiosk.journal.chain import Row
    from kiosk.journal.copies import Head
    from kiosk.journal.verify import VerifyReport
    from kiosk.telemetry.store_words import KeptJournal

BATCH_ROWS: Final = 1_000


@journal_app.command()
def backup(
    target: Annotated[
        Path | None, typer.Argument(help="The new file. One that is there is kept.")
    ] = None,
    journal: JournalPath = DEFAULT,
    to_store: Annotated[
        bool, typer.Option("--to-store", help="To the store's server, with --config.")
    ] = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Copy the journal while the kiosk sells, check the copy, and say what it ends with.

    Keep the last line with the copy: `restore` asks for it. `kiosk maintain` does this each night.
    With --to-store the server is told what it has not heard yet, and says what it has: it hears
    every event anyhow, so this is for certainty, and for a kiosk whose broker is away.
    """
    from kiosk.journal.copies import CopyRefused, copy_journal

    if (target is None) is not to_store:
        raise typer.BadParameter("Name a file, or --to-store.")
    if target is None:
        _to_store(_loaded(config))
        return
    try:
        report = copy_journal(journal, target)
    except (CopyRefused, OSError, sqlite3.Error) as error:
        raise stop(error) from error
    _say_end(report)


@journal_app.command()
def restore(
    copy: Annotated[Path | None, typer.Argument(help="A copy of the journal.")] = None,
    end: Annotated[
        str,
        typer.Option(help="NUMBER:HASH of the newest event there ever was, e.g. of the old disk."),
    ] = "",
    journal: JournalPath = DEFAULT,
    from_store: Annotated[
        bool, typer.Option("--from-store", help="From the store's server, with --config.")
    ] = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Let a kiosk go on with its record on another disk, and no number be given twice.

    From a copy alone only when it is proven (--end) to be the whole record. With --from-store the
    server's rows make the journal, behind the copy's when there is one; without --end numbers are
    left out that the lost disk may have given, and the record says which.
    """
    from kiosk.journal.copies import CopyRefused
    from kiosk.journal.copies import restore as go_on_from

    proven = _head(end) if end else None
    if from_store:
        _from_store(_loaded(config), copy, proven)
        return
    if copy is None or proven is None:
        raise typer.BadParameter("Name a copy and its --end, or --from-store.")
    try:
        report = go_on_from(copy, journal, proven)
    except (CopyRefused, OSError, sqlite3.Error) as error:
        raise stop(error) from error
    typer.echo(report.in_words())


@journal_app.command()
def begin(
    nobody_has_sold: Annotated[
        bool,
        typer.Option(
            "--nobody-has-sold", help="I know that nobody ever sold under this kiosk's id."
        ),
    ] = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Begin the record of a new kiosk while the store's server cannot be asked; it says so itself.

    Without this a kiosk with an empty disk waits for the server: under an id that has sold before
    it would give every receipt number once more.
    """
    from kiosk.app.first_start import NOT_ASKED, known_to_the_store
    from kiosk.app.first_start import begin as begin_record
    from kiosk.journal import JournalError
    from kiosk.telemetry.store_line import StoreRefuses, StoreSilent

    loaded = _loaded(config)
    if not nobody_has_sold:
        raise typer.BadParameter("Say --nobody-has-sold, if you know it.")
    try:
        known = known_to_the_store(loaded)
    except (StoreSilent, StoreRefuses) as error:
        typer.echo(f"The store's server says nothing: {error}")
        known = []
    if known:
        words = f"The store knows better: {known[0].last_seq} events of {known[0].kiosk}."
        raise stop(ValueError(f"{words} Use: kiosk journal restore --from-store"))
    try:
        begin_record(loaded, NOT_ASKED, datetime.now(UTC))
    except JournalError as error:
        raise stop(error) from error
    typer.echo(f"Begun: {loaded.journal_path}. The record says that no store was asked.")


# --- the store ----------------------------------------------------------------------------------


def _to_store(config: "Config") -> None:
    from kiosk.app.store_line import line_to_store
    from kiosk.journal import Journal, JournalError
    from kiosk.telemetry.store_line import StoreRefuses, StoreSilent

    try:
        with (
            Journal.open(config.journal_path, read_only=True) as journal,
            line_to_store(config) as line,
        ):
            end = journal.count()
            kept = _of(line.kept_journals(config.kiosk.id), journal.journal_id)
            through = kept.through_seq if kept else 0
            for reached in line.tell(journal.journal_id, _rows(journal, through, end)):
                typer.echo(f"{reached} of {end} events")
            kept = _of(line.kept_journals(config.kiosk.id), journal.journal_id)
            own = journal.rows_after(kept.through_seq - 1, 1) if kept and kept.through_seq else []
    except (JournalError, StoreSilent, StoreRefuses) as error:
        raise stop(error) from error
    if kept is None or kept.through_seq < end:
        raise stop(ValueError(f"The store has {kept.through_seq if kept else 0} of {end} events."))
    if not own or own[0].hash.hex() != kept.through_hash:
        raise stop(
            ValueError(
                f"Event {kept.through_seq} of the store is not this journal's: two machines have "
                "told of one journal. Call support, and sell on neither."
            )
        )
    typer.echo("The store has the whole record.")
    typer.echo(f"End of the record: {kept.through_seq}:{kept.through_hash}")


def _from_store(config: "Config", copy: Path | None, proven: "Head | None") -> None:
    from rich.progress import Progress

    from kiosk.app.store_line import line_to_store
    from kiosk.journal import Journal, JournalError
    from kiosk.journal.copies import CopyRefused
    from kiosk.journal.rebuild import Origin, rebuild
    from kiosk.telemetry.store_line import StoreRefuses, StoreSilent

    try:
        with line_to_store(config) as line, Progress(transient=True) as bar:
            wanted = ""
            if copy is not None:
                with Journal.open(copy, read_only=True) as opened:
                    wanted = opened.journal_id
            kept = _own(config, line.kept_journals(config.kiosk.id), wanted)
            task = bar.add_task("Events", total=kept.last_seq)
            report = rebuild(
                config.journal_path,
                Origin(journal_id=kept.journal_id, kiosk_id=config.kiosk.id, copy=copy),
                lambda after: line.rows_after(kept.journal_id, after),
                end=proven,
                progress=lambda seq: bar.update(task, completed=seq),
            )
    except (
        CopyRefused,
        JournalError,
        StoreSilent,
        StoreRefuses,
        OSError,
        sqlite3.Error,
    ) as error:
        raise stop(error) from error
    typer.echo(report.in_words())
    typer.echo("The machine that had this journal must never be switched on as a kiosk again.")


def _own(config: "Config", kept: "list[KeptJournal]", wanted: str) -> "KeptJournal":
    """Return the journal to go on with: the copy's, or the newest that this kiosk told of.

    Raises:
        typer.Exit: there is none.
    """
    from kiosk.telemetry.topics import Address

    assert config.telemetry is not None
    address: Address = config.telemetry.address(config.kiosk.id)
    own = [one for one in kept if one.kiosk == str(address) and wanted in ("", one.journal_id)]
    if not own:
        others = ", ".join(sorted({one.kiosk for one in kept}))
        words = f"The store has no journal of {address}" + (f", but of {others}" if others else "")
        raise stop(ValueError(f"{words}."))
    return max(own, key=lambda one: one.last_at_utc)


def _of(kept: "list[KeptJournal]", journal_id: str) -> "KeptJournal | None":
    return next((one for one in kept if one.journal_id == journal_id), None)


def _rows(journal: "Journal", after: int, end: int) -> "Iterator[Row]":
    while after < end:
        rows = journal.rows_after(after, min(BATCH_ROWS, end - after))
        if not rows:
            return
        yield from rows
        after = rows[-1].seq


def _loaded(path: Path) -> "Config":
    from kiosk.app.config import ConfigError
    from kiosk.app.store_settings import load_all

    try:
        return load_all(path)
    except ConfigError as error:
        raise stop(error) from error


def _head(end: str) -> "Head":
    from kiosk.journal.copies import Head

    number, _, digest = end.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise stop(ValueError(f"--end {end!r}: expected the number, a colon and 64 hex digits."))
    return Head(int(number), digest)


def _say_end(report: "VerifyReport") -> None:
    typer.echo(report.in_words())
    typer.echo(f"End of the record: {report.events}:{report.last_hash}")
