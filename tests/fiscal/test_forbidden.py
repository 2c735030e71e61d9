"""Nothing that is forbidden in Norway is merely switched off: it is not there at all."""

import dataclasses
import re
import sqlite3
from pathlib import Path
from typing import get_type_hints

import pytest

from drivers.contracts import DeviceKind
from kiosk.app.config import SECTIONS
from kiosk.engine.config import EngineConfig
from kiosk.fiscal.forbidden import FORBIDDEN, Forbidden
from kiosk.journal import Journal
from kiosk.sale.events import Method
from tests.journal.samples import EVERY_EVENT

ROOT = Path(__file__).parents[2]
SQL_IN_TESTS_OF_THE_LAW = ("kiosk/fiscal/forbidden.py",)
FLEET = "kiosk/fleet/"
"""The server's copy of events is no journal: it may forget them."""


def settings() -> list[str]:
    names = [f.name for f in dataclasses.fields(EngineConfig)]
    for section, kind in SECTIONS.items():
        names += [f"{section}.{name}" for name in get_type_hints(kind)]
    return names


def code() -> list[tuple[str, str]]:
    files = sorted(p for top in ("kiosk", "drivers") for p in (ROOT / top).rglob("*.py"))
    found = ((str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in files)
    return [
        (name, text)
        for name, text in found
        if name not in SQL_IN_TESTS_OF_THE_LAW and not name.startswith(FLEET)
    ]


CODE = code()


IN_CODE = [one for one in FORBIDDEN if one.in_code]
"""What has a shape of its own in code; the others have tests of their own, where they would be."""


@pytest.mark.parametrize("one", IN_CODE, ids=lambda one: one.what)
def test_no_line_of_the_program_does_it(one: Forbidden) -> None:
    found = [
        f"{name}: {hit.group()}" for name, text in CODE for hit in re.finditer(one.in_code, text)
    ]
    assert found == []


@pytest.mark.parametrize("one", FORBIDDEN, ids=lambda one: one.what)
def test_no_setting_switches_it_on(one: Forbidden) -> None:
    assert one.in_settings, "each thing is looked for among the settings"
    assert [name for name in settings() if re.search(one.in_settings, name)] == []


def test_the_patterns_find_what_they_are_for() -> None:
    """A pattern with a slip of the pen would find nothing, for ever."""
    by_what = {one.what: one for one in FORBIDDEN}
    change = by_what["Endre eller slette registreringer i journalen"]
    assert re.search(change.in_code, 'db.execute("DELETE FROM event WHERE seq = 3")')
    assert re.search(change.in_code, "UPDATE event SET body = ''")
    cash = by_what["Åpne kassaskuff eller ta imot kontanter"]
    assert re.search(cash.in_code, "printer.cashdraw(2)")
    assert re.search(cash.in_settings, "devices.drawer_pin")
    copies = by_what["Skrive ut mer enn én kopi av en kvittering"]
    assert re.search(copies.in_settings, "copies_max")


@pytest.mark.parametrize("table", ["event", "receipt"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "UPDATE {} SET sale_id = 'x'"])
def test_the_database_itself_refuses_to_change_the_record(
    tmp_path: Path, table: str, verb: str
) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal.open(path) as journal:
        journal.append("s1", 1, EVERY_EVENT)
    db = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="what is written stays written"):
        db.execute(verb.format(table))
    db.close()


def test_there_is_no_way_to_pay_with_cash_and_no_drawer() -> None:
    assert {method.value for method in Method} == {
        "card", "vipps", "klarna", "strex", "gift_card", "deposit_voucher",
    }  # fmt: skip
    assert not any("drawer" in kind.value or "cash" in kind.value for kind in DeviceKind)
