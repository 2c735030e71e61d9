"""A look over the goods: what is scanned out of the bag, and what of it has to be added."""

from dataclasses import replace

from kiosk.engine import translate
from kiosk.engine.staff_session import Review
from kiosk.engine.staff_steps import attempted, attendant_id, change
from kiosk.engine.staff_view import StaffProblem
from kiosk.engine.till import Till
from kiosk.sale.commands import AddItem
from kiosk.sale.events import Actor, Entry


def by_staff(till: Till, item: AddItem) -> AddItem:
    """Return `item` as an attendant adds it, now: tobacco too, which a shopper cannot."""
    return replace(
        item,
        at_utc=till.now_utc(),
        entry=Entry.STAFF,
        actor=Actor.STAFF,
        attendant_id=attendant_id(till),
    )


def check(till: Till, review: Review, found: translate.Found) -> None:
    """Note one scan of a look over: is it in the sale, and so often?"""
    if not isinstance(found, AddItem):
        change(till, problem=StaffProblem.UNKNOWN_CODE)
        return
    free = [
        line.id
        for line in till.sale.live_lines
        if line.product.id == found.product.id and review.checked.count(line.id) < line.quantity
    ]
    if free:
        review = replace(review, checked=(*review.checked, free[0]))
    else:
        review = replace(
            review, missing=review.missing + 1, to_add=(*review.to_add, found)
        )  # fmt: skip
    change(till, review=review, problem=StaffProblem.NONE)


def add_missing(till: Till, review: Review) -> None:
    """Put what the look over found into the sale, all of it or none; then it has been looked at.

    The record still says how many were missing: that they are paid for now changes nothing in how
    often this till's shoppers are looked over.
    """
    items = [by_staff(till, item) for item in review.to_add]
    if not items or not attempted(till, *items):
        return
    for item in items:
        free = (
            line.id
            for line in till.sale.live_lines
            if line.product.id == item.product.id and review.checked.count(line.id) < line.quantity
        )
        review = replace(review, checked=(*review.checked, *list(free)[:1]))
    change(till, review=replace(review, to_add=()), problem=StaffProblem.NONE)
