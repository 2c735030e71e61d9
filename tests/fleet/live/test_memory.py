"""What the server holds in memory of many kiosks: bounded, and the same in the evening."""

import tracemalloc

from kiosk.fleet.api.types import Role, User
from kiosk.fleet.live.feed import ITEMS_MAX, RING, Feed
from kiosk.fleet.live.picture import Picture
from tests.fleet.words import say_all

MANY = 21_000
FEW = 2_000
"""So many are enough to weigh one."""
KEYS = [f"naermat/butikk-{n % 1_050}/kasse-{n // 1_050}" for n in range(MANY)]


def test_what_is_kept_for_streams_does_not_grow_with_the_fleet_or_the_day() -> None:
    feed = Feed()
    tracemalloc.start()
    try:
        sizes = []
        for turn in range(5):
            for key in KEYS:
                feed.changed(key, {"item_count": turn})
            feed._flush()
            sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert sum(len(frame.items) for frame in feed._frames) <= ITEMS_MAX
    assert sizes[-1] < 1.1 * sizes[2], "full, it stays as large as it is"
    for turn in range(RING + 10):
        feed.say("alerts", {"key": KEYS[0], "id": turn})
    assert len(feed._frames) == RING


def test_who_reads_more_slowly_than_the_fleet_changes_is_told_to_begin_anew() -> None:
    feed = Feed()
    feed.say("alerts", {"key": KEYS[0], "id": 0})
    behind = feed.newest
    for _ in range(4):
        for key in KEYS:
            feed.changed(key, {"item_count": 1})
        feed._flush()
    assert feed.after(behind) is None
    assert feed.number_of(f"{feed.epoch}-{behind}") is None
    missed = feed.after(behind + 3)
    assert missed is not None
    assert [len(frame.items) for frame in missed] == [MANY]
    assert feed.after(feed.newest) == []


def test_the_picture_of_many_weighs_a_few_kilobytes_a_kiosk() -> None:
    tracemalloc.start()
    try:
        picture = Picture(Feed())
        before = tracemalloc.get_traced_memory()[0]
        say_all(picture, KEYS[:FEW])
        once = tracemalloc.get_traced_memory()[0] - before
        say_all(picture, KEYS[:FEW])
        twice = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert once / FEW < 12_000
    assert twice < 1.1 * once, "the same said again takes the place of what was there"
    assert len(picture.rows(User(name="olga", display_name="Olga", role=Role.OPERATOR))) == FEW
