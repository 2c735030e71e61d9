"""The one way to move about in staff mode."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kiosk.engine.staff_view import StaffProblem, StaffStep
from kiosk.engine.till import Till
from kiosk.sale.commands import Command, Reason, Rejected
from kiosk.staff import Right

PROBLEMS: Mapping[Reason, StaffProblem] = {
    Reason.OVER_STAFF_LIMIT: StaffProblem.OVER_LIMIT,
    Reason.NEVER_DISCOUNTED: StaffProblem.OVER_LIMIT,
    Reason.BAD_PRICE: StaffProblem.OVER_LIMIT,
}
"""What staff are told of a refusal; of any other that it cannot be done now."""


def change(till: Till, **changes: Any) -> None:
    """Replace fields of the staff's session, if there is one."""
    if till.staff is not None:
        till.staff = replace(till.staff, **changes)


def to(till: Till, step: StaffStep, **more: Any) -> None:
    """Go on to another step; what was typed stays behind."""
    typed = {"entry": "", "secret": "", "first_secret": "", "problem": StaffProblem.NONE}
    change(till, **{"step": step, "added_line_id": None, **typed, **more})


def desk(till: Till, problem: StaffProblem = StaffProblem.NONE) -> None:
    """Go back to the desk, with nothing chosen."""
    to(
        till,
        StaffStep.DESK,
        wanted=None,
        review=None,
        chosen_line_id=None,
        picking=None,
        report=None,
        closing=False,
        claim=None,
        asking=None,
        problem=problem,
    )


def attempted(till: Till, *commands: Command) -> bool:
    """Submit for staff; a refusal is told on their screen, never on the shopper's."""
    try:
        till.submit(*commands)
    except Rejected as rejected:
        change(till, problem=PROBLEMS.get(rejected.reason, StaffProblem.NOT_NOW))
        return False
    return True


def has(till: Till, right: Right) -> bool:
    """Return whether who is signed in has a right; who has not is told."""
    staff = till.staff
    if staff is not None and till.door is not None and till.door.may(staff.person, right):
        return True
    change(till, problem=StaffProblem.NO_RIGHT)
    return False


def attendant_id(till: Till) -> str:
    """Return the id of who is signed in; empty when nobody is."""
    staff = till.staff
    return staff.person.id if staff is not None and staff.person is not None else ""
