from kiosk.ui import kivy_setup  # noqa: F401  (before Kivy)

from kivy.config import Config  # isort: skip


def test_one_input_provider_alone_or_every_touch_would_count_twice() -> None:
    assert [name for name, _ in Config.items("input")] == ["mouse"]


def test_a_view_wakes_the_loop_and_an_idle_loop_does_not_burn_a_core() -> None:
    assert Config.get("kivy", "kivy_clock") == "interrupt"
    assert Config.getint("graphics", "maxfps") == 30
