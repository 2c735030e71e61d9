"""A provider's report as a file: a table of references and amounts, as spreadsheets export it.

Every provider has a layout of its own and changes it; what all can be brought to is a table with
a heading: `reference`, `amount` and, where it is not NOK, `currency`. Amounts are in major units
with a point or a comma, refunds negative. Further columns are read past.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kiosk.payments.reconcile import Reported

_AMOUNT: Final = re.compile(r"([-−]?)(\d{1,9})(?:[.,](\d{1,2}))?")
"""No thousands separators: "1.234" would be read in two ways, and neither may be guessed."""


class BadReport(Exception):
    """A file that is no such table. The message says where and why; nothing was compared."""


def read_report(path: Path, *, currency: str = "NOK") -> list[Reported]:
    """Return the rows of a report.

    Raises:
        BadReport: no such file, no such columns, or a row that cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadReport(f"{path}: {error}") from error
    heading = text.partition("\n")[0]
    rows = csv.DictReader(text.splitlines(), delimiter=";" if ";" in heading else ",")
    columns = {name.strip().lower(): name for name in rows.fieldnames or () if name}
    missing = {"reference", "amount"} - columns.keys()
    if missing:
        raise BadReport(f"{path}: no column {' and '.join(sorted(missing))}. Found: {heading!r}.")
    return list(_rows(path, rows, columns, currency))


def _rows(
    path: Path, rows: "csv.DictReader[str]", columns: dict[str, str], currency: str
) -> Iterator[Reported]:
    for row in rows:
        where = f"{path}, line {rows.line_num}"
        reference = (row[columns["reference"]] or "").strip()
        if not reference:
            raise BadReport(f"{where}: no reference.")
        own = (row[columns["currency"]] or "").strip() if "currency" in columns else ""
        yield Reported(
            reference=reference,
            amount_minor=_minor((row[columns["amount"]] or "").strip(), where),
            currency=own or currency,
        )


def _minor(text: str, where: str) -> int:
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise BadReport(f"{where}: {text!r} is no amount such as 149.90 or -149,90.")
    sign, whole, part = match.groups()
    minor = int(whole) * 100 + int((part or "").ljust(2, "0"))
    return -minor if sign else minor
