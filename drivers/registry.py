"""From a line of the configuration to a device: which driver speaks which protocol.

A port is bound to its protocol by configuration. Nothing is ever probed by writing to it: bytes
that are harmless to a scale have locked up fiscal printers.

A driver is imported when it is asked for, so a kiosk without a card terminal needs no TLS stack
and a development machine without evdev can still run a serial scanner.
"""

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from importlib import import_module
from typing import Any, Final, cast

import msgspec

from drivers.contracts import Device, DeviceKind
from drivers.errors import DeviceConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """One wire protocol and the driver that speaks it."""

    kind: DeviceKind
    driver: str
    """Where the class is: "package.module:Class". Constructed as described in `build_device`."""
    summary: str


PROTOCOLS: Final[Mapping[str, Protocol]] = {
    "serial-scanner": Protocol(
        kind=DeviceKind.SCANNER,
        driver="drivers.scanner.serial_scanner:SerialScanner",
        summary="barcode scanner on RS-232 or USB-CDC",
    ),
    "evdev-scanner": Protocol(
        kind=DeviceKind.SCANNER,
        driver="drivers.scanner.evdev_scanner:EvdevScanner",
        summary="barcode scanner that types like a keyboard, grabbed",
    ),
    "toledo-8217": Protocol(
        kind=DeviceKind.SCALE,
        driver="drivers.scale.toledo8217:Toledo8217Scale",
        summary="Mettler-Toledo 8217 (Viva, Diva, Ariva-S and many others)",
    ),
    "nci-ecr": Protocol(
        kind=DeviceKind.SCALE,
        driver="drivers.scale.nci_ecr:NciEcrScale",
        summary="NCI and Weigh-Tronix ECR (SCP-01)",
    ),
    "escpos": Protocol(
        kind=DeviceKind.PRINTER,
        driver="drivers.printer.escpos:EscPosPrinter",
        summary="ESC/POS receipt printer",
    ),
    "serial-light": Protocol(
        kind=DeviceKind.LIGHT,
        driver="drivers.light.serial_light:SerialLight",
        summary="status light behind serial relays (LCUS, or a table of bytes)",
    ),
    "gpio-light": Protocol(
        kind=DeviceKind.LIGHT,
        driver="drivers.light.gpio_light:GpioLight",
        summary="status light on GPIO lines (libgpiod)",
    ),
    "vipps": Protocol(
        kind=DeviceKind.WALLET,
        driver="drivers.wallet.vipps:VippsWallet",
        summary="Vipps MobilePay ePayment: a code on our screen, or a push",
    ),
    "klarna": Protocol(
        kind=DeviceKind.WALLET,
        driver="drivers.wallet.klarna:KlarnaWallet",
        summary="Klarna in store: a code on our screen",
    ),
    "strex": Protocol(
        kind=DeviceKind.WALLET,
        driver="drivers.wallet.strex:StrexWallet",
        summary="Strex by Target365: the phone bill, with a number and a code",
    ),
    "gift-card": Protocol(
        kind=DeviceKind.GIFT_CARD,
        driver="drivers.giftcard.driver:GiftCards",
        summary="gift cards, by the open protocol of drivers/giftcard/README.md",
    ),
    "deposit-voucher": Protocol(
        kind=DeviceKind.VOUCHER,
        driver="drivers.giftcard.driver:DepositVouchers",
        summary="deposit vouchers of the machine for empties, by the same protocol",
    ),
    "nexo-json": Protocol(
        kind=DeviceKind.TERMINAL,
        driver="drivers.terminal.nexo:NexoTerminal",
        summary="card terminal, nexo Retailer in Adyen's JSON dialect",
    ),
    "zvt": Protocol(
        kind=DeviceKind.TERMINAL,
        driver="drivers.terminal.zvt:ZvtTerminal",
        summary="card terminal, ZVT over TCP or a serial line",
    ),
    "nexo-xml": Protocol(
        kind=DeviceKind.TERMINAL,
        driver="drivers.terminal.nexo_xml_terminal:NexoXmlTerminal",
        summary="card terminal, nexo Retailer 3.1 in XML (Swedbank Pay's PAX)",
    ),
}


