"""Presenters of staff mode: what an attendant reads, as sentences."""

from dataclasses import replace

import pytest

from drivers.contracts import DeviceKind, DeviceState
from kiosk.engine.staff_messages import DiscountChosen, ReasonChosen
from kiosk.engine.staff_session import AGE_REASONS
from kiosk.engine.staff_session import REASONS as ENGINE_REASONS
from kiosk.engine.staff_view import (
    DecisionView,
    KioskFacts,
    ReviewView,
    StaffProblem,
    StaffStep,
    StaffView,
    Tool,
    ToolView,
    Why,
)
from kiosk.engine.view import View
from kiosk.sale.events import Interest
from kiosk.ui.i18n import languages, translator
from kiosk.ui.present.staff_choice import REASONS, present_staff_choice
from kiosk.ui.present.staff_desk import TITLES, TOOLS, present_decision, present_staff_desk
from kiosk.ui.present.staff_keys import TEXTS, present_staff_keys
from kiosk.ui.present.staff_line import present_staff_line_step
from kiosk.ui.present.staff_lines import present_staff_list
from kiosk.ui.present.staff_more import DEVICES, STATES, present_staff_more
from kiosk.ui.present.staff_parts import (
    CHIPS,
    PROBLEMS,
    REASONS_WHY,
    minutes,
    present_problem,
    present_staff_frame,
)
from kiosk.ui.present.staff_review import present_staff_review
from kiosk.ui.samples_staff import (
    AGE,
    ALL_TOOLS,
    BASE,
    DESK,
    FACTS,
    GIVE_BACK,
    REFUSED,
    STAFF,
    WEIGHT,
)
from kiosk.ui.screens import PAGES, StaffPage

NB, NN, EN = (translator(code) for code in ("nb", "nn", "en"))


def staff(**more: object) -> View:
    return replace(BASE, staff=replace(STAFF, **more))  # type: ignore[arg-type]


def decision(kind: Interest, **more: object) -> DecisionView:
    return DecisionView(id="1", kind=kind, **more)  # type: ignore[arg-type]


# The bar


def test_the_bar_says_who_is_signed_in_and_when_it_locks() -> None:
    frame = present_staff_frame(DESK, NB)
    assert (frame.who, frame.aside) == ("Medarbeider: Ingrid", "Kasse 3 · går ut om 1:45")


def test_before_sign_in_nobody_is_named() -> None:
    frame = present_staff_frame(replace(BASE, staff=StaffView()), NB)
    assert (frame.who, frame.aside) == ("Medarbeider", "Kasse 3")


def test_training_is_the_first_word_of_the_bar() -> None:
    frame = present_staff_frame(replace(DESK, training=True), NB)
    assert frame.training
    assert frame.who == "Trening · Ingrid"


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (9, "0:09"), (105, "1:45")])
def test_a_countdown_is_minutes_and_two_digits(seconds: int, text: str) -> None:
    assert minutes(seconds) == text


# The list


def test_flagged_lines_stand_first_with_a_chip_and_the_rest_newest_first() -> None:
    lines = present_staff_list(DESK, NB).lines
    assert [line.line.name for line in lines] == [
        "Pilsner 0,5 l",
        "Oppvaskmiddel 500 ml",
        "Halvgrovt brød 750 g",
        "Bananer",
        "Lettmelk 1 l",
    ]
    chips = [line.chip.text if line.chip else "" for line in lines]
    assert chips == ["Alder", "Vekt", "", "", ""]
    notes = [line.note for line in lines]
    assert notes == ["6 × 24,90 kr", "Sist skannet", "", "0,842 kg × 26,90 kr/kg", ""]


def test_a_line_that_the_order_does_not_name_is_not_lost() -> None:
    lines = present_staff_list(staff(line_order=(7,)), NB).lines
    assert [line.line.line_id for line in lines] == [7, 9, 3, 4, 1]


def test_a_line_that_is_gone_is_not_shown() -> None:
    lines = present_staff_list(staff(line_order=(99, 7, 9, 3, 4, 1)), NB).lines
    assert 99 not in [line.line.line_id for line in lines]


def test_the_count_and_the_sum_stand_over_the_list() -> None:
    assert present_staff_list(DESK, NB).items == "10 varer · 281,75 kr"
    assert present_staff_list(View(staff=STAFF), NB).items == "Ingen handel nå"


def test_a_lowered_price_tells_what_it_was() -> None:
    lines = tuple(replace(line, full_price_minor=4590) for line in BASE.lines)
    first = present_staff_list(replace(DESK, lines=lines), NB).lines[0]
    assert "Pris før endring 45,90" in [row.text for row in first.line.rows]


