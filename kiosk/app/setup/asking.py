"""The questions, and the file that comes of the answers."""

import dataclasses
import inspect
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from drivers.contracts import DeviceKind
from drivers.registry import PROTOCOLS, load_driver
from kiosk.app.config import load
from kiosk.app.setup.trying import Dialog, NotWorking, is_there, try_device

DEVICES: Final = (
    ("scanner", DeviceKind.SCANNER, "serial-scanner", "/dev/kiosk-scanner"),
    ("scale", DeviceKind.SCALE, "toledo-8217", "/dev/kiosk-scale"),
    ("printer", DeviceKind.PRINTER, "escpos", "char:/dev/kiosk-printer"),
    ("terminal", DeviceKind.TERMINAL, "nexo-json", ""),
)
ID: Final = re.compile(r"[A-Za-z0-9-]{1,40}")
ORG_WEIGHTS: Final = (3, 2, 7, 6, 5, 4, 3, 2)
SHORTEST_MM, LONGEST_MM = 50.0, 2000.0

Trial = Callable[[str, Mapping[str, Any], Dialog], str]
Tables = dict[str, dict[str, Any]]


@dataclass
class Answers:
    """What will stand in the file, table by table."""

    tables: Tables = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def ask_all(dialog: Dialog, data_dir: Path, trial: Trial = try_device) -> Answers:
    """Ask for the shop, the screen and each device; a device that is written down has worked."""
    answers = Answers()
    answers.tables["kiosk"] = {
        "id": until(dialog, "The cash register's own id, never used before", is_id),
        "till": until(dialog, "The till's number for people", is_some),
        "data_dir": str(data_dir),
    }
    answers.tables["shop"] = {
        "name": until(dialog, "The shop's name, as shoppers know it", is_some),
        "legal_name": until(dialog, "The company that sells", is_some),
        "address": until(dialog, "Its address, on one line", is_some),
        "org_number": until(dialog, "Its organisation number", is_org_number).replace(" ", ""),
    }
    width = until(dialog, "Pixels of the screen from left to right", is_pixels, "1080")
    height = until(dialog, "Pixels of the screen from top to bottom", is_pixels, "1920")
    glass_mm = until(dialog, "Width of the glass in millimetres, by a ruler", is_millimetres)
    answers.tables["screen"] = {
        "width_px": int(width),
        "height_px": int(height),
        "px_per_mm": round(int(width) / float(glass_mm.replace(",", ".")), 2),
    }
    for name, kind, protocol, place in DEVICES:
        options = _device(dialog, name, kind, (protocol, place), trial)
        if options is None:
            answers.left_out.append(name)
        else:
            answers.tables[f"devices.{name}"] = options
    return answers


def _device(
    dialog: Dialog, name: str, kind: DeviceKind, usual: tuple[str, str], trial: Trial
) -> dict[str, Any] | None:
    """Ask for one device until it works, or is left out."""
    while dialog.yes(f"Is there a {name}?"):
        options = _options(dialog, kind, *usual)
        try:
            dialog.say(f"The {name} {trial(name, options, dialog)}.")
        except NotWorking as error:
            dialog.say(f"The {name} does not work: {error}. Nothing of it is written down.")
            continue
        return options
    return None


def _options(dialog: Dialog, kind: DeviceKind, protocol: str, place: str) -> dict[str, Any]:
    known = {name for name, one in PROTOCOLS.items() if one.kind is kind}
    dialog.say(f"Protocols: {', '.join(sorted(known))}.")
    chosen = until(
        dialog, "Which one", lambda text: "" if text in known else "None of these.", protocol
    )
    options: dict[str, Any] = {"protocol": chosen}
    for option in required(chosen):
        usual = place if option == "url" else ""
        options[option] = until(
            dialog, f"{option}", is_place if option == "url" else is_some, usual
        )
    while extra := dialog.ask("Another option as name = value, or nothing"):
        key, _, value = extra.partition("=")
        options[key.strip()] = _value(value.strip())
    return options


def required(protocol: str) -> list[str]:
    """Return the options of a protocol that have no default, without its name."""
    driver = load_driver(PROTOCOLS[protocol].driver)
    of_type = getattr(driver, "OPTIONS", None)
    if of_type is not None:
        missing = dataclasses.MISSING
        names = [
            one.name
            for one in dataclasses.fields(of_type)
            if one.default is missing and one.default_factory is missing
        ]
    else:
        parameters = inspect.signature(driver).parameters.values()
        names = [one.name for one in parameters if one.default is inspect.Parameter.empty]
    return [name for name in names if name != "name"]


def _value(text: str) -> Any:
    """Take numbers and true or false as what they are, all else as text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float | str) else text


def until(
    dialog: Dialog, question: str, wrong: Callable[[str], str], default: str = ""
) -> str:  # fmt: skip
    """Ask until there is nothing wrong with the answer."""
    while True:
        answer = dialog.ask(question, default).strip()
        mistake = wrong(answer)
        if not mistake:
            return answer
        dialog.say(mistake)


def is_some(text: str) -> str:
    """Something must stand there."""
    return "" if text else "Something must stand there."


def is_id(text: str) -> str:
    """An id is of letters, digits and hyphens."""
    return "" if ID.fullmatch(text) else "1 to 40 letters, digits and hyphens, e.g. NT-0477-03."


def is_org_number(text: str) -> str:
    """A Norwegian organisation number has nine digits, the last one checks the others (modulus 11).

    Reference:
        https://www.brreg.no/om-oss/registrene-vare/om-enhetsregisteret/organisasjonsnummeret/
    """
    digits = text.replace(" ", "")
    if not re.fullmatch(r"[0-9]{9}", digits):
        return "Nine digits."
    total = sum(weight * int(digit) for weight, digit in zip(ORG_WEIGHTS, digits, strict=False))
    check = -total % 11
    return "" if check == int(digits[8]) else "Its check digit is wrong: a digit was mistyped."


def is_pixels(text: str) -> str:
    """A whole number that a screen can have."""
    return "" if text.isdecimal() and 300 <= int(text) <= 10_000 else "A number, e.g. 1080."


def is_millimetres(text: str) -> str:
    """The width of a screen, with a point or a comma."""
    try:
        fits = SHORTEST_MM <= float(text.replace(",", ".")) <= LONGEST_MM
    except ValueError:
        fits = False
    return "" if fits else "Millimetres, e.g. 268."


def is_place(text: str) -> str:
    """Where the device is; a device's file must exist."""
    if not text:
        return "Something must stand there."
    if not is_there(text):
        return f"{text} does not exist. Is it plugged in? name-device gives it a name that stays."
    return ""


def text_of(tables: Tables) -> str:
    """Return the tables as TOML. JSON's strings, numbers and booleans are TOML's too."""
    parts = ["# Written by `kiosk setup`; deploy/kiosk.example.toml explains every option.\n"]
    for name, values in tables.items():
        lines = [f"{key} = {_toml(value)}\n" for key, value in values.items()]
        parts.append(f"\n[{name}]\n{''.join(lines)}")
    return "".join(parts)


def _toml(value: Any) -> str:
    # JSON leaves DEL as it is, and TOML wants it escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def write(path: Path, text: str) -> None:
    """Write the file whole, once the kiosk has read it without a mistake.

    Raises:
        ConfigError: the kiosk would not take it; `path` is as it was.
        OSError: it cannot be written.
    """
    draft = path.with_name(f"{path.name}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        load(draft)
        # The kiosk reads it as its group, which the directory of the installer has.
        os.chown(draft, -1, path.parent.stat().st_gid)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
