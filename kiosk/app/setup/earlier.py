"""The file that is there already: its answers are offered, and what is not asked stays in it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

HEADER: Final = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?")


class Earlier:
    """An earlier configuration, or none."""

    def __init__(self, text: str = "") -> None:
        self._text = text
        self._tables: Mapping[str, Any] = tomllib.loads(text)

    @classmethod
    def at(cls, path: Path) -> "Earlier":
        """Read the file at `path`; one that is no TOML, or is not there, has nothing to offer."""
        try:
            return cls(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            return cls()

    def table(self, name: str) -> Mapping[str, Any]:
        """Return a table by its dotted name, e.g. "devices.scale"; empty where there is none."""
        found: Any = self._tables
        for part in name.split("."):
            found = found.get(part, {}) if isinstance(found, dict) else {}
        return found if isinstance(found, dict) else {}

    def value(self, table: str, key: str, otherwise: str = "") -> str:
        """Return one answer of then, as it would be typed."""
        return str(self.table(table).get(key, otherwise))

    def others(self, written: set[str]) -> str:
        """Return the sections that are not `written` anew, word for word, with their comments."""
        kept = [lines for name, lines in self._sections() if name and name not in written]
        return "".join(f"\n{''.join(lines).strip()}\n" for lines in kept)

    def _sections(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each section with the comment above it; what stands before the first has no name.

        A commented section that follows another, as in the example, goes with the one above it.
        """
        name, lines, above = "", list[str](), list[str]()
        for line in self._text.splitlines(keepends=True):
            header = HEADER.fullmatch(line.rstrip("\n"))
            if header:
                yield name, lines
                name, lines, above = header[1].replace('"', ""), [*above, line], []
            elif line.startswith("#"):
                above.append(line)
            else:
                lines += [*above, line]
                above = []
        yield name, [*lines, *above]
