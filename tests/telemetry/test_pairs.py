"""A certificate and its key change together, at whatever moment the power goes."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from cryptography import x509

from kiosk.fleet.authority import Authority, Pair
from kiosk.telemetry.pairs import fit_together, is_due, switch_pair
from kiosk.telemetry.topics import Address

WHO = Address("naermat", "torshov", "kasse-3")


class PowerCut(BaseException):
    """Nothing that the program does comes after this."""


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    authority = Authority.create(tmp_path_factory.mktemp("authority"))
    return [authority.issue_kiosk(WHO) for _ in range(2)]


def cuts(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Let the power go before the change number `at` of the disk."""
    done = count()

    def counted(name: str) -> None:
        real = getattr(Path, name)

        def change(self: Path, *args: object, **named: object) -> object:
            if next(done) == at:
                raise PowerCut
            return real(self, *args, **named)

        monkeypatch.setattr(Path, name, change)

    for name in ("replace", "symlink_to", "mkdir", "unlink"):
        counted(name)


def in_use(folder: Path) -> bytes:
    assert fit_together(folder / "kiosk.pem", folder / "kiosk.key"), "two halves"
    return (folder / "kiosk.pem").read_bytes()


def moments() -> Iterator[int]:
    return iter(range(60))


@pytest.mark.parametrize("plain", [False, True], ids=["behind links", "plain files before"])
def test_a_power_cut_leaves_the_old_pair_or_the_new_one(
    pairs: list[Pair], tmp_path: Path, plain: bool
) -> None:
    old, new = pairs
    seen = set()
    for at in moments():
        folder = tmp_path / str(at)
        folder.mkdir()
        if plain:
            old.write(folder, "kiosk")
        else:
            switch_pair(folder, "kiosk", old.certificate, old.key)
        with pytest.MonkeyPatch.context() as patched:
            cuts(patched, at)
            try:
                switch_pair(folder, "kiosk", new.certificate, new.key)
            except PowerCut:
                seen.add(in_use(folder))
                patched.undo()
                switch_pair(folder, "kiosk", new.certificate, new.key)
                assert in_use(folder) == new.certificate, f"the next try, after a cut at {at}"
                continue
        assert at > 5, "some moments were tried"
        assert in_use(folder) == new.certificate
        break
    else:
        pytest.fail("it never came to its end")
    assert old.certificate in seen
    assert seen <= {old.certificate, new.certificate}


def test_the_key_is_its_owners_alone_and_old_ones_are_gone(
    pairs: list[Pair], tmp_path: Path
) -> None:
    for pair in pairs:
        switch_pair(tmp_path, "kiosk", pair.certificate, pair.key)
    assert (tmp_path / "kiosk.key").stat().st_mode & 0o777 == 0o600
    keys = {path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert pairs[0].key not in keys


@pytest.mark.skipif(os.geteuid() != 0, reason="owners need root")
@pytest.mark.parametrize("plain", [False, True])
def test_what_root_makes_is_the_folders_owners_and_a_strict_umask_hides_no_key_from_its_reader(
    pairs: list[Pair], tmp_path: Path, plain: bool
) -> None:
    folder = tmp_path / "pki"
    folder.mkdir()
    if plain:
        pairs[0].write(folder, "broker")
    os.chown(folder, 12345, 12346)
    before = os.umask(0o077)
    try:
        switch_pair(folder, "broker", pairs[1].certificate, pairs[1].key, mode=0o640, gid=54321)
    finally:
        os.umask(before)
    key = (folder / "broker.key").stat()
    assert (key.st_uid, key.st_gid, key.st_mode & 0o777) == (12345, 54321, 0o640)
    place = (folder / "broker.pair").stat()
    assert (place.st_uid, place.st_mode & 0o777) == (12345, 0o755)
    assert {path.stat().st_uid for path in folder.rglob("*")} == {12345}


def test_a_third_of_its_life_is_left_for_tries(tmp_path: Path) -> None:
    then = datetime(2026, 1, 1, tzinfo=UTC)
    made = Authority.create(tmp_path, now=lambda: then).issue_kiosk(WHO, 90)
    certificate = x509.load_pem_x509_certificate(made.certificate)
    assert not is_due(certificate, then + timedelta(days=59))
    assert is_due(certificate, then + timedelta(days=60, hours=1))
