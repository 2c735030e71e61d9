"""What the device bench shows of the devices, put into words for people."""

from typing import Any

from drivers.sim.control import RemoteError
from kiosk.app.store import Store

DEVICES = ("scanner", "scale", "printer", "terminal")
WAITING_WORDS = {
    "": ("idle", ""),
    "card": ("wants a card", "wait"),
    "pin": ("wants a PIN", "wait"),
    "host": ("asks the bank", "wait"),
}


def bench_state(store: Store) -> dict[str, Any]:
    """Return the state of all far ends and of what waits for staff; only JSON values."""
    states = {name: store.far_end(name).state() for name in DEVICES}
    try:
        waiting = store.glass.waiting()
    except RemoteError:
        waiting = []
    plugged = {name: _plugged(state) for name, state in states.items()}
    return {
        "cables": {name: {"plugged": value} for name, value in plugged.items()},
        "scale": _scale(states["scale"]),
        "terminal": _terminal(states["terminal"], store.far_end("terminal").call("books")),
        "printer": _printer(states["printer"]),
        "staff": {"waiting": waiting, "first_code": _first_code(store)},
    }


def _first_code(store: Store) -> str:
    """The code of the kiosk's first start; empty once somebody has used it."""
    try:
        return (store.data / "staff-first-code").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


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
