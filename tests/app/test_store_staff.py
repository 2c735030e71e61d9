"""The demonstration store's people."""

from contextlib import closing
from pathlib import Path

from kiosk.app.store_staff import hire
from kiosk.staff.book import StaffBook, problem_with_pin


def test_people_are_hired_once_and_known_again(tmp_path: Path) -> None:
    people = hire(tmp_path / "staff.sqlite")
    assert [one.name for one in people] == ["Ingrid", "Amir"]
    assert hire(tmp_path / "staff.sqlite") == people
    assert (tmp_path / "staff-cards.json").stat().st_mode & 0o077 == 0


def test_pin_and_badge_let_in_and_differ_from_store_to_store(tmp_path: Path) -> None:
    ingrid, amir = hire(tmp_path / "staff.sqlite")
    assert ingrid.badge != amir.badge
    assert not problem_with_pin(ingrid.pin)
    with closing(StaffBook.open(tmp_path / "staff.sqlite")) as book:
        by_pin = book.with_pin(ingrid.number, ingrid.pin)
        assert by_pin is not None
        assert by_pin == book.with_badge(ingrid.badge)
    (tmp_path / "other").mkdir()
    assert hire(tmp_path / "other" / "staff.sqlite")[0].badge != ingrid.badge


def test_a_staffs_file_of_somebody_elses_is_left_as_it_is(tmp_path: Path) -> None:
    StaffBook.open(tmp_path / "staff.sqlite").close()
    assert hire(tmp_path / "staff.sqlite") == ()
    with closing(StaffBook.open(tmp_path / "staff.sqlite")) as book:
        assert book.people() == ()
