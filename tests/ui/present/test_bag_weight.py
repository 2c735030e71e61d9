"""Picture 12 in sentences: what the scale saw, never what somebody did, and never its numbers."""

from dataclasses import replace

import pytest

from kiosk.engine.staff_view import BagState
from kiosk.ui.i18n import languages, translator
from kiosk.ui.present.bag_weight import present_bag_weight
from kiosk.ui.samples_staff import BAG, BAGGING

NB = translator("nb")


def test_the_words_are_those_of_the_picture() -> None:
    model = present_bag_weight(BAG, NB)
    assert model.title.replace("\u00a0", " ") == "Posen veier ikke som ventet"
    assert [answer.text for answer in model.answers] == [
        "Jeg la på min egen pose",
        "Alt i posen er skannet",
    ]
    assert model.answers[1].note == "En medarbeider ser raskt over"


def test_what_is_not_in_the_bag_yet_is_named_and_may_stay_out_of_it() -> None:
    view = replace(BAG, bagging=replace(BAGGING, state=BagState.NOT_YET_PLACED))
    model = present_bag_weight(view, NB)
    assert model.lead.startswith("Oppvaskmiddel 500 ml er skannet.")
    assert [answer.name for answer in model.answers] == ["skip", "all-scanned"]


def test_without_an_item_nothing_is_named() -> None:
    bagging = replace(BAGGING, state=BagState.NOT_YET_PLACED, name="", picture="")
    model = present_bag_weight(replace(BAG, bagging=bagging), NB)
    assert model.lead.startswith("Når varen ligger i posen")
    assert model.last == ""


def test_once_somebody_is_called_there_is_nothing_to_answer() -> None:
    model = present_bag_weight(replace(BAG, bagging=replace(BAGGING, called=True)), NB)
    assert model.answers == ()
    assert model.chip is not None
    assert model.chip.text == "Vi har sagt fra i butikken"
    assert model.staff


def test_who_is_coming_is_named() -> None:
    view = replace(BAG, seen_by="Ingrid", bagging=replace(BAGGING, called=True))
    chip = present_bag_weight(view, NB).chip
    assert chip is not None
    assert chip.text == "Ingrid har sett det"


def test_staff_find_their_way_in_once_help_is_asked() -> None:
    assert not present_bag_weight(BAG, NB).staff
    assert present_bag_weight(replace(BAG, help_called=True), NB).staff


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("state", BagState)
def test_both_answers_lead_on_in_every_language(code: str, state: BagState) -> None:
    view = replace(BAG, bagging=replace(BAGGING, state=state))
    model = present_bag_weight(view, translator(code))
    assert len(model.answers) == 2
    assert all(answer.text and answer.note for answer in model.answers)
    assert not any(character.isdigit() for character in model.title)
