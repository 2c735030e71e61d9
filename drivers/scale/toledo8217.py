"""Mettler-Toledo 8217: Viva, Diva, Ariva-S, and the scale ports of many scanner-scales."""

from dataclasses import dataclass
from typing import ClassVar

from drivers.scale import toledo8217_codec as codec
from drivers.scale.polling import PollingScale, ScaleOptions, ScaleWords
from drivers.scale.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Toledo8217Options(ScaleOptions):
    """The scale as it is set up."""

    grams_without_point: bool = False
    """For clones that send whole grams (Baxtran TW)."""


class Toledo8217Scale(PollingScale[Toledo8217Options]):
    """See the module."""

    OPTIONS: ClassVar = Toledo8217Options
    words = ScaleWords(
        weight_request=codec.WEIGHT_REQUEST,
        zero_request=codec.ZERO_REQUEST,
        frame_end=codec.FRAME_END,
        frame_bytes_max=codec.FRAME_BYTES_MAX,
    )

    def decode(self, frame: bytes) -> Reading:
        """Decode one frame of the 8217."""
        return codec.decode(frame, grams_without_point=self._options.grams_without_point)
