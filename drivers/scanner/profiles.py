"""What scanners of each maker are told on their serial line. Data, with its sources.

A command that a maker does not have is empty; the driver then relies on refusing what arrives,
which it does with every profile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class HostProfile:
    """The bytes of each command."""

    enable: bytes = b""
    disable: bytes = b""
    good_read: bytes = b""
    error_tone: bytes = b""
    error_tone_disables: bool = False
    """The scanner stays dark after its error tone until it is enabled again."""
    source: str


PROFILES: Final[Mapping[str, HostProfile]] = {
    # No command is ever sent: for scanners that only speak, and where the maker is not known.
    "plain": HostProfile(source="none"),
    # Magellan 800i, 9300i, 9800i, QuickScan: "RS-232 Standard" and USB-COM. `E` also ends the
    # darkness after `F`. `B` sounds only if the scanner's own good-read beep is enabled, so the
    # forced tone (SOH) would double it on a scanner set to beep by itself: `B` it is.
    "datalogic": HostProfile(
        enable=b"E",
        disable=b"D",
        good_read=b"B",
        error_tone=b"F",
        error_tone_disables=True,
        source="Datalogic Magellan 9300i/9400i product reference guide, appendix E; 800i, app. F",
    ),
    # Xenon, Granit, N86 and their families, on RS-232 or USB serial. Trigger on and off are SYN T
    # CR and SYN U CR. The tones are those of "host ACK", which the scanner must be set to; it then
    # waits for one of them after each code (10 s), and sounds none by itself.
    "honeywell": HostProfile(
        enable=b"\x16T\r",
        disable=b"\x16U\r",
        good_read=b"\x1b7,",
        error_tone=b"\x1b8,\x1b8,",
        source="Honeywell N86 user's guide, p. 166; Xenon/Granit user guide, p. 111 (host ACK)",
    ),
}
