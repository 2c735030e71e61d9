#!/usr/bin/python3
"""Which version of the till runs: decided before each start, by a program that no update changes.

`deploy/install` copies this file to /opt/selvkasse/guard, and `kiosk.service` runs it with Debian's
own Python before the till, as root, also when the newest version cannot even be imported. So it
knows only the standard library. It never keeps the till from starting: whatever goes wrong, it says
so and ends with 0.

A version that was built beside waits until the till itself has stopped for it, which it does when
nobody shops. Then the version is on trial: the till says that it is well, or it goes back to the
version before after three starts without that word. A version that failed is not tried again.

What is true is one small file, `update.json`, and one link, `current`. Each is changed by a rename,
the file first, and the link is made to follow the file: so after a power cut at any point the next
start goes on from there, with a whole version either way.
"""

import dataclasses
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

HOME = Path("/opt/selvkasse")
WORDS = Path("/var/lib/kiosk/update")
"""Where the till leaves its word; it can write nowhere else."""
STATE = "update.json"
STARTS_MAX = 3
WORD_BYTES_MAX = 200


@dataclass(frozen=True)
class State:
    """What is known of updates, as `update.json` keeps it."""

    counter: int = 0
    """The highest number of any release that was ever current: nothing older is taken again."""
    waiting: str = ""
    """The version that is whole beside the current one, and waits until nobody shops."""
    waiting_counter: int = 0
    trial: str = ""
    """The version that has not proved itself yet."""
    before: str = ""
    """The version that a failed trial goes back to."""
    starts: int = 0
    """How often the version on trial was started."""
    returning: bool = False
    """The trial has failed; the way back has begun."""
    failed: tuple[str, ...] = ()
    """Versions that failed their trial."""


@dataclass(frozen=True)
class Facts:
    """What is seen on the disk."""

    current: str
    """The version that `current` points to; empty when it points nowhere."""
    versions: tuple[str, ...]
    """Every whole version, the newest first."""
    stopped_for: str = ""
    """The version for which the till stopped itself, because nobody shopped."""
    healthy: str = ""
    """The version that said of itself that it is well."""
    sick: str = ""
    """The version that said of itself that it is not."""


def decide(state: State, facts: Facts) -> tuple[State, str]:
    """Return what is true from this start on, and the version that is started."""
    if state.trial and state.trial not in facts.versions:
        state = _without_trial(state)
    if state.trial:
        state = _judged(state, facts)
    if state.waiting not in facts.versions:
        # Gone, or never whole: the till shall not stop for it again.
        state = replace(state, waiting="", waiting_counter=0)
    if state.waiting and not state.trial and facts.stopped_for == state.waiting:
        state = State(
            counter=max(state.counter, state.waiting_counter),
            trial=state.waiting,
            before=facts.current,
            starts=1,
            failed=state.failed,
        )
    return state, _wanted(state, facts)


def _judged(state: State, facts: Facts) -> State:
    """Go on with a trial: one start more, proved, or back."""
    if state.returning:
        # Before this start the way back was cut off, or it is done.
        return _without_trial(state) if facts.current == state.before else state
    if facts.healthy == state.trial:
        return _without_trial(state)
    has_way_back = state.before in facts.versions
    if has_way_back and (facts.sick == state.trial or state.starts >= STARTS_MAX):
        # What waits was held against the version that failed: the one before may not read it back.
        failed = (*state.failed, state.trial)
        return replace(state, returning=True, failed=failed, waiting="", waiting_counter=0)
    return replace(state, starts=state.starts + 1)


def _without_trial(state: State) -> State:
    return replace(state, trial="", before="", starts=0, returning=False)


def _wanted(state: State, facts: Facts) -> str:
    if state.returning:
        return state.before
    if state.trial:
        return state.trial
    if facts.current in facts.versions:
        return facts.current
    return next((one for one in facts.versions if one not in state.failed), "")


class Disk:
    """The two things that are true, and the till's words."""

    def __init__(self, home: Path = HOME, words: Path = WORDS) -> None:
        self._home = home
        self._words = words

    def state(self) -> State:
        """Return what the file says; one that cannot be read says nothing."""
        try:
            raw = json.loads((self._home / STATE).read_bytes())
            known = {field.name: type(field.default) for field in dataclasses.fields(State)}
            if not all(type(raw[name]) is kind for name, kind in known.items() if name != "failed"):
                raise TypeError("a value is of another kind")
            values = {name: raw[name] for name in known}
            return State(**{**values, "failed": tuple(str(one) for one in raw["failed"])})
        except FileNotFoundError:
            return State()
        except (OSError, ValueError, KeyError, TypeError) as error:
            say(f"{STATE} cannot be used and is begun anew: {error!r}")
            return State()

    def facts(self) -> Facts:
        """Look at the disk."""
        link = self._home / "current"
        return Facts(
            current=os.readlink(link) if link.is_symlink() else "",  # noqa: PTH115
            versions=tuple(self._versions()),
            stopped_for=self._word("stopped-for"),
            healthy=self._word("healthy"),
            sick=self._word("sick"),
        )

    def save(self, state: State) -> None:
        """Make this what is true, durably."""
        draft = self._home / f"{STATE}.new"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(dataclasses.asdict(state), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        draft.replace(self._home / STATE)
        sync(self._home)

    def point(self, version: str) -> None:
        """Make a version the current one, durably, by one rename."""
        draft = self._home / "current.new"
        draft.unlink(missing_ok=True)
        draft.symlink_to(version)
        draft.replace(self._home / "current")
        sync(self._home)

    def forget_words(self) -> None:
        """Take the till's words away, once they were heard."""
        for name in ("stopped-for", "sick"):
            with suppress(FileNotFoundError):
                (self._words / name).unlink()

    def _versions(self) -> Iterator[str]:
        found = [(path.stat().st_mtime, path.parent.name) for path in self._home.glob("*/complete")]
        yield from (name for _, name in sorted(found, reverse=True) if name != "current")

    def _word(self, name: str) -> str:
        try:
            with (self._words / name).open("rb") as file:
                return file.read(WORD_BYTES_MAX).decode().strip()
        except (OSError, UnicodeDecodeError):
            return ""


def start(disk: Disk) -> str:
    """Bring the disk to what is decided, and return the version that is started."""
    before, facts = disk.state(), disk.facts()
    state, version = decide(before, facts)
    if state != before:
        disk.save(state)
    if version and version != facts.current:
        disk.point(version)
        say(f"version {version} is started (before: {facts.current or 'none'})")
    if state.returning:
        say(f"version {state.trial} has failed its trial and is not tried again")
        disk.save(_without_trial(state))
    disk.forget_words()
    return version


def sync(folder: Path) -> None:
    """Make a folder's list of names durable."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def say(words: str) -> None:
    """Write a line into the journal of systemd."""
    print(f"update: {words}", file=sys.stderr, flush=True)


def main() -> int:
    """Decide before a start of the till; always 0, for the till starts whatever happened here."""
    try:
        start(Disk())
    except Exception as error:
        say(f"nothing was decided: {error!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
