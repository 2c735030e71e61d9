"""How long a wallet waits for what."""

from dataclasses import dataclass

from drivers.wallet.run import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """All in seconds."""

    first_poll_s: float = 5.0
    poll_s: float = 2.0
    slow_s: float = 30.0
    """The longest pause between questions to a provider that does not answer."""
    create_s: float = 30.0
    """How long a create may be tried again under its key."""
    life_s: float = 600.0
    """How long a payment may be approved."""
    grace_s: float = 30.0
    """Our wait is this much longer: the provider says that it expired, not our clock."""
    resolve_s: float = 120.0
    """After this long without a final word the attempt is UNKNOWN."""
    settle_s: float = 5.0
    """How long "not found" must stand before it is believed."""
    capture_s: float = 60.0

    def pace(self, first_s: float = 0.0) -> Pace:
        """Return a new pace; `first_s` 0 begins with the usual one."""
        return Pace(first_s or self.poll_s, self.poll_s, self.slow_s)
