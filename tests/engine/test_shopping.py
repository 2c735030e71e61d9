"""The list: what a scan, a finger and an undo do to it."""

from collections.abc import Callable

import pytest

from kiosk.engine import messages as m
from kiosk.engine.view import Flag, Notice, Screen, ToastKind, Tone
from kiosk.sale.commands import Limits
from kiosk.sale.events import InterventionRaised, PriceLookedUp, SaleAborted
from tests.engine.bench import (
    BEER,
    CHEESE_LABEL,
    COLA,
    MILK,
    PRODUCTS,
    RECALLED_SALAD,
    SNUS,
    UNKNOWN,
    YOGHURT,
    Bench,
    build_catalog,
    config,
)


def test_the_first_scan_starts_the_sale_and_shows_its_line(bench: Bench) -> None:
    assert bench.view.screen is Screen.START
    bench.scan(MILK)
    assert bench.view.screen is Screen.SCAN
    (line,) = bench.view.lines
    assert (line.name, line.amount_minor) == ("Lettmelk 1 l", 2390)
    assert bench.view.added_line_id == bench.view.open_line_id == line.line_id
    assert bench.view.tone is Tone.ADDED
    assert bench.world.scanner.good_reads == 1


def test_a_start_without_a_scan_writes_nothing_until_there_is_an_item(bench: Bench) -> None:
    bench.send(m.StartPressed())
    assert bench.view.screen is Screen.SCAN
    assert bench.record() == []
    bench.scan(MILK)
    assert bench.kinds() == ["SaleStarted", "ItemAdded"]


def test_a_language_chosen_at_the_start_begins_and_is_gone_for_the_next_shopper(
    bench: Bench,
) -> None:
    bench.send(m.LanguagePressed(), m.LanguageChosen("en"))
    assert (bench.view.screen, bench.view.settings.language) == (Screen.SCAN, "en")
    bench.send(m.Adjusted("large_text", on=True))
    assert bench.view.settings.large_text
    bench.scan(MILK).pay_by_card().take_receipt().send(m.DonePressed())
    assert bench.view.settings.language == "nb"
    assert not bench.view.settings.large_text


def test_the_scan_time_reaches_the_view_of_that_scan_only(bench: Bench) -> None:
    scan = bench.scan_event(MILK)
    bench.send(scan)
    assert bench.view.scan_at_monotonic_ns == scan.at_monotonic_ns
    bench.send(m.AdjustPressed())
    assert bench.view.scan_at_monotonic_ns == 0


def test_offers_and_deposit_stand_on_their_lines_and_in_the_sums(bench: Bench) -> None:
    bench.scan(YOGHURT, YOGHURT, YOGHURT, COLA)
    yoghurt, cola = bench.view.lines
    assert [(offer.title, offer.amount_minor) for offer in yoghurt.offers] == [("3 for 2", -1490)]
    assert cola.deposit_minor == 300
    sums = bench.view.totals
    assert (sums.saved_minor, sums.deposit_minor) == (1490, 300)
    assert sums.to_pay_minor == 2 * 1490 + 2990 + 300


@pytest.mark.parametrize(
    ("code", "notice"),
    [
        (UNKNOWN, Notice.UNKNOWN_CODE),
        ("7038010001650", Notice.BAD_CODE),  # check digit 9 expected
        ("703801000", Notice.BAD_CODE),  # half a code
        ("", Notice.BAD_CODE),
        ("\x1d\x1d", Notice.BAD_CODE),
        ("https://example.com/", Notice.BAD_CODE),
        ("7" * 5000, Notice.BAD_CODE),
        ("'; DROP TABLE event; --", Notice.BAD_CODE),
        (RECALLED_SALAD, Notice.RECALLED),
        (SNUS, Notice.NOT_FOR_SELF_SERVICE),
    ],
)
def test_what_cannot_be_sold_is_refused_with_both_tones_and_changes_nothing(
    bench: Bench, code: str, notice: Notice
) -> None:
    bench.scan(MILK)
    before = bench.record()
    bench.scan(code)
    assert bench.view.notice is notice
    assert bench.view.tone is Tone.REFUSED
    assert bench.world.scanner.error_tones == 1
    assert len(bench.view.lines) == 1
    # That a recalled item was here is for staff to know; the sale itself is as it was.
    assert [x for x in bench.record() if not isinstance(x, InterventionRaised)] == before
    bench.scan(COLA)
    assert bench.view.notice is Notice.NONE


