"""Which device is paid by which method, in what order they stand, and that no two worlds mix.

Money of tests and money of people never meet: keys say which world they are for, addresses are
checked against it (in the drivers), and all ways to pay of one kiosk must be of one world.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, cast

from drivers.contracts import Device, DeviceKind, Terminal
from drivers.errors import DeviceConfigError
from drivers.registry import kind_of
from kiosk.app.config import Config
from kiosk.sale.events import Method

METHODS: Final[Mapping[str, Method]] = MappingProxyType(
    {
        "vipps": Method.VIPPS,
        "klarna": Method.KLARNA,
        "strex": Method.STREX,
        "gift-card": Method.GIFT_CARD,
        "deposit-voucher": Method.DEPOSIT_VOUCHER,
    }
)
"""By protocol. A card terminal takes cards, whatever it speaks."""
LIVE: Final = "live"


def method_of(protocol: str) -> Method | None:
    """Return what a device of this protocol is paid by; None for one that takes no money."""
    if kind_of(protocol) is DeviceKind.TERMINAL:
        return Method.CARD
    return METHODS.get(protocol)


def devices_by_method(config: Config) -> dict[Method, str]:
    """Return the name of the device of each method, in the order of the configuration."""
    found: dict[Method, str] = {}
    for name, section in config.devices.items():
        method = method_of(section.protocol)
        if method is not None:
            found.setdefault(method, name)
    return found


def methods(config: Config) -> tuple[Method, ...]:
    """Return the ways to pay in the order in which they stand on the screen: cards first.

    `[payment] methods` sets another order. A kiosk without any device shows the card, greyed.
    """
    if config.payment.methods:
        return config.payment.methods
    found = tuple(devices_by_method(config))
    cards = (Method.CARD,) if Method.CARD in found or not found else ()
    return (*cards, *(method for method in found if method is not Method.CARD))


def limits_minor(config: Config) -> dict[Method, int]:
    """Return above what a method is not offered: a device's own cap (`cap_minor`)."""
    caps = {
        method: config.devices[name].options.get("cap_minor", 0)
        for method, name in devices_by_method(config).items()
    }
    return {method: cap for method, cap in caps.items() if isinstance(cap, int) and cap > 0}


def value_prefixes(config: Config) -> dict[Method, tuple[str, ...]]:
    """Return how the codes of gift cards and vouchers begin, as their devices say."""
    starts = {
        method: tuple(str(one) for one in config.devices[name].options.get("code_prefixes", ()))
        for method, name in devices_by_method(config).items()
    }
    return {method: start for method, start in starts.items() if start}


def payers(config: Config, devices: Mapping[str, Device]) -> dict[Method, Terminal]:
    """Return what every method but the card is paid by."""
    return {
        method: cast(Terminal, devices[name])
        for method, name in devices_by_method(config).items()
        if method is not Method.CARD and name in devices
    }


def environments(config: Config) -> dict[str, str]:
    """Return the world of each device that takes money: "live" unless it says "test"."""
    return {
        name: str(section.options.get("environment", LIVE))
        for name, section in config.devices.items()
        if method_of(section.protocol) is not None and section.protocol != "zvt"
    }


def is_test_money(config: Config) -> bool:
    """Return whether what is paid here is no money: the screen must say so."""
    return any(world != LIVE for world in environments(config).values())


def check_payment(config: Config) -> None:
    """Refuse ways to pay that do not belong together.

    Raises:
        DeviceConfigError: a method that no device is paid by, or two are; live and test beside
            each other; live money in a demonstration (`[bench] socket`). All mistakes at once.
    """
    mistakes = [*_of_methods(config), *_of_worlds(config)]
    if mistakes:
        raise DeviceConfigError("\n".join(mistakes))


def _of_methods(config: Config) -> list[str]:
    names: dict[Method, list[str]] = {}
    for name, section in config.devices.items():
        method = method_of(section.protocol)
        if method is not None:
            names.setdefault(method, []).append(name)
    mistakes = [
        f"{', '.join(both)}: both are paid by {method}. Expected one device for each way to pay."
        for method, both in names.items()
        if len(both) > 1
    ]
    mistakes += [
        f"[payment] methods: {method} has no device. Expected some of {', '.join(names) or 'none'}."
        for method in config.payment.methods
        if method not in names
    ]
    return mistakes


def _of_worlds(config: Config) -> list[str]:
    worlds = environments(config)
    live = sorted(name for name, world in worlds.items() if world == LIVE)
    mistakes = []
    if live and len(live) < len(worlds):
        test = ", ".join(sorted(set(worlds) - set(live)))
        mistakes.append(
            f"{', '.join(live)}: environment is live, that of {test} is test. "
            "Expected one for all: test money must not pay for goods."
        )
    if live and config.bench.socket is not None:
        mistakes.append(
            f"{', '.join(live)}: environment is live, but [bench] socket makes this a "
            'demonstration. Expected environment = "test", or no [bench] socket.'
        )
    return mistakes
