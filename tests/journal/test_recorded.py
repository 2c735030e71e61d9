"""Journals recorded by earlier versions stay readable, event for event."""

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.journal import Journal
from kiosk.sale.events import Series

RECORDED = sorted((Path(__file__).parents[1] / "data" / "journals").glob("*.sqlite"))


def test_there_are_recorded_journals() -> None:
    assert "v1" in {path.stem for path in RECORDED}


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_a_recorded_journal_reads_as_it_was_written(recorded: Path, tmp_path: Path) -> None:
    facts = json.loads(recorded.with_suffix(".json").read_text(encoding="utf-8"))
    path = tmp_path / "journal.sqlite"
    shutil.copy(recorded, path)
    with Journal.open(path, kiosk_id="SCO-03") as journal:
        report = journal.verify()
        assert report.ok, report.in_words()
        assert report.last_hash == facts["last_hash"]
        assert journal.journal_id == facts["journal_id"]
        read = journal.after(0, 1000)
        assert len(read) == len(facts["events"])
        for record, (kind, body) in zip(read, facts["events"], strict=True):
            assert type(record.event).__name__ == kind
            assert _holds(msgspec.to_builtins(record.event), body)
        assert int(journal.next_service_id(), 36) == int(facts["service_ids"][-1], 36) + 1
        assert journal.open_sales() == ["t1", "s2"]
        assert journal.last_number(Series.SALE) == 2


def _holds(now: Any, then: Any) -> bool:
    """Whether all that was recorded is there; fields added since then may be there too."""
    if isinstance(then, dict):
        return all(name in now and _holds(now[name], value) for name, value in then.items())
    if isinstance(then, list):
        return len(now) == len(then) and all(map(_holds, now, then))
    return bool(now == then)
