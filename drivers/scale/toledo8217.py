"""Mettler-Toledo 8217: Viva, Diva, Ariva-S, and the scale ports of many scanner-scales."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from drivers.deadline import SYSTEM_CLOCK, Clock
from drivers.reader import DEFAULT_BACKOFF, Backoff, OnCrash
from drivers.scale import toledo8217_codec as codec
from drivers.scale.polling import Cadence, PollingScale, ScaleWords
from drivers.scale.reading import Reading
from drivers.transport import SerialSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Toledo8217Options:
    """The scale as it is set up."""

    name: str
    url: str
    """The line, e.g. /dev/serial/by-path/... (see `drivers.transport`)."""
    baudrate: int = 9600
    bytesize: Literal[7, 8] = 7
    parity: Literal["N", "E", "O"] = "E"
    stopbits: Literal[1, 2] = 1
    grams_without_point: bool = False
    """For clones that send whole grams (Baxtran TW)."""
    answer_s: float = 0.5
    """How long to wait for an answer."""


class Toledo8217Scale(PollingScale):
    """See the module."""

    OPTIONS: ClassVar = Toledo8217Options
    words = ScaleWords(
        weight_request=codec.WEIGHT_REQUEST,
        zero_request=codec.ZERO_REQUEST,
        frame_end=codec.FRAME_END,
        frame_bytes_max=codec.FRAME_BYTES_MAX,
    )

    def __init__(
        self,
        options: Toledo8217Options,
        *,
        cadence: Cadence | None = None,
        clock: Clock = SYSTEM_CLOCK,
        backoff: Backoff = DEFAULT_BACKOFF,
        on_crash: OnCrash | None = None,
    ) -> None:
        super().__init__(
            options.name,
            options.url,
            settings=SerialSettings(
                baudrate=options.baudrate,
                bytesize=options.bytesize,
                parity=options.parity,
                stopbits=options.stopbits,
            ),
            cadence=cadence or Cadence(answer_s=options.answer_s),
            clock=clock,
            backoff=backoff,
            on_crash=on_crash,
        )
        self._grams_without_point = options.grams_without_point

    def decode(self, frame: bytes) -> Reading:
        """Decode one frame of the 8217."""
        return codec.decode(frame, grams_without_point=self._grams_without_point)