def build_device(config: Mapping[str, object]) -> Device:
    """Construct the device that `config` describes; no port is opened yet.

    `config` has `protocol`, `name`, and the driver's options. A driver class with an attribute
    `OPTIONS` (a frozen dataclass) is constructed with one instance of it, checked for types; any
    other is constructed with the options as keyword arguments, checked against its signature.

    Raises:
        DeviceConfigError: unknown protocol, or missing, unknown or wrong options. The message
            lists what was expected.
    """
    options = dict(config)
    protocol = options.pop("protocol", None)
    if not isinstance(protocol, str) or protocol not in PROTOCOLS:
        raise DeviceConfigError(
            f"device {options.get('name')!r}: protocol {protocol!r} is unknown. "
            f"Expected one of: {', '.join(sorted(PROTOCOLS))}."
        )
    driver = load_driver(PROTOCOLS[protocol].driver)
    where = f"device {options.get('name')!r} ({protocol})"
    options_type = getattr(driver, "OPTIONS", None)
    if isinstance(options_type, type) and is_dataclass(options_type):
        return cast(Device, driver(_checked_dataclass(options_type, options, where)))
    return cast(Device, driver(**_checked_keywords(driver, options, where)))


def load_driver(path: str) -> Callable[..., Any]:
    """Import "package.module:Class" and return the class."""
    module_name, _, class_name = path.partition(":")
    try:
        return cast(Callable[..., Any], getattr(import_module(module_name), class_name))
    except (ImportError, AttributeError) as error:
        raise DeviceConfigError(f"the driver {path} cannot be loaded: {error}") from error


def kind_of(protocol: str) -> DeviceKind:
    """What devices of this protocol are for; DeviceConfigError when it is unknown."""
    if protocol not in PROTOCOLS:
        raise DeviceConfigError(
            f"protocol {protocol!r} is unknown. Expected one of: {', '.join(sorted(PROTOCOLS))}."
        )
    return PROTOCOLS[protocol].kind


@dataclass(frozen=True, slots=True)
class _Option:
    """One option of a driver: its type, and its default where it has one."""

    name: str
    type: Any
    default: Any = MISSING

    def __str__(self) -> str:
        of_type = getattr(self.type, "__name__", None) if isinstance(self.type, type) else None
        text = f"{self.name}: {of_type or str(self.type).replace('typing.', '')}"
        return text if self.default is MISSING else f"{text} = {self.default!r}"


def _checked_dataclass(options_type: type, given: Mapping[str, object], where: str) -> object:
    hints = typing.get_type_hints(options_type)
    expected = [
        _Option(
            field.name,
            hints[field.name],
            field.default_factory() if field.default_factory is not MISSING else field.default,
        )
        for field in fields(options_type)
    ]
    values = _checked(expected, given, where)
    try:
        return options_type(**values)
    except ValueError as error:
        raise DeviceConfigError(f"{where}: {error}") from error


def _checked_keywords(
    driver: Callable[..., Any], given: Mapping[str, object], where: str
) -> dict[str, object]:
    expected = [
        _Option(
            parameter.name,
            Any if parameter.annotation is parameter.empty else parameter.annotation,
            MISSING if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in inspect.signature(driver, eval_str=True).parameters.values()
        if parameter.default is parameter.empty or _is_plain(parameter.default)
    ]
    return _checked(expected, given, where)


def _is_plain(default: object) -> bool:
    """Whether a parameter with this default can stand in a file; a clock cannot."""
    plain = isinstance(default, bool | int | float | str | None)
    return plain or (is_dataclass(default) and not isinstance(default, type))


def _checked(expected: list[_Option], given: Mapping[str, object], where: str) -> dict[str, object]:
    """Return `given` converted to the expected types; raise one error with every mistake."""
    by_name = {option.name: option for option in expected}
    mistakes = [f"{name} is unknown" for name in given if name not in by_name]
    values: dict[str, object] = {}
    for option in expected:
        if option.name not in given:
            if option.default is MISSING:
                mistakes.append(f"{option.name} is missing")
            continue
        try:
            values[option.name] = msgspec.convert(given[option.name], option.type)
        except (msgspec.ValidationError, TypeError) as error:
            mistakes.append(f"{option.name}={given[option.name]!r}: {error}")
    if mistakes:
        options = ", ".join(str(option) for option in expected)
        raise DeviceConfigError(f"{where}: {'; '.join(mistakes)}. Expected: {options}.")
    return values
