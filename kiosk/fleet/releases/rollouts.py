"""Roll-outs: begun by a person, carried on by the server, announced to each kiosk, retained."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row as DbRow
from sqlalchemy import func, insert, select, update

from kiosk.fleet.access.audit import record
from kiosk.fleet.access.rights import Caller
from kiosk.fleet.api.more_types import NewRollout, Rollout, RolloutStage, SnapshotKind
from kiosk.fleet.live.feed import Feed
from kiosk.fleet.live.picture import Picture
from kiosk.fleet.live.watcher import Watcher
from kiosk.fleet.releases.deltas import Deltas
from kiosk.fleet.releases.snapshots import Snapshots
from kiosk.fleet.releases.stages import (
    DONE,
    PAUSED,
    RUNNING,
    STOPPED,
    Plan,
    Stage,
    advance,
    progress_of,
    stages_from,
    wanted_versions,
)
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import EPOCH, text_of, us_of
from kiosk.telemetry.messages import Announce, Notice
from kiosk.telemetry.signing import OrderSigner
from kiosk.telemetry.topics import Address

R = t.rollout.c
STEPS: Final = {"pause": PAUSED, "resume": RUNNING, "stop": STOPPED}
FROM: Final = {"pause": {RUNNING}, "resume": {PAUSED, STOPPED}, "stop": {RUNNING, PAUSED}}


class RolloutRefused(Exception):
    """It cannot be done now. The message says why."""


class NoSuchRollout(Exception):
    """There is none by that number."""


class Rollouts:
    """Begins, carries on and announces roll-outs."""

    def __init__(
        self,
        database: Database,
        snapshots: Snapshots,
        picture: Picture,
        feed: Feed,
        watcher: Watcher,
        signer: OrderSigner,
        public_url: str,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._snapshots = snapshots
        self._picture = picture
        self._feed = feed
        self._watcher = watcher
        self._signer = signer
        self._public_url = public_url
        self._now = now
        self.deltas = Deltas(database, snapshots, self._url_of)
        self._announced: dict[str, tuple[tuple[str, str], ...]] = {}
        self.told: dict[str, datetime] = {}
        """Kiosks that were told of a version that they do not run, and since when."""

    # --- people ----------------------------------------------------------------------------------

    def start(self, asked: NewRollout, *, by: Caller) -> Rollout:
        """Begin one.

        Raises:
            RolloutRefused: no such version, or another of its kind and tenant is on its way.
        """
        if self._snapshots.find(asked.kind, asked.version) is None:
            raise RolloutRefused(f"there is no {asked.kind.value} {asked.version}")
        groups = list(dict.fromkeys(asked.groups))
        if "*" in groups[:-1]:
            raise RolloutRefused('"*" stands for all that are left and comes last')
        return self._begin(asked, groups, by)

    def _begin(self, asked: NewRollout, groups: Sequence[str], by: Caller) -> Rollout:
        of_tenant = [row for row in self._picture.rows() if row["tenant"] == asked.tenant]
        self.deltas.make(asked.kind, asked.version, of_tenant)
        now_us = us_of(self._now())
        same = (R.kind == asked.kind.value, R.tenant == asked.tenant)
        with self._database.write() as db:
            busy = select(func.count()).where(*same, R.state.in_([RUNNING, PAUSED]))
            if db.execute(busy).scalar_one():
                raise RolloutRefused("another one of this kind is on its way: stop it first")
            before = select(R.version).where(*same).order_by(R.id.desc()).limit(1)
            values = {
                "kind": asked.kind.value,
                "version": asked.version,
                "previous": db.execute(before).scalar_one_or_none() or "",
                "tenant": asked.tenant,
                "state": RUNNING,
                "stages": [asdict(Stage(group)) for group in groups],
                "worse_percent_max": asked.worse_percent_max,
                "soak_minutes": asked.soak_minutes,
                "started_by": by.user.name,
                "started_us": now_us,
                "changed_us": now_us,
            }
            made = db.execute(insert(t.rollout).values(**values).returning(R.id)).scalar_one()
            record(db, now_us, "rollout_started", asked.version, by=by, rollout=made)
        self.tick()
        return self.one(made)

    def step(self, rollout_id: int, step: str, *, by: Caller) -> Rollout:
        """Pause, resume, stop, or go `back` to the version before, at once and everywhere.

        Raises:
            NoSuchRollout: none by that number.
            RolloutRefused: not from the state that it is in, or no such step.
        """
        if step not in (*STEPS, "back"):
            raise RolloutRefused("expected pause, resume, stop or back")
        now_us = us_of(self._now())
        with self._database.write() as db:
            row = db.execute(select(t.rollout).where(R.id == rollout_id)).one_or_none()
            if row is None:
                raise NoSuchRollout(str(rollout_id))
            allowed = FROM.get(step, {RUNNING, PAUSED, STOPPED, DONE})
            if row.state not in allowed:
                raise RolloutRefused(f"it is {row.state}")
            if step == "back" and row.kind == SnapshotKind.SOFTWARE:
                raise RolloutRefused(
                    "no kiosk takes an older release: roll out a new one, with a higher counter"
                )
            if step == "back" and not row.previous:
                raise RolloutRefused("there is no version before it")
            state = STEPS.get(step, STOPPED)
            change = {"state": state, "reason": f"{step} by {by.user.name}", "changed_us": now_us}
            db.execute(update(t.rollout).where(R.id == rollout_id).values(**change))
            record(db, now_us, f"rollout_{step}", row.version, by=by, rollout=rollout_id)
        if step == "back":
            asked = NewRollout(
                kind=SnapshotKind(row.kind),
                version=row.previous,
                tenant=row.tenant,
                soak_minutes=0,
                worse_percent_max=100,
            )
            return self._begin(asked, ["*"], by)
        self.tick()
        return self.one(rollout_id)

    def newest(self, limit: int) -> list[Rollout]:
        """Return roll-outs, newest first."""
        with self._database.read() as db:
            rows = db.execute(select(t.rollout).order_by(R.id.desc()).limit(limit)).all()
        return self._with_progress(rows)

    def one(self, rollout_id: int) -> Rollout:
        """Return one; NoSuchRollout when there is none."""
        with self._database.read() as db:
            rows = db.execute(select(t.rollout).where(R.id == rollout_id)).all()
        if not rows:
            raise NoSuchRollout(str(rollout_id))
        return self._with_progress(rows)[0]

    # --- the server ------------------------------------------------------------------------------

    def tick(self) -> None:
        """Carry roll-outs on by what kiosks report, and announce what is to be announced."""
        now_us = us_of(self._now())
        kiosks, bad_since = self._picture.rows(), self._bad_since()
        changed = []
        with self._database.write() as db:
            plans = [_plan(row) for row in db.execute(select(t.rollout).order_by(R.id))]
            for place, plan in enumerate(plans):
                after = advance(plan, progress_of(plan, kiosks, bad_since), now_us)
                if after == plan:
                    continue
                plans[place] = after
                changed.append(plan.id)
                values = {
                    "state": after.state,
                    "reason": after.reason,
                    "stages": [asdict(stage) for stage in after.stages],
                    "changed_us": now_us,
                }
                db.execute(update(t.rollout).where(R.id == plan.id).values(**values))
                if after.state != plan.state:
                    record(db, now_us, f"rollout_{after.state}", plan.version, rollout=plan.id)
        self._announce(wanted_versions(plans, kiosks), {row["key"]: row for row in kiosks})
        for rollout_id in changed:
            self._feed.say("rollouts", self.one(rollout_id).model_dump(mode="json"))

    def _announce(
        self, wanted: dict[str, dict[str, tuple[str, int]]], kiosks: dict[str, dict[str, Any]]
    ) -> None:
        told: dict[str, datetime] = {}
        # Thousands are told the same: looked up and signed once.
        messages: dict[tuple[tuple[str, str], ...], Announce] = {}
        for key, kinds in wanted.items():
            for kind, (version, since_us) in kinds.items():
                if kiosks[key][kind] != version:
                    since = EPOCH + timedelta(microseconds=since_us)
                    told[key] = min(since, told.get(key, since))
            content = tuple(sorted((kind, version) for kind, (version, _) in kinds.items()))
            if self._announced.get(key) != content:
                if content not in messages:
                    notices = [notice for one in content if (notice := self._notice(*one))]
                    messages[content] = self._signer.announce(notices, self._now().isoformat())
                address = Address.parse(key)
                self._watcher.announce(
                    address.tenant, address.store, address.kiosk, messages[content]
                )
                self._announced[key] = content
        self.told = told
        self._picture.set_updating(set(told))

    def _notice(self, kind: str, version: str) -> Notice | None:
        found = self._snapshots.find(SnapshotKind(kind), version)
        if found is None:
            return None
        return Notice(
            what=kind,
            version=version,
            url=self._url_of(found.sha256),
            sha256=found.sha256,
            size_bytes=found.size_bytes,
            deltas=self.deltas.to(found.sha256),
        )

    def _url_of(self, sha256: str) -> str:
        return f"{self._public_url}/snapshots/{sha256}"

    def _bad_since(self) -> dict[str, int]:
        a = t.alert.c
        query = select(a.key, func.max(a.opened_us).label("us")).where(
            a.severity == "bad", a.key != "", a.state != "closed"
        )
        with self._database.read() as db:
            return {row.key: row.us for row in db.execute(query.group_by(a.key))}

    def _with_progress(self, rows: Sequence[DbRow[Any]]) -> list[Rollout]:
        kiosks, bad_since = self._picture.rows(), self._bad_since()
        return [_rollout(row, kiosks, bad_since) for row in rows]


def _plan(row: DbRow[Any]) -> Plan:
    return Plan(
        id=row.id,
        kind=row.kind,
        version=row.version,
        previous=row.previous,
        tenant=row.tenant,
        state=row.state,
        stages=stages_from(row.stages),
        worse_percent_max=row.worse_percent_max,
        soak_minutes=row.soak_minutes,
        reason=row.reason,
        changed_us=row.changed_us,
    )


def _rollout(
    row: DbRow[Any], kiosks: Sequence[dict[str, Any]], bad_since: dict[str, int]
) -> Rollout:
    plan = _plan(row)
    progress = progress_of(plan, kiosks, bad_since)
    stages = [
        RolloutStage(
            group=stage.group,
            target=far.target,
            applied=far.applied,
            worse=far.worse,
            state=stage.state,
        )
        for stage, far in zip(plan.stages, progress, strict=True)
    ]
    return Rollout(
        id=row.id,
        kind=SnapshotKind(row.kind),
        version=row.version,
        previous=row.previous,
        tenant=row.tenant,
        state=row.state,
        reason=row.reason,
        stages=stages,
        worse_percent_max=row.worse_percent_max,
        soak_minutes=row.soak_minutes,
        started_by=row.started_by,
        started_at=text_of(row.started_us),
        changed_at=text_of(row.changed_us),
    )
