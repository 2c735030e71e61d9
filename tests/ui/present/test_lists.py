"""Presenters of the list: scanning, look-up, number keys, price check, still there and start."""

from dataclasses import replace

import pytest

from kiosk.engine.view import (
    CategoryView,
    Flag,
    LineView,
    LookupView,
    Notice,
    OfferView,
    PriceCheckView,
    Settings,
    TileView,
    ToastKind,
    ToastView,
    TotalsView,
    View,
)
from kiosk.sale.events import Method
from kiosk.sale.product import Unit
from kiosk.ui.i18n import languages, translator
from kiosk.ui.present import (
    more_lines,
    present_code,
    present_lookup,
    present_price_check,
    present_scan,
    present_start,
    present_still_there,
)
from kiosk.ui.present.lines import RowKind, present_line
from kiosk.ui.present.notices import NOTICES, present_notice
from kiosk.ui.present.parts import BannerModel, Kind, PromptModel, ToastModel, present_frame
from kiosk.ui.samples import CATEGORIES, LINES, SCAN, TILES

NB, NN, EN = (translator(code) for code in ("nb", "nn", "en"))
MILK, COLA, BREAD, BANANAS, YOGHURT, SOAP = LINES


def rows(line: LineView, words=NB) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    return [(row.text, row.amount) for row in present_line(line, False, False, words).rows]


# The frame


def test_the_strip_names_the_language_in_use() -> None:
    assert [present_frame(View(), words).language for words in (NB, NN, EN)] == [
        "Norsk",
        "Nynorsk",
        "English",
    ]


def test_help_that_was_called_says_that_it_is_coming() -> None:
    frame = present_frame(View(help_called=True), NB)
    assert (frame.help, frame.help_short) == ("Hjelp på vei", "På vei")


def test_training_is_told_and_its_absence_is_not() -> None:
    assert present_frame(View(training=True), NN).training == "Øvingskasse · ingen ekte handel"
    assert present_frame(View(), NN).training == ""


# Lines


def test_one_piece_has_no_second_line() -> None:
    assert rows(MILK) == []


def test_pieces_are_counted_and_their_deposit_is_an_amount_of_its_own() -> None:
    assert rows(COLA) == [("2 × 29,90 kr", ""), ("Pant 2 × 3,00 kr", "6,00")]


def test_the_deposit_of_one_piece_is_not_multiplied() -> None:
    assert rows(replace(COLA, quantity=1, deposit_minor=300)) == [("Pant", "3,00")]


def test_a_weighed_line_shows_weight_and_price_per_kilogram() -> None:
    assert rows(BANANAS) == [("0,842 kg × 26,90 kr/kg", "")]


def test_an_offer_has_a_real_minus_sign() -> None:
    assert rows(YOGHURT)[1] == ("Tilbud: 3 for 2", "\u221214,90")
    assert rows(YOGHURT, EN)[1] == ("Offer: 3 for 2", "\u221214,90")


def test_two_offers_on_one_line_are_two_rows() -> None:
    both = (*YOGHURT.offers, OfferView(title="Ukens", amount_minor=-500))
    assert [text for text, _ in rows(replace(YOGHURT, offers=both))[1:]] == [
        "Tilbud: 3 for 2",
        "Tilbud: Ukens",
    ]


@pytest.mark.parametrize(
    ("flag", "kind", "text"),
    [
        (Flag.AGE, RowKind.AGE, "Alder sjekkes"),
        (Flag.STAFF, RowKind.STAFF, "Medarbeider ser på den"),
    ],
)
def test_a_flag_is_a_row_with_a_sign_and_a_word(flag: Flag, kind: RowKind, text: str) -> None:
    row = present_line(replace(MILK, flag=flag), False, False, NB).rows[0]
    assert (row.kind, row.text, bool(row.sign)) == (kind, text, True)


def test_only_the_newest_line_says_that_it_was_just_added() -> None:
    added = [line.line_id for line in present_scan(SCAN, NB).lines if line.added]
    assert added == [SCAN.added_line_id]


def test_the_same_line_in_another_language_is_worded_anew() -> None:
    assert present_line(SOAP, True, True, NB).added == "Lagt til nå"
    assert present_line(SOAP, True, True, NN).added == "Lagt til no"


# Scanning


