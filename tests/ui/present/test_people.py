"""Presenters of help, staff, language, adjustment, closed and out of order."""

from dataclasses import replace

import pytest

from kiosk.engine.view import Flag, OutOfOrderView, Settings, View
from kiosk.sale.events import Method
from kiosk.ui.i18n import languages, translator
from kiosk.ui.present import (
    present_adjust,
    present_closed,
    present_help,
    present_language,
    present_needs_staff,
    present_out_of_order,
)
from kiosk.ui.present.out_of_order import FAULTS
from kiosk.ui.samples import LINES
from kiosk.ui.samples_more import BEER, NEEDS_STAFF

NB, NN, EN = (translator(code) for code in ("nb", "nn", "en"))


# Help


def test_help_asks_what_it_is_about_in_four_ways() -> None:
    reasons = present_help(View(help_reason="price"), NB).reasons
    assert [reason.text for reason in reasons] == [
        "Strekkoden",
        "Prisen",
        "Betalingen",
        "Noe annet",
    ]
    assert [reason.reason for reason in reasons if reason.chosen] == ["price"]


def test_no_reason_is_chosen_beforehand() -> None:
    assert not any(reason.chosen for reason in present_help(View(), NB).reasons)


def test_a_lamp_is_promised_only_where_there_is_one() -> None:
    assert "Lampen" not in present_help(View(), NB).lead
    assert "Lampen" in present_help(View(has_light=True), NB).lead


def test_one_goes_on_scanning_when_there_is_something_scanned() -> None:
    assert present_help(View(lines=LINES), NB).onward.text == "Fortsett å skanne"
    assert present_help(View(), NB).onward.text == "Tilbake"


# Staff


def test_the_line_that_waits_is_shown_with_its_age_limit() -> None:
    model = present_needs_staff(NEEDS_STAFF, NB)
    assert model.line is not None
    assert [row.text for row in model.line.rows] == [
        "6 × 24,90 kr",
        "Pant 6 × 2,00 kr",
        "Aldersgrense 18 år",
    ]
    assert model.lead == "Én vare har aldersgrense. Ha gjerne legitimasjonen klar."
    assert model.note.startswith("Vi sjekker alder hver gang, for alle.")


def test_two_items_with_an_age_limit_are_two() -> None:
    view = replace(NEEDS_STAFF, lines=(*NEEDS_STAFF.lines, replace(BEER, line_id=8)))
    assert present_needs_staff(view, NB).lead.startswith("2 varer har aldersgrense.")


def test_another_check_says_nothing_about_age() -> None:
    line = replace(LINES[0], flag=Flag.STAFF)
    view = View(lines=(line,), waiting_line_id=line.line_id)
    model = present_needs_staff(view, NB)
    assert model.lead == "Vi må se på én vare før du betaler."
    assert model.note == ""
    assert model.remove == "Fjern varen"


def test_a_check_that_is_about_no_line_cannot_remove_one() -> None:
    model = present_needs_staff(View(doubt_code="K3F9"), NB)
    assert (model.line, model.remove) == (None, "")
    assert model.code == "Kode til medarbeideren: K3F9"


def test_a_name_lowers_the_pulse_where_somebody_has_seen_it() -> None:
    assert present_needs_staff(NEEDS_STAFF, NB).chip.text == "Ingrid har sett det"
    unseen = replace(NEEDS_STAFF, seen_by="")
    assert present_needs_staff(unseen, NB).chip.text == "Vi har sagt fra i butikken"


# Panels


def test_languages_are_listed_as_the_shop_offers_them() -> None:
    model = present_language(View(languages=("en", "nb")), NB)
    assert [(language.code, language.in_use) for language in model.languages] == [
        ("en", False),
        ("nb", True),
    ]


def test_a_setting_says_in_words_whether_it_is_on() -> None:
    model = present_adjust(View(settings=Settings(high_contrast=True)), NB)
    states = {setting.setting: setting.state for setting in model.settings}
    assert states["high_contrast"] == "På"
    assert states["large_text"] == "Av"


def test_every_setting_of_the_shopper_but_the_language_has_a_switch() -> None:
    names = {setting.setting for setting in present_adjust(View(), NB).settings}
    assert names == set(Settings.__dataclass_fields__) - {"language"}


def test_reading_aloud_keeps_its_place_and_does_not_pretend() -> None:
    read_aloud = present_adjust(View(), NB).settings[-1]
    assert (read_aloud.setting, read_aloud.available) == ("read_aloud", False)
    assert read_aloud.state == "Ikke her"
    with_a_voice = View(can_read_aloud=True, settings=Settings(read_aloud=True))
    read_aloud = present_adjust(with_a_voice, NB).settings[-1]
    assert (read_aloud.available, read_aloud.on, read_aloud.state) == (True, True, "På")


# Closed, out of order


def test_a_closed_till_says_when_it_opens() -> None:
    words = present_closed(View(opens_at="15.00"), NB).lead.replace("\u00a0", " ")
    assert words == "Denne kassen åpner igjen klokken 15.00."
    words = present_closed(View(opens_at="15.00"), EN).lead.replace("\u00a0", " ")
    assert words == "This till opens again at 15:00."


def test_a_pause_is_not_told_as_hours() -> None:
    assert present_closed(View(paused=True, opens_at="15.00"), NB).lead == "Denne kassen har pause."


def test_a_till_that_nobody_knows_when_opens_promises_nothing() -> None:
    assert present_closed(View(), NB).lead == "Denne kassen er ikke i bruk nå."


def out_of_order(**more):  # type: ignore[no-untyped-def]
    return present_out_of_order(View(out_of_order=OutOfOrderView(**more)), NB)


def test_first_what_works_then_what_does_not() -> None:
    works = (Method.VIPPS, Method.KLARNA, Method.GIFT_CARD)
    model = out_of_order(fault="terminal", works=works, can_start=True)
    assert model.title == "Kortterminalen her virker ikke nå"
    assert model.works == "Vipps, Klarna og gavekort"
    assert model.works_not == "Kort, mobil og klokke på terminalen"
    assert model.start is not None
    assert model.start.text == "Start her uten kort"


def test_a_kiosk_that_cannot_sell_has_no_start() -> None:
    model = out_of_order(fault="journal")
    assert (model.start, model.works) == (None, "")


def test_a_fault_without_words_never_shows_its_code() -> None:
    model = out_of_order(fault="e_4711_flux")
    assert model.title == "Denne kassen virker ikke nå"
    assert "4711" not in str(model)


def test_without_a_scanner_entering_the_code_is_offered_only_if_one_can_start() -> None:
    assert "taste koden" in out_of_order(fault="scanner", can_start=True).works_not
    assert "taste koden" not in out_of_order(fault="scanner").works_not


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_words_in_every_language(fault: str, code: str) -> None:
    view = View(out_of_order=OutOfOrderView(fault=fault, can_start=True))
    model = present_out_of_order(view, translator(code))
    assert model.title
    assert model.works_not
