from dataclasses import replace

import pytest

from kiosk.engine.view import View, WeighState, WeighView
from kiosk.ui.i18n import languages, translator
from kiosk.ui.present import present_weigh
from kiosk.ui.present.parts import Kind, PromptModel
from kiosk.ui.present.weigh import NOTHING
from kiosk.ui.samples import BANANAS

NB = translator("nb")
STEADY = WeighView(tile=BANANAS, state=WeighState.STEADY, weight_g=842, price_minor=2265)
NOT_STEADY = [state for state in WeighState if state is not WeighState.STEADY]


def present(weigh: WeighView, code: str = "nb"):  # type: ignore[no-untyped-def]
    return present_weigh(View(weigh=weigh), translator(code))


def figures(weigh: WeighView) -> list[str]:
    return [figure.amount.text for figure in present(weigh).figures]


def test_weight_unit_price_and_price_stand_together_while_the_load_is_steady() -> None:
    assert figures(STEADY) == ["0,842 kg", "26,90 kr/kg", "22,65 kr"]
    assert [figure.label for figure in present(STEADY).figures] == [
        "Vekt",
        "Pris per kilo",
        "Pris",
    ]


def test_the_button_says_what_it_costs() -> None:
    add = present(STEADY).add
    assert (add.text, add.enabled) == ("Legg til 22,65 kr", True)
    assert present(STEADY, "en").add.text == "Add for 22,65 kr"


@pytest.mark.parametrize("state", NOT_STEADY)
def test_no_weight_and_no_price_is_shown_or_sold_unless_steady(state: WeighState) -> None:
    model = present(replace(STEADY, state=state))
    assert [figure.amount.figures for figure in model.figures] == [NOTHING, "26,90", NOTHING]
    assert not model.add.enabled
    assert model.add.text


@pytest.mark.parametrize("missing", ["weight_g", "price_minor"])
def test_half_a_reading_is_no_reading(missing: str) -> None:
    model = present(replace(STEADY, **{missing: None}))
    assert [figure.amount.figures for figure in model.figures] == [NOTHING, "26,90", NOTHING]
    assert not model.add.enabled


def test_while_it_moves_the_button_weighs() -> None:
    assert present(replace(STEADY, state=WeighState.MOVING)).add.text == "Veier …"


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("state", list(WeighState))
def test_every_state_has_a_sign_a_word_and_what_to_do(state: WeighState, code: str) -> None:
    model = present(replace(STEADY, state=state), code)
    assert model.state.sign
    assert model.state.text
    assert isinstance(model.slot, PromptModel)
    assert model.slot.text


def test_only_a_steady_weight_looks_done() -> None:
    kinds = {state: present(replace(STEADY, state=state)).state.kind for state in WeighState}
    assert [state for state, kind in kinds.items() if kind is Kind.DONE] == [WeighState.STEADY]


def test_what_is_taken_off_for_the_bag_is_always_told() -> None:
    assert present(STEADY).tare == "Trukket fra for pose: 0,000 kg"
    assert present(replace(STEADY, tare_g=4)).tare == "Trukket fra for pose: 0,004 kg"


def test_the_article_number_is_told() -> None:
    assert present(STEADY).number == "Varenummer 4011"