# Decisions


def test_the_pair_of_the_age_limit_is_as_in_the_picture() -> None:
    model = present_decision(AGE, NB)
    assert model.no is not None
    assert (model.title, model.note) == ("Aldersgrense 18 år", "Pilsner 0,5 l × 6")
    assert (model.yes.text, model.no.text) == ("Ja, over 18", "Nei, fjern")


def test_the_pair_of_the_bag_is_as_in_the_picture() -> None:
    model = present_decision(WEIGHT, NB)
    assert model.no is not None
    assert model.title == "Posen er tyngre enn ventet"
    assert model.note == "Etter Oppvaskmiddel 500 ml"
    assert (model.yes.text, model.no.text) == ("Det er greit", "Se over")


@pytest.mark.parametrize(
    ("detail", "title"),
    [
        ("something_else", "Posen er tyngre enn ventet"),
        ("taken_away", "Posen er lettere enn ventet"),
        ("not_yet_placed", "Varen er ikke lagt i posen"),
    ],
)
def test_what_the_scale_saw_is_the_title(detail: str, title: str) -> None:
    assert present_decision(replace(WEIGHT, detail=detail), NB).title == title


def test_help_has_nothing_to_refuse() -> None:
    model = present_decision(decision(Interest.HELP, detail="price", may_refuse=False), NB)
    assert (model.note, model.yes.text, model.no) == ("Prisen", "Ferdig", None)


def test_a_spot_check_is_looked_over_first() -> None:
    model = present_decision(decision(Interest.RANDOM_CHECK, review_first=True), NB)
    assert model.no is not None
    assert (model.yes.text, model.no.text) == ("Se over", "Hopp over")


def test_a_doubtful_payment_shows_the_code_to_ask_with() -> None:
    model = present_decision(decision(Interest.PAYMENT_IN_DOUBT, doubt_code="K3F9"), NB)
    assert model.note.endswith("K3F9")


def test_what_one_may_not_approve_says_why_and_can_be_refused_all_the_same() -> None:
    model = present_decision(replace(AGE, may_approve=Why.NO_RIGHT), NB)
    assert not model.yes.available
    assert model.note == "Ingen rett"
    assert model.no is not None


def test_out_of_hours_nobody_can_sell_and_it_is_not_called_a_right() -> None:
    asked = decision(Interest.ALCOHOL_HOURS, line_id=7, may_approve=Why.NO_RIGHT)
    assert present_decision(asked, NB).note == "Kan ikke selges nå"


# The desk


@pytest.mark.parametrize(
    ("count", "heading"),
    [(0, "Alt er avgjort"), (1, "Én ting å avgjøre"), (2, "2 ting å avgjøre")],
)
def test_the_heading_counts_what_is_left(count: int, heading: str) -> None:
    view = staff(decisions=(AGE, WEIGHT)[:count])
    assert present_staff_desk(view, NB).heading == heading


def test_the_way_back_is_the_next_step_only_once_all_is_decided() -> None:
    assert not present_staff_desk(DESK, NB).ready
    assert present_staff_desk(staff(all_decided=True), NB).ready


def test_the_desk_has_six_tools_and_a_way_to_the_others() -> None:
    model = present_staff_desk(staff(tools=ALL_TOOLS), NB)
    assert [tool.text for tool in model.tools] == [
        "Endre vare", "Fjern vare", "Kopi", "Avbryt", "Ta imot", "Åpne",
    ]  # fmt: skip
    assert model.more is not None
    behind = present_staff_more(staff(step=StaffStep.MORE, tools=ALL_TOOLS), NB).tools
    shown = {tool.tool for tool in (*model.tools, *behind)}
    assert shown == {tool.tool for tool in ALL_TOOLS} - {Tool.MORE}


def test_a_tool_that_cannot_be_used_says_why() -> None:
    view = staff(tools=(ToolView(tool=Tool.COPY, why_not=Why.COPY_USED),))
    assert present_staff_desk(view, NB).tools[0].reason == "Er tatt"


def test_a_tool_that_waits_for_a_line_says_which_to_tap() -> None:
    prompt = present_staff_desk(staff(picking=Tool.REMOVE_LINE), NB).prompt
    assert prompt is not None
    assert prompt.text == "Trykk på varen som skal ut"


def test_a_problem_comes_before_what_to_tap() -> None:
    view = staff(picking=Tool.REMOVE_LINE, problem=StaffProblem.DECIDED_ALREADY)
    prompt = present_staff_desk(view, NB).prompt
    assert prompt is not None
    assert prompt.text == "En annen avgjorde det først"


