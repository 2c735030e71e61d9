"""What the server does again and again: look for alerts, carry roll-outs on, count, forget."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from kiosk.fleet.alerts.gathering import facts_of, payments_of, second_journals
from kiosk.fleet.alerts.rules import findings
from kiosk.fleet.api.types import CommandKind
from kiosk.fleet.enrolment.told import take_in
from kiosk.fleet.figures.scope import midnight
from kiosk.fleet.figures.today import changed_today
from kiosk.fleet.store.gaps import Gap, gaps_of
from kiosk.fleet.store.retention import prune
from kiosk.fleet.times import SECOND_US, us_of

if TYPE_CHECKING:
    from kiosk.fleet.server import Fleet

log = structlog.get_logger(__name__)

STEP_S: Final = 1.0
SETTLE_S: Final = 10.0
"""After connecting, so long the retained messages may take before anybody is called silent."""
OVERLAP_US: Final = 30 * SECOND_US
RESEND_EVERY_S: Final = 300.0


class Rounds:
    """One thread; each task has its own pace, and one that fails is tried again the next time."""

    def __init__(self, fleet: "Fleet") -> None:
        self._fleet = fleet
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rounds", daemon=True)
        self._tasks: list[tuple[float, Callable[[], None]]] = [
            (2.0, fleet.remember),
            (3.0, self.count_today),
            (5.0, self.look),
            (5.0, fleet.rollouts.tick),
            (5.0, self.hear_authority),
            (60.0, self.mend_gaps),
            (60.0, self.forget),
        ]
        self._due: dict[int, float] = {}
        self._heard_since: datetime | None = None
        self._counted_us = 0
        self._day: datetime | None = None
        self._gaps: dict[str, Gap] = {}
        self._asked: dict[str, float] = {}
        self.failures = 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the task that runs."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10.0)

    def _run(self) -> None:
        while not self._stopping.wait(STEP_S):
            for place, (every_s, task) in enumerate(self._tasks):
                if self._fleet.clock() < self._due.get(place, 0.0):
                    continue
                self._due[place] = self._fleet.clock() + every_s
                try:
                    task()
                except Exception as error:  # a round must not end with one bad answer
                    self.failures += 1
                    log.warning("a round failed", task=task.__name__, why=repr(error)[:300])

    # --- tasks -----------------------------------------------------------------------------------

    def look(self) -> None:
        """Evaluate the rules, write the book of alerts, tell people and screens."""
        fleet, now = self._fleet, self._fleet.now()
        if not fleet.watcher.connected.is_set():
            self._heard_since = None
        elif self._heard_since is None:
            self._heard_since = now
        missing = {gap.key: gap.rows for gap in self._gaps.values()}
        facts = facts_of(
            fleet.picture,
            now,
            self._heard_since,
            payments_of(fleet.db, now),
            missing,
            fleet.rollouts.told,
            second_journals(fleet.db, now),
        )
        opened, closed = fleet.alerts.reconcile(findings(facts, fleet.config.limits, now))
        for alert in (*opened, *closed):
            fleet.feed.say("alerts", alert.model_dump(mode="json"))
        fleet.picture.set_alerts(fleet.alerts.worst())
        fleet.letters.tell(opened)

    def count_today(self) -> None:
        """Bring today's figures in the table up to date."""
        fleet = self._fleet
        day = midnight(fleet.now(), fleet.zone)
        if day != self._day:
            nothing = {"sales_today": 0, "sales_today_minor": 0, "calls_today": 0}
            for row in fleet.picture.rows():
                fleet.picture.set_fields(row["key"], nothing)
            self._day, self._counted_us = day, us_of(day)
        now_us = fleet.now_us()
        for key, figures in changed_today(fleet.db, self._counted_us, us_of(day)).items():
            fleet.picture.set_fields(key, figures)
        self._counted_us = now_us - OVERLAP_US

    def mend_gaps(self) -> None:
        """Ask kiosks once more for rows that did not come, when they did not come twice."""
        fleet = self._fleet
        found = {gap.key: gap for gap in gaps_of(fleet.db, fleet.picture.healths())}
        for key, gap in found.items():
            before = self._gaps.get(key)
            birth, _ = fleet.picture.said(key)
            takes = birth is not None and CommandKind.RESEND.value in birth.capabilities
            due = fleet.clock() >= self._asked.get(key, 0.0)
            if before and before.after_seq == gap.after_seq and takes and due:
                args = {"journal_id": gap.journal_id, "after_seq": gap.after_seq}
                fleet.desk.tell_unasked(key, CommandKind.RESEND, args)
                self._asked[key] = fleet.clock() + RESEND_EVERY_S
        self._gaps = found

    def hear_authority(self) -> None:
        """Put into the audit log what the authority has told."""
        take_in(self._fleet.db, self._fleet.config.told_folder)

    def forget(self) -> None:
        """Delete what is older than the policy says."""
        prune(self._fleet.db, self._fleet.config.retention, self._fleet.now())
