"""What the tests of staff mode share: the register, what a shopper sees, what is offered."""

from dataclasses import replace

from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import Tool, Why
from kiosk.engine.view import View
from kiosk.fiscal.events import (
    REGISTER,
    RegisterStarted,
)
from kiosk.sale import events as e
from tests.engine.bench import Bench


def begin_register(bench: Bench) -> None:
    """Begin the register's own stream, as the program does at its start."""
    bench.journal.append(
        REGISTER,
        1,
        (
            RegisterStarted(
                at_utc="2026-03-02T08:00:00.000000+00:00",
                register_id="NT-0477-03",
                operator_id="SCO-03",
                shop_name="",
                legal_name="",
                org_number="",
                address="",
                software_version="1",
                time_zone="Europe/Oslo",
            ),
        ),
    )


def shown(view: View) -> View:
    """Return what a shopper sees of a view."""
    return replace(view, seq=0, staff=None, scan_at_monotonic_ns=0)


def tool(bench: Bench, wanted: Tool) -> Why:
    return next(one.why_not for one in bench.desk.tools if one.tool is wanted)


def decision(bench: Bench, kind: e.Interest) -> str:
    return next(one.id for one in bench.desk.decisions if one.kind is kind)


def price(bench: Bench, digits: str, reason: str = "damaged") -> None:
    bench.send(s.StaffLinePressed(1), s.PricePressed()).keys(digits)
    bench.send(s.ReasonChosen(reason))
