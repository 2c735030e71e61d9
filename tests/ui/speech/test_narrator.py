"""What is said, and when."""

from dataclasses import replace

import pytest

from kiosk.engine.staff_view import StaffView
from kiosk.engine.view import Screen, Settings, TotalsView, View
from kiosk.ui.samples import LINES
from kiosk.ui.speech import Narrator


class Ear:
    """A voice that only remembers."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, float]] = []
        self.hushed = 0

    def say(self, text: str, language: str, volume: float) -> None:
        self.heard.append((text, language, volume))

    def hush(self) -> None:
        self.hushed += 1

    def last(self) -> str:
        return self.heard[-1][0]


ALOUD = View(screen=Screen.PAY, settings=Settings(read_aloud=True), volume_percent=40)


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def narrator(ear: Ear) -> Narrator:
    narrator = Narrator(ear)
    narrator.show(ALOUD, Screen.PAY, [])
    return narrator


def test_nothing_is_said_to_who_did_not_ask(ear: Ear) -> None:
    narrator = Narrator(ear)
    narrator.show(View(), Screen.START, ["Hei!"])
    narrator.control("pay", ["Betal"])
    assert (ear.heard, ear.hushed) == ([], 0)


def test_switched_on_it_says_how_it_is_used(narrator: Narrator, ear: Ear) -> None:
    (said,) = ear.heard
    assert said[0].startswith("Opplesing er på. Trykk én gang")
    assert said[1:] == ("nb", 0.4)


def test_a_screen_is_read_when_it_comes(narrator: Narrator, ear: Ear) -> None:
    narrator.show(ALOUD, Screen.TERMINAL, ["Hold kortet mot terminalen", "213,95", "kr"])
    assert ear.last() == "Hold kortet mot terminalen. 213 kroner og 95 øre"


def test_only_what_is_new_is_read_after_that(narrator: Narrator, ear: Ear) -> None:
    narrator.show(ALOUD, Screen.TERMINAL, ["Hold kortet", "Venter på kort"])
    narrator.show(ALOUD, Screen.TERMINAL, ["Tast PIN", "Venter på kort"])
    assert ear.last() == "Tast PIN"


def test_a_countdown_is_not_read_second_by_second(narrator: Narrator, ear: Ear) -> None:
    narrator.show(ALOUD, Screen.RECEIPT, ["Uten svar skriver vi ut om 18 sekunder."])
    count = len(ear.heard)
    narrator.show(ALOUD, Screen.RECEIPT, ["Uten svar skriver vi ut om 17 sekunder."])
    assert len(ear.heard) == count


def test_an_item_that_came_is_named_with_its_price_and_the_sum(
    narrator: Narrator, ear: Ear
) -> None:
    milk, cola = LINES[0], LINES[1]
    first = replace(
        ALOUD, screen=Screen.SCAN, lines=(milk,), totals=TotalsView(item_count=1, to_pay_minor=2390)
    )
    narrator.show(first, Screen.SCAN, ["2 varer"])
    both = replace(first, lines=(milk, cola), totals=TotalsView(item_count=3, to_pay_minor=8970))
    narrator.show(both, Screen.SCAN, ["3 varer"])
    assert ear.last() == (
        "2 ganger Cola uten sukker 1,5 l, 59 kroner og 80 øre. Å betale: 89 kroner og 70 øre"
    )


def test_a_control_with_only_a_sign_has_a_name(narrator: Narrator, ear: Ear) -> None:
    narrator.control("plus", [])
    assert ear.last() == "Flere"
    narrator.control("method-vipps", ["Vipps", "Skann en kode"])
    assert ear.last() == "Vipps. Skann en kode"


def test_staff_mode_is_never_read(narrator: Narrator, ear: Ear) -> None:
    count = len(ear.heard)
    narrator.show(replace(ALOUD, staff=StaffView(name="Ingrid")), Screen.PAY, ["2 ting å avgjøre"])
    narrator.control("key-7", ["7"])
    assert (len(ear.heard), ear.hushed) == (count, 1)


def test_switched_off_it_stops_at_once(narrator: Narrator, ear: Ear) -> None:
    narrator.show(replace(ALOUD, settings=Settings()), Screen.PAY, ["Hvordan vil du betale?"])
    assert ear.hushed == 1
