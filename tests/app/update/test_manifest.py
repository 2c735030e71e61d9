"""What is taken and what is refused, whoever signed it."""

import json

import msgspec
import pytest

from kiosk.app.update.formats import JournalFormat, format_of_this_build
from kiosk.app.update.manifest import Here, UpdateRefused, demand_fit, read, sign, trusted_keys

from .far_end import KEYS, OTHER, VERSION, manifest, published

HERE = Here(counter=6, machine=manifest().machine, python=manifest().python)


def test_what_the_supplier_signed_is_read() -> None:
    assert read(published(), KEYS) == manifest()


def test_a_key_that_this_build_does_not_know_signs_nothing() -> None:
    with pytest.raises(UpdateRefused, match="does not know"):
        read(sign(manifest(), OTHER), KEYS)


def test_a_known_key_named_over_anothers_signature_is_found() -> None:
    forged = json.loads(sign(manifest(), OTHER))
    forged["public_key"] = next(iter(KEYS))
    with pytest.raises(UpdateRefused, match="signature is wrong"):
        read(json.dumps(forged).encode(), KEYS)


@pytest.mark.parametrize("field", ["version", "counter", "sha256", "package"])
def test_one_changed_value_breaks_the_signature(field: str) -> None:
    changed = json.loads(published())
    changed["manifest"][field] = 99 if field == "counter" else "9" * 64
    with pytest.raises(UpdateRefused, match="signature is wrong"):
        read(msgspec.json.encode(changed), KEYS)


@pytest.mark.parametrize("junk", [b"", b"{}", b"[]", b"\xff", b'{"manifest":1}', b"x" * 200_000])
def test_junk_is_refused_in_words(junk: bytes) -> None:
    with pytest.raises(UpdateRefused, match="no manifest"):
        read(junk, KEYS)


def test_a_build_that_lists_no_keys_takes_nobodys_releases() -> None:
    with pytest.raises(UpdateRefused, match="nobody's"):
        read(published(), frozenset())


def test_the_shipped_list_is_read_and_a_line_that_is_no_key_is_told(tmp_path) -> None:
    assert trusted_keys() == frozenset()
    listed = tmp_path / "keys.txt"
    listed.write_text(f"# ours\n{next(iter(KEYS))}  # until 2030\n")
    assert trusted_keys(listed) == KEYS
    listed.write_text("abc\n")
    with pytest.raises(UpdateRefused, match="'abc'"):
        trusted_keys(listed)


@pytest.mark.parametrize("version", ["../../etc", "/etc", "", "current", "a/b", "1" * 80])
def test_a_version_that_is_no_name_of_a_folder_is_refused(version: str) -> None:
    with pytest.raises(UpdateRefused, match="cannot stand"):
        read(published(version=version), KEYS)


def test_a_newer_release_for_this_machine_fits() -> None:
    demand_fit(manifest(), HERE)


@pytest.mark.parametrize("counter", [7, 8, 1000])
def test_what_is_not_newer_is_never_taken(counter: int) -> None:
    here = msgspec.structs.replace(HERE, counter=counter)
    with pytest.raises(UpdateRefused, match="not newer"):
        demand_fit(manifest(), here)


def test_a_version_that_failed_its_trial_is_not_taken_again() -> None:
    with pytest.raises(UpdateRefused, match="failed its trial"):
        demand_fit(manifest(), msgspec.structs.replace(HERE, failed=(VERSION,)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"machine": "sparc"}, "for sparc"),
        ({"python": "2.7"}, "Python 2.7"),
        ({"product": "other"}, "'other'"),
    ],
)
def test_a_release_for_something_else_is_refused(change: dict[str, str], words: str) -> None:
    with pytest.raises(UpdateRefused, match=words):
        demand_fit(manifest(**change), HERE)


def test_a_release_that_writes_what_this_one_cannot_read_has_no_way_back() -> None:
    now = format_of_this_build()
    newer = JournalFormat(
        tables=now.tables + 1, events={**now.events, "SaleStarted": 2, "RobotWaved": 1}
    )
    with pytest.raises(UpdateRefused, match=r"tables 2 .*RobotWaved 1, SaleStarted 2 \(here 1\)"):
        demand_fit(manifest(journal=newer), HERE)


def test_a_release_that_writes_less_than_this_one_is_taken() -> None:
    now = format_of_this_build()
    events = dict(list(now.events.items())[1:])
    demand_fit(manifest(journal=JournalFormat(tables=now.tables, events=events)), HERE)
