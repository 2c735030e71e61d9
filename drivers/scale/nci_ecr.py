"""NCI and Weigh-Tronix ECR (SCP-01), also spoken by Avery, Brecknell and Ohaus checkout scales."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from drivers.scale import nci_ecr_codec as codec
from drivers.scale.polling import PollingScale, ScaleOptions, ScaleWords
from drivers.scale.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class NciEcrOptions(ScaleOptions):
    """The scale as it is set up."""

    decimals: Literal[2, 3] = 3
    """Decimals of a kilogram on the scale's display."""
    answer_s: float = 1.0
    """How long to wait for an answer; the protocol allows the scale a second."""


class NciEcrScale(PollingScale[NciEcrOptions]):
    """See the module."""

    OPTIONS: ClassVar = NciEcrOptions
    words = ScaleWords(
        weight_request=codec.WEIGHT_REQUEST,
        zero_request=codec.ZERO_REQUEST,
        frame_end=codec.FRAME_END,
        frame_bytes_max=codec.FRAME_BYTES_MAX,
    )

    def decode(self, frame: bytes) -> Reading:
        """Decode one NCI ECR frame."""
        return codec.decode(frame, decimals=self._options.decimals)
