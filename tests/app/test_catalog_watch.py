"""A new catalog is noticed once."""

from pathlib import Path

from kiosk.app.catalog_watch import CatalogWatch
from kiosk.engine.messages import CatalogSwapped, Message


def test_a_catalog_that_takes_the_place_of_another_is_told_once(tmp_path: Path) -> None:
    path, told = tmp_path / "catalog.sqlite", list[Message]()
    path.write_bytes(b"old")
    watch = CatalogWatch(path, lambda message: told.append(message) or True)
    assert not watch.look()
    (tmp_path / "new").write_bytes(b"new")
    (tmp_path / "new").replace(path)
    assert watch.look()
    assert not watch.look()
    assert told == [CatalogSwapped()]


def test_an_engine_that_had_no_room_is_told_again(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"old")
    answers = iter([False, True])
    watch = CatalogWatch(path, lambda _: next(answers))
    (tmp_path / "new").write_bytes(b"new")
    (tmp_path / "new").replace(path)
    assert watch.look()
    assert watch.look()
    assert not watch.look()


def test_a_catalog_that_is_gone_for_a_moment_is_not_news(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"old")
    watch = CatalogWatch(path, lambda _: True)
    path.unlink()
    assert not watch.look()
