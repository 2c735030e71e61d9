"""The fifty ways in which a payment can go wrong, and the tests that stand for each.

A test says in its name which fault it is about: `test_fault_07_...`. They are found by their names
wherever they stand, because each belongs to the room that answers the fault. `python -m
tests.payments.fault_cases` prints the table.
"""

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[1]

CASES: Final[Mapping[int, str]] = {
    1: "answer lost, approved",
    2: "answer lost, declined",
    3: "terminal out of reach after sending",
    4: "power cut between sending and answer",
    5: "power cut between approval and receipt",
    6: "power cut while the journal is written",
    7: "terminal starts anew in mid-payment",
    8: "terminal says that it knows of nothing",
    9: "double tap on pay",
    10: "two kiosks on one terminal",
    11: "cancelled while the host approves",
    12: "basket changed after sending",
    13: "another amount or currency in the answer",
    14: "only a part approved",
    15: "approved, but the goods cannot be given",
    16: "reversal lost",
    17: "reversal refused",
    18: "card left in the terminal",
    19: "wrong PIN",
    20: "contactless card that must be inserted",
    21: "declined, again and again",
    22: "shopper gone from the terminal",
    23: "shopper gone from the code on the screen",
    24: "capture fails",
    25: "payment created twice",
    26: "push not delivered",
    27: "token ends while polling",
    28: "too many requests, server errors",
    29: "Klarna session left open",
    30: "forged or repeated webhook",
    31: "one-time code wrong or expired",
    32: "phone bill pending",
    33: "wrong phone number",
    34: "no network at start",
    35: "terminal approves without its host",
    36: "wrong clock",
    37: "terminal in maintenance",
    38: "end of day missing",
    39: "no paper after the approval",
    40: "totals differ at the end of the day",
    41: "somebody else at the terminal's address",
    42: "forged or replayed message",
    43: "garbage and oversized messages",
    44: "card data in logs",
    45: "terminal exchanged",
    46: "refund to another card",
    47: "goods with an age limit paid by phone",
    48: "the last shopper's data on the screen",
    49: "test keys in production",
    50: "rounding",
}

NO_TEST: Final[Mapping[int, str]] = {}
"""Faults that cannot be a test here, each with its reason."""

NO_WIRE: Final[Mapping[int, str]] = {
    49: "the kiosk refuses to start, so nothing is ever sent",
}
"""Faults without a test over a wire to a far end, each with its reason."""

WITHOUT_FAR_END: Final = (
    "app/",
    "engine/",
    "journal/",
    "payments/",
    "drivers/terminal/test_nexo_json.py",
    "drivers/terminal/test_nexo_resolve.py",
    "drivers/terminal/test_nexo_turn.py",
    "drivers/terminal/test_nexo_verdict.py",
    "drivers/terminal/test_nexo_xml.py",
    "drivers/wallet/test_wallet_config.py",
    "drivers/wallet/test_wallet_parts.py",
)
"""Where tests decide without anybody at the other end. All others have a far end and a wire."""

_NAME: Final = re.compile(r"test_fault_(\d+)_")


def found(folder: Path = TESTS) -> dict[int, list[str]]:
    """Return the tests that say which fault they are about, as `file::name`, by its number."""
    tests: dict[int, list[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (match := _NAME.match(node.name)):
                where = f"{path.relative_to(folder)}::{node.name}"
                tests.setdefault(int(match[1]), []).append(where)
    return tests


def over_a_wire(tests: Iterable[str]) -> list[str]:
    """Return those of these tests that have a far end."""
    return [one for one in tests if not one.startswith(WITHOUT_FAR_END)]


def main() -> None:
    """Print the faults with their tests, or the reason why there is none."""
    tests = found()
    for number, what in CASES.items():
        print(f"{number:02} {what}")
        for line in tests.get(number, [NO_TEST.get(number, "MISSING")]):
            print(f"     {line}")


if __name__ == "__main__":
    main()
