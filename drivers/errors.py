"""The errors a driver may raise; foreign exceptions are translated to these at one edge."""


class DeviceError(Exception):
    """Base of all device errors. The message names the device, the fault and what to do."""


class DeviceLost(DeviceError):
    """The device stopped answering or disappeared.

    Example scenarios: USB cable pulled; scale switched off; a read returned end of file.
    """


class DeviceTimeout(DeviceError):
    """The device is there but did not answer in time.

    Example scenarios: a scale in motion that never settles; a terminal waiting for a card.
    """


class ProtocolError(DeviceError):
    """The device said something its protocol does not allow. The message has the bytes in hex.

    Example scenarios: wrong parity set; another protocol on the port; line noise.
    """


class DeviceBusy(DeviceError):
    """The device is doing something else for somebody else.

    Example scenarios: the port is open in another program; the terminal serves another kiosk.
    """


class DeviceConfigError(DeviceError):
    """The configuration names a device that cannot be. The message says what was expected."""


class DeviceClosed(DeviceError):
    """A call on a device that was closed."""
