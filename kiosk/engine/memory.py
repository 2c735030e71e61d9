"""What a kiosk has learnt and may forget: weights of goods, what a look over is worth, settings.

One small JSON file beside the journal. It is no record: a file that is missing or damaged is
begun anew, and one that cannot be written stops nothing. No person is in it.
"""

import logging
from pathlib import Path

import msgspec

from kiosk.engine.till import Till
from kiosk.engine.touch import AS_IT_IS, Map
from kiosk.sale.bagging import Learnt
from kiosk.sale.checks import Looks

logger = logging.getLogger(__name__)


class _Learnt(msgspec.Struct):
    weights: dict[str, Learnt] = {}
    looks: Looks = Looks()
    volume_percent: int | None = None
    touch: Map = AS_IT_IS


class Memory:
    """The file, read once and replaced whole after each change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = self._read()

    def serve(self, till: Till) -> None:
        """Give a till what is known, and keep what it learns."""
        till.bags.learnt = dict(self._known.weights)
        till.bags.keep = self.keep_weights
        till.looks = self._known.looks
        till.keep_looks = self.keep_looks
        if self._known.volume_percent is not None:
            till.volume_percent = self._known.volume_percent
        till.touch = self._known.touch
        till.keep_machine = self.keep_machine

    def keep_weights(self, weights: dict[str, Learnt]) -> None:
        """Keep all weights."""
        self._known.weights = weights
        self._write()

    def keep_machine(self, volume_percent: int, touch: Map) -> None:
        """Keep what staff have set on the machine."""
        self._known.volume_percent, self._known.touch = volume_percent, touch
        self._write()

    def keep_looks(self, looks: Looks) -> None:
        """Keep how often a look over was worth while."""
        self._known.looks = looks
        self._write()

    def _read(self) -> _Learnt:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Learnt)
        except FileNotFoundError:
            return _Learnt()
        except (OSError, msgspec.DecodeError, msgspec.ValidationError) as error:
            logger.warning("memory: %s cannot be read and is begun anew: %s", self._path, error)
            return _Learnt()

    def _write(self) -> None:
        beside = self._path.with_name(f"{self._path.name}.new")
        try:
            beside.write_bytes(msgspec.json.encode(self._known))
            beside.replace(self._path)
        except OSError as error:
            logger.warning("memory: %s cannot be written: %s", self._path, error)
