"""The options of a protocol, as its driver has them: what is needed, what else there is."""

import dataclasses
import inspect
import json
import typing
from typing import Any, Final, Literal

from drivers.registry import PROTOCOLS, load_driver

NEEDED: Final = dataclasses.MISSING


@dataclasses.dataclass(frozen=True, slots=True)
class Option:
    """One line of a device's section."""

    name: str
    default: Any = NEEDED
    choices: tuple[object, ...] = ()

    def __str__(self) -> str:
        text = self.name if self.default is NEEDED else f"{self.name} = {_as_typed(self.default)}"
        if self.choices:
            text += f"   one of {', '.join(str(choice) for choice in self.choices)}"
        return text


def options_of(protocol: str) -> dict[str, Option]:
    """Return the options by name, without the device's own."""
    driver = load_driver(PROTOCOLS[protocol].driver)
    of_type = getattr(driver, "OPTIONS", None)
    found = _of_dataclass(of_type) if of_type is not None else _of_call(driver)
    return {option.name: option for option in found if option.name != "name"}


def required(protocol: str) -> list[str]:
    """Return the options that have no default."""
    return [name for name, option in options_of(protocol).items() if option.default is NEEDED]


def _as_typed(value: Any) -> str:
    """Return a default in TOML's own form, where it has one."""
    return json.dumps(value) if isinstance(value, bool | int | float | str) else str(value)


def _of_dataclass(of_type: type) -> list[Option]:
    hints = typing.get_type_hints(of_type)
    return [
        Option(
            one.name,
            one.default if one.default_factory is NEEDED else one.default_factory(),
            _choices(hints[one.name]),
        )
        for one in dataclasses.fields(of_type)
    ]


def _of_call(driver: Any) -> list[Option]:
    """Options of a driver that is built by keywords; a default that is no plain value is a seam."""
    found = []
    for one in inspect.signature(driver, eval_str=True).parameters.values():
        default = NEEDED if one.default is one.empty else one.default
        if default is NEEDED or isinstance(default, bool | int | float | str | None):
            found.append(Option(one.name, default, _choices(one.annotation)))
    return found


def _choices(hint: Any) -> tuple[object, ...]:
    return typing.get_args(hint) if typing.get_origin(hint) is Literal else ()
