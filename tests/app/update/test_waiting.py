"""When the till makes room for a new version, and what a new version says of itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from kiosk.app.update.guard import Disk, State
from kiosk.app.update.settings import UpdateSection
from kiosk.app.update.waiting import Waiter, installed_at
from kiosk.engine.view import Overlay, Screen, View

ME, NEW = "1.0+me", "1.1+new"
DAY, NIGHT = datetime(2026, 3, 4, 12, 0), datetime(2026, 3, 4, 3, 0)
START = View(screen=Screen.START)


class Till:
    """A waiter with its clock, its disk, and whether it was stopped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.words = folder / "data/update"
        self.words.parent.mkdir()
        self.disk = Disk(folder, self.words)
        self.now_s = 1000.0
        self.at = DAY
        self.stops = 0
        self.waiter = Waiter(
            self.disk,
            self.words,
            ME,
            UpdateSection(),
            stop_till=self._stop,
            local_now=lambda: self.at,
            clock=self,
        )

    def monotonic_ns(self) -> int:
        return round(self.now_s * 1e9)

    def _stop(self) -> None:
        self.stops += 1

    def show(self, view: View) -> None:
        self.waiter.show(view)

    def after(self, seconds: float) -> int:
        self.now_s += seconds
        self.waiter.look()
        return self.stops

    def said(self, name: str) -> str:
        path = self.words / name
        return path.read_text() if path.exists() else ""


@pytest.fixture
def till(tmp_path: Path) -> Till:
    till = Till(tmp_path)
    till.disk.save(State(waiting=NEW, waiting_counter=2))
    return till


def test_by_day_it_waits_for_a_quarter_of_an_hour_without_a_shopper(till: Till) -> None:
    till.show(START)
    assert till.after(14 * 60) == 0
    assert till.after(61) == 1
    assert till.said("stopped-for") == NEW


def test_at_night_two_minutes_are_enough(till: Till) -> None:
    till.at = NIGHT
    till.show(START)
    assert till.after(119) == 0
    assert till.after(2) == 1


BUSY: dict[str, Callable[[], View]] = {
    screen.value: lambda screen=screen: View(screen=screen)  # type: ignore[misc]
    for screen in Screen
    if screen not in (Screen.START, Screen.CLOSED)
} | {"choosing a language": lambda: View(screen=Screen.START, overlay=Overlay.LANGUAGE)}


@pytest.mark.parametrize("name", BUSY)
def test_never_while_anything_but_the_start_screen_stands_there(till: Till, name: str) -> None:
    """A sale is open on each of these, or somebody is at the till."""
    till.at = NIGHT
    till.show(BUSY[name]())
    assert till.after(24 * 3600) == 0


def test_a_word_that_nobody_took_is_not_said_again(till: Till) -> None:
    """Else a till without a guard would stop every quarter of an hour."""
    till.show(START)
    assert till.after(16 * 60) == 1
    assert till.after(16 * 60) == 1


def test_a_shopper_begins_the_wait_anew(till: Till) -> None:
    till.show(START)
    till.after(14 * 60)
    till.show(View(screen=Screen.SCAN))
    till.show(START)
    assert till.after(14 * 60) == 0
    assert till.after(61) == 1


def test_a_start_screen_that_is_drawn_again_does_not(till: Till) -> None:
    till.show(START)
    till.after(14 * 60)
    till.show(replace(START, seq=7))
    assert till.after(61) == 1


def test_nothing_waits_and_nothing_stops(till: Till) -> None:
    till.disk.save(State())
    till.show(START)
    assert till.after(24 * 3600) == 0


def test_a_new_version_that_can_sell_says_so_once_it_has_lived_a_while(till: Till) -> None:
    till.disk.save(State(trial=ME, before="x", starts=1))
    till.show(START)
    till.after(170)
    assert till.said("healthy") == ""
    till.after(20)
    assert till.said("healthy") == ME
    assert till.stops == 0


def test_one_that_proved_itself_makes_room_for_the_next_without_another_start(till: Till) -> None:
    till.disk.save(State(trial=ME, before="x", starts=1, waiting=NEW))
    (till.folder / NEW).mkdir()
    (till.folder / NEW / "complete").touch()
    till.show(View(screen=Screen.OUT_OF_ORDER))
    assert till.after(170) == 0, "not before its own trial is over"
    till.show(START)
    till.after(20)
    assert till.said("healthy") == ME
    assert till.after(15 * 60) == 1
    assert till.said("stopped-for") == NEW


def test_a_new_version_that_cannot_sell_makes_room_for_the_old_one(till: Till) -> None:
    till.disk.save(State(trial=ME, before="x", starts=1))
    till.show(View(screen=Screen.OUT_OF_ORDER))
    assert till.after(14 * 60) == 0
    assert till.after(61) == 1
    assert till.said("sick") == ME
    assert till.said("healthy") == ""


def test_a_device_that_takes_a_minute_to_come_back_is_no_failure(till: Till) -> None:
    till.disk.save(State(trial=ME, before="x", starts=1))
    till.show(View(screen=Screen.OUT_OF_ORDER))
    till.after(300)
    till.show(START)
    till.after(20)
    assert till.said("healthy") == ME


def test_a_developers_tree_has_no_other_versions(tmp_path: Path) -> None:
    prefix = tmp_path / "1.0+x/venv"
    prefix.mkdir(parents=True)
    assert installed_at(prefix) is None
    (tmp_path / "1.0+x/complete").touch()
    (tmp_path / "guard").touch()
    assert installed_at(prefix) == (tmp_path, "1.0+x")
