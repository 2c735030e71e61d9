"""The scanning screen with real touches: what the finger does becomes an intent."""

from dataclasses import replace

import pytest

from kiosk.engine.messages import (
    CodePressed,
    HelpPressed,
    LinePressed,
    LookupPressed,
    PayPressed,
    PriceCheckPressed,
    QuantityPressed,
    RemovePressed,
    Touched,
    UndoPressed,
)
from kiosk.engine.view import Flag, OfferView, Settings
from kiosk.ui.bench import line
from kiosk.ui.samples import LINES, SCAN
from kiosk.ui.units import Glass
from tests.ui.harness import Harness


def many_lines(count: int):  # type: ignore[no-untyped-def]
    lines = tuple(line(number) for number in range(1, count + 1))
    return replace(SCAN, lines=lines, open_line_id=count, added_line_id=count, toast=None)


def test_the_picture_of_the_design_is_there_in_words(kiosk: Harness) -> None:
    kiosk.show(SCAN)
    words = kiosk.words()
    for text in (
        "Nærmat Torshov", "Kasse 3", "9 varer", "Trykk på en vare for å endre", "Lettmelk 1 l",
        "2 × 29,90 kr", "Pant 2 × 3,00 kr", "6,00", "0,842 kg × 26,90 kr/kg", "Tilbud: 3 for 2",
        "\u221214,90", "Lagt til nå", "Oppvaskmiddel 500 ml", "36,90", "Fjern",
        "Sjokolade er fjernet", "Angre", "Frukt og grønt", "Tast koden", "Å betale", "213,95",
        "kr", "Betal", "Hjelp", "Norsk", "Tilpass",
    ):  # fmt: skip
        assert text in words


@pytest.mark.parametrize(
    ("name", "intent"),
    [
        ("pay", PayPressed()),
        ("plus", QuantityPressed(6, 2)),
        ("minus", QuantityPressed(6, 0)),
        ("remove", RemovePressed(6)),
        ("undo", UndoPressed()),
        ("add-0", LookupPressed("produce")),
        ("add-2", CodePressed()),
        ("help", HelpPressed()),
    ],
)
def test_a_touch_on_a_control_sends_its_intent_and_nothing_else(
    kiosk: Harness, name: str, intent: object
) -> None:
    kiosk.show(SCAN)
    kiosk.press(name)
    assert kiosk.sent == [intent]


def test_a_touch_on_a_line_opens_it_and_a_touch_on_nothing_is_a_sign_of_life(
    kiosk: Harness,
) -> None:
    screen = kiosk.show(SCAN)
    row = screen.list.rows[3]
    kiosk.tap_at(*row.box.middle)
    kiosk.tap_at(540, 50)
    assert kiosk.sent == [LinePressed(3), Touched()]


def test_a_second_strike_on_pay_is_the_same_strike_but_plus_counts_each(kiosk: Harness) -> None:
    kiosk.show(SCAN)
    kiosk.press("pay")
    pay = kiosk.button("pay")
    assert pay._fired_at_s > float("-inf")
    # The next touch comes at once, however slow this machine is.
    pay._fired_at_s = float("inf")
    kiosk.easel.tap(*pay.center)
    assert kiosk.sent == [PayPressed()]
    kiosk.easel.tap(*kiosk.button("plus").center)
    kiosk.easel.tap(*kiosk.button("plus").center)
    assert kiosk.sent[1:] == [QuantityPressed(6, 2)] * 2


def test_a_finger_that_slides_off_a_button_presses_nothing(kiosk: Harness) -> None:
    kiosk.show(SCAN)
    x, y = kiosk.button("pay").center
    kiosk.easel.drag((x, y), (x, y + 400))
    assert kiosk.sent == []


def test_dragging_the_list_shows_older_lines_and_opens_none(kiosk: Harness) -> None:
    screen = kiosk.show(many_lines(60))
    before = set(screen.list.rows)
    kiosk.easel.drag((500, 1000), (500, 1400))
    assert kiosk.sent == []
    # Down with the finger: the older lines come.
    assert min(before) <= max(screen.list.rows) < max(before) + 1
    kiosk.easel.drag((500, 1400), (500, 1000))
    assert min(screen.list.rows) < min(before)


def test_the_button_over_a_long_list_counts_what_is_hidden_and_pages(kiosk: Harness) -> None:
    screen = kiosk.show(many_lines(60))
    hidden = screen.list.hidden_above()
    assert f"Se {hidden} linjer til" in kiosk.words()
    seen = {text.text for text in kiosk.texts()}
    assert f"Vare {hidden} 500 g" not in seen
    assert f"Vare {hidden + 1} 500 g" in seen
    kiosk.press("more-lines")
    assert screen.list.hidden_above() < hidden
    kiosk.press("newest")
    assert screen.list.hidden_above() == hidden


def test_a_new_line_brings_a_list_that_was_moved_back_to_its_newest(kiosk: Harness) -> None:
    screen = kiosk.show(many_lines(60))
    kiosk.press("more-lines")
    kiosk.show(many_lines(61))
    assert screen.list.offset == 0
    assert "Vare 61 500 g" in kiosk.words()