def test_an_unknown_first_code_leads_to_the_list_and_says_so(bench: Bench) -> None:
    bench.scan(UNKNOWN)
    assert bench.view.screen is Screen.SCAN
    assert bench.view.notice is Notice.UNKNOWN_CODE
    assert bench.record() == []


def test_an_expired_package_is_refused(bench: Bench) -> None:
    bench.scan(f"01{MILK:0>14}17260301", aim_id="]d2")
    assert bench.view.notice is Notice.EXPIRED
    assert bench.view.lines == ()


def test_a_price_label_is_sold_at_its_own_price(bench: Bench) -> None:
    bench.scan(CHEESE_LABEL)
    (line,) = bench.view.lines
    assert (line.name, line.amount_minor, line.countable) == ("Ost i løsvekt", 299, False)


def test_quantity_is_what_the_finger_wants_and_a_double_tap_changes_nothing(bench: Bench) -> None:
    bench.scan(MILK)
    bench.send(m.QuantityPressed(1, 3), m.QuantityPressed(1, 3))
    assert bench.view.lines[0].quantity == 3
    assert bench.kinds().count("QuantityChanged") == 1
    assert bench.view.toast is not None
    assert bench.view.toast.kind is ToastKind.QUANTITY
    bench.send(m.UndoPressed())
    assert bench.view.lines[0].quantity == 1
    assert bench.view.toast is None


def test_a_removed_line_can_be_undone_for_twenty_seconds(bench: Bench) -> None:
    bench.scan(MILK, COLA)
    bench.send(m.RemovePressed(1))
    assert [line.name for line in bench.view.lines] == ["Cola uten sukker 1.5 l"]
    assert bench.view.tone is Tone.REMOVED
    assert bench.view.toast is not None
    bench.wait(19.9)
    assert bench.view.toast is not None
    bench.send(m.UndoPressed())
    assert [line.line_id for line in bench.view.lines] == [1, 2]
    bench.send(m.RemovePressed(2)).wait(20)
    assert bench.view.toast is None
    bench.send(m.UndoPressed())
    assert [line.line_id for line in bench.view.lines] == [1]


def test_the_next_scan_takes_the_undo_away(bench: Bench) -> None:
    bench.scan(MILK).send(m.RemovePressed(1)).scan(COLA)
    assert bench.view.toast is None
    bench.send(m.UndoPressed())
    assert len(bench.view.lines) == 1


def test_quantity_zero_removes_and_a_second_removal_changes_nothing(bench: Bench) -> None:
    bench.scan(MILK)
    bench.send(m.QuantityPressed(1, 0), m.RemovePressed(1), m.QuantityPressed(1, 4))
    assert bench.view.lines == ()
    assert bench.kinds() == ["SaleStarted", "ItemAdded", "LineRemoved"]


