"""The questions, and the file that comes of the answers."""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from drivers.contracts import DeviceKind
from drivers.registry import PROTOCOLS
from kiosk.app.config import load
from kiosk.app.setup.earlier import Earlier
from kiosk.app.setup.options import Option, options_of, required
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


def ask_all(
    dialog: Dialog, data_dir: Path, trial: Trial = try_device, earlier: Earlier | None = None
) -> Answers:
    """Ask for the shop, the screen and each device; a device that is written down has worked.

    What `earlier` has is offered, and options of it that nobody is asked for stay.
    """
    was = earlier or Earlier()
    answers = Answers()
    answers.tables["kiosk"] = {
        **was.table("kiosk"),
        "id": until(
            dialog,
            "The cash register's own id, never used before",
            is_id,
            was.value("kiosk", "id"),
        ),
        "till": until(dialog, "The till's number for people", is_some, was.value("kiosk", "till")),
        "data_dir": was.value("kiosk", "data_dir", str(data_dir)),
    }
    answers.tables["shop"] = {**was.table("shop"), **_shop(dialog, was)}
    answers.tables["screen"] = {**was.table("screen"), **_screen(dialog, was)}
    for name, kind, protocol, place in DEVICES:
        options = _device(dialog, name, kind, (protocol, place), trial, was)
        if options is None:
            answers.left_out.append(name)
        else:
            answers.tables[f"devices.{name}"] = options
    return answers


def _shop(dialog: Dialog, was: Earlier) -> dict[str, Any]:
    def asked(question: str, key: str, wrong: Callable[[str], str] = is_some) -> str:
        return until(dialog, question, wrong, was.value("shop", key))

    return {
        "name": asked("The shop's name, as shoppers know it", "name"),
        "legal_name": asked("The company that sells", "legal_name"),
        "address": asked("Its address, on one line", "address"),
        "org_number": asked("Its organisation number", "org_number", is_org_number).replace(
            " ", ""
        ),
    }


def _screen(dialog: Dialog, was: Earlier) -> dict[str, Any]:
    had = was.table("screen")
    width = until(
        dialog,
        "Pixels of the screen from left to right",
        is_pixels,
        was.value("screen", "width_px", "1080"),
    )
    height = until(
        dialog,
        "Pixels of the screen from top to bottom",
        is_pixels,
        was.value("screen", "height_px", "1920"),
    )
    before = (
        f"{had['width_px'] / had['px_per_mm']:.0f}" if {"width_px", "px_per_mm"} <= set(had) else ""
    )
    glass_mm = until(
        dialog, "Width of the glass in millimetres, by a ruler", is_millimetres, before
    )
    return {
        "width_px": int(width),
        "height_px": int(height),
        "px_per_mm": round(int(width) / float(glass_mm.replace(",", ".")), 2),
    }


def _device(
    dialog: Dialog,
    name: str,
    kind: DeviceKind,
    usual: tuple[str, str],
    trial: Trial,
    was: Earlier,
) -> dict[str, Any] | None:
    """Ask for one device until it works, or is left out."""
    offered = dict(was.table(f"devices.{name}"))
    question = f"Is there a {name}?"
    while dialog.yes(question):
        options = _options(dialog, kind, *usual, offered)
        try:
            dialog.say(f"The {name} {trial(name, options, dialog)}.")
        except NotWorking as error:
            # The driver's list of all options is a wall here, and `?` shows it better.
            sentence = str(error).partition(". Expected: name: ")[0].rstrip(".")
            dialog.say(f"The {name} does not work: {sentence}. Nothing of it is written down.")
            offered, question = options, f"Try the {name} again?"
            continue
        return options
    return None


def _options(
    dialog: Dialog, kind: DeviceKind, protocol: str, place: str, offered: Mapping[str, Any]
) -> dict[str, Any]:
    """Ask for the options of one device; what was tried before is offered again."""
    known = {name for name, one in PROTOCOLS.items() if one.kind is kind}
    dialog.say(f"Protocols: {', '.join(sorted(known))}.")
    chosen = until(
        dialog,
        "Which one",
        lambda text: "" if text in known else "None of these.",
        str(offered.get("protocol", protocol)),
    )
    possible, had = options_of(chosen), offered if offered.get("protocol") == chosen else {}
    options: dict[str, Any] = {"protocol": chosen}
    for option in required(chosen):
        usual = str(had.get(option, place if option == "url" else ""))
        options[option] = until(dialog, option, is_place if option == "url" else is_some, usual)
    options |= {key: value for key, value in had.items() if key not in options}
    return options | _extras(dialog, chosen, possible, options)


def _extras(
    dialog: Dialog, protocol: str, possible: Mapping[str, Option], options: dict[str, Any]
) -> dict[str, Any]:
    """Take options by name until there is no more; one without a value is taken out again."""
    for key in [key for key in options if key not in (*required(protocol), "protocol")]:
        dialog.say(f"As before: {key} = {_toml(options[key])}")
    while extra := dialog.ask("Another option as name = value, ? for all, or nothing").strip():
        key, _, text = (part.strip() for part in extra.partition("="))
        if extra == "?":
            dialog.say("\n".join(f"  {option}" for option in possible.values()))
        elif key not in possible:
            dialog.say(f"{protocol} has no option {key}; ? lists them.")
        elif text:
            options[key] = _value(text)
        elif key not in required(protocol):
            options.pop(key, None)
    return options


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
