"""Reading the fields of a message that anybody may have written."""

from typing import Any

from drivers.errors import ProtocolError

TEXT_CHARS_MAX = 200


def object_of(value: Any) -> dict[str, Any]:
    """Return an object, {} for an absent one.

    Raises:
        ProtocolError: for anything else in an object's place.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ProtocolError("terminal: expected an object in the message")
    return value


def text_of(fields: dict[str, Any], key: str, *, chars_max: int = TEXT_CHARS_MAX) -> str:
    """Return a printable text, "" when it is absent; a longer one than expected is refused."""
    value = fields.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > chars_max:
        raise ProtocolError(f"terminal: {key} is not a text of at most {chars_max} characters")
    if not value.isprintable():
        # Control characters have no business on a screen, half a surrogate pair none in a journal.
        value = "".join(letter if letter.isprintable() else " " for letter in value)
    return value


def list_of(value: Any) -> list[Any]:
    """Return a list, [] for anything that is none."""
    return value if isinstance(value, list) else []


def flag_of(fields: dict[str, Any], key: str, *, default: bool) -> bool:
    """Return a boolean as JSON (true) or XML ("true", "1") writes it, `default` for neither."""
    value = fields.get(key)
    if isinstance(value, bool):
        return value
    return {"true": True, "1": True, "false": False, "0": False}.get(
        value if isinstance(value, str) else "", default
    )