# Keys


def test_a_pin_is_dots_even_if_its_digits_came_along() -> None:
    view = staff(step=StaffStep.PIN, digits=4, entry="1234")
    model = present_staff_keys(view, NB)
    assert (model.field, model.dots) == ("", 4)


def test_a_number_may_be_read() -> None:
    model = present_staff_keys(staff(step=StaffStep.NUMBER, digits=2, entry="12"), NB)
    assert (model.field, model.dots) == ("12", 0)


@pytest.mark.parametrize(
    ("entry", "field"), [("5", "0,05 kr"), ("2990", "29,90 kr"), ("", ""), ("x", "x")]
)
def test_a_price_fills_from_the_right(entry: str, field: str) -> None:
    view = staff(step=StaffStep.PRICE, entry=entry, chosen_line_id=9)
    assert present_staff_keys(view, NB).field == field


def test_a_new_price_names_the_item_and_its_price() -> None:
    view = staff(step=StaffStep.PRICE, chosen_line_id=4)
    assert present_staff_keys(view, NB).lead == "Bananer, nå 26,90 kr/kg"


def test_a_sale_that_was_set_aside_is_found_by_its_slip() -> None:
    view = staff(step=StaffStep.ITEM, picking=Tool.RESUME)
    assert present_staff_keys(view, NB).title == "Hent en handel"


def test_a_wrong_pin_counts_down_and_does_not_say_which_was_wrong() -> None:
    model = present_problem(StaffView(problem=StaffProblem.WRONG_PIN, tries_left=1), NB)
    assert model is not None
    assert model.text == "Nummer eller PIN er feil. Ett forsøk igjen."


def test_a_lock_out_says_how_long() -> None:
    model = present_problem(StaffView(problem=StaffProblem.LOCKED, locked_s=280), NB)
    assert model is not None
    assert model.text == "Låst etter for mange forsøk. Prøv igjen om 4:40."


# Line, choice, look over, more


def test_the_chosen_line_tells_what_can_be_done_with_it() -> None:
    model = present_staff_line_step(staff(step=StaffStep.LINE, chosen_line_id=7), NB)
    assert (model.line_id, model.quantity, model.countable) == (7, 6, True)
    assert [line.line.line_id for line in model.list.lines if line.chosen] == [7]


def test_a_weighed_line_has_no_count() -> None:
    model = present_staff_line_step(staff(step=StaffStep.LINE, chosen_line_id=4), NB)
    assert not model.countable


def test_every_reason_that_the_engine_asks_for_has_words() -> None:
    asked = {reason for reasons in ENGINE_REASONS.values() for reason in reasons}
    assert asked | set(AGE_REASONS) <= set(REASONS)


def test_a_reason_of_the_shops_own_is_shown_with_its_words() -> None:
    view = staff(step=StaffStep.REASON, reasons=("no_id", "broken_egg_box"))
    choices = present_staff_choice(view, NB).choices
    assert [choice.text for choice in choices] == ["Ingen legitimasjon", "Broken egg box"]
    assert choices[1].intent == ReasonChosen("broken_egg_box")


@pytest.mark.parametrize(
    ("percent_bp", "text"), [(2500, "25 %"), (1250, "12,5 %"), (525, "5,25 %"), (10_000, "100 %")]
)
def test_a_discount_is_a_percentage_with_a_comma(percent_bp: int, text: str) -> None:
    view = staff(step=StaffStep.DISCOUNT, percents_bp=(percent_bp,))
    choice = present_staff_choice(view, NB).choices[0]
    assert (choice.text, choice.intent) == (text, DiscountChosen(percent_bp))


def test_a_discount_names_what_it_is_on() -> None:
    assert present_staff_choice(staff(step=StaffStep.DISCOUNT), NB).heading == (
        "Rabatt på hele handelen"
    )
    view = staff(step=StaffStep.DISCOUNT, chosen_line_id=4)
    assert present_staff_choice(view, NB).heading == "Rabatt på Bananer"


def test_a_look_over_counts_what_was_scanned_and_what_was_not_paid() -> None:
    review = ReviewView(intervention_id="1", wanted=5, checked=(7, 7, 3), missing=1)
    model = present_staff_review(staff(step=StaffStep.REVIEW, review=review), NB)
    assert model.found == ("Pilsner 0,5 l × 2", "Halvgrovt brød 750 g")
    assert model.progress == "4 av 5 sett over"
    assert model.banner is not None
    assert model.banner.text == "Én vare er ikke med i handelen"
    assert (model.ready, model.ready_is_next) == ("Ferdig med å se over", False)


