"""Small things that every part needs: whole files, commands, one line of the report."""

import subprocess
from pathlib import Path


class InstallError(Exception):
    """It cannot go on; the message says why and what to do."""


def put(content: bytes, target: Path) -> bool:
    """Write a file whole, if it is not so already; say whether it was written."""
    if target.is_file() and not target.is_symlink() and target.read_bytes() == content:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.new")
    draft.write_bytes(content)
    draft.chmod(0o644)
    draft.replace(target)
    return True


def put_link(to: str, target: Path) -> bool:
    """Make a symbolic link, if it is not so already; say whether it was made."""
    if target.is_symlink() and target.readlink() == Path(to):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.new")
    draft.unlink(missing_ok=True)
    draft.symlink_to(to)
    draft.replace(target)
    return True


def run(*command: object, check: bool = True, stdout: int | None = None) -> int:
    """Run a command and return its exit code; 127 where it does not exist and need not.

    Raises:
        InstallError: it is missing, and `check` asks for it.
        subprocess.CalledProcessError: it failed, and `check` asks for more.
    """
    parts = [str(part) for part in command]
    try:
        return subprocess.run(parts, check=check, stdout=stdout).returncode
    except FileNotFoundError as error:
        if not check:
            return 127
        raise InstallError(f"{parts[0]} is missing. Is this Debian 12 or newer?") from error


def say(what: str, about: str) -> None:
    """Print one line of the report."""
    print(f"  {what:10} {about}", flush=True)
