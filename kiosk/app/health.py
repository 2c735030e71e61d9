"""`kiosk health`: how this machine and its till are, at one moment, without the till's help.

A timer leaves one line of it in the log each hour, so that after a bad night it can be seen when
the memory, the disk or the temperature went. A process of its own: a till that stands still, or
does not start, is looked at like any other. Nothing is written but that line.

References:
    Linux, Documentation/filesystems/proc.rst (meminfo); drivers/hwmon/raspberrypi-hwmon.c
    (in0_lcrit_alarm: the supply was too weak since the start); systemctl(1), show.
"""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Final

from kiosk.app.config import Config
from kiosk.app.maintenance import copies_of
from kiosk.app.storage import warnings
from kiosk.telemetry.health import Machine, expires_at, look

PROC: Final = Path("/proc")
HWMON: Final = Path("/sys/class/hwmon")
ANSWER_S: Final = 10.0
UNITS: Final = ("kiosk", "kiosk-maintenance", "kiosk-certificate", "kiosk-update")
HOT_C: Final = 80.0
"""Where a Raspberry Pi begins to slow itself down."""
MEMORY_PERCENT_MIN: Final = 10
CERTIFICATE_DAYS_MIN: Final = 30
COPY_DAYS_MAX: Final = 3

Asked = Callable[[str], Mapping[str, str]]
"""Of a unit, what systemd says of it; nothing where it cannot be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What was found. None, or an empty text, is what the machine does not tell."""

    at_utc: str
    version: str
    till: str
    """As systemd sees it: "active", "failed", "activating"."""
    says: str
    """The till's own line of life."""
    restarts: int | None
    failed: tuple[str, ...]
    """Units of ours whose last run went wrong."""
    up_s: int | None
    load: float | None
    """Processes that wanted to run, mean of 15 minutes."""
    memory_free_mb: int | None
    memory_total_mb: int | None
    temperature_c: float | None
    weak_supply: bool | None
    disk_free_mb: int
    disk_total_mb: int
    journal_mb: float | None
    newest_copy: str
    """The day of it, ISO."""
    clock_synchronised: bool | None
    certificate_ends: str
    needs: tuple[str, ...] = ()
    """What a person should see to, one sentence each."""


def take(
    config: Config,
    *,
    now: datetime,
    copies: Path | None = None,
    machine: Machine | None = None,
    asked: Asked | None = None,
    proc: Path = PROC,
    hwmon: Path = HWMON,
) -> Snapshot:
    """Look at everything once; nothing that cannot be read is a reason to fail.

    `now` is local time; `copies` is where `kiosk maintain` puts them, when that is elsewhere.
    """
    data_dir = config.kiosk.data_dir
    machine = machine or look(data_dir)
    units = {unit: (asked or ask_systemd)(unit) for unit in UNITS}
    memory = _memory_mb(proc)
    kept = copies_of(copies or data_dir / "copies")
    telemetry = config.telemetry
    found = Snapshot(
        at_utc=now.astimezone(UTC).isoformat(timespec="seconds"),
        version=metadata.version("selvkasse"),
        till=units["kiosk"].get("ActiveState", ""),
        says=units["kiosk"].get("StatusText", ""),
        restarts=_whole(units["kiosk"].get("NRestarts", "")),
        failed=tuple(unit for unit, facts in units.items() if _went_wrong(facts)),
        up_s=_first_number(proc / "uptime"),
        load=_load(proc),
        memory_free_mb=memory.get("MemAvailable"),
        memory_total_mb=memory.get("MemTotal"),
        temperature_c=machine.temperature_c,
        weak_supply=_weak_supply(hwmon),
        disk_free_mb=machine.disk_free_bytes // 1_000_000,
        disk_total_mb=machine.disk_total_bytes // 1_000_000,
        journal_mb=_size_mb(config.journal_path),
        newest_copy=kept[-1].stem.removeprefix("journal-") if kept else "",
        clock_synchronised=machine.clock_synchronised,
        certificate_ends=(expires_at(telemetry.certificate) or "") if telemetry else "",
    )
    told = tuple(_needs(found, now.date()))
    return replace(found, needs=(*warnings(data_dir), *told))


