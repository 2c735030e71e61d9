"""How the machine is: read from the kernel, in microseconds, and never a reason to fail.

What a machine does not tell is None. References:
    Linux, Documentation/filesystems/proc.rst (statm), Documentation/driver-api/thermal;
    adjtimex(2): STA_UNSYNC, STA_NANO.
"""

import ctypes
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path
from typing import Final

from cryptography import x509

from kiosk.telemetry.messages import Birth, Health
from kiosk.telemetry.slot import Slot

THERMAL: Final = Path("/sys/class/thermal")
STATM: Final = Path("/proc/self/statm")
_STA_UNSYNC: Final = 0x0040
_STA_NANO: Final = 0x2000
_TIME_ERROR: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """What the running kiosk counts; each is asked from telemetry's thread."""

    frame_count: Callable[[], int] = lambda: 0
    engine_count: Callable[[], int] = lambda: 0
    inbox_dropped: Callable[[], int] = lambda: 0
    old_rules: Callable[[], list[str]] = list
    """Names of the retail rules that somebody should look at."""
    untaken_minor: Callable[[], list[int]] = list
    """Amounts that wallets have not given for goods that are gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The figures of one moment."""

    disk_free_bytes: int
    disk_total_bytes: int
    temperature_c: float | None
    rss_bytes: int
    clock_offset_ms: int | None
    clock_synchronised: bool | None


def look(folder: Path) -> Machine:
    """Look at the machine; `folder` is on the disk that the journal needs."""
    try:
        disk = shutil.disk_usage(folder)
        total, free = disk.total, disk.free
    except OSError:
        total = free = 0
    offset_ms, synchronised = clock()
    return Machine(
        disk_free_bytes=free,
        disk_total_bytes=total,
        temperature_c=temperature_c(),
        rss_bytes=rss_bytes(),
        clock_offset_ms=offset_ms,
        clock_synchronised=synchronised,
    )


def rss_bytes(statm: Path = STATM) -> int:
    """Return the memory that this process has in use, 0 when it cannot be told."""
    try:
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    except (OSError, ValueError, IndexError):
        return 0


def temperature_c(thermal: Path = THERMAL) -> float | None:
    """Return the hottest sensor of the machine in degrees Celsius."""
    found = []
    for zone in thermal.glob("thermal_zone*/temp"):
        try:
            found.append(int(zone.read_text()) / 1000)
        except (OSError, ValueError):
            continue
    return max((one for one in found if -40 < one < 150), default=None)


def report(
    folder: Path, certificate: Path, birth: Birth, gauges: Gauges, slot: Slot, at_utc: str
) -> Health:
    """Return the machine's and the program's figures; what telemetry itself counts is added."""
    untaken_minor = gauges.untaken_minor()
    return Health(
        at_utc=at_utc,
        **asdict(look(folder)),
        devices=dict(slot.devices),
        paper=slot.paper,
        frame_count=gauges.frame_count(),
        engine_count=gauges.engine_count(),
        inbox_dropped=gauges.inbox_dropped(),
        journal_id=birth.journal_id,
        journal_verified_at=slot.verified_at,
        journal_ok=slot.journal_ok,
        certificate_expires_at=expires_at(certificate),
        versions=birth.versions,
        old_rules=gauges.old_rules(),
        untaken_count=len(untaken_minor),
        untaken_minor=sum(untaken_minor),
    )


class _Timeval(ctypes.Structure):
    _fields_ = (("sec", ctypes.c_long), ("usec", ctypes.c_long))


class _Timex(ctypes.Structure):
    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long),
        ("precision", ctypes.c_long),
        ("tolerance", ctypes.c_long),
        ("time", _Timeval),
        ("rest", ctypes.c_byte * 256),
    )


def clock() -> tuple[int | None, bool | None]:
    """Return how far the clock still is from its time server (ms), and whether it follows one."""
    state = _Timex()
    try:
        answer = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(state))
    except (OSError, AttributeError):
        return None, None
    if answer < 0:
        return None, None
    synchronised = answer != _TIME_ERROR and not state.status & _STA_UNSYNC
    per_ms = 1_000_000 if state.status & _STA_NANO else 1_000
    return (round(state.offset / per_ms) if synchronised else None), synchronised


def expires_at(certificate: Path) -> str | None:
    """Return when a certificate ends, as messages carry it; None when it cannot be read."""
    try:
        ends = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return None
    return ends.astimezone(UTC).isoformat(timespec="seconds")
