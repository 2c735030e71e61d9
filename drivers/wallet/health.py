"""From one harmless answer to whether a wallet can be offered."""

from dataclasses import dataclass

from drivers.contracts import DeviceState
from drivers.wallet.wire import Answer


@dataclass(frozen=True, slots=True)
class Skew:
    """How wrong our clock may be, in seconds: signatures, tokens and receipts carry its time."""

    max_s: float = 120.0


def health_of(answer: Answer, skew: Skew) -> tuple[DeviceState, str]:
    """Return the state that the answer to a health check means, and a reason for staff.

    "Not found" is well: the provider looked. A wrong clock is ours to mend, so FAULT.
    """
    if abs(answer.clock_ahead_s) > skew.max_s:
        side = "behind" if answer.clock_ahead_s > 0 else "ahead"
        return DeviceState.FAULT, f"our clock is {abs(answer.clock_ahead_s):.0f} s {side}"
    if answer.status in (401, 403):
        return DeviceState.FAULT, f"keys refused, HTTP {answer.status}"
    if answer.ok or answer.status == 404:
        return DeviceState.READY, ""
    return DeviceState.LOST, f"HTTP {answer.status}"
