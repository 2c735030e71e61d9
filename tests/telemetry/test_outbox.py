"""The small memory of telemetry: durable, bounded, and begun anew when it cannot be read."""

import random
import sqlite3
from pathlib import Path

from kiosk.telemetry import outbox as boxes
from kiosk.telemetry.backoff import FIRST_S, MOST_S, Backoff
from kiosk.telemetry.outbox import Outbox

AT = "2026-03-02T09:00:00.000000+00:00"


def test_the_place_is_there_in_the_next_life(tmp_path: Path) -> None:
    first = Outbox(tmp_path / "outbox.sqlite", AT)
    first.note_heard("j1", 17, b"hash")
    first.retain("call-1", "sale-1")
    first.close()
    second = Outbox(tmp_path / "outbox.sqlite", "2027-01-01T00:00:00+00:00")
    assert second.heard("j1") == (17, b"hash")
    assert second.heard("another journal") == (0, b"")
    assert second.retained() == {"call-1": "sale-1"}
    assert second.begun_at == AT


def test_an_order_is_taken_once(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite", AT)
    assert outbox.take("order-1")
    outbox.note_verdict("order-1", "done")
    assert not outbox.take("order-1")
    assert outbox.verdict_of("order-1") == "done"
    assert outbox.verdict_of("order-2") == ""


def test_only_an_order_waits_for_the_disk(tmp_path: Path) -> None:
    """The journal's writes on that disk are the shopper's; a place may be lost and told again."""
    outbox = Outbox(tmp_path / "outbox.sqlite", AT)
    said: list[str] = []
    outbox._db.set_trace_callback(said.append)
    outbox.note_heard("j1", 1, b"hash")
    assert not any("FULL" in one for one in said)
    outbox.take("order-1")
    begun, ended = (
        next(n for n, one in enumerate(said) if word in one) for word in ("FULL", "NORMAL")
    )
    assert begun < next(n for n, one in enumerate(said) if "INSERT INTO taken" in one) < ended


def test_no_more_ids_are_kept_than_said(tmp_path: Path, monkeypatch: object) -> None:
    kept = 50
    monkeypatch.setattr(boxes, "IDS_MAX", kept)  # type: ignore[attr-defined]
    outbox = Outbox(tmp_path / "outbox.sqlite", AT)
    for number in range(kept * 3):
        assert outbox.take(f"order-{number}")
    with sqlite3.connect(tmp_path / "outbox.sqlite") as db:
        assert db.execute("SELECT count(*) FROM taken").fetchone() == (kept,)
    assert not outbox.take(f"order-{kept * 3 - 1}"), "the newest are the ones that are kept"


def test_what_cannot_be_read_is_put_aside_and_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    path.write_bytes(b"SQLite format 3\x00" + bytes(range(256)) * 100)
    outbox = Outbox(path, AT)
    assert outbox.begun_at == AT
    assert outbox.take("order-1")
    assert Path(f"{path}.damaged").exists()


def test_waits_double_within_bounds_and_differ_from_kiosk_to_kiosk() -> None:
    waits = {}
    for seed in range(20):
        backoff = Backoff(random.Random(seed))
        waits[seed] = [backoff.next_s() for _ in range(12)]
        for number, wait in enumerate(waits[seed]):
            step = min(MOST_S, FIRST_S * 2**number)
            assert step / 2 <= wait <= step, f"seed {seed}, wait {number}"
        backoff.reset()
        assert backoff.next_s() <= FIRST_S
    assert len({round(one[-1], 3) for one in waits.values()}) == 20
