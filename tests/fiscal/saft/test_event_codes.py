"""Each event that the authority's list has is written by this register, or known not to be."""

import json
import re
from pathlib import Path

import pytest

from kiosk.fiscal import codes, events
from kiosk.fiscal.events import RegisterEvent
from kiosk.fiscal.saft import events as saft_events
from kiosk.fiscal.saft.events import said_of_register
from tests.journal.samples import EVERY_REGISTER_EVENT

LISTS = Path(__file__).parents[4] / "shared/data/saft/code-lists/codes_utf8.json"
SOURCE = Path(saft_events.__file__).read_text("utf-8")


@pytest.fixture(scope="module")
def predefined() -> set[str]:
    if not LISTS.exists():
        pytest.skip(f"the authority's code lists are not here: {LISTS}")
    return {one["code"] for one in json.loads(LISTS.read_text("utf-8"))["PredefinedBasicID-13"]}


def test_each_predefined_event_has_a_source_or_a_reason_to_have_none(predefined: set[str]) -> None:
    written = {code.predefined for code in codes.EVENTS.values()}
    assert written | codes.NOT_HERE.keys() == predefined
    assert written & codes.NOT_HERE.keys() == set()


def test_each_event_of_ours_is_written_somewhere() -> None:
    said = set(re.findall(r'"([A-Z]{4,12})"', SOURCE))
    assert codes.EVENTS.keys() - said == set()


def test_nothing_that_happens_to_the_register_is_left_out() -> None:
    """A new kind of event of the register must say something, or be named here with its reason."""
    silent = {
        # It is not an event of its own: its sale's transaction carries the signature.
        "SaleSigned",
    }
    kinds = {
        name
        for name, one in vars(events).items()
        if isinstance(one, type) and issubclass(one, RegisterEvent) and one is not RegisterEvent
    }
    spoken = {type(one).__name__ for one in EVERY_REGISTER_EVENT if list(said_of_register(one))}
    assert kinds - spoken == silent
