"""The operator's half of the stand-in server: a kiosk's page, figures, charts, alerts, releases."""

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from kiosk.fleet.api import more_types as mt
from kiosk.fleet.api import types as ty

if TYPE_CHECKING:
    from tests.fleet.web.fake import FakeFleet


def a_rollout() -> mt.Rollout:
    """A catalog that the pilot has and the others are getting."""
    from tests.fleet.web.fake import ago

    return mt.Rollout(
        id=1,
        kind=mt.SnapshotKind.CATALOG,
        version="2026-11-22",
        previous="2026-11-20",
        tenant="naermat",
        state="running",
        stages=[
            mt.RolloutStage(group="pilot", target=8, applied=8, state="done"),
            mt.RolloutStage(group="*", target=34, applied=12, worse=1, state="running"),
        ],
        worse_percent_max=5,
        soak_minutes=30,
        started_by="ola",
        started_at=ago(5000),
        changed_at=ago(100),
    )


def add_operator(app: FastAPI, fleet: "FakeFleet") -> None:
    from tests.fleet.web.fake import PNG, ago

    @app.get("/api/kiosks/{t}/{s}/{k}")
    def kiosk(t: str, s: str, k: str) -> Any:
        found = fleet.rows.get(f"{t}/{s}/{k}")
        if found is None:
            return JSONResponse({"code": "no_such_kiosk"}, 404)
        return ty.KioskDetail(
            row=found,
            birth={
                "kiosk_id": "NT-0477-03",
                "started_at": ago(27_000),
                "versions": {
                    "software": "2.4.1",
                    "python": "3.11.2",
                    "os": "Debian 12",
                    "terminal": "1.60",
                },
                "devices": [{"name": n, "kind": n, "protocol": ""} for n in found.devices],
            },
            health={
                "temperature_c": 52.0,
                "disk_free_bytes": 21_000_000_000,
                "disk_total_bytes": 32_000_000_000,
                "rss_bytes": 169_000_000,
                "clock_offset_ms": 3,
                "journal_seq": 18_204,
                "uptime_s": 27_000,
                "certificate_expires_at": ago(-86_400 * 200),
                "journal_verified_at": ago(3600),
                "journal_ok": True,
            },
            stored_seq=18_204,
            journal_seq=18_204,
            outbox_waiting=0,
            screenshot_at=ago(60),
            logs_at=ago(60),
        )

    @app.get("/api/kiosks/{t}/{s}/{k}/events")
    def events(t: str, s: str, k: str) -> ty.EventPage:
        kinds = [
            ("ItemAdded", {"product": {"name": "Oppvaskmiddel 500 ml"}}),
            ("SaleClosed", {}),
            ("InterventionResolved", {"attendant_id": "ingrid", "approved": True}),
            ("InterventionRaised", {"kind": "weight"}),
            ("CopyAsked", {"attendant_id": "ingrid"}),
            ("KioskOpened", {}),
        ]
        rows = [
            ty.EventRow(
                seq=18_204 - i,
                sale_id="s",
                sale_seq=9,
                kind=kind,
                version=1,
                at_utc=ago(i * 400),
                body=body,
            )
            for i, (kind, body) in enumerate(kinds)
        ]
        return ty.EventPage(events=rows)

    @app.get("/api/kiosks/{t}/{s}/{k}/health")
    def health(t: str, s: str, k: str) -> ty.HealthSeries:
        at = [ago((48 - i) * 1800) for i in range(48)]
        warm: list[float | None] = [50 + 3 * math.sin(i / 6) for i in range(48)]
        disk: list[float | None] = [21.6e9 - i * 1.2e7 for i in range(48)]
        clock: list[float | None] = [3 + (i % 5) for i in range(48)]
        series = {"temperature_c": warm, "rss_bytes": [169e6 + i * 4e4 for i in range(48)]}
        series |= {"disk_free_bytes": disk, "clock_offset_ms": clock}
        return ty.HealthSeries(at=at, series=series)

    @app.put("/api/kiosks/{t}/{s}/{k}/group")
    def set_group(t: str, s: str, k: str, asked: mt.GroupChange) -> ty.KioskRow:
        fleet.change(f"{t}/{s}/{k}", group=asked.group)
        return fleet.rows[f"{t}/{s}/{k}"]

    @app.get("/api/kiosks/{t}/{s}/{k}/commands")
    def commands(t: str, s: str, k: str) -> list[ty.CommandStatus]:
        said = [("answered", "done", "screenshot"), ("answered", "not_now", "restart")]
        return [
            ty.CommandStatus(
                id=kind,
                key=f"{t}/{s}/{k}",
                kind=kind,
                state=state,
                verdict=verdict,
                actor="ola",
                issued_at=ago(900 * (i + 1)),
                expires_at=ago(0),
            )
            for i, (state, verdict, kind) in enumerate(said)
        ]

    @app.get("/api/kiosks/{t}/{s}/{k}/logs")
    def logs(t: str, s: str, k: str) -> ty.Logs:
        return ty.Logs(
            at_utc=ago(60), lines=["14:32:07 scanner ready", "14:32:09 <b>sale</b> closed"]
        )

    @app.get("/api/kiosks/{t}/{s}/{k}/screenshot")
    def screenshot(t: str, s: str, k: str) -> Response:
        return Response(PNG, media_type="image/png")

    @app.get("/api/alerts")
    def alerts(state: str = "open") -> list[mt.Alert]:
        return fleet.alerts

    @app.post("/api/alerts/{alert_id}/{step}")
    def step(alert_id: int, step: str) -> mt.Alert:
        [found] = [one for one in fleet.alerts if one.id == alert_id]
        closed = step == "close"
        changed = found.model_copy(
            update={"state": mt.AlertState.CLOSED if closed else mt.AlertState.ACKNOWLEDGED}
            | ({"closed_by": fleet.user.name} if closed else {"acknowledged_by": fleet.user.name})
        )
        fleet.alerts = [changed if one.id == alert_id else one for one in fleet.alerts]
        fleet.push("alerts", [changed])
        return changed

    @app.get("/api/figures")
    def figures() -> mt.Figures:
        spark: list[float | None] = [1, 2, 4, 7, 6, 8, 10, 14, 18, 17, 20, 22]
        down: list[float | None] = [3.6, 3.5, 3.4, 3.5, 3.3, 3.2, 3.1]
        return mt.Figures(
            day="2026-11-22",
            figures=[
                mt.Figure(
                    name="sales",
                    value=41_288_000,
                    unit="minor",
                    currency="NOK",
                    count=4106,
                    spark=spark,
                ),
                mt.Figure(name="help_per_100", value=3.1, unit="count", yesterday=3.5, spark=down),
                mt.Figure(name="help_seconds", value=38, unit="seconds", spark=down),
                mt.Figure(
                    name="weight_alarms",
                    value=0.8,
                    unit="percent",
                    goal=1.0,
                    spark=[1.3, 1.2, 1.25, 1.1, 1.0, 0.95, 0.8],
                ),
            ],
        )

    @app.get("/api/charts/{name}")
    def chart(name: mt.ChartName, days: int = 7, bucket: str = "day") -> mt.Chart:
        if name in {mt.ChartName.REASONS, mt.ChartName.PAYMENT_MIX}:
            labels = (
                ["age", "weight", "help"]
                if name == mt.ChartName.REASONS
                else ["card", "vipps", "klarna"]
            )
            return mt.Chart(
                name=name,
                unit="count",
                labels=labels,
                series=[mt.Series(name="count", values=[61, 40, 22])],
            )
        step_h = 1 if bucket == "hour" else 24
        count = 24 if bucket == "hour" else days
        start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        labels = [
            (start - timedelta(hours=step_h * (count - 1 - i))).isoformat() for i in range(count)
        ]
        values: list[float | None] = [20 + 9 * math.sin(i) for i in range(count)]
        unit = {"sales": "minor", "resolve_seconds": "seconds", "abandonment": "percent"}.get(
            name, "count"
        )
        if unit == "minor":
            values = [None if v is None else v * 100_000 for v in values]
        series = [mt.Series(name=name.value, values=values)]
        if name == mt.ChartName.SALES:
            sold: list[float | None] = [30 + i for i in range(count)]
            series = [
                mt.Series(name="amount_minor", values=values),
                mt.Series(name="count", values=sold),
            ]
        if name == mt.ChartName.RESOLVE_SECONDS:
            p90 = [v and v * 2 for v in values]
            series = [mt.Series(name="median", values=values), mt.Series(name="p90", values=p90)]
        return mt.Chart(
            name=name,
            unit=unit,
            currency="NOK",
            labels=labels,
            series=series,
            limit=25 if unit != "minor" else None,
        )

    @app.get("/api/audit")
    def audit(before: int = 0) -> mt.AuditPage:
        lines = [
            mt.AuditEntry(
                id=2,
                at_utc=ago(20),
                actor="ingrid",
                role="attendant",
                action="verify_journal",
                target="naermat/torshov/kasse-2",
                address="10.0.0.4",
            ),
            mt.AuditEntry(
                id=1,
                at_utc=ago(900),
                actor="ola",
                role="admin",
                action="sign_in",
                target="ola",
                address="10.0.0.9",
            ),
        ]
        return mt.AuditPage(entries=lines)

    @app.get("/api/catalogs")
    def catalogs() -> list[mt.Snapshot]:
        return [
            mt.Snapshot(
                version="2026-11-22",
                kind=mt.SnapshotKind.CATALOG,
                sha256="0" * 64,
                size_bytes=4_100_000,
                note="Ny pris på kaffe",
                uploaded_by="ola",
                uploaded_at=ago(9000),
                running=37,
            )
        ]

    @app.get("/api/rollouts")
    def rollouts() -> list[mt.Rollout]:
        return fleet.rollouts

    @app.post("/api/rollouts/{rollout_id}/{step}")
    def rollout_step(rollout_id: int, step: str) -> mt.Rollout:
        states = {"pause": "paused", "resume": "running", "stop": "stopped"}
        changed = fleet.rollouts[0].model_copy(update={"state": states[step]})
        fleet.rollouts = [changed]
        return changed

    @app.get("/api/users")
    def users() -> list[ty.User]:
        return fleet.people

    @app.post("/api/users", status_code=201)
    def add_user(asked: ty.NewUser) -> ty.User:
        added = ty.User(**asked.model_dump(exclude={"password"}))
        fleet.people.append(added)
        return added

    @app.patch("/api/users/{name}")
    def change_user(name: str, asked: ty.UserChange) -> ty.User:
        change = asked.model_dump(exclude_none=True)
        fleet.asked.append((f"change {name}", change))
        [found] = [one for one in fleet.people if one.name == name]
        changed = found.model_copy(update={k: v for k, v in change.items() if k != "password"})
        fleet.people = [changed if one.name == name else one for one in fleet.people]
        return changed
