"""A release's manifest: what it is, signed by its supplier, held against what is installed here.

Reference:
    `Manifest` is the whole of the format; `kiosk release pack` writes it.
"""

import re
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.app.update.formats import JournalFormat, format_of_this_build, unreadable

ABOUT: Final = b"selvkasse release manifest v1\n"
"""What is signed begins so: a declaration, an order or a notice never passes for a manifest."""
MANIFEST_BYTES_MAX: Final = 100_000
PACKAGE_BYTES_MAX: Final = 1_000_000_000
KEYS: Final = Path(__file__).with_name("release_keys.txt")
_VERSION: Final = r"^[0-9][0-9A-Za-z.+-]{0,60}$"
"""It becomes the name of a folder."""
_FILE: Final = r"^[0-9A-Za-z][0-9A-Za-z.+_-]{0,120}$"
_SHA256: Final = r"^[0-9a-f]{64}$"


class UpdateRefused(Exception):
    """It is not taken, and nothing was changed. The message says why."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a supplier says of one release, for one kind of machine."""

    product: str
    version: str
    counter: int
    """One more with each release, for ever: an older one is never taken, however well signed."""
    machine: str
    """As `platform.machine()` says it: "x86_64", "aarch64"."""
    python: str
    """The Python that its packages are built for, e.g. "3.11"."""
    package: str
    """The file's name, beside the manifest."""
    size_bytes: int
    sha256: str
    journal: JournalFormat
    system_digest: str
    """Of units, rules and Debian packages: where it changes, a person installs."""
    released_at: str


class Signed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A manifest as it is published. The signature is over its bytes as they stand here."""

    manifest: msgspec.Raw
    public_key: str
    signature: str


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """What is installed, as far as it decides what is taken."""

    counter: int
    machine: str
    python: str
    failed: tuple[str, ...] = ()


def trusted_keys(path: Path = KEYS) -> frozenset[str]:
    """Return the keys whose releases the installed version takes.

    Raises:
        UpdateRefused: the list has a line that is no key.
    """
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    keys = frozenset(line.lower() for line in lines if line)
    for key in keys:
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        except ValueError as error:
            raise UpdateRefused(f"{path}: {key!r} is no Ed25519 public key") from error
    return keys


def sign(manifest: Manifest, key: Ed25519PrivateKey) -> bytes:
    """Return the file to publish."""
    body = msgspec.json.encode(manifest)
    signed = Signed(
        manifest=msgspec.Raw(body),
        public_key=key.public_key().public_bytes_raw().hex(),
        signature=key.sign(ABOUT + body).hex(),
    )
    return msgspec.json.encode(signed)


def read(published: bytes, keys: frozenset[str]) -> Manifest:
    """Return what a published manifest says, if one of `keys` signed it.

    Raises:
        UpdateRefused: it is unsigned, changed, signed by another, or no manifest of ours.
    """
    if not keys:
        raise UpdateRefused("this build lists no release keys, so it takes nobody's releases")
    if len(published) > MANIFEST_BYTES_MAX:
        raise UpdateRefused(f"{len(published)} bytes are no manifest")
    try:
        signed = msgspec.json.decode(published, type=Signed)
        if signed.public_key not in keys:
            raise UpdateRefused("the manifest is signed by a key that this build does not know")
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signed.public_key))
        body = bytes(signed.manifest)
        key.verify(bytes.fromhex(signed.signature), ABOUT + body)
        manifest = msgspec.json.decode(body, type=Manifest)
    except InvalidSignature as error:
        raise UpdateRefused("the manifest's signature is wrong") from error
    except (ValueError, msgspec.DecodeError) as error:
        raise UpdateRefused(f"it is no manifest: {error}") from error
    _demand_sane(manifest)
    return manifest


def _demand_sane(manifest: Manifest) -> None:
    names = ((manifest.version, _VERSION), (manifest.package, _FILE), (manifest.sha256, _SHA256))
    for value, pattern in names:
        if not re.match(pattern, value):
            raise UpdateRefused(f"the manifest has {value!r} where that cannot stand")
    if not 0 < manifest.size_bytes <= PACKAGE_BYTES_MAX or manifest.counter < 1:
        raise UpdateRefused("the manifest's size or counter cannot be")


def demand_fit(manifest: Manifest, here: Here) -> None:
    """Refuse a release that is not for this machine at this time.

    Raises:
        UpdateRefused: it is older, failed here before, is for another machine, or writes what the
            installed version could not read after a return.
    """
    if manifest.product != "selvkasse":
        raise UpdateRefused(f"it is a release of {manifest.product!r}")
    if manifest.counter <= here.counter:
        raise UpdateRefused(
            f"release {manifest.counter} ({manifest.version}) is not newer than {here.counter}"
        )
    if manifest.version in here.failed:
        raise UpdateRefused(f"version {manifest.version} has failed its trial here")
    if (manifest.machine, manifest.python) != (here.machine, here.python):
        raise UpdateRefused(
            f"it is for {manifest.machine} with Python {manifest.python}; "
            f"this is {here.machine} with {here.python}"
        )
    strange = unreadable(manifest.journal, format_of_this_build())
    if strange:
        raise UpdateRefused(
            "there would be no way back: it writes into the journal what this version cannot "
            f"read: {', '.join(strange)}. First comes a release that reads it"
        )
