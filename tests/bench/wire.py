"""The kiosk's voice on a real broker: rows a second, and how long a call and an order take."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.app.broker import Broker, mosquitto
from kiosk.engine.clock import SystemClock
from kiosk.engine.view import Screen, View, WaitingView
from kiosk.journal import Journal
from kiosk.sale.events import Interest, PriceLookedUp, SaleStarted
from kiosk.telemetry.feed import ROWS_PER_S
from kiosk.telemetry.topics import Channel
from tests.bench.budget import Figure, percentile, spread
from tests.telemetry.far_end import KIOSK_ID, Pki, Store, Voice

ROWS = 20_000
TURNS = 300
PATIENCE_S = 60.0
AT = "2026-11-21T12:00:00.000000+00:00"


def wire_figures(out: Path) -> Iterator[Figure]:
    """Measure one kiosk with its own thread, one broker, one store; nothing where none is."""
    if mosquitto() is None:
        return
    with TemporaryDirectory(dir=out) as name:
        folder = Path(name).resolve()
        pki = Pki(folder / "pki")
        with Broker(folder / "broker", pki.broker) as broker, _journal(folder):
            store = Store(pki, broker)
            voice = Voice(pki, pki.endpoint(broker), folder, SystemClock(), rows_per_s=10**6)
            voice.publisher.start()
            began = time.perf_counter()
            _wait(store, lambda: store.heard_rows >= ROWS)
            us = (time.perf_counter() - began) / ROWS * 1e6
            yield Figure(
                what="a row from the journal to the store, unbounded",
                value=us,
                unit="us",
                budget=1e6 / ROWS_PER_S,
                detail=f"{1e6 / us:,.0f} rows/s; {ROWS_PER_S} rows/s are allowed, {ROWS} rows",
            )
            calls = list(_calls(voice, store))
            yield Figure(
                what="a shopper's call to the store, p99",
                value=percentile(calls, 99),
                unit="ms",
                budget=100,
                detail=spread(calls),
            )
            orders = list(_orders(store))
            yield Figure(
                what="an order and its reply, p99",
                value=percentile(orders, 99),
                unit="ms",
                budget=100,
                detail=f"{spread(orders)}; signature, memory on disk (fsync) and reply",
            )
            voice.publisher.stop()
            voice.die()
            store.close()


def _journal(folder: Path) -> Journal:
    journal = Journal.open(folder / "journal.sqlite", kiosk_id=KIOSK_ID)
    event = PriceLookedUp(at_utc=AT, product_id="4011", article_group="04006", price_minor=2690)
    start = SaleStarted(at_utc=AT, sale_id="s", kiosk_id=KIOSK_ID, currency="NOK")
    journal.append("s", 1, [start])
    for first in range(2, ROWS + 1, 1000):
        journal.append("s", first, [event] * min(1000, ROWS + 1 - first))
    return journal


def _calls(voice: Voice, store: Store) -> Iterator[float]:
    view = View(seq=1, screen=Screen.SCAN)
    for turn in range(TURNS):
        call = WaitingView(id=f"call-{turn}", kind=Interest.HELP, raised_at=AT)
        before = store.counts[Channel.INTERVENTION]
        began = time.perf_counter()
        voice.slot.show(replace(view, seq=turn + 2, waiting=(call,)))
        _wait(store, lambda: store.counts[Channel.INTERVENTION] > before)  # noqa: B023
        yield (time.perf_counter() - began) * 1000


def _orders(store: Store) -> Iterator[float]:
    for _ in range(TURNS):
        before = store.counts[Channel.REPLY]
        began = time.perf_counter()
        store.command(store.order(SystemClock(), "logs", args={"lines": 1}))
        _wait(store, lambda: store.counts[Channel.REPLY] > before)  # noqa: B023
        took = time.perf_counter() - began
        yield took * 1000
        time.sleep(max(0.0, 0.06 - took))  # twenty a second are taken, no more


def _wait(store: Store, so: object) -> None:
    with store.changed:
        assert store.changed.wait_for(so, PATIENCE_S), "the store heard nothing"  # type: ignore[arg-type]
