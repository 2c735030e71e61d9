"""A build is declared only while it is byte for byte what its supplier declared."""

import shutil
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from kiosk.app.release import (
    DECLARATION,
    Declaration,
    Statement,
    declare,
    digest_of,
    release_of,
    root_of_program,
)
from kiosk.app.release_commands import release_app

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERSION = "1.2.3"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small program."""
    root = tmp_path / "program"
    (root / "kiosk" / "sale").mkdir(parents=True)
    (root / "drivers").mkdir()
    (root / "kiosk" / "sale" / "tax.py").write_text("RATE = 1\n")
    (root / "kiosk" / "words.po").write_text("Hei\n")
    (root / "drivers" / "scale.py").write_text("GRAMS = 1\n")
    return root


@pytest.fixture
def declared(tree: Path) -> Path:
    """The same, declared."""
    declare(tree, statement(tree), KEY)
    return tree


def statement(root: Path, **change: str) -> Statement:
    made = Statement(
        product="Selvkasse",
        version=VERSION,
        supplier="Kasseleverandør AS",
        org_number="999999999",
        declared_on="2026-11-22",
        digest=digest_of(root),
    )
    return msgspec.structs.replace(made, **change)


def test_a_build_from_this_repository_is_not_declared() -> None:
    assert not release_of(root_of_program(), VERSION).declared


def test_what_was_declared_is_declared(declared: Path) -> None:
    release = release_of(declared, VERSION)
    assert release.declared
    assert "Kasseleverandør AS" in release.why


def test_a_copy_elsewhere_and_compiled_files_change_nothing(declared: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(declared, copy)
    (copy / "kiosk" / "__pycache__").mkdir()
    (copy / "kiosk" / "__pycache__" / "tax.cpython-311.pyc").write_bytes(b"x")
    assert release_of(copy, VERSION).declared


def change_a_byte(root: Path) -> None:
    (root / "kiosk" / "sale" / "tax.py").write_text("RATE = 2\n")


def add_a_file(root: Path) -> None:
    (root / "drivers" / "more.py").write_text("")


def take_a_file_away(root: Path) -> None:
    (root / "kiosk" / "words.po").unlink()


def rename_a_file(root: Path) -> None:
    (root / "kiosk" / "words.po").rename(root / "kiosk" / "w.po")


@pytest.mark.parametrize("change", [change_a_byte, add_a_file, take_a_file_away, rename_a_file])
def test_any_change_of_the_files_makes_it_undeclared(declared: Path, change: object) -> None:
    change(declared)  # type: ignore[operator]
    release = release_of(declared, VERSION)
    assert not release.declared
    assert "not the ones that were declared" in release.why


def test_another_version_is_undeclared(declared: Path) -> None:
    assert "1.2.3, not 1.2.4" in release_of(declared, "1.2.4").why


def test_a_statement_that_was_changed_after_signing_is_refused(declared: Path) -> None:
    path = declared / DECLARATION
    path.write_text(path.read_text().replace("Kasseleverandør AS", "Noen Andre AS"))
    assert not release_of(declared, VERSION).declared


def test_a_statement_signed_by_another_key_than_it_names_is_refused(declared: Path) -> None:
    path = declared / DECLARATION
    read = msgspec.json.decode(path.read_bytes(), type=Declaration)
    other = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))).public_key()
    forged = msgspec.structs.replace(read, public_key=other.public_bytes_raw().hex())
    path.write_bytes(msgspec.json.encode(forged))
    assert not release_of(declared, VERSION).declared


@pytest.mark.parametrize("text", ["", "{", "[]", '{"statement": {}}', "null"])
def test_a_broken_declaration_is_no_declaration_and_no_crash(declared: Path, text: str) -> None:
    (declared / DECLARATION).write_text(text)
    release = release_of(declared, VERSION)
    assert not release.declared
    assert "cannot be used" in release.why


def test_nobody_declares_files_that_are_not_there(tree: Path) -> None:
    with pytest.raises(ValueError, match="other files"):
        declare(tree, statement(tree, digest="00" * 32), KEY)


def test_a_supplier_declares_with_two_commands(tree: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    key_file = tmp_path / "supplier.pem"
    assert run(release_app, ["key", str(key_file)]).exit_code == 0
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert run(release_app, ["key", str(key_file)]).exit_code == 1
    words = ["declare", str(tree), "--key", str(key_file), "--supplier", "Butikkdata AS"]
    words += ["--version", VERSION, "--declared-on", "2026-11-22", "--org-number"]
    refused = run(release_app, [*words, "12345"])
    assert refused.exit_code == 1
    assert "nine digits" in refused.output
    assert run(release_app, [*words, "999999999"]).exit_code == 0
    assert release_of(tree, VERSION).declared