def test_a_limit_is_told_with_its_number(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(config=config(limits=Limits(quantity=5)))
    bench.scan(MILK).send(m.QuantityPressed(1, 6))
    assert (bench.view.notice, bench.view.notice_limit) == (Notice.QUANTITY_LIMIT, 5)
    assert bench.view.lines[0].quantity == 1


def test_a_tapped_line_opens_its_controls_and_closes_them_again(bench: Bench) -> None:
    bench.scan(MILK, COLA)
    assert bench.view.open_line_id == 2
    bench.send(m.LinePressed(1))
    assert bench.view.open_line_id == 1
    bench.send(m.LinePressed(1))
    assert bench.view.open_line_id == 2
    bench.send(m.LinePressed(99))
    assert bench.view.open_line_id == 2


def test_a_price_check_shows_sells_nothing_and_is_recorded(bench: Bench) -> None:
    bench.scan(MILK).send(m.PriceCheckPressed())
    assert bench.view.price_check is not None
    assert bench.view.price_check.tile is None
    bench.scan(COLA)
    assert bench.view.screen is Screen.PRICE_CHECK
    assert bench.view.price_check is not None
    assert bench.view.price_check.tile is not None
    assert bench.view.price_check.tile.unit_price_minor == 2990
    assert bench.view.price_check.deposit_minor == 300
    assert len(bench.view.lines) == 1
    assert isinstance(bench.record()[-1], PriceLookedUp)
    bench.send(m.PriceCheckBuyPressed(), m.PriceCheckBuyPressed())
    assert bench.view.screen is Screen.SCAN
    assert [line.quantity for line in bench.view.lines] == [1, 1]


def test_a_price_check_of_an_unknown_code_says_that_it_is_unknown(bench: Bench) -> None:
    bench.scan(MILK).send(m.PriceCheckPressed()).scan(UNKNOWN)
    assert bench.view.price_check is not None
    assert not bench.view.price_check.known
    bench.send(m.PriceCheckPressed())
    assert bench.view.screen is Screen.SCAN


def test_an_age_limit_flags_the_line_until_somebody_has_looked(bench: Bench) -> None:
    bench.scan(BEER)
    assert bench.view.lines[0].flag is Flag.AGE
    bench.send(m.PayPressed())
    assert bench.view.screen is Screen.NEEDS_STAFF
    assert bench.view.waiting_line_id == 1
    call = bench.sale.interventions[0]
    bench.send(m.StaffSettled(call.id, approved=True, attendant_id="A7"))
    assert bench.view.screen is Screen.SCAN
    assert bench.view.lines[0].flag is Flag.NONE
    bench.send(m.PayPressed())
    assert bench.view.screen is Screen.BAGS


def test_a_no_from_staff_takes_the_item_out_and_undo_does_not_bring_it_back(bench: Bench) -> None:
    bench.scan(MILK, BEER).send(m.PayPressed())
    call = bench.sale.interventions[0]
    no = m.StaffSettled(call.id, approved=False, attendant_id="A7")
    bench.send(no, no, m.UndoPressed())
    assert [line.name for line in bench.view.lines] == ["Lettmelk 1 l"]


def test_an_undone_removal_brings_the_age_check_back(bench: Bench) -> None:
    bench.scan(MILK, BEER).send(m.RemovePressed(2), m.PayPressed())
    assert bench.view.screen is Screen.BAGS
    bench.send(m.BackPressed(), m.UndoPressed())
    if len(bench.view.lines) == 2:
        bench.send(m.PayPressed())
        assert bench.view.screen is Screen.NEEDS_STAFF
    bench.scan(BEER).send(m.PayPressed())
    assert bench.view.screen is Screen.NEEDS_STAFF


def test_an_item_that_waits_for_staff_can_be_left_behind(bench: Bench) -> None:
    bench.scan(MILK, BEER).send(m.PayPressed(), m.RemovePressed(2))
    assert [line.name for line in bench.view.lines] == ["Lettmelk 1 l"]
    assert bench.view.screen is Screen.SCAN


def test_shopping_goes_on_while_somebody_is_on_the_way(bench: Bench) -> None:
    bench.scan(BEER).send(m.PayPressed(), m.BackPressed()).scan(MILK)
    assert bench.view.screen is Screen.SCAN
    assert len(bench.view.lines) == 2


def test_an_emptied_sale_is_left_at_once_and_recorded_as_aborted(bench: Bench) -> None:
    bench.scan(MILK).send(m.LeavePressed())
    assert bench.view.screen is Screen.SCAN  # with something on the list it is no way out
    bench.send(m.RemovePressed(1), m.LeavePressed())
    assert bench.view.screen is Screen.START
    assert isinstance(bench.record()[-1], SaleAborted)


def test_a_new_catalog_leaves_the_prices_of_the_open_sale_alone(bench: Bench) -> None:
    bench.scan(MILK)
    build_catalog(bench.catalog_path.parent, PRODUCTS.replace("23.90", "25.90"))
    try:
        bench.send(m.CatalogSwapped()).scan(COLA, MILK)
        assert [line.amount_minor for line in bench.view.lines] == [2390, 2990, 2590]
    finally:
        build_catalog(bench.catalog_path.parent)


def test_only_changes_are_published_and_numbered(bench: Bench) -> None:
    count = len(bench.published)
    bench.send(m.Tick(), m.Touched(), m.UndoPressed(), m.DonePressed())
    assert len(bench.published) == count
    bench.scan(MILK)
    assert [view.seq for view in bench.published] == list(range(1, len(bench.published) + 1))
