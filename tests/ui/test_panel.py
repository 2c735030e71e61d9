"""The panel's own error is taken out of touches of the glass, once for each."""

from types import SimpleNamespace

import pytest

from kiosk.ui.panel import PanelMap

SHIFTED = (1.0, 0.0, 0.1, 0.0, 1.0, -0.2)
"""A tenth to the right, a fifth up; y counts from the top."""


def test_the_beginning_and_the_moves_are_mapped_and_the_end_stays() -> None:
    panel = PanelMap()
    panel.by = SHIFTED
    touch = SimpleNamespace(is_touch=True, sx=0.5, sy=0.5)
    panel.process([("begin", touch)])
    assert (touch.sx, touch.sy) == pytest.approx((0.6, 0.7))
    panel.process([("end", touch)])
    assert (touch.sx, touch.sy) == pytest.approx((0.6, 0.7))
    touch.sx, touch.sy = 0.2, 0.2
    panel.process([("update", touch)])
    assert (touch.sx, touch.sy) == pytest.approx((0.3, 0.4))


def test_what_is_no_touch_is_left_alone() -> None:
    panel = PanelMap()
    panel.by = SHIFTED
    key = SimpleNamespace(is_touch=False, sx=0.5, sy=0.5)
    assert panel.process([("begin", key)]) == [("begin", key)]
    assert key.sx == 0.5
