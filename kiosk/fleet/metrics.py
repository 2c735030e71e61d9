"""Figures of the server itself and of its fleet, for Prometheus, at /metrics.

No secrets and no people; still, how much is sold is nobody's business: only addresses in
`http.metrics_from` are answered, this machine by default (deploy/prometheus).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from kiosk.fleet.api.types import Condition
from kiosk.fleet.server import Fleet

router = APIRouter()
NOT_CHANNELS: Final = frozenset(
    {"rows", "stored", "batches", "junk", "bad_topic", "other_major", "refused", "dropped"}
    | {"database_down"}
)
LOST_REASONS: Final = ("junk", "bad_topic", "other_major", "refused", "dropped")


@router.get("/metrics", response_class=Response, include_in_schema=False)
def read(request: Request) -> Response:
    """Return all figures in Prometheus' text format, to those who may have them."""
    fleet: Fleet = request.app.state.fleet
    asked_by = request.client.host if request.client else ""
    # What a proxy on this machine passes on comes from elsewhere, whatever its address.
    passed_on = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    if asked_by not in fleet.config.http.metrics_from or passed_on:
        return Response(status_code=404)
    registry = CollectorRegistry()
    registry.register(FleetCollector(fleet))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class FleetCollector(Collector):
    """Reads the figures at the moment they are asked for."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        fleet = self._fleet
        yield from _kiosks(fleet.picture.rows())
        yield from _calls(fleet.picture.calls(None), fleet.now())
        yield from _ingest(dict(fleet.counts))
        gauges = {
            "selvkasse_streams_open": ("Pages that listen.", fleet.feed.listeners),
            "selvkasse_broker_connected": (
                "1 while the server hears the broker.",
                int(fleet.watcher.connected.is_set()),
            ),
            "selvkasse_updates_waiting": (
                "Kiosks that were told of a version they do not run.",
                len(fleet.rollouts.told),
            ),
        }
        for name, (words, value) in gauges.items():
            yield GaugeMetricFamily(name, words, value)
        counters = {
            "selvkasse_round_failures": ("Rounds that failed.", fleet.rounds.failures),
            "selvkasse_letters_sent": ("Mails and webhooks that were taken.", fleet.letters.sent),
            "selvkasse_letters_failed": ("Mails and webhooks given up.", fleet.letters.failed),
        }
        for name, (words, value) in counters.items():
            yield CounterMetricFamily(name, words, value)


class _Counts(Collector):
    """A worker's own figures."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """Yield what was read, stored and dropped."""
        yield from _ingest(dict(self._counts))


def serve_counts(counts: Mapping[str, int], port: int) -> None:
    """Serve a worker's figures on a port of this machine, from a thread of its own."""
    registry = CollectorRegistry()
    registry.register(_Counts(counts))
    start_http_server(port, "127.0.0.1", registry)


def _kiosks(rows: Sequence[Mapping[str, Any]]) -> Iterator[Metric]:
    conditions = Counter(row["condition"] for row in rows)
    family = GaugeMetricFamily("selvkasse_kiosks", "Kiosks by condition.", labels=["condition"])
    for condition in Condition:
        family.add_metric([condition.value], conditions[condition.value])
    yield family
    sales = sum(row["sales_today"] for row in rows)
    yield GaugeMetricFamily("selvkasse_sales_today", "Paid sales since midnight.", sales)
    versions = Counter(row["software"] for row in rows)
    family = GaugeMetricFamily("selvkasse_software", "Kiosks by version.", labels=["version"])
    for version, count in versions.most_common(50):
        family.add_metric([version], count)
    yield family


def _calls(calls: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[Metric]:
    yield GaugeMetricFamily("selvkasse_calls_open", "Shoppers that wait for staff.", len(calls))
    waits = [(now - datetime.fromisoformat(call["raised_at"])).total_seconds() for call in calls]
    longest = max(waits, default=0.0)
    yield GaugeMetricFamily("selvkasse_call_longest_seconds", "The longest wait.", longest)


def _ingest(counts: Mapping[str, int]) -> Iterator[Metric]:
    came = CounterMetricFamily("selvkasse_messages", "Messages read.", labels=["channel"])
    for name, value in sorted(counts.items()):
        if name not in NOT_CHANNELS:
            came.add_metric([name], value)
    yield came
    lost = CounterMetricFamily("selvkasse_messages_dropped", "Messages dropped.", labels=["reason"])
    for reason in LOST_REASONS:
        lost.add_metric([reason], counts.get(reason, 0))
    yield lost
    rows = counts.get("rows", 0)
    yield CounterMetricFamily("selvkasse_journal_rows", "Rows of journals stored.", rows)
    down = counts.get("database_down", 0)
    yield CounterMetricFamily("selvkasse_database_down", "Tries that found no database.", down)
