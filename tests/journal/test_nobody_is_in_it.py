"""Nothing about a person can be in the journal, so deleting a person's data never touches it."""

import dataclasses
import re
import typing
from collections.abc import Iterator

import pytest

from kiosk.journal.codec import KINDS, encode

from .samples import EVERY_EVENT, EVERY_REGISTER_EVENT

PERSONAL = re.compile(
    r"phone|mobile|e_?mail|msisdn|first_name|last_name|birth|person|customer|member|"
    r"(^|_)pan($|_)|card_number|cardholder|street|iban|account",
)
LOOKS_LIKE_ONE = {
    "a mobile number": re.compile(r'"(?:\+?47)?[49]\d{7}"'),
    "an e-mail address": re.compile(r'"[^"@\s]+@[^"@\s]+\.[a-z]{2,}"'),
}


def fields_of(kind: type, seen: frozenset[type] = frozenset()) -> Iterator[str]:
    """Yield the names of all fields of a dataclass, those of what it holds included."""
    for name, hint in typing.get_type_hints(kind).items():
        yield name
        for inner in parts_of(hint):
            if dataclasses.is_dataclass(inner) and inner not in seen:
                yield from fields_of(typing.cast(type, inner), seen | {kind})


def parts_of(hint: object) -> Iterator[object]:
    yield hint
    for part in typing.get_args(hint):
        yield from parts_of(part)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_event_has_a_field_for_a_person(kind: type) -> None:
    assert [name for name in fields_of(kind) if PERSONAL.search(name)] == []


@pytest.mark.parametrize(
    "event", [*EVERY_EVENT, *EVERY_REGISTER_EVENT], ids=lambda event: type(event).__name__
)
def test_no_event_as_written_holds_a_number_or_an_address(event: object) -> None:
    body = encode(event)[2].decode()  # type: ignore[arg-type]
    assert [what for what, pattern in LOOKS_LIKE_ONE.items() if pattern.search(body)] == []


def test_the_patterns_see_what_they_are_for() -> None:
    assert PERSONAL.search("phone_number")
    assert PERSONAL.search("masked_pan")
    assert LOOKS_LIKE_ONE["a mobile number"].search('{"to":"+4791234567"}')
    assert LOOKS_LIKE_ONE["an e-mail address"].search('{"to":"kari@example.no"}')
