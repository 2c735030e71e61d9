"""Says once when a device is lost and once when it is back: to the engine and to the log."""

import threading

import structlog

from drivers.contracts import DeviceKind, DeviceState, DeviceStateChanged, Post

logger = structlog.get_logger(__name__)


class StateAnnouncer:
    """Keeps the state of one device and posts each change once. Safe from any thread.

    A state that did not fit into the inbox stays owed and is posted by the next `settle`, which
    drivers call in their loop: the engine may learn of it late, but never not at all.
    """

    def __init__(self, device: str, kind: DeviceKind) -> None:
        self._device = device
        self._kind = kind
        self._lock = threading.Lock()
        self._post: Post | None = None
        self._state = DeviceState.STARTING
        self._reason = ""
        self.software = ""
        """What the device says of its own program, told with its next state."""
        self._owed: DeviceStateChanged | None = None
        self._losses = 0

    @property
    def state(self) -> DeviceState:
        """The state as last announced."""
        return self._state

    @property
    def losses(self) -> int:
        """How many times the device was lost since start."""
        return self._losses

    def attach(self, post: Post) -> None:
        """Say from now on where to post."""
        self._post = post

    def announce(self, state: DeviceState, reason: str = "") -> None:
        """Post and log `state` if it differs from the last; a new reason alone is no change."""
        with self._lock:
            if state is self._state:
                return
            before, self._state, self._reason = self._state, state, reason
            self._losses += state is DeviceState.LOST
            self._owed = DeviceStateChanged(
                device=self._device,
                kind=self._kind,
                state=state,
                reason=reason,
                software=self.software,
            )
        log = logger.warning if state in (DeviceState.LOST, DeviceState.FAULT) else logger.info
        log(
            "device state changed",
            device=self._device,
            kind=self._kind.value,
            before=before.value,
            state=state.value,
            reason=reason,
        )
        self.settle()

    def settle(self) -> None:
        """Post the state that is owed, if there is one."""
        with self._lock:
            if self._owed is not None and self._post is not None and self._post(self._owed):
                self._owed = None
