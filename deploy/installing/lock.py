"""The part of requirements.lock that a till needs: the lock is for development too."""

from collections.abc import Iterator, Set
from typing import Final

PROJECT: Final = "selvkasse (pyproject.toml)"
"""How the lock calls the project itself where it says who wants a package."""


def select(lock: str, parents: Set[str], *, wanted: Set[str] = frozenset()) -> str:
    """Return the part of a lock that `parents` want, directly or through others, and `wanted`.

    Each package's block ends with comments that say via whom it came.
    """
    blocks = list(_blocks(lock))
    kept = {name for name, _, _ in blocks if name in wanted}
    while True:
        more = {name for name, _, via in blocks if via & (parents | kept)} - kept
        if not more:
            return "".join(text for name, text, _ in blocks if name in kept)
        kept |= more


def _blocks(lock: str) -> Iterator[tuple[str, str, set[str]]]:
    """Yield each package's name, text and those via whom it came."""
    lines: list[str] = []
    for line in [*lock.splitlines(keepends=True), "end==0\n"]:
        if not line[0].isspace() and line[0] != "#" and lines:
            via = {part.strip(" #\n").removeprefix("via ") for part in lines if "    #" in part}
            yield lines[0].partition("==")[0], "".join(lines), via
            lines = []
        lines.append(line)
