"""What all kiosks of a simulation share."""

import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.telemetry.signing import Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """Where the broker is, whom they trust, how fast their day goes."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    trust: Trust | None
    now: Callable[[], datetime]
    speed: float
    counts: Counter[str]
    patience_s: tuple[float, float] = (15.0, 90.0)
    """Between which a shopper waits until an attendant walks over."""
    files: dict[str, bytes] = field(default_factory=dict)
    """What was fetched, by SHA-256: thousands of kiosks of one process keep one copy."""
