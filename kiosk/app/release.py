"""Whether this program is a declared release: byte for byte what its supplier declared.

In Norway whoever last changes a cash register's software before it reaches a shop is its supplier
and must declare it (kassasystemlova § 4; Skatteetaten's statement of 2 February 2017). So a build
made from this repository is *not* declared, and says so on the screen and on each receipt. A
supplier makes a release by writing `declaration.json` into the program: who declares which version,
and the digest of every file of it, signed by the supplier's key. One changed byte, one file more or
less, and the program is undeclared again; nobody has to remember to switch anything.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PACKAGES: Final = ("kiosk", "drivers")
DECLARATION: Final = Path("kiosk", "declaration.json")
ABOUT: Final = b"selvkasse declaration v1\n"
"""What is signed begins so: a signature over anything else never passes for a declaration."""


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a supplier declares."""

    product: str
    version: str
    supplier: str
    org_number: str
    declared_on: str
    """Local ISO date of the declaration to the tax authority (form RF-1348)."""
    digest: str
    """`digest_of` the program, hexadecimal."""


class Declaration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A statement with its signature, as it lies in the program."""

    statement: Statement
    public_key: str
    """The supplier's Ed25519 key, 64 hexadecimal digits."""
    signature: str
    """Ed25519 over ABOUT and the statement's JSON, 128 hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Release:
    """What this program is."""

    declared: bool
    why: str
    """For the operator: who declared it, or why it is not declared."""
    statement: Statement | None = None


def root_of_program() -> Path:
    """Return the folder in which the packages lie."""
    spec = find_spec("kiosk")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package kiosk has no folder")
    return Path(next(iter(spec.submodule_search_locations))).parent


def digest_of(root: Path, packages: Sequence[str] = PACKAGES) -> str:
    """Return the SHA-256 over the path and content of every file of the program.

    Left out: what Python compiles by itself, and the declaration.
    """
    whole = hashlib.sha256()
    for path in sorted(_files(root, packages), key=lambda one: one.relative_to(root).as_posix()):
        name = path.relative_to(root).as_posix().encode()
        whole.update(len(name).to_bytes(4, "big") + name)
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _files(root: Path, packages: Sequence[str]) -> Iterator[Path]:
    declaration = root / DECLARATION
    for package in packages:
        for path in (root / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and path != declaration:
                yield path


def declare(root: Path, statement: Statement, key: Ed25519PrivateKey) -> Path:
    """Write the declaration of the program under `root` and return its file.

    Raises:
        ValueError: if the statement is about other files than these.
    """
    if statement.digest != digest_of(root):
        raise ValueError("the statement is about other files than the ones that lie here")
    declaration = Declaration(
        statement=statement,
        public_key=key.public_key().public_bytes_raw().hex(),
        signature=key.sign(_signed(statement)).hex(),
    )
    path = root / DECLARATION
    path.write_bytes(msgspec.json.format(msgspec.json.encode(declaration)) + b"\n")
    return path


def release_of(root: Path, version: str) -> Release:
    """Return whether the program under `root` is the declared release of its `version`.

    Hashes every file (60 ms on a small server) only where there is a declaration to hold it to.
    """
    path = root / DECLARATION
    if not path.exists():
        return Release(False, "This build has not been declared by anybody.")
    try:
        declaration = msgspec.json.decode(path.read_bytes(), type=Declaration)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(declaration.public_key))
        key.verify(bytes.fromhex(declaration.signature), _signed(declaration.statement))
    except (OSError, ValueError, msgspec.DecodeError, InvalidSignature) as error:
        what = type(error).__name__ if isinstance(error, InvalidSignature) else str(error)
        return Release(False, f"Its declaration cannot be used: {what}.")
    statement = declaration.statement
    if statement.version != version:
        return Release(False, f"Its declaration is for version {statement.version}, not {version}.")
    if statement.digest != digest_of(root):
        return Release(False, "Its files are not the ones that were declared.")
    return Release(True, f"Declared by {statement.supplier} on {statement.declared_on}.", statement)


@cache
def this_release() -> Release:
    """Return what the running program is. Its files are read once in its life."""
    return release_of(root_of_program(), metadata.version("selvkasse"))


def _signed(statement: Statement) -> bytes:
    return ABOUT + msgspec.json.encode(statement, order="sorted")
