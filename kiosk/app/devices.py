"""`kiosk devices`: what is configured, what can be spoken, and whether it answers."""

import queue
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.table import Table

from drivers.contracts import (
    BarcodeScanned,
    Device,
    DeviceEvent,
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    PrinterStatus,
    Scale,
    Scanner,
    WeightRead,
)
from drivers.deadline import SYSTEM_CLOCK, Deadline
from drivers.errors import DeviceConfigError
from drivers.registry import PROTOCOLS, build_device
from kiosk.app.config import Config, ConfigError, load
from kiosk.app.credentials import lent, secrets_beside


def list_devices(path: Path, *, listen_s: float, console: Console | None = None) -> int:
    """Print the devices of the configuration at `path`; with `listen_s`, start and watch them.

    Returns 0 when everything is in order, 1 when a device does not answer, 2 when the
    configuration cannot be used.
    """
    console = console or Console()
    _print_protocols(console)
    with lent(secrets_beside(path)):
        return _list_configured(path, listen_s, console)


def _list_configured(path: Path, listen_s: float, console: Console) -> int:
    try:
        config = load(path)
        devices = build_devices(config)
    except (ConfigError, DeviceConfigError) as error:
        console.print(str(error), style="red", highlight=False, markup=False)
        return 2
    table = Table("device", "kind", "protocol", "where", title=f"Configured in {path}")
    for name, device in devices.items():
        section = config.devices[name]
        table.add_row(name, device.kind, section.protocol, str(section.options.get("url", "")))
    console.print(table)
    return _listen(devices, listen_s, console) if listen_s > 0 else 0


def build_devices(config: Config) -> dict[str, Device]:
    """Construct every configured device; no port is opened.

    Raises:
        DeviceConfigError: with every mistake of every device.
    """
    devices: dict[str, Device] = {}
    mistakes: list[str] = []
    for name, section in config.devices.items():
        try:
            devices[name] = build_device(
                {"name": name, "protocol": section.protocol, **section.options}
            )
        except DeviceConfigError as error:
            mistakes.append(str(error))
    if mistakes:
        raise DeviceConfigError("\n".join(mistakes))
    return devices


def _print_protocols(console: Console) -> None:
    table = Table("protocol", "for", "what", title="Protocols that this kiosk speaks")
    for name, protocol in PROTOCOLS.items():
        table.add_row(name, protocol.kind, protocol.summary)
    console.print(table)


def _listen(devices: dict[str, Device], listen_s: float, console: Console) -> int:
    """Start all devices and say what they say until time is up."""
    heard: queue.Queue[DeviceEvent] = queue.Queue(maxsize=1000)

    def post(event: DeviceEvent) -> bool:
        try:
            heard.put_nowait(event)
        except queue.Full:
            return False
        return True

    console.print(f"Listening for {listen_s:g} s. Scan something, put something on the scale.")
    states = dict.fromkeys(devices, DeviceState.STARTING)
    try:
        for device in devices.values():
            device.start(post)
            _open_up(device)
        deadline = Deadline(SYSTEM_CLOCK, listen_s)
        while not deadline.passed():
            try:
                event = heard.get(timeout=deadline.left_s())
            except queue.Empty:
                break
            if isinstance(event, DeviceStateChanged):
                states[event.device] = event.state
            console.print(_sentence(event), highlight=False, markup=False)
    finally:
        for device in devices.values():
            device.stop()
    for name, device in devices.items():
        console.print(f"{name}: {states[name].value} {dict(device.statistics().counters)}")
    return 0 if all(state is DeviceState.READY for state in states.values()) else 1


def _open_up(device: Device) -> None:
    """Let input through, where the device is one that gives input."""
    if device.kind is DeviceKind.SCANNER:
        cast(Scanner, device).enable()
    elif device.kind is DeviceKind.SCALE:
        cast(Scale, device).watch(True)


def _sentence(event: DeviceEvent) -> str:
    match event:
        case DeviceStateChanged(device=name, state=state, reason=reason):
            return f"{name}: {state.value}{f' ({reason})' if reason else ''}"
        case BarcodeScanned(device=name, text=text, aim_id=aim):
            return f"{name}: read {text!r}{f', identifier {aim}' if aim else ''}"
        case WeightRead(device=name, weight_g=None):
            return f"{name}: no stable weight"
        case WeightRead(device=name, weight_g=grams):
            return f"{name}: {grams} g"
        case PrinterStatus(device=name, online=online, paper=paper):
            return f"{name}: {'online' if online else 'offline'}, paper {paper.value}"
    return repr(event)