def in_words(found: Snapshot) -> str:
    """Return it for a person, a line for each thing that is known."""
    disk = f"{found.disk_free_mb} MB free of {found.disk_total_mb}"
    memory = f"{found.memory_free_mb} MB free of {found.memory_total_mb}"
    rows = (
        ("version", found.version),
        ("till", ": ".join(part for part in (found.till, found.says) if part)),
        ("started anew", "" if found.restarts is None else f"{found.restarts} times"),
        ("machine up", "" if found.up_s is None else f"{found.up_s // 3600} h"),
        ("load", "" if found.load is None else f"{found.load:.2f}"),
        ("memory", "" if found.memory_free_mb is None else memory),
        ("temperature", "" if found.temperature_c is None else f"{found.temperature_c:.0f} °C"),
        ("disk", disk),
        ("journal", "" if found.journal_mb is None else f"{found.journal_mb} MB"),
        ("newest copy", found.newest_copy),
        ("certificate", f"until {found.certificate_ends}" if found.certificate_ends else ""),
    )
    lines = [f"{name:13}{value}" for name, value in rows if value]
    lines += [f"! {sentence}" for sentence in found.needs] or ["Nothing needs a person."]
    return "\n".join(lines)


def in_one_line(found: Snapshot) -> str:
    """Return it for the log, as JSON."""
    return json.dumps(asdict(found), ensure_ascii=False)


def ask_systemd(unit: str) -> Mapping[str, str]:
    """Return a unit's state; empty where no systemd answers."""
    wanted = "ActiveState,StatusText,NRestarts,Result"
    command = ["systemctl", "show", f"--property={wanted}", f"{unit}.service"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return {}
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)


def _needs(found: Snapshot, today: date) -> Iterator[str]:
    """Yield what a person should see to; each is tested with a machine that has just that."""
    if found.till and found.till not in ("active", "activating"):
        yield f"The till does not run ({found.till}): journalctl -u kiosk -n 30"
    for unit in found.failed:
        yield f"The last run of {unit} went wrong: journalctl -u {unit} -n 30"
    if found.temperature_c is not None and found.temperature_c >= HOT_C:
        yield f"It is hot, {found.temperature_c:.0f} °C: look at fan, dust and sun."
    if found.weak_supply:
        yield "The power supply is too weak, or its cable: a card can lose data by that."
    free, total = found.memory_free_mb, found.memory_total_mb
    if free is not None and total and free * 100 < total * MEMORY_PERCENT_MIN:
        yield f"Only {free} MB of memory are left of {total}."
    if found.clock_synchronised is False:
        yield "The clock follows no time server: timedatectl timesync-status"
    if found.certificate_ends:
        left = (datetime.fromisoformat(found.certificate_ends).date() - today).days
        if left < CERTIFICATE_DAYS_MIN:
            yield f"The certificate ends in {left} days: journalctl -u kiosk-certificate -n 30"
    if found.newest_copy and (today - date.fromisoformat(found.newest_copy)).days > COPY_DAYS_MAX:
        yield f"The newest copy of the journal is of {found.newest_copy}: kiosk-maintenance"


def _went_wrong(facts: Mapping[str, str]) -> bool:
    return facts.get("ActiveState") == "failed"


def _memory_mb(proc: Path) -> dict[str, int]:
    try:
        lines = (proc / "meminfo").read_text().splitlines()
        return {line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines[:3]}
    except (OSError, ValueError, IndexError):
        return {}


def _load(proc: Path) -> float | None:
    try:
        return float((proc / "loadavg").read_text().split()[2])
    except (OSError, ValueError, IndexError):
        return None


def _first_number(path: Path) -> int | None:
    try:
        return round(float(path.read_text().split()[0]))
    except (OSError, ValueError, IndexError):
        return None


def _weak_supply(hwmon: Path) -> bool | None:
    """Return whether a Raspberry Pi has seen too low a voltage; None on other machines."""
    for sensor in hwmon.glob("*"):
        try:
            if (sensor / "name").read_text().strip() == "rpi_volt":
                return (sensor / "in0_lcrit_alarm").read_text().strip() == "1"
        except OSError:
            continue
    return None


def _size_mb(path: Path) -> float | None:
    try:
        return round(path.stat().st_size / 1e6, 1)
    except OSError:
        return None


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
