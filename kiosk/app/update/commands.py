"""`kiosk update`: what runs and what waits; a release is fetched, and built beside."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from kiosk.app.config import Config
    from kiosk.app.update.announced import Announced
    from kiosk.app.update.manifest import Here

update_app = typer.Typer(
    name="update",
    no_args_is_help=True,
    help=(
        "Signed releases, fetched in the background and built beside the current version.\n\n"
        "The till takes a new one up by itself when nobody shops, tries it, and returns to the "
        "version before when the new one does not prove itself."
    ),
)
HOME = Path("/opt/selvkasse")
FETCHED = Path("/var/lib/kiosk-update")
MANIFEST = "manifest.json"
ConfigFile = Annotated[
    Path, typer.Option("--config", "-c", help="The kiosk's file.", envvar="KIOSK_CONFIG")
]
Home = Annotated[Path, typer.Option("--home", help="Where the versions are.")]
Fetched = Annotated[Path, typer.Option("--fetched", help="Where a fetched release lies.")]
CONFIG = Path("/etc/kiosk/kiosk.toml")


@update_app.command()
def status(home: Home = HOME) -> None:
    """Say which version runs, which waits, which is on trial, which failed."""
    from kiosk.app.update.guard import Disk

    disk = Disk(home)
    state, facts = disk.state(), disk.facts()
    typer.echo(f"current   {facts.current or 'none'}")
    for name, value in (("waiting", state.waiting), ("on trial", state.trial)):
        if value:
            typer.echo(f"{name:9} {value}")
    typer.echo(f"release   {state.counter} (nothing older is taken)")
    for version in facts.versions:
        note = " (failed its trial)" if version in state.failed else ""
        typer.echo(f"installed {version}{note}")


@update_app.command()
def fetch(config: ConfigFile = CONFIG, fetched: Fetched = FETCHED, home: Home = HOME) -> None:
    """Fetch the newest release if it is for this machine; a broken line goes on next time.

    Runs as a user of its own that can write nowhere but there. Exit code 1 when it did not come.
    """
    from kiosk.app.config import ConfigError, load
    from kiosk.app.update.fetch import FetchFailed
    from kiosk.app.update.manifest import UpdateRefused

    try:
        typer.echo(_fetch(load(config), fetched, home))
    except (ConfigError, FetchFailed, UpdateRefused) as error:
        raise _stop(f"Nothing was fetched. {error}") from error


def _fetch(config: "Config", fetched: Path, home: Path) -> str:
    from kiosk.app.update.announced import handed_over
    from kiosk.app.update.build import here
    from kiosk.app.update.fetch import Source, forget_all_but, write_whole
    from kiosk.app.update.guard import Disk
    from kiosk.app.update.manifest import demand_fit, read, trusted_keys

    section, at = config.update, here(Disk(home))
    if announced := handed_over():
        return _fetch_announced(announced, fetched, at)
    if not section.url:
        return "Nothing is announced, and no address of releases is configured ([update] url)."
    source = Source(section.url, section.ca)
    published = source.manifest()
    manifest = read(published, trusted_keys())
    if manifest.counter <= at.counter:
        return f"Release {manifest.counter} ({manifest.version}) is here already, or a newer one."
    demand_fit(manifest, at)
    # What was fetched before is another release's, but for the part of this one.
    part = f"{manifest.sha256[:16]}.part"
    forget_all_but(fetched, frozenset({manifest.package, part}))
    source.package(manifest, fetched)
    # Last: where the manifest lies, its package is whole.
    write_whole(fetched / MANIFEST, published)
    return f"Release {manifest.counter} ({manifest.version}) is fetched."


def _fetch_announced(announced: "Announced", fetched: Path, at: "Here") -> str:
    """Fetch what the store rolls out, unless it is here, waits, or has failed here."""
    from kiosk.app.update.announced import fetch_announced
    from kiosk.app.update.fetch import write_whole
    from kiosk.app.update.manifest import read, trusted_keys

    version, keys = announced.version, trusted_keys()
    if version in at.failed:
        return f"{version} has failed its trial here and is not fetched again."
    with suppress(OSError):
        if read((fetched / MANIFEST).read_bytes(), keys).version == version:
            return f"{version} is here already."
    manifest, published = fetch_announced(announced, fetched, keys, at)
    # Last: where the manifest lies, its package is whole.
    write_whole(fetched / MANIFEST, published)
    return f"Release {manifest.counter} ({manifest.version}) is fetched from the store."


@update_app.command()
def install(
    fetched: Fetched = FETCHED,
    home: Home = HOME,
    package: Annotated[
        Path | None, typer.Option(help="A package from a USB stick, its manifest beside it.")
    ] = None,
    manifest: Annotated[Path | None, typer.Option(help="That manifest.")] = None,
) -> None:
    """Check a fetched release, build it beside the current version, and let it wait. As root."""
    from kiosk.app.update.build import Builder
    from kiosk.app.update.guard import Disk
    from kiosk.app.update.manifest import UpdateRefused, read, trusted_keys

    source = manifest or fetched / MANIFEST
    if not source.exists():
        typer.echo("Nothing was fetched.")
        return
    try:
        # Both may be changed by whoever fetched them: read once, then checked.
        published, keys = source.read_bytes(), trusted_keys()
        said = read(published, keys)
        state = Disk(home).state()
        if said.counter <= max(state.counter, state.waiting_counter):
            # The timer comes by four times a day: nothing to do is no failure.
            waits = said.version == state.waiting
            typer.echo(f"{said.version} {'waits' if waits else 'was taken up'} already.")
            return
        path = package or fetched / said.package
        typer.echo(Builder(home, Disk(home)).install(published, path, keys))
    except (UpdateRefused, OSError, subprocess.SubprocessError) as error:
        raise _stop(f"Nothing was changed. {error}") from error


@update_app.command()
def retry(version: str, home: Home = HOME) -> None:
    """Let a version that failed its trial be tried once more. As root."""
    from dataclasses import replace

    from kiosk.app.update.guard import Disk

    disk = Disk(home)
    state = disk.state()
    if version not in state.failed or version not in disk.facts().versions:
        raise _stop(f"{version} is not installed, or has not failed.")
    failed = tuple(one for one in state.failed if one != version)
    counter = state.counter
    disk.save(replace(state, failed=failed, waiting=version, waiting_counter=counter))
    typer.echo(f"{version} waits until nobody shops.")


def _stop(words: str) -> typer.Exit:
    print(words, file=sys.stderr)
    return typer.Exit(1)
