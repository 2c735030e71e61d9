"""What a check of a SAF-T file found, in words, with the line."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

LISTED_MAX: Final = 100
"""More are counted, not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, and where."""

    file: Path
    line: int
    what: str


@dataclass(slots=True)
class Findings:
    """Everything that was found, and what was looked at."""

    listed: list[Finding] = field(default_factory=list)
    count: int = 0
    remarks: list[str] = field(default_factory=list)
    """What could not be checked, or is odd and lawful."""
    sales: int = 0
    events: int = 0
    z_reports: int = 0
    signatures: int = 0
    """Signatures that were checked and are right."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.count == 0

    def add(self, file: Path, line: int, what: str) -> None:
        """Take down one fault."""
        self.count += 1
        if len(self.listed) < LISTED_MAX:
            self.listed.append(Finding(file=file, line=line, what=what))

    def remark(self, what: str) -> None:
        """Take down what is no fault, once."""
        if what not in self.remarks and len(self.remarks) < LISTED_MAX:
            self.remarks.append(what)

    def in_words(self) -> str:
        """Return all as lines for a person."""
        lines = [
            f"{self.sales} sales, {self.events} events, {self.z_reports} Z reports, "
            f"{self.signatures} signatures checked."
        ]
        if self.ok:
            lines.append("No fault was found.")
        else:
            lines.append(f"FAULTS: {self.count}")
            lines += [f"  {one.file.name}, line {one.line}: {one.what}" for one in self.listed]
            if self.count > len(self.listed):
                lines.append(f"  and {self.count - len(self.listed)} more")
        return "\n".join([*lines, *(f"Note: {remark}" for remark in self.remarks)])
