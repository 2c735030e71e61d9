"""A quiet start, from the boot loader to the first frame: no menu, no messages, no cursor.

GRUB reads a file of its own for this, /etc/default/grub.d/selvkasse.cfg, which is put and removed
like any other; here it is only told to look. A Raspberry Pi has one line in one file that is not
ours: the words that it lacks are added, remembered, and just those are taken out again.

References:
    Debian, grub-mkconfig(8): /etc/default/grub.d/*.cfg
    Linux, Documentation/admin-guide/kernel-parameters.rst; raspberrypi.com, "Kernel command line"
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from .files import put, run, say

WORDS: Final = (
    "quiet",
    "loglevel=3",
    "consoleblank=0",
    "vt.global_cursor_default=0",
    "logo.nologo",
    "systemd.show_status=false",
)
COMMAND_LINES: Final = (Path("boot/firmware/cmdline.txt"), Path("boot/cmdline.txt"))
"""Where a Raspberry Pi has it: since Bookworm, and before."""
GRUB: Final = "etc/default/grub.d/selvkasse.cfg"
"""Its own file for us; the loader reads it when it is told to."""
ADDED: Final = "boot-words"
"""Under /opt/selvkasse: what was not there before."""


def with_words(line: str, words: Iterable[str]) -> tuple[str, list[str]]:
    """Return the command line with all of `words`, and those that it had not.

    A word that the shop has set to another value stays as the shop wants it.
    """
    had = line.split()
    keys = {word.partition("=")[0] for word in had}
    missing = [word for word in words if word.partition("=")[0] not in keys]
    return " ".join([*had, *missing]), missing


def without_words(line: str, words: Iterable[str]) -> str:
    """Return the command line without `words`."""
    gone = set(words)
    return " ".join(word for word in line.split() if word not in gone)


def make_quiet(root: Path, opt: Path) -> None:
    """Add what the Raspberry Pi's command line lacks."""
    for path in _command_lines(root):
        line, missing = with_words(path.read_text(), WORDS)
        if not missing:
            continue
        note = opt / ADDED
        before = note.read_text().split() if note.exists() else []
        put("".join(f"{word}\n" for word in [*before, *missing]).encode(), note)
        _write(path, line)
        say("added", f"{' '.join(missing)} to {path}")


def undo(root: Path, opt: Path) -> None:
    """Take out what `make_quiet` added."""
    note = opt / ADDED
    if not note.exists():
        return
    for path in _command_lines(root):
        _write(path, without_words(path.read_text(), note.read_text().split()))
        say("restored", str(path))


def tell_grub() -> None:
    """Let the boot loader of the running machine read its settings, where it is GRUB."""
    if Path("/boot/grub/grub.cfg").exists() and run("update-grub", check=False) != 0:
        say("skipped", "GRUB: update-grub did not succeed, so the start is as loud as before")


def _command_lines(root: Path) -> Iterator[Path]:
    """Yield the one that is there; the older place may be a link to the newer, or a note of it."""
    for name in COMMAND_LINES:
        if (root / name).is_file() and "root=" in (root / name).read_text():
            yield root / name
            return


def _write(path: Path, line: str) -> None:
    """Write the one line whole: a Pi without it starts nothing. FAT has no modes to keep."""
    draft = path.with_name(f"{path.name}.new")
    with draft.open("w") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    os.sync()
