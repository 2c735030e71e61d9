"""NCI and Weigh-Tronix ECR (SCP-01), also spoken by Avery, Brecknell and Ohaus checkout scales."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from drivers.deadline import SYSTEM_CLOCK, Clock
from drivers.reader import DEFAULT_BACKOFF, Backoff, OnCrash
from drivers.scale import nci_ecr_codec as codec
from drivers.scale.polling import Cadence, PollingScale, ScaleWords
from drivers.scale.reading import Reading
from drivers.transport import SerialSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class NciEcrOptions:
    """The scale as it is set up."""

    name: str
    url: str
    """The line, e.g. /dev/serial/by-path/... (see `drivers.transport`)."""
    baudrate: int = 9600
    bytesize: Literal[7, 8] = 7
    parity: Literal["N", "E", "O"] = "E"
    stopbits: Literal[1, 2] = 1
    decimals: Literal[2, 3] = 3
    """Decimals of a kilogram on the scale's display."""
    answer_s: float = 1.0
    """How long to wait for an answer; the protocol allows the scale a second."""


class NciEcrScale(PollingScale):
    """See the module."""

    OPTIONS: ClassVar = NciEcrOptions
    words = ScaleWords(
        weight_request=codec.WEIGHT_REQUEST,
        zero_request=codec.ZERO_REQUEST,
        frame_end=codec.FRAME_END,
        frame_bytes_max=codec.FRAME_BYTES_MAX,
    )

    def __init__(
        self,
        options: NciEcrOptions,
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
        self._decimals = options.decimals

    def decode(self, frame: bytes) -> Reading:
        """Decode one NCI ECR frame."""
        return codec.decode(frame, decimals=self._decimals)
