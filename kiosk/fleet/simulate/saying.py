"""What a simulated kiosk says of itself."""

from typing import TYPE_CHECKING

from kiosk.telemetry import messages as m

if TYPE_CHECKING:
    from kiosk.fleet.simulate.kiosk import SimulatedKiosk


def birth_of(kiosk: "SimulatedKiosk") -> m.Birth:
    """Return who it is and what it can do."""
    return m.Birth(
        at_utc=kiosk.stamp(),
        kiosk_id=str(kiosk.address),
        till=kiosk.address.kiosk.rpartition("-")[2],
        shop=f"Nærmat {kiosk.address.store.capitalize()}",
        versions=dict(kiosk.versions),
        capabilities=[kind.value for kind in m.CommandKind],
        journal_id=kiosk.diary.journal_id,
        started_at=kiosk.started,
    )


def state_of(kiosk: "SimulatedKiosk", *, online: bool = True, mode: str = "") -> m.State:
    """Return how it stands now."""
    sale = kiosk.sale
    return m.State(
        at_utc=kiosk.stamp(),
        online=online,
        mode=mode or (m.Mode.PAUSED if kiosk.paused else m.Mode.OPEN),
        phase=kiosk.phase,
        sale_id=sale.id if sale else "",
        item_count=len(sale.lines) if sale else 0,
        total_minor=sale.total_minor if sale else 0,
        since_at=kiosk.since,
        waiting=list(kiosk.calls),
        devices={"scanner": "ready", "terminal": "ready", "printer": "ready"},
        paper="ok",
    )


def health_of(kiosk: "SimulatedKiosk") -> m.Health:
    """Return how its machine does."""
    return m.Health(
        at_utc=kiosk.stamp(),
        devices={"scanner": "ready", "terminal": "ready", "printer": "ready"},
        paper="ok",
        disk_free_bytes=48_000_000_000,
        disk_total_bytes=64_000_000_000,
        temperature_c=round(kiosk.random.gauss(52, 2), 1),
        rss_bytes=180_000_000,
        clock_offset_ms=int(kiosk.random.gauss(0, 20)),
        clock_synchronised=True,
        journal_id=kiosk.diary.journal_id,
        journal_seq=len(kiosk.diary.rows),
        outbox_waiting=len(kiosk.diary.waiting),
        journal_ok=True,
        versions=dict(kiosk.versions),
    )
