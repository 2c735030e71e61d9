"""Making a release: one file with all its packages, the list of its parts, a signed manifest."""

import hashlib
import platform
import sysconfig
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.app.update.build import CARRIED
from kiosk.app.update.formats import format_of_this_build
from kiosk.app.update.manifest import Manifest, Signed, sign
from kiosk.telemetry.release_bundle import name_of

BUNDLE_END = ".release"
"""Of the one file for the fleet's server."""


def pack(
    tree: Path, parts: Path, out: Path, *, key: Ed25519PrivateKey, version: str, counter: int,
    system_digest: str,
) -> Path:  # fmt: skip
    """Write package and manifest into `out` and return the manifest's file.

    `tree` is the source tree; `parts` has `wheels/` and `sbom.cdx.json`, made for this machine.

    Raises:
        FileNotFoundError: a part is missing.
    """
    machine = platform.machine()
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"selvkasse-{version}-{machine}.zip"
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in _members(tree, parts):
            archive.write(path, name)
    with package.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    manifest = Manifest(
        product="selvkasse",
        version=version,
        counter=counter,
        machine=machine,
        python=sysconfig.get_python_version(),
        package=package.name,
        size_bytes=package.stat().st_size,
        sha256=digest,
        journal=format_of_this_build(),
        system_digest=system_digest,
        released_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    published = out / name_of(machine)
    published.write_bytes(sign(manifest, key))
    bundle(out / f"selvkasse-{version}-{machine}{BUNDLE_END}", [published])
    return published


def bundle(target: Path, manifests: Sequence[Path]) -> Path:
    """Write one file for the fleet's server: manifests, and the packages beside them.

    One for each kind of machine, of one version; a kiosk takes its own.

    Raises:
        FileNotFoundError: a package does not lie beside its manifest.
        ValueError: the manifests are of several versions, or one is none.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        versions = set()
        for path in manifests:
            signed = msgspec.json.decode(path.read_bytes(), type=Signed)
            manifest = msgspec.json.decode(signed.manifest, type=Manifest)
            versions.add(manifest.version)
            archive.write(path, name_of(manifest.machine))
            archive.write(path.with_name(manifest.package), manifest.package)
    if len(versions) != 1:
        target.unlink()
        raise ValueError(f"of one version, not of {', '.join(sorted(versions))}")
    return target


def _members(tree: Path, parts: Path) -> Iterator[tuple[str, Path]]:
    wheels = sorted((parts / "wheels").glob("*.whl"))
    if not any(path.name.startswith("selvkasse-") for path in wheels):
        raise FileNotFoundError(f"{parts / 'wheels'} lacks the wheel of the program itself")
    for path in wheels:
        yield f"wheels/{path.name}", path
    yield "sbom.cdx.json", parts / "sbom.cdx.json"
    for name in CARRIED:
        whole = tree / name
        if whole.is_file():
            yield name, whole
        for path in sorted(whole.rglob("*")) if whole.is_dir() else ():
            if path.is_file() and "__pycache__" not in path.parts:
                yield str(path.relative_to(tree)), path
