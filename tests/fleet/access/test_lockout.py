"""The lock after wrong tries: counted before they are made, and not forgotten at a restart."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from kiosk.fleet.access.lockout import FREE_TRIES, LOCK_S, LOCK_S_MAX, Lockout, place_of
from kiosk.fleet.store.database import Database
from kiosk.fleet.store.tables import wrong_try

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
WHO = "ingrid at 10.0.0.7"


class Time:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


def test_after_five_wrong_tries_the_sixth_waits_also_after_a_restart(database: Database) -> None:
    time = Time()
    assert [Lockout(database, time).try_once(WHO) for _ in range(FREE_TRIES)] == [0] * FREE_TRIES
    assert Lockout(database, time).try_once(WHO) == LOCK_S
    assert Lockout(database, time).try_once("olga at 10.0.0.7") == 0


def test_each_further_try_waits_twice_as_long_and_an_hour_at_most(database: Database) -> None:
    time, waits = Time(), []
    lockout = Lockout(database, time)
    for _ in range(FREE_TRIES - 1):
        lockout.try_once(WHO)
    for _ in range(9):
        assert lockout.try_once(WHO) == 0, "the wait is over"
        waits.append(lockout.try_once(WHO))
        time.at += timedelta(seconds=waits[-1])
    assert waits[:4] == [30, 60, 120, 240]
    assert waits[-1] == LOCK_S_MAX


def test_a_right_password_and_a_day_forget_what_was_wrong(database: Database) -> None:
    time = Time()
    lockout = Lockout(database, time)
    for _ in range(FREE_TRIES):
        lockout.try_once(WHO)
    lockout.right(WHO)
    assert [lockout.try_once(WHO) for _ in range(FREE_TRIES)] == [0] * FREE_TRIES
    time.at += timedelta(days=1, seconds=1)
    assert [lockout.try_once(WHO) for _ in range(FREE_TRIES)] == [0] * FREE_TRIES


def test_many_tries_at_once_are_no_more_than_one_after_the_other(database: Database) -> None:
    lockout = Lockout(database, Time())
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: lockout.try_once(WHO), range(24)))
    assert waits.count(0) == FREE_TRIES


def test_no_name_is_written_down(database: Database) -> None:
    Lockout(database, Time()).try_once("hunter2 hunter2 at 10.0.0.7")
    with database.read() as db:
        rows = db.execute(select(wrong_try)).all()
    assert len(rows) == 1
    assert "hunter2" not in repr(rows)


def test_one_household_with_many_addresses_is_one_place() -> None:
    assert place_of("2001:db8:1:2::1") == place_of("2001:db8:1:2:ffff::9")
    assert place_of("2001:db8:1:2::1") != place_of("2001:db8:1:3::1")
    assert place_of("::ffff:10.0.0.7") == place_of("10.0.0.7") == "10.0.0.7"
    assert place_of("") == ""
