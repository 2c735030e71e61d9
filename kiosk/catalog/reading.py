"""Rows of a CSV or JSON Lines file, each with its line number, whatever the file holds.

CSV: UTF-8 with or without byte order mark, separated by semicolon, comma or tab (what the header
has most of), quoted with ". JSON Lines: one object on each line, with the same names; a list may
stand where CSV has words separated by spaces.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

SEPARATORS: Final = (";", ",", "\t")
VALUE_CHARS_MAX: Final = 60
"""A report shows this much of a value."""
JSON_SUFFIXES: Final = (".jsonl", ".ndjson", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """One fault in a source file: where, what stands there, and why it cannot be."""

    file: str
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """Return the fault as one line for a person."""
        column = f", {self.column}" if self.column else ""
        value = f" {self.value[:VALUE_CHARS_MAX]!r}" if self.value else ""
        return f"{self.file}, line {self.line}{column}:{value} {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """One row as texts by column; `end` is how many bytes of the file are read with it."""

    line: int
    end: int
    values: dict[str, str]


class _Lines:
    """The file's lines as text, counting; a line that is not UTF-8 ends the reading."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self.number = 0
        self.end = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline()
        if not line:
            raise StopIteration
        self.number += 1
        self.end += len(line)
        if self.number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        return line.decode("utf-8")

    def close(self) -> None:
        self._file.close()


def read_rows(path: Path, columns: frozenset[str]) -> Iterator[RawRow | BadRow]:
    """Yield the rows of a file that has some of `columns`, and what is no row.

    A fault that makes the rest unreadable (no UTF-8, a header with unknown columns) is yielded and
    ends the reading.
    """
    lines = _Lines(path)
    rows = _json_rows if path.suffix.lower() in JSON_SUFFIXES else _csv_rows
    try:
        yield from rows(path.name, lines, columns)
    except UnicodeDecodeError as error:
        yield BadRow(
            file=path.name,
            line=lines.number,
            column="",
            value=error.object[error.start : error.start + 8].hex(" "),
            reason=f"is not UTF-8, at byte {error.start + 1} of the line; save the file as UTF-8",
        )
    except csv.Error as error:
        yield BadRow(
            file=path.name, line=lines.number, column="", value="", reason=f"is not CSV: {error}"
        )
    finally:
        lines.close()


def _csv_rows(file: str, lines: _Lines, columns: frozenset[str]) -> Iterator[RawRow | BadRow]:
    first = next(lines, "")
    header = [
        name.strip().lower() for name in next(csv.reader([first], delimiter=_separator(first)), [])
    ]
    faults = list(_header_faults(file, header, columns))
    yield from faults
    if faults:
        return
    reader = csv.reader(lines, delimiter=_separator(first), strict=True)
    start = lines.number + 1
    for fields in reader:
        line, start = start, lines.number + 1
        if not any(field.strip() for field in fields):
            continue
        if len(fields) != len(header):
            reason = f"has {len(fields)} fields, and the header has {len(header)}"
            yield BadRow(file=file, line=line, column="", value=" | ".join(fields), reason=reason)
            continue
        values = {name: field.strip() for name, field in zip(header, fields, strict=True)}
        yield RawRow(line=line, end=lines.end, values=values)


def _separator(header: str) -> str:
    return max(SEPARATORS, key=header.count)


def _header_faults(file: str, header: list[str], columns: frozenset[str]) -> Iterator[BadRow]:
    if not any(header):
        yield BadRow(file=file, line=1, column="", value="", reason="the file has no header")
        return
    for name in sorted(set(header) - columns):
        reason = f"is no column; there are {', '.join(sorted(columns))}"
        yield BadRow(file=file, line=1, column="", value=name or "(empty)", reason=reason)
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield BadRow(file=file, line=1, column="", value=name, reason="stands twice in the header")


def _json_rows(file: str, lines: _Lines, columns: frozenset[str]) -> Iterator[RawRow | BadRow]:
    for text in lines:
        if not text.strip():
            continue
        values, faults = _json_values(text, columns)
        for column, value, reason in faults:
            yield BadRow(file=file, line=lines.number, column=column, value=value, reason=reason)
        if not faults:
            yield RawRow(line=lines.number, end=lines.end, values=values)


def _json_values(
    text: str, columns: frozenset[str]
) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Return the values of one line, or its faults as column, value and reason."""
    try:
        entry = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        return {}, [("", text.strip(), f"is not JSON: {error}")]
    if not isinstance(entry, dict):
        return {}, [("", text.strip(), "is not a JSON object")]
    faults = [
        (str(name), "", reason)
        for name, value in entry.items()
        if (reason := _json_fault(name, value, columns))
    ]
    return ({} if faults else {name: _json_text(value) for name, value in entry.items()}), faults


def _json_fault(name: str, value: object, columns: frozenset[str]) -> str:
    if name not in columns:
        return f"is no column; there are {', '.join(sorted(columns))}"
    items = value if isinstance(value, list) else [value]
    if any(isinstance(item, (dict, list, bool)) for item in items):
        return "is neither a text, a number nor a list of these"
    return ""


def _json_text(value: object) -> str:
    if isinstance(value, list):
        return " ".join(_json_text(item) for item in value)
    return "" if value is None else str(value).strip()
