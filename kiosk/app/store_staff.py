"""The demonstration store's people: made when the store is opened, with PINs made on the spot.

A kiosk has no account by itself. What a shop's manager does once with `kiosk staff add`, the store
does here; the PINs are nobody's, and lie beside the data so that a store that is opened again
still knows them.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from kiosk.staff.book import StaffBook, problem_with_pin
from kiosk.staff.roles import Role

PEOPLE: Final = (
    ("12", "Ingrid", Role.ATTENDANT),
    ("7", "Amir", Role.SUPERVISOR),
)
PIN_DIGITS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who works in the demonstration store, with all that lets them in."""

    number: str
    name: str
    role: Role
    pin: str
    badge: str
    """What a reader reads off the badge."""


def hire(staff_path: Path) -> tuple[Colleague, ...]:
    """Return the store's people; those of a store that is opened for the first time are made.

    A staff's file that somebody else has made is left as it is, and nobody is known.

    Raises:
        StaffError: the staff's file cannot be used.
    """
    cards = staff_path.with_name("staff-cards.json")
    if cards.exists():
        return msgspec.json.decode(cards.read_bytes(), type=tuple[Colleague, ...])
    if staff_path.exists():
        return ()
    people = tuple(
        Colleague(
            number=number,
            name=name,
            role=role,
            pin=_new_pin(),
            badge=f"NM-{secrets.token_hex(4).upper()}",
        )
        for number, name, role in PEOPLE
    )
    book = StaffBook.open(staff_path)
    try:
        for one in people:
            book.add(number=one.number, name=one.name, role=one.role, pin=one.pin, badge=one.badge)
    finally:
        book.close()
    cards.touch(mode=0o600)
    cards.write_bytes(msgspec.json.encode(people))
    return people


def _new_pin() -> str:
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
        if not problem_with_pin(pin):
            return pin