def test_the_sum_stands_with_deposit_and_savings() -> None:
    total = present_scan(SCAN, NB).total
    assert (total.label, total.amount.text) == ("Å betale", "213,95 kr")
    assert (total.deposit, total.saved, total.saved_short) == (
        "Pant 6,00",
        "Du sparer 14,90",
        "Spart 14,90",
    )


def test_nothing_saved_is_not_mentioned() -> None:
    view = replace(SCAN, totals=TotalsView(item_count=1, to_pay_minor=2390))
    total = present_scan(view, NB).total
    assert (total.deposit, total.saved, total.paid) == ("", "", "")


def test_an_empty_list_asks_for_the_first_item_and_says_why_it_cannot_be_paid() -> None:
    model = present_scan(View(), NB)
    assert isinstance(model.slot, PromptModel)
    assert model.slot.text == "Skann den første varen"
    assert (model.pay.enabled, model.pay.text) == (False, "Skann en vare først")
    assert (model.items, model.leave) == ("", "Avslutt")


def test_without_a_scanner_the_pictures_are_pointed_to() -> None:
    slot = present_scan(replace(SCAN, toast=None, scanner_lost=True), NB).slot
    assert isinstance(slot, PromptModel)
    assert slot.text == "Skanneren virker ikke. Bruk bildene."


def test_a_list_with_lines_can_be_paid_and_not_just_left() -> None:
    model = present_scan(SCAN, NB)
    assert (model.pay.enabled, model.pay.text, model.leave) == (True, "Betal", "")


def test_the_toast_tells_what_was_removed_and_offers_undo() -> None:
    slot = present_scan(SCAN, NB).slot
    assert isinstance(slot, ToastModel)
    assert (slot.text, slot.undo) == ("Sjokolade er fjernet", "Angre")


def test_a_changed_quantity_is_told_too() -> None:
    toast = ToastView(kind=ToastKind.QUANTITY, name="Melk", picture="", category="")
    slot = present_scan(replace(SCAN, toast=toast), EN).slot
    assert isinstance(slot, ToastModel)
    assert slot.text == "Melk changed"


def test_a_refusal_comes_before_an_older_toast() -> None:
    slot = present_scan(replace(SCAN, notice=Notice.UNKNOWN_CODE), NB).slot
    assert isinstance(slot, BannerModel)
    assert slot.text == "Vi kjenner ikke varen. Trykk på Hjelp."


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("notice", [notice for notice in Notice if notice is not Notice.NONE])
def test_every_notice_has_a_sign_and_a_sentence(notice: Notice, code: str) -> None:
    banner = present_notice(View(notice=notice, notice_limit=4), translator(code))
    assert banner is not None
    assert banner.sign
    assert banner.text.endswith(".")
    assert "{" not in banner.text


def test_every_notice_is_listed_once() -> None:
    assert set(NOTICES) == set(Notice) - {Notice.NONE}


def test_a_limit_that_was_met_is_told() -> None:
    banner = present_notice(View(notice=Notice.QUANTITY_LIMIT, notice_limit=2), NB)
    assert banner == BannerModel(
        kind=Kind.WAITING, sign="info", text="Du kan kjøpe høyst 2 av denne."
    )


def test_alcohol_says_when_it_is_sold_again_where_that_is_today() -> None:
    view = View(notice=Notice.ALCOHOL_HOURS)
    banner = present_notice(view, NB)
    assert banner is not None
    assert banner.text == "Øl og annen alkohol selges ikke på denne tiden."
    banner = present_notice(replace(view, sold_again="08.00"), EN)
    assert banner is not None
    assert banner.text == "We sell alcohol again at 08:00."


def test_more_lines_are_counted() -> None:
    assert more_lines(3, NB) == "Se 3 linjer til"
    assert more_lines(1, NB) == "Se 1 linje til"
    assert more_lines(2, NB, short=True) == "2 linjer til"


def test_a_category_is_named_in_the_language_else_in_bokmaal() -> None:
    view = View(categories=(CategoryView(id="a", names=(("nb", "Fisk"),), picture=""),))
    assert [button.text for button in present_scan(view, EN).lookups] == ["Fisk"]
    view = View(categories=CATEGORIES)
    assert [b.text for b in present_scan(view, EN).lookups] == ["Fruit and vegetables", "Bakery"]


# Start


