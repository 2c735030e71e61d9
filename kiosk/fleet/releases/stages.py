"""How a roll-out goes on. Pure: kiosks' rows in, the next state out.

A stage is a group of kiosks. All of a running stage are told; when every one of them that is online
runs the version, and has for the soak time, the next begins. Kiosks that got worse (a bad alert
opened since their stage began, or a release that was tried and left again) are counted among those
that took it up: too many, and it stops by itself. Kiosks that are offline are told when they are
back; nobody waits for them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kiosk.fleet.live.rows import Row

REST: Final = "*"
WAITING: Final = "waiting"
RUNNING: Final = "running"
DONE: Final = "done"
PAUSED: Final = "paused"
STOPPED: Final = "stopped"
MINUTE_US: Final = 60_000_000


@dataclass(frozen=True, slots=True)
class Stage:
    """One group's turn."""

    group: str
    state: str = WAITING
    started_us: int = 0
    settled_us: int = 0
    """Since when all that are online run the version; 0 while they do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A roll-out."""

    id: int
    kind: str
    version: str
    previous: str
    tenant: str
    state: str
    stages: tuple[Stage, ...]
    worse_percent_max: int
    soak_minutes: int
    reason: str = ""
    changed_us: int = 0

    def members(self, rows: Iterable[Row]) -> dict[int, list[Row]]:
        """Return the kiosks of each stage; "*" has all that no other stage names."""
        places = {stage.group: place for place, stage in enumerate(self.stages)}
        found: dict[int, list[Row]] = {place: [] for place in places.values()}
        for row in rows:
            if row["tenant"] == self.tenant:
                place = places.get(row["group"] or REST, places.get(REST))
                if place is not None:
                    found[place].append(row)
        return found

    def told(self, rows: Iterable[Row]) -> dict[str, int]:
        """Return the kiosks that have been told of this version, and since when."""
        members = self.members(rows)
        return {
            row["key"]: stage.started_us
            for place, stage in enumerate(self.stages)
            if stage.state != WAITING
            for row in members[place]
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one stage is."""

    target: int = 0
    online: int = 0
    applied: int = 0
    applied_online: int = 0
    worse: int = 0
    returned: int = 0
    """Kiosks, of the worse ones, that took the version up and went back to the one before."""


def progress_of(plan: Plan, rows: Iterable[Row], bad_since: Mapping[str, int]) -> list[Progress]:
    """Return how far each stage is; `bad_since` says when a kiosk's newest bad alert opened."""
    members = plan.members(rows)
    found = []
    for place, stage in enumerate(plan.stages):
        of_stage = members[place]
        runs = [row for row in of_stage if row[plan.kind] == plan.version]
        begun = stage.state != WAITING
        returned = sum(row.get(f"{plan.kind}_failed", "") == plan.version for row in of_stage)
        found.append(
            Progress(
                target=len(of_stage),
                online=sum(row["online"] for row in of_stage),
                applied=len(runs),
                applied_online=sum(row["online"] for row in runs),
                worse=sum(begun and bad_since.get(row["key"], 0) > stage.started_us for row in runs)
                + returned,
                returned=returned,
            )
        )
    return found


def advance(plan: Plan, progress: Sequence[Progress], now_us: int) -> Plan:
    """Return the roll-out a moment later; the same when nothing changes."""
    if plan.state != RUNNING:
        return plan
    applied = sum(one.applied + one.returned for one in progress)
    worse = sum(one.worse for one in progress)
    if worse and 100 * worse > plan.worse_percent_max * applied:
        reason = f"{worse} of {applied} kiosks got worse"
        return replace(plan, state=STOPPED, reason=reason, changed_us=now_us)
    stages = list(plan.stages)
    for place, stage in enumerate(stages):
        if stage.state == DONE:
            continue
        if stage.state == WAITING:
            stages[place] = replace(stage, state=RUNNING, started_us=now_us)
        else:
            stages[place] = _settled(stage, progress[place], plan.soak_minutes, now_us)
        break
    if tuple(stages) == plan.stages:
        return plan
    state = DONE if all(stage.state == DONE for stage in stages) else RUNNING
    return replace(plan, stages=tuple(stages), state=state, changed_us=now_us)


def _settled(stage: Stage, progress: Progress, soak_minutes: int, now_us: int) -> Stage:
    # A stage whose kiosks are all offline has shown nothing, so it does not count as done.
    nothing_shown = progress.target and not progress.applied
    if progress.applied_online < progress.online or nothing_shown:
        return replace(stage, settled_us=0)
    since = stage.settled_us or now_us
    if now_us - since >= soak_minutes * MINUTE_US:
        return replace(stage, state=DONE, settled_us=since)
    return replace(stage, settled_us=since)


def wanted_versions(
    plans: Sequence[Plan], rows: Sequence[Row]
) -> dict[str, dict[str, tuple[str, int]]]:
    """Return for each kiosk and kind the version it was told last, and since when.

    `plans` come oldest first; a later one's word replaces an earlier one's.
    """
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for plan in plans:
        for key, since_us in plan.told(rows).items():
            found.setdefault(key, {})[plan.kind] = (plan.version, since_us)
    return found


def stages_from(stored: Iterable[Mapping[str, Any]]) -> tuple[Stage, ...]:
    """Return stages as the database keeps them."""
    return tuple(Stage(**one) for one in stored)
