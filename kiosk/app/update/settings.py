"""The section [update]: where releases come from, and when the till may be started anew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSection:
    """Without an address nothing is fetched; what `kiosk update install` puts here still waits."""

    url: str = ""
    """The manifest's address, e.g. "https://releases.example.no/selvkasse-x86_64.json"."""
    ca: Path | None = None
    """The only authority that is believed there, PEM; by default Debian's list."""
    quiet_min: int = 15
    """By day, after so many minutes without a shopper."""
    night: str = "02:00-05:00"
    """Local time in which two minutes are enough."""

    @property
    def night_hours(self) -> tuple[time, time]:
        """The beginning and the end of the night; the end may be on the next day."""
        begins, _, ends = self.night.partition("-")
        return time.fromisoformat(begins), time.fromisoformat(ends)


def check(section: UpdateSection, wrong: Callable[[str, str], None]) -> None:
    """Tell what is wrong with the section beyond the kinds of its values."""
    try:
        begins, ends = section.night_hours
        if begins == ends or begins.tzinfo or ends.tzinfo:
            raise ValueError("no night")
    except ValueError:
        wrong("update.night", f'{section.night!r} is no time of day. Expected "02:00-05:00".')
    if section.quiet_min < 1:
        wrong("update.quiet_min", f"{section.quiet_min} is too short. Expected 1 or more.")
    if section.url and not section.url.startswith(("https://", "http://127.0.0.1", "http://[::1]")):
        wrong("update.url", f"{section.url!r} is not https.")
