"""Which devices may speak now, and which lamp shines: in step with the screen, told once each."""

from drivers.light.contract import Signal
from kiosk.engine.light import signal_now
from kiosk.engine.place import accepts_scans, screen_of
from kiosk.engine.till import Till
from kiosk.engine.view import Screen


class Gates:
    """What the devices were told last. Of the engine's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._scans: bool | None = None
        self._weighing = False
        self._hears_bag = False
        self._signal: Signal | None = None

    def scanner_is_back(self) -> None:
        """Tell the scanners again: one that comes back starts disabled."""
        self._scans = None

    def follow(self) -> None:
        """Let scans through only while the sale can take them; weigh only while it is shown."""
        till = self._till
        scans = accepts_scans(till)
        if scans is not self._scans:
            self._scans = scans
            for scanner in till.devices.scanners:
                (scanner.enable if scans else scanner.disable)()
        self._hear_bag()
        self._light()
        weighing = screen_of(till) is Screen.WEIGH
        if weighing is not self._weighing and till.devices.scale is not None:
            self._weighing = weighing
            till.devices.scale.watch(weighing)

    def _hear_bag(self) -> None:
        """Listen to the bag scale from the start, and always: a sale begins with what lies there.

        A weight from the end of the sale before would be held against the next shopper.
        """
        scale = self._till.devices.bag_scale
        if scale is not None and not self._hears_bag:
            self._hears_bag = True
            scale.watch(True)

    def _light(self) -> None:
        """Let the lamp show what the interventions say."""
        lamp = self._till.devices.light
        if lamp is None:
            return
        signal = signal_now(self._till)
        if signal != self._signal:
            self._signal = signal
            lamp.show(signal)
