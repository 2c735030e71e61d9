"""The demonstration's day: beer is sold, whatever the day and hour on which somebody looks."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.app.scenes.hours import OSLO, selling_day
from kiosk.engine.clock import ManualClock
from kiosk.engine.hours import SaleHours
from kiosk.sale.alcohol import STATUTE

NIGHT = datetime(2026, 1, 1, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", range(366))
def test_beer_is_sold_at_the_first_time_and_not_at_the_second(day: int) -> None:
    now = NIGHT + timedelta(days=day)
    opened, closed = selling_day(now)
    assert opened < closed < now, "nothing that the demonstration writes is of the future"
    assert SaleHours((STATUTE,), ManualClock(opened), OSLO).open_now(), opened
    assert not SaleHours((STATUTE,), ManualClock(closed), OSLO).open_now(), closed
