"""`kiosk release`: what this build is, and how a supplier makes it a declared one."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

release_app = typer.Typer(
    name="release",
    help="Whether this build is a declared release, and making one (for suppliers).",
    no_args_is_help=True,
)


@release_app.command()
def check() -> None:
    """Say whether this build is declared, and by whom; exit 1 if it is not."""
    from kiosk.app.release import this_release

    release = this_release()
    typer.echo(release.why)
    if not release.declared:
        raise typer.Exit(1)


@release_app.command()
def key(
    file: Annotated[Path, typer.Argument(help="Where to write it. Keep it off every kiosk.")],
) -> None:
    """Make a supplier's signing key: once, readable by its owner alone."""
    import os

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    made = Ed25519PrivateKey.generate()
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        typer.echo(f"{file} exists; a key is never overwritten.", err=True)
        raise typer.Exit(1) from error
    with os.fdopen(fd, "wb") as out:
        out.write(pem)
    typer.echo(f"{file}: public key {made.public_key().public_bytes_raw().hex()}")


@release_app.command()
def declare(
    tree: Annotated[Path, typer.Argument(help="The folder with `kiosk` and `drivers` in it.")],
    key_file: Annotated[Path, typer.Option("--key", help="The supplier's key (PEM, mode 0600).")],
    supplier: Annotated[str, typer.Option(help="Who declares, as registered.")],
    org_number: Annotated[str, typer.Option(help="Organisation number, nine digits.")],
    version: Annotated[str, typer.Option(help="The version that is declared.")],
    declared_on: Annotated[str, typer.Option(help="Date of form RF-1348, YYYY-MM-DD.")],
    product: Annotated[str, typer.Option(help="Name of the cash register system.")] = "Selvkasse",
) -> None:
    """Write the declaration into a source tree that is about to be packed.

    Do it last: every change of a file afterwards makes the build undeclared.
    """
    from drivers.errors import DeviceConfigError
    from kiosk.app.release import PACKAGES, Statement, digest_of
    from kiosk.app.release import declare as write_declaration

    missing = [name for name in PACKAGES if not (tree / name).is_dir()]
    try:
        date.fromisoformat(declared_on)
        if missing:
            raise ValueError(f"{tree} has no folder {missing[0]}")
        if not (len(org_number) == len("999999999") and org_number.isdigit()):
            raise ValueError(f"{org_number!r} is not an organisation number of nine digits")
        signer = _signer(key_file)
    except (ValueError, TypeError, DeviceConfigError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    statement = Statement(
        product=product,
        version=version,
        supplier=supplier,
        org_number=org_number,
        declared_on=declared_on,
        digest=digest_of(tree),
    )
    typer.echo(f"{write_declaration(tree, statement, signer)}: {product} {version}, {supplier}")


@release_app.command()
def pack(
    parts: Annotated[Path, typer.Argument(help="The folder with wheels/ and sbom.cdx.json.")],
    key_file: Annotated[Path, typer.Option("--key", help="The supplier's key (PEM, mode 0600).")],
    counter: Annotated[int, typer.Option(min=1, help="One more than the last release's.")],
    version: Annotated[str, typer.Option(help="The version's name, e.g. 0.2.0.")],
    system_digest: Annotated[str, typer.Option(help="What `deploy/install --system-digest` says.")],
    tree: Annotated[Path, typer.Option(help="The source tree.")] = Path(),
    out: Annotated[Path, typer.Option(help="Where package and manifest go.")] = Path("dist"),
) -> None:
    """Pack and sign a release that tills fetch by themselves; `make release` does all of it."""
    from drivers.errors import DeviceConfigError
    from kiosk.app.update.pack import pack as write_release

    try:
        made = write_release(
            tree,
            parts,
            out,
            key=_signer(key_file),
            version=version,
            counter=counter,
            system_digest=system_digest,
        )
    except (OSError, ValueError, TypeError, DeviceConfigError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{made}: release {counter}, {version}")


@release_app.command()
def bundle(
    manifests: Annotated[list[Path], typer.Argument(help="Each with its package beside it.")],
    out: Annotated[Path, typer.Option(help="The file to upload.")] = Path("selvkasse.release"),
) -> None:
    """Put the releases for several kinds of machine into one file for the fleet's server.

    For one kind alone `pack` has made it already.
    """
    import msgspec

    from kiosk.app.update.pack import bundle as write_bundle

    try:
        typer.echo(str(write_bundle(out, manifests)))
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _signer(key_file: Path) -> "Ed25519PrivateKey":
    """Return the supplier's key; ValueError when it is of another kind."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from drivers.secret_files import read_secret

    signer = load_pem_private_key(read_secret(str(key_file), "supplier's key"), None)
    if not isinstance(signer, Ed25519PrivateKey):
        raise ValueError(f"{key_file} is not an Ed25519 key; `kiosk release key` makes one")
    return signer