def test_what_nobody_paid_for_is_named_and_can_be_added() -> None:
    review = ReviewView(intervention_id="1", wanted=5, missing=2, missing_names=("Te", "Te"))
    model = present_staff_review(staff(step=StaffStep.REVIEW, review=review), NB)
    assert (model.missing, model.add) == (("Te × 2",), "Legg til i handelen")
    nothing = ReviewView(intervention_id="1", wanted=5)
    assert not present_staff_review(staff(step=StaffStep.REVIEW, review=nothing), NB).add


def test_what_was_added_by_hand_is_said_under_the_keys() -> None:
    model = present_staff_keys(staff(step=StaffStep.ITEM, added_line_id=4), NB)
    assert model.banner is not None
    assert model.banner.text == "Lagt til: Bananer, 22,65 kr"


def test_a_look_into_the_bag_has_no_number_to_reach() -> None:
    review = ReviewView(intervention_id="1", wanted=0, checked=(7,))
    model = present_staff_review(staff(step=StaffStep.REVIEW, review=review), NB)
    assert (model.title, model.progress) == ("Se over posen", "1 vare sett over")
    assert model.ready_is_next


def test_the_facts_are_those_that_are_known() -> None:
    model = present_staff_more(staff(step=StaffStep.MORE, facts=FACTS), NB)
    assert model.facts[0] == ("Versjon", "1.2.0")
    assert ("Ledig plass", "11,8 GB") in model.facts
    only_name = present_staff_more(
        staff(step=StaffStep.MORE, facts=KioskFacts(kiosk_id="torshov-3")), NB
    )
    assert only_name.facts == (("Navn", "torshov-3"),)
    assert only_name.past_title == ""


def test_money_that_is_not_taken_has_its_amount_its_receipt_and_a_name_to_look_up() -> None:
    late = replace(REFUSED, refused=False)
    facts = replace(FACTS, untaken=(REFUSED, late))
    model = present_staff_more(staff(step=StaffStep.MORE, facts=facts), NB)
    first, second = model.untaken
    assert model.untaken_title == "Ikke trukket ennå"
    assert (first.text, first.note, first.reference) == (
        "Vipps 239,00 kr", "Avvist · kvittering 18204, 20.11.", REFUSED.reference,
    )  # fmt: skip
    assert second.note == "Venter på svar · kvittering 18204, 20.11."
    fine = present_staff_more(staff(step=StaffStep.MORE, facts=FACTS), NB)
    assert (fine.untaken_title, fine.untaken) == ("", ())


def test_a_past_decision_tells_what_how_who_and_how_fast() -> None:
    past = present_staff_more(staff(step=StaffStep.MORE, facts=FACTS), NB).past
    assert (past[0].text, past[0].note, past[0].at) == (
        "Alder: godkjent", "Ingrid · 21 sekunder", "14.02",
    )  # fmt: skip
    assert past[3].text == "Betaling: avvist"


# Everything has words


def test_every_kind_step_tool_problem_and_reason_has_words() -> None:
    assert set(TITLES) == set(CHIPS) == set(Interest)
    assert set(TOOLS) == set(Tool)
    assert set(PROBLEMS) == set(StaffProblem) - {StaffProblem.NONE}
    assert set(REASONS_WHY) == set(Why) - {Why.NONE}
    assert set(STATES) == set(DeviceState)
    assert set(PAGES) == set(StaffStep)
    assert set(TEXTS) == {step for step, page in PAGES.items() if page is StaffPage.KEYS}


def test_every_device_and_state_has_its_words_and_sign() -> None:
    assert set(DEVICES) == set(DeviceKind)
    assert set(STATES) == set(DeviceState)


@pytest.mark.parametrize("kind", Interest)
@pytest.mark.parametrize("code", languages())
def test_every_decision_can_be_read_in_every_language(code: str, kind: Interest) -> None:
    model = present_decision(decision(kind, line_id=7, name="Pilsner"), translator(code))
    assert model.title
    assert model.yes.text
    assert model.no is not None
    assert model.no.text != model.yes.text


def test_money_that_could_not_go_back_is_asked_about_as_that_and_not_as_a_payment() -> None:
    """ "Yes, paid" would mean the opposite of what it does."""
    asked = present_decision(GIVE_BACK, NB)
    assert asked.title == "Er 447,54 kr gitt tilbake?"
    assert asked.note == "·· 4321 · 02.03. 09.12 · T000482"
    assert asked.no is not None
    assert (asked.yes.text, asked.no.text) == ("Ja, gitt tilbake", "Nei, følges opp")
    assert present_decision(GIVE_BACK, EN).title == "Has 447,54 kr been given back?"