def test_the_start_says_that_nobody_has_declared_this_build() -> None:
    assert present_start(View(undeclared=True), NN).undeclared == (
        "Prøveversjon: ikkje produkterklært."
    )
    assert present_start(View(), NN).undeclared == ""


def test_the_start_says_how_one_can_pay() -> None:
    methods = (Method.CARD, Method.VIPPS, Method.KLARNA, Method.GIFT_CARD)
    assert present_start(View(methods_offered=methods), NB).methods == (
        "Kort, Vipps, Klarna eller gavekort."
    )
    assert present_start(View(methods_offered=(Method.CARD,)), NB).methods == "Kort."


def test_languages_are_offered_in_their_own_words_and_the_one_in_use_is_known() -> None:
    model = present_start(View(settings=Settings(language="nn")), NN)
    assert [(language.name, language.in_use) for language in model.languages] == [
        ("Norsk bokmål", False),
        ("Norsk nynorsk", True),
        ("English", False),
        ("Українська", False),
    ]


# Look-up, number keys


def lookup(**more) -> View:  # type: ignore[no-untyped-def]
    values = {"category": CATEGORIES[0], "query": "", "tiles": TILES, "page": 1, "pages": 4}
    return View(lookup=LookupView(**{**values, **more}))


def test_pictures_have_a_price_with_its_unit() -> None:
    prices = {tile.name: tile.price for tile in present_lookup(lookup(), NB).tiles}
    assert prices["Bananer"] == "26,90 kr/kg"
    assert prices["Agurk"] == "22,90 kr/stk"


def test_pages_are_turned_only_where_there_are_more() -> None:
    assert present_lookup(lookup(), NB).page == "Side 1 av 4"
    model = present_lookup(lookup(pages=1), NB)
    assert (model.more, model.page) == ("", "")


def test_no_match_says_what_was_typed_and_what_to_do() -> None:
    model = present_lookup(lookup(tiles=(), query="XQ{0}", pages=0), NB)
    assert model.nothing == "Ingen vare heter «XQ{0}»"
    assert model.nothing_hint


def test_a_look_up_in_everything_has_a_title_of_its_own() -> None:
    assert present_lookup(lookup(category=None), NB).title == "Finn vare"
    assert present_lookup(lookup(), EN).title == "Fruit and vegetables"


def test_a_code_can_be_confirmed_once_there_is_one() -> None:
    assert not present_code(View(), NB).can_confirm
    assert present_code(View(code="4011"), NB).can_confirm


# Price check


def test_a_price_check_waits_then_shows_a_price_that_can_be_bought() -> None:
    waiting = present_price_check(View(price_check=PriceCheckView(tile=None)), NB)
    assert (waiting.tile, waiting.buy) == (None, "")
    check = PriceCheckView(tile=TILES[7], deposit_minor=300, offers=("3 for 2",))
    found = present_price_check(View(price_check=check), NB)
    assert found.tile is not None
    assert found.tile.price == "22,90 kr/stk"
    assert found.deposit == "Pant 3,00 kr kommer i tillegg"
    assert found.offers == ("Tilbud: 3 for 2",)
    assert found.buy == "Legg til varen"


def test_a_price_nobody_knows_cannot_be_bought() -> None:
    model = present_price_check(View(price_check=PriceCheckView(tile=None, known=False)), NB)
    assert (model.title, model.buy) == ("Vi kjenner ikke varen", "")


# Still there


def test_the_countdown_says_what_comes_after_it() -> None:
    model = present_still_there(View(seconds_left=24), NB)
    assert (model.seconds, model.share) == ("24", 0.8)
    assert model.lead == "Om 24 sekunder avslutter vi handelen."
    assert model.nothing_taken == "Ingenting blir trukket."


@pytest.mark.parametrize(("seconds", "share"), [(-1, 0.0), (0, 0.0), (30, 1.0), (45, 1.0)])
def test_the_ring_is_never_more_than_whole_or_less_than_nothing(seconds: int, share: float) -> None:
    assert present_still_there(View(seconds_left=seconds), NB).share == share


def test_a_tile_of_a_product_with_braces_in_its_name_is_shown_as_it_is() -> None:
    tile = TileView(product_id="1", name="{x}", picture="", category="", unit=Unit.PIECE,
                    unit_price_minor=100)  # fmt: skip
    assert present_lookup(lookup(tiles=(tile,)), NB).tiles[0].name == "{x}"
