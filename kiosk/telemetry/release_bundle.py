"""A release as one file, for the fleet to hand on: signed manifests and their packages.

The store's server keeps it and tells kiosks of it; whether it may be installed only the kiosk can
say, which knows the supplier's key. The server looks whether the file is whole and is what it is
called, so that a slip is found by who uploads it, and not at night by a thousand kiosks.
"""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Final

import msgspec

MANIFEST: Final = re.compile(r"selvkasse-([a-z0-9_]{1,20})\.json")
MANIFEST_BYTES_MAX: Final = 100_000
PART_BYTES: Final = 1 << 20
_MACHINES_MAX: Final = 8


class BadBundle(Exception):
    """It is no release. The message says what is wrong with it."""


class _Package(msgspec.Struct, frozen=True):
    version: str
    package: str
    size_bytes: int
    sha256: str


class _Published(msgspec.Struct, frozen=True):
    manifest: _Package


def name_of(machine: str) -> str:
    """Return the name of a machine's manifest, in a bundle and on a supplier's server."""
    return f"selvkasse-{machine}.json"


def manifest_for(bundle: IO[bytes], machine: str) -> bytes:
    """Return the published manifest for a kind of machine, unchecked.

    Raises:
        BadBundle: it is no bundle, or has none for that machine.
    """
    with _opened(bundle) as archive:
        for name in _manifests(archive):
            if name == name_of(machine):
                return archive.read(name)
    raise BadBundle(f"it has nothing for {machine}")


def copy_package(bundle: IO[bytes], name: str, size_bytes: int, target: IO[bytes]) -> str:
    """Write a package out of the bundle and return its SHA-256; never more than `size_bytes`.

    Raises:
        BadBundle: it is not there, or of another size.
    """
    with _opened(bundle) as archive:
        return _copied(archive, name, size_bytes, target)


def demand_whole(bundle: IO[bytes], version: str) -> None:
    """Look through a bundle: each manifest is of this version, each package what it says.

    Raises:
        BadBundle: the first thing that is wrong.
    """
    with _opened(bundle) as archive:
        names = list(_manifests(archive))
        if not 0 < len(names) <= _MACHINES_MAX:
            raise BadBundle("it has no manifest: expected what `kiosk release pack` makes")
        for name in names:
            try:
                said = msgspec.json.decode(archive.read(name), type=_Published).manifest
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise BadBundle(f"{name} is no manifest: {error}") from error
            if said.version != version:
                raise BadBundle(f"it is version {said.version}, and you call it {version}")
            if _copied(archive, said.package, said.size_bytes, None) != said.sha256:
                raise BadBundle(f"{said.package} is not what its manifest says")


def _opened(bundle: IO[bytes]) -> zipfile.ZipFile:
    bundle.seek(0)
    try:
        return zipfile.ZipFile(bundle)
    except zipfile.BadZipFile as error:
        raise BadBundle("it is no release: expected what `kiosk release pack` makes") from error


def _manifests(archive: zipfile.ZipFile) -> Iterator[str]:
    for member in archive.infolist():
        if MANIFEST.fullmatch(member.filename):
            if member.file_size > MANIFEST_BYTES_MAX:
                raise BadBundle(f"{member.filename} is too long for a manifest")
            yield member.filename


def _copied(archive: zipfile.ZipFile, name: str, size_bytes: int, target: IO[bytes] | None) -> str:
    digest, size = hashlib.sha256(), 0
    try:
        member = archive.getinfo(name)
        if member.file_size != size_bytes:
            raise BadBundle(f"{name} has {member.file_size} bytes, its manifest says {size_bytes}")
        with archive.open(member) as package:
            while part := package.read(PART_BYTES):
                size += len(part)
                if size > size_bytes:
                    raise BadBundle(f"{name} is longer than it says")
                digest.update(part)
                if target is not None:
                    target.write(part)
    except KeyError as error:
        raise BadBundle(f"{name} is missing in it") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise BadBundle(f"{name} is damaged: {error}") from error
    return digest.hexdigest()
