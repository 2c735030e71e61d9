"""Record a journal as this version writes it: `python -m tests.journal.record_journal NAME`.

Run once for each version of the tables or of an event's body; what is recorded stays for ever,
so that `test_recorded.py` keeps proving that it can be read.
"""

import json
import sys
from pathlib import Path

import msgspec

from kiosk.journal import Journal
from kiosk.sale.events import Event

from .samples import EVERY_EVENT, completed, item, started

FOLDER = Path(__file__).parents[1] / "data" / "journals"


def _plain(event: Event) -> list[object]:
    return [type(event).__name__, msgspec.to_builtins(event)]


def record(name: str) -> None:
    path = FOLDER / f"{name}.sqlite"
    if path.exists():
        raise SystemExit(f"{path} is recorded already")
    with Journal.open(path, kiosk_id="SCO-03", first_service_number=1) as journal:
        journal.append("s1", 1, EVERY_EVENT)
        journal.append("t1", 1, (started("t1", training=True), completed(1)))
        journal.append("s2", 1, (started("s2"), item(1), completed(2)))
        facts = {
            "journal_id": journal.journal_id,
            "service_ids": [journal.next_service_id(), journal.next_service_id()],
            "events": [_plain(record.event) for record in journal.after(0, 1000)],
            "last_hash": journal.verify().last_hash,
        }
    path.with_name(path.name + ".lock").unlink()
    text = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
    path.with_suffix(".json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    record(sys.argv[1])