def test_a_sale_of_200_lines_has_no_more_rows_than_the_glass_shows(kiosk: Harness) -> None:
    screen = kiosk.show(many_lines(200))
    assert len(screen.list.rows) <= 9


def test_a_scan_paints_only_what_it_changed(kiosk: Harness, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    kiosk.show(many_lines(200))
    painted: list[str] = []
    for part in kiosk.screen.parts():
        original = type(part).repaint
        monkeypatch.setattr(
            part, "repaint",
            lambda part=part, original=original: (painted.append(type(part).__name__),
                                                  original(part)),
        )  # fmt: skip
    # A new total alone: no row is touched.
    totals = replace(SCAN.totals, to_pay_minor=99900)
    kiosk.show(replace(many_lines(200), totals=totals))
    assert painted == ["Total"]


def test_price_check_has_its_own_button_where_there_is_room(kiosk: Harness) -> None:
    kiosk.stage.set_glass(Glass(1920, 1080))
    kiosk.show(SCAN)
    kiosk.button("add-3").press()
    kiosk.stage.set_glass(Glass(1080, 1920))
    assert kiosk.sent == [PriceCheckPressed()]


def test_large_text_gathers_the_look_ups_and_shows_fewer_lines(kiosk: Harness) -> None:
    wanted = Settings(large_text=True, high_contrast=True)
    screen = kiosk.show(replace(SCAN, toast=None), wanted)
    assert "Finn vare" in kiosk.words()
    assert "Se 3 linjer til" in kiosk.words()
    kiosk.press("find")
    assert kiosk.sent == [LookupPressed()]
    assert screen is kiosk.screen


def test_names_are_shown_as_they_are_and_markup_is_only_text(kiosk: Harness) -> None:
    name = "[b]Ost[/b] & {brød}"
    kiosk.show(replace(SCAN, lines=(replace(LINES[0], name=name),), open_line_id=None))
    assert name in kiosk.words()


def test_a_line_that_goes_is_struck_through_until_it_has_folded_away(kiosk: Harness) -> None:
    kiosk.stage.pace.wanted = True
    kiosk.show(many_lines(5))
    gone = replace(many_lines(5), lines=many_lines(5).lines[:2] + many_lines(5).lines[3:])
    screen = kiosk.show(gone)
    assert any(type(part).__name__ == "GoingRow" for part in screen.parts())
    kiosk.turn_until(
        lambda: not any(type(part).__name__ == "GoingRow" for part in screen.parts()),
        "the row has gone",
    )
    assert "Vare 3 500 g" not in kiosk.words()


def test_with_less_motion_lines_come_and_go_at_once(kiosk: Harness) -> None:
    kiosk.stage.pace.wanted = True
    less = Settings(less_motion=True)
    kiosk.show(many_lines(5), less)
    screen = kiosk.show(many_lines(6), less)
    assert screen.list.slide == 0
    kiosk.show(replace(many_lines(6), lines=many_lines(6).lines[1:]), less)
    assert not any(type(part).__name__ == "GoingRow" for part in screen.parts())


@pytest.mark.parametrize("glass", [Glass(1080, 1920), Glass(1920, 1080), Glass.fitting(1280, 800)])
@pytest.mark.parametrize(
    "settings",
    [Settings(), Settings(lower_controls=True), Settings(large_text=True),
     Settings(high_contrast=True)],
)  # fmt: skip
def test_the_newest_line_and_its_controls_are_always_wholly_seen(
    kiosk: Harness, glass: Glass, settings: Settings
) -> None:
    # Deposit, two offers and an age flag: the highest row there is.
    newest = replace(
        line(99), quantity=3, deposit_minor=900, flag=Flag.AGE,
        offers=(OfferView(title="3 for 2", amount_minor=-990),) * 2,
    )  # fmt: skip
    kiosk.stage.set_glass(glass)
    view = replace(
        SCAN, lines=(*many_lines(30).lines, newest), open_line_id=99, added_line_id=99, toast=None
    )
    screen = kiosk.show(view, settings)
    kiosk.stage.set_glass(Glass(1080, 1920))
    assert screen.list.open_row is not None
    assert screen.list.box.contains(screen.list.open_row.box)


def test_a_long_name_takes_two_lines_and_is_shortened_at_the_end_only_then(
    kiosk: Harness,
) -> None:
    two = "Økologisk appelsinjuice med fruktkjøtt fra solmodne frukter"
    three = f"{two}, presset i går kveld og kjølt ned hele natten til i dag"
    lines = (replace(LINES[0], name=two), replace(LINES[2], name=three), LINES[5])
    screen = kiosk.show(replace(SCAN, lines=lines))
    shortened = {text.text: text.shortened for text in kiosk.texts()}
    assert (shortened[two], shortened[three]) == (False, True)
    assert not any(one[2] for one in texts_over_texts(kiosk))
    assert screen.list.rows[1].box.height > 112


def texts_over_texts(kiosk: Harness) -> list[tuple[str, str, bool]]:
    texts = kiosk.texts()
    return [
        (one.text, other.text, one.box.inset(0, 6).overlaps(other.box.inset(0, 6), slack=3))
        for index, one in enumerate(texts)
        for other in texts[index + 1 :]
    ]
