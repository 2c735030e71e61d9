"""Pictures, names, typed codes and the scale."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from drivers.contracts import DeviceState
from kiosk.engine import messages as m
from kiosk.engine.view import Notice, Screen, WeighState
from tests.engine.bench import COLA, MILK, Bench, config


def weighing(bench: Bench, product_id: str = "4011") -> Bench:
    return bench.send(m.LookupPressed("fruit"), m.ProductPicked(product_id))


def test_pictures_come_most_bought_first(bench: Bench) -> None:
    bench.send(m.LookupPressed("fruit"))
    assert bench.view.lookup is not None
    assert [tile.name for tile in bench.view.lookup.tiles] == ["Bananer", "Røde epler", "Agurk"]
    assert bench.view.lookup.pages == 1


def test_with_more_pictures_than_room_the_last_place_is_for_more(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench(config=config(tiles_per_page=2))
    bench.send(m.LookupPressed("fruit"))
    seen = []
    for _ in range(3):
        assert bench.view.lookup is not None
        assert bench.view.lookup.pages == 3
        seen += [tile.name for tile in bench.view.lookup.tiles]
        bench.send(m.NextPagePressed())
    assert seen == ["Bananer", "Røde epler", "Agurk"]
    assert bench.view.lookup is not None
    assert bench.view.lookup.page == 1


def test_letters_narrow_the_pictures_and_the_best_match_is_last(bench: Bench) -> None:
    bench.send(m.LookupPressed(""), m.LetterTyped("B"), m.LetterTyped("a"), m.LetterTyped("n"))
    assert bench.view.lookup is not None
    assert bench.view.lookup.query == "ban"
    assert bench.view.lookup.tiles[-1].name == "Bananer"
    bench.send(*[m.LetterTyped("\b")] * 4)
    assert bench.view.lookup is not None
    assert bench.view.lookup.query == ""


@pytest.mark.parametrize("letter", ["", "\x00", "ab", "\n"])
def test_what_is_no_letter_is_not_typed(bench: Bench, letter: str) -> None:
    bench.send(m.LookupPressed(""), m.LetterTyped(letter))
    assert bench.view.lookup is not None
    assert bench.view.lookup.query == ""


def test_pieces_are_added_at_once(bench: Bench) -> None:
    weighing(bench, "4013")
    assert bench.view.screen is Screen.SCAN
    assert [line.amount_minor for line in bench.view.lines] == [2290]


def test_a_picture_of_a_product_that_is_gone_is_refused(bench: Bench) -> None:
    weighing(bench, "no such product")
    assert bench.view.notice is Notice.UNKNOWN_CODE


def test_weight_unit_price_and_price_stand_together_while_the_load_is_steady(
    bench: Bench,
) -> None:
    weighing(bench)
    assert bench.view.screen is Screen.WEIGH
    assert bench.world.scale.watched
    bench.put_on_scale(842)
    weigh = bench.view.weigh
    assert weigh is not None
    assert (weigh.state, weigh.weight_g, weigh.price_minor) == (WeighState.STEADY, 842, 2265)
    bench.send(m.WeighConfirmed(842))
    assert bench.view.screen is Screen.SCAN
    assert not bench.world.scale.watched
    (line,) = bench.view.lines
    assert (line.weight_g, line.amount_minor, line.countable) == (842, 2265, False)


@pytest.mark.parametrize(
    ("grams", "flags", "state"),
    [
        (None, {"stable": False, "in_motion": True}, WeighState.MOVING),
        (None, {"stable": False, "under_zero": True}, WeighState.UNDER_ZERO),
        (None, {"stable": False, "over_capacity": True}, WeighState.OVER),
        (None, {"stable": False, "error": True}, WeighState.LOST),
        (0, {}, WeighState.EMPTY),
        (39, {}, WeighState.EMPTY),  # under the least load
    ],
)
def test_nothing_is_sold_by_a_reading_that_is_no_weight(
    bench: Bench, grams: int | None, flags: dict[str, bool], state: WeighState
) -> None:
    weighing(bench).put_on_scale(842)
    bench.send(bench.reading(grams, **flags))
    assert bench.view.weigh is not None
    assert bench.view.weigh.state is state
    assert bench.view.weigh.price_minor is None
    bench.send(m.WeighConfirmed(), m.WeighConfirmed(842))
    assert bench.view.screen is Screen.WEIGH
    assert bench.record() == []


def test_a_reading_grows_old_and_is_no_weight_any_more(bench: Bench) -> None:
    weighing(bench).put_on_scale(842).wait(1.6)
    assert bench.view.weigh is not None
    assert bench.view.weigh.state is WeighState.LOST
    bench.send(m.WeighConfirmed())
    assert bench.view.screen is Screen.WEIGH


def test_a_weight_that_changed_under_the_finger_is_not_sold(bench: Bench) -> None:
    weighing(bench).put_on_scale(842).put_on_scale(1200)
    bench.send(m.WeighConfirmed(842))
    assert bench.view.screen is Screen.WEIGH
    bench.send(m.WeighConfirmed(1200))
    assert bench.view.lines[0].weight_g == 1200


def test_the_same_load_is_not_sold_twice(bench: Bench) -> None:
    weighing(bench).put_on_scale(842).send(m.WeighConfirmed(), m.WeighConfirmed())
    assert len(bench.view.lines) == 1
    weighing(bench, "4012").put_on_scale(842)
    assert bench.view.weigh is not None
    assert bench.view.weigh.state is WeighState.LIFT_FIRST
    bench.send(m.WeighConfirmed())
    assert len(bench.view.lines) == 1
    bench.put_on_scale(0).put_on_scale(400).send(m.WeighConfirmed())
    assert len(bench.view.lines) == 2


def test_a_lost_scale_shows_no_weight(bench: Bench) -> None:
    weighing(bench).put_on_scale(842)
    bench.world.scale.say(DeviceState.LOST)
    bench.pump()
    assert bench.view.weigh is not None
    assert bench.view.weigh.state is WeighState.LOST


def test_without_an_approved_scale_nothing_is_priced_by_weight(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench(config=config(approved_scale=False))
    weighing(bench)
    assert bench.view.screen is Screen.LOOKUP
    assert bench.view.notice is Notice.WEIGH_FIRST
    bench.send(m.CodePressed(), *map(m.DigitTyped, "4011"), m.CodeConfirmed())
    assert bench.view.notice is Notice.WEIGH_FIRST


def test_a_typed_plu_of_a_weighed_product_leads_to_the_scale(bench: Bench) -> None:
    bench.send(m.CodePressed(), *map(m.DigitTyped, "4011"), m.CodeConfirmed())
    assert bench.view.screen is Screen.WEIGH


def test_a_typed_barcode_is_added(bench: Bench) -> None:
    bench.send(m.CodePressed(), *map(m.DigitTyped, MILK), m.CodeConfirmed())
    assert bench.view.screen is Screen.SCAN
    assert len(bench.view.lines) == 1


@pytest.mark.parametrize("digits", ["7038010001650", "9999", "70380100016"])
def test_a_wrong_code_keeps_its_digits_to_be_mended(bench: Bench, digits: str) -> None:
    bench.send(m.CodePressed(), *map(m.DigitTyped, digits), m.CodeConfirmed())
    assert bench.view.screen is Screen.CODE
    assert bench.view.code == digits
    assert bench.view.notice in (Notice.BAD_CODE, Notice.UNKNOWN_CODE)
    bench.send(m.DigitTyped("\b"))
    assert bench.view.code == digits[:-1]


def test_what_is_no_digit_is_not_typed(bench: Bench) -> None:
    bench.send(m.CodePressed(), *map(m.DigitTyped, ["x", "", "12", "٣", "²"]), m.CodeConfirmed())
    assert bench.view.code == ""
    assert bench.view.screen is Screen.CODE


def test_back_leads_from_the_scale_to_the_list(bench: Bench) -> None:
    weighing(bench).send(m.BackPressed(), m.BackPressed())
    assert bench.view.screen is Screen.SCAN


def test_another_item_on_the_scale_leads_to_pictures_of_the_same_kind(bench: Bench) -> None:
    weighing(bench).send(m.LookupPressed())
    assert bench.view.screen is Screen.LOOKUP
    assert bench.view.lookup is not None
    assert bench.view.lookup.category is not None
    assert bench.view.lookup.category.id == "fruit"


@pytest.mark.parametrize(
    "steps", [[m.LookupPressed("fruit")], [m.CodePressed()], [m.PriceCheckPressed()]]
)
def test_a_scan_while_looking_up_adds_and_returns_to_the_list(
    bench: Bench, steps: list[m.Intent]
) -> None:
    bench.scan(MILK).send(*steps)
    if isinstance(steps[0], m.PriceCheckPressed):
        bench.send(m.BackPressed())
    bench.scan(COLA)
    assert bench.view.screen is Screen.SCAN
    assert len(bench.view.lines) == 2


def test_a_scan_while_weighing_gives_the_weighing_up(bench: Bench) -> None:
    weighing(bench).put_on_scale(842).scan(MILK)
    assert bench.view.screen is Screen.SCAN
    assert [line.name for line in bench.view.lines] == ["Lettmelk 1 l"]


def test_another_scale_is_not_the_one_that_is_sold_by(bench: Bench) -> None:
    weighing(bench).put_on_scale(842)
    bench.send(replace(bench.reading(5000), device="bag-scale"))
    assert bench.view.weigh is not None
    assert bench.view.weigh.weight_g == 842
