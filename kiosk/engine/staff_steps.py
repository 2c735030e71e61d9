"""The one way to move about in staff mode."""

from dataclasses import replace
from typing import Any

from kiosk.engine.staff_view import StaffProblem, StaffStep
from kiosk.engine.till import Till


def change(till: Till, **changes: Any) -> None:
    """Replace fields of the staff's session, if there is one."""
    if till.staff is not None:
        till.staff = replace(till.staff, **changes)


def to(till: Till, step: StaffStep, **more: Any) -> None:
    """Go on to another step; what was typed stays behind."""
    typed = {"entry": "", "secret": "", "first_secret": "", "problem": StaffProblem.NONE}
    change(till, **{"step": step, **typed, **more})


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
        problem=problem,
    )


def attendant_id(till: Till) -> str:
    """Return the id of who is signed in; empty when nobody is."""
    staff = till.staff
    return staff.person.id if staff is not None and staff.person is not None else ""
