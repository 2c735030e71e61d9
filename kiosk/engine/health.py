"""Which devices can be used now, from what they posted."""

from dataclasses import dataclass, field

from drivers.contracts import (
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    Paper,
    PrinterStatus,
    WeightRead,
)
from kiosk.engine.clock import NS_PER_S

_GONE = (DeviceState.LOST, DeviceState.FAULT, DeviceState.STOPPED)


@dataclass(slots=True)
class Health:
    """The last word of each device. Outlives sales: the world does not start anew with each."""

    states: dict[str, DeviceStateChanged] = field(default_factory=dict)
    printer: PrinterStatus | None = None
    weight: WeightRead | None = None
    """The latest reading while weighing; None when there is none worth showing."""
    load_is_sold: bool = False
    """What lies on the scale has been added: it must leave before the next weighing."""

    def changed(self, event: DeviceStateChanged) -> None:
        """Note a device's new state. A scale that is gone has no weight."""
        self.states[event.device] = event
        if event.kind is DeviceKind.SCALE and event.state in _GONE:
            self.weight = None
        if event.kind is DeviceKind.PRINTER and event.state in _GONE:
            self.printer = None

    def weighed(self, reading: WeightRead) -> None:
        """Note a reading; an empty scale ends the last weighing."""
        self.weight = reading
        if is_empty(reading):
            self.load_is_sold = False

    def heard(self, kind: DeviceKind) -> bool:
        """Return whether a device of this kind has said anything: its driver has started."""
        return any(event.kind is kind for event in self.states.values())

    def gone(self, kind: DeviceKind) -> bool:
        """Return whether devices of this kind have spoken and none of them can be used."""
        states = [event.state for event in self.states.values() if event.kind is kind]
        return bool(states) and all(state in _GONE for state in states)

    def ready(self, kind: DeviceKind) -> bool:
        """Return whether at least one device of this kind has said that it is ready."""
        return any(
            event.kind is kind and event.state is DeviceState.READY
            for event in self.states.values()
        )

    def heard_of(self, device: str) -> bool:
        """Return whether this very device has said anything."""
        return device in self.states

    def is_ready(self, device: str) -> bool:
        """Return whether this very device has said that it is ready."""
        said = self.states.get(device)
        return said is not None and said.state is DeviceState.READY

    def can_print(self) -> bool:
        """Return whether a receipt can be put on paper now, as far as the printer tells."""
        if not self.ready(DeviceKind.PRINTER):
            return False
        status = self.printer
        return status is None or (
            status.online
            and status.paper is not Paper.OUT
            and not (status.cover_open or status.cutter_error or status.unrecoverable)
        )

    def cannot_print(self) -> bool:
        """Return whether the printer has said that it cannot; a printer still silent may."""
        return self.gone(DeviceKind.PRINTER) or (
            self.ready(DeviceKind.PRINTER) and not self.can_print()
        )

    def fresh_weight(self, now_ns: int, fresh_s: float) -> WeightRead | None:
        """Return the latest reading unless it is too old to be believed."""
        if self.weight is None or now_ns > self.weight_until_ns(fresh_s):
            return None
        return self.weight

    def weight_until_ns(self, fresh_s: float) -> int:
        """Return when the latest reading stops being one."""
        return self.weight.at_monotonic_ns + round(fresh_s * NS_PER_S) if self.weight else 0


def is_empty(reading: WeightRead) -> bool:
    """Return whether the scale says that nothing lies on it."""
    return reading.zero or reading.under_zero or (reading.stable and reading.weight_g == 0)
