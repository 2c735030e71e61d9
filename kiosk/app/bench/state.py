"""What the device bench shows of the devices and the people, put into words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from drivers.sim.control import RemoteError
from kiosk.app.bench.phone import Phone
from kiosk.app.bench.players import Hands, Staff
from kiosk.app.store import Store
from kiosk.engine.view import View

WAITING_WORDS: Final = MappingProxyType(
    {
        "": ("idle", ""),
        "card": ("wants a card", "wait"),
        "pin": ("wants a PIN", "wait"),
        "host": ("asks the bank", "wait"),
    }
)
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "age": "Age limit",
        "alcohol_hours": "Alcohol out of hours",
        "weight": "The bag",
        "help": "Help",
        "random_check": "A look over",
        "payment_in_doubt": "Payment in doubt",
        "device": "A device",
    }
)
"""Kinds of intervention in words; the others say it in their own."""


def bench_state(store: Store, hands: Hands, staff: Staff, phone: Phone) -> dict[str, Any]:
    """Return the state of all far ends and of both players; only JSON values."""
    states = {name: store.far_end(name).state() for name in store.far_ends}
    waiting: list[dict[str, str]] = []
    on_phone = phone.state(View())
    try:
        hands.look_up(store.glass.state()["screen"])
        waiting = store.glass.waiting()
        on_phone = phone.state(store.glass.view())
    except RemoteError:
        pass  # the kiosk starts anew; its devices are shown meanwhile
    plugged = {name: _plugged(state) for name, state in states.items()}
    return {
        "cables": {name: {"plugged": value} for name, value in plugged.items()},
        "scale": _scale(states["scale"]),
        "terminal": _terminal(states["terminal"], store.far_end("terminal").call("books")),
        "printer": _printer(states["printer"]),
        "light": states["light"]["lit"],
        "bag": hands.state(),
        "phone": on_phone,
        "staff": {
            "waiting": [one | {"words": _words(one["kind"])} for one in waiting],
            "people": staff.people(),
        },
    }


def _words(kind: str) -> str:
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def _plugged(state: dict[str, Any]) -> bool:
    return bool(state.get("plugged_in", state.get("plugged", True)))


def _chip(text: str, kind: str = "") -> dict[str, Any]:
    return {"text": text, "kind": kind}


def _scale(state: dict[str, Any]) -> dict[str, Any]:
    if not _plugged(state):
        return _chip("unplugged", "bad")
    if state["in_motion"]:
        return _chip("moving", "wait")
    return _chip(f"{state['load_g']} g")


def _terminal(state: dict[str, Any], books: list[dict[str, Any]]) -> dict[str, Any]:
    charged = sum(entry["amount_minor"] for entry in books if not entry["reversed"])
    text, kind = WAITING_WORDS.get(state["waiting_for"], (state["waiting_for"], "wait"))
    if not _plugged(state):
        text, kind = "unplugged", "bad"
    return {**_chip(text, kind), "charged_minor": charged}


def _printer(state: dict[str, Any]) -> dict[str, Any]:
    receipts = {"receipts": len(state["receipts"])}
    if not _plugged(state) or not state["powered"]:
        return {**_chip("unplugged" if state["powered"] else "no power", "bad"), **receipts}
    if state["cover_open"]:
        return {**_chip("cover open", "bad"), **receipts}
    if state["cutter_error"]:
        return {**_chip("cutter jammed", "bad"), **receipts}
    words = {"out": ("no paper", "bad"), "near_end": ("paper low", "wait"), "ok": ("paper in", "")}
    return {**_chip(*words[state["paper"]]), **receipts}
