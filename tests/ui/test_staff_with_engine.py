"""An attendant's way with the real engine: from a shopper's help to the shopper's screen again."""

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.engine.view import View
from kiosk.sale.events import InterventionResolved
from kiosk.ui.widgets.staff import GiveBack
from tests.engine.bench import BEER, MILK, Bench, build_catalog
from tests.engine.conftest import cheap_hashes
from tests.ui.harness import Harness


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    cheap_hashes(monkeypatch)
    (tmp_path / "catalog").mkdir()
    return Bench(tmp_path, build_catalog(tmp_path / "catalog"), staffed=True)


def touch(kiosk: Harness, shop: Bench, *names: str) -> None:
    """Press what stands on the glass, and show what the engine answers."""
    for name in names:
        kiosk.sent.clear()
        kiosk.press(name)
        shop.send(*kiosk.sent)
        kiosk.show(shop.view)


def plain(view: View) -> View:
    return replace(view, seq=0, tone_seq=0, scan_at_monotonic_ns=0)


def sign_in(kiosk: Harness, shop: Bench) -> None:
    touch(kiosk, shop, "help", "staff", "key-1", "key-2", "confirm")
    assert "Tast PIN" in kiosk.words()
    touch(kiosk, shop, "key-4", "key-7", "key-1", "key-1")
    assert not any("4711" in word for word in kiosk.words())
    touch(kiosk, shop, "confirm")
    assert "Medarbeider: Ingrid" in kiosk.words()


def leave(kiosk: Harness) -> GiveBack:
    button = kiosk.button("leave")
    assert isinstance(button, GiveBack)
    return button


def test_an_age_is_approved_and_the_shopper_goes_on(kiosk: Harness, shop: Bench) -> None:
    shop.scan(MILK, BEER)
    kiosk.show(shop.view)
    sign_in(kiosk, shop)
    assert {"2 ting å avgjøre", "Aldersgrense 18 år", "Alder"} <= set(kiosk.words())
    assert not leave(kiosk).ready
    # Help and age, in whichever order they came: each is one tap.
    for _ in range(2):
        touch(kiosk, shop, "decision-0-yes")
    assert "Alt er avgjort" in kiosk.words()
    assert leave(kiosk).ready
    approved = [event for event in shop.record() if isinstance(event, InterventionResolved)]
    assert approved
    assert all(event.attendant_id for event in approved)
    touch(kiosk, shop, "leave")
    assert shop.view.staff is None
    assert "pay" in kiosk.names() or "onward" in kiosk.names()


def test_a_refused_age_asks_why_and_takes_the_line_out(kiosk: Harness, shop: Bench) -> None:
    shop.scan(MILK, BEER)
    kiosk.show(shop.view)
    sign_in(kiosk, shop)
    number = next(index for index, one in enumerate(shop.desk.decisions) if one.kind.value == "age")
    touch(kiosk, shop, f"decision-{number}-no")
    assert {"Hvorfor?", "For ung", "Ingen legitimasjon"} <= set(kiosk.words())
    touch(kiosk, shop, "reason-no_id")
    assert [line.name for line in shop.view.lines] == [shop.view.lines[0].name]


def test_leaving_without_a_word_changes_nothing_for_the_shopper(
    kiosk: Harness, shop: Bench
) -> None:
    shop.scan(MILK)
    kiosk.show(shop.view)
    touch(kiosk, shop, "help")
    before, words = plain(shop.view), kiosk.words()
    touch(kiosk, shop, "staff", "back")
    assert plain(shop.view) == before
    assert kiosk.words() == words


def test_every_tool_behind_more_answers_on_the_glass(kiosk: Harness, shop: Bench) -> None:
    shop.scan(MILK)
    kiosk.show(shop.view)
    sign_in(kiosk, shop)
    touch(kiosk, shop, "more")
    assert "Om kassen" in kiosk.words()
    tools = sorted(name for name in kiosk.names() if name.startswith("tool-"))
    assert tools
    for name in tools:
        if name not in kiosk.names():
            touch(kiosk, shop, *(["back", "more"] if "back" in kiosk.names() else ["more"]))
        if name in kiosk.names():
            touch(kiosk, shop, name)
            assert kiosk.words()
