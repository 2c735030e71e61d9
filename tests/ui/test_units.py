import pytest

from kiosk.ui.units import Box, Glass, Layout, PanelTooSmall


@pytest.mark.parametrize(
    ("glass", "layout"),
    [
        (Glass(1080, 1920, 4.03), Layout.PORTRAIT),  # 21.5 inch
        (Glass(1920, 1080, 4.03), Layout.LANDSCAPE),
        (Glass(1080, 1920, 4.03 * 0.90), Layout.PORTRAIT),  # 24 inch
        (Glass(1280, 800, 4.03 * 0.96), Layout.COMPACT),  # 15.4 inch
        (Glass(1920, 1080, 4.03 * 1.38), Layout.COMPACT),  # 15.6 inch
        (Glass.fitting(1280, 800), Layout.COMPACT),
        (Glass.fitting(540, 960), Layout.PORTRAIT),
    ],
)
def test_the_layout_is_chosen_by_the_units_that_a_panel_has(glass: Glass, layout: Layout) -> None:
    assert glass.layout is layout


def test_a_panel_with_too_few_units_is_refused_with_its_size() -> None:
    with pytest.raises(PanelTooSmall, match=r"units of 0\.248 mm"):
        _ = Glass(800, 480, 4.03).layout


def test_a_unit_is_a_quarter_of_a_millimetre_on_any_panel() -> None:
    assert Glass(1080, 1920, 4.03).px(100) == pytest.approx(100)
    # 100 units are 24.8 mm.
    assert Glass(3000, 3000, 8.0).px(100) / 8.0 == pytest.approx(24.8, abs=0.02)


def test_a_box_is_turned_into_pixels_from_the_bottom_left_on_whole_pixels() -> None:
    assert Glass(1080, 1920).rect_px(Box(10, 20, 30, 40)) == (10, 1860, 30, 40)
    x, y, width, height = Glass(1280, 800, 4.03 * 0.96).rect_px(Box(1.3, 2.7, 33.3, 44.4))
    assert all(float(part).is_integer() for part in (x, y, width, height))


def test_boxes_side_by_side_fill_the_room_between_gaps() -> None:
    columns = Box(44, 0, 992, 100).columns(3, 20)
    assert [round(box.x, 1) for box in columns] == [44, 381.3, 718.7]
    assert columns[-1].right == pytest.approx(1036)
    low, rest = Box(0, 0, 10, 100).take_bottom(30, 5)
    assert (low.y, rest.bottom) == (70, 65)
