"""JSON for money: numbers are Decimal or int, never float; keys are unique; depth is bounded."""

import json
from decimal import Decimal
from typing import Any, NoReturn

from drivers.errors import ProtocolError

NUMBER_CHARS_MAX = 24
DEPTH_MAX = 32


def parse(data: bytes) -> dict[str, Any]:
    """Parse one JSON object.

    Raises:
        ProtocolError: if it is not UTF-8, not JSON, not an object, names a key twice, nests deeper
            than a message may, or has a number that is no amount's (NaN, 1e400, 30 digits).
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_refuse,
            object_pairs_hook=_unique,
        )
        require_depth(value, DEPTH_MAX)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise ProtocolError(f"terminal: {len(data)} bytes are not a JSON message") from error
    if not isinstance(value, dict):
        raise ProtocolError("terminal: JSON message is not an object")
    return value


def dump(value: Any) -> bytes:
    """Write `value` as compact JSON; a Decimal keeps its digits ("149.90" stays 149.90)."""
    return _dump(value).encode("utf-8")


def require_depth(value: Any, depth: int) -> None:
    """Raise ValueError when containers nest deeper than `depth`."""
    if depth == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        for item in value.values():
            require_depth(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            require_depth(item, depth - 1)


def _dump(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{_dump(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_dump, value)) + "]"
    if isinstance(value, float):
        raise TypeError("a float never leaves for a terminal")
    return json.dumps(value, ensure_ascii=False)


def _decimal(text: str) -> Decimal:
    value = Decimal(text)
    exponent = value.as_tuple().exponent
    # 1.499E+2 is how some libraries write 149.90; 1E+400 is how to fill a computer's memory.
    if len(text) > NUMBER_CHARS_MAX or not (isinstance(exponent, int) and abs(exponent) <= 12):
        raise ValueError("number out of range")
    return value


def _integer(text: str) -> int:
    if len(text) > NUMBER_CHARS_MAX:
        raise ValueError("number out of range")
    return int(text)


def _refuse(_: str) -> NoReturn:
    raise ValueError("not a number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key appears twice")
    return value
