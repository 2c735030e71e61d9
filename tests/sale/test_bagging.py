"""What the bag scale makes of what is put down, taken up, and swapped."""

import random
from dataclasses import replace

import pytest

from kiosk.sale.bagging import (
    ENOUGH,
    OWN_BAG_MAX_G,
    Bag,
    Finding,
    Good,
    Judged,
    Learnt,
    accepted,
    begun,
    good_of,
    judge,
    own_bag,
    scanned,
    skipped,
    taken_out,
    taught,
)


def learnt(mean: float, spread: float, count: int = 30, seed: int = 1) -> Learnt:
    source, known = random.Random(seed), Learnt()
    for _ in range(count):
        known = known.after(source.gauss(mean, spread))
    return known


MILK = good_of(1, "milk", None, learnt(1035, 3))
BREAD = good_of(2, "bread", None, learnt(750, 12))
SOAP = good_of(3, "soap", None, learnt(560, 2))
NEW = good_of(4, "new", None, Learnt())
BANANAS = good_of(5, "4011", 842, Learnt())


def with_due(*goods: Good) -> Bag:
    return scanned(Bag(), goods)


def test_a_mean_and_a_spread_are_learnt_as_textbooks_say() -> None:
    known = Learnt()
    for grams in (100, 102, 104):
        known = known.after(grams)
    assert (known.count, known.mean_g, known.spread_g) == (3, 102, 2)


def test_a_scanned_item_put_down_is_as_expected() -> None:
    judged = judge(with_due(MILK), 1033)
    assert judged.finding is Finding.AS_EXPECTED
    assert judged.bag.accepted_g == 1033
    assert judged.learnt == ("milk", 1033.0)


def test_what_is_scanned_and_not_put_down_is_waited_for() -> None:
    assert judge(with_due(MILK), 2).finding is Finding.NOT_YET_PLACED


def test_two_items_put_down_together_are_both_found() -> None:
    judged = judge(with_due(MILK, BREAD), 1790)
    assert (judged.finding, judged.bag.due, judged.learnt) == (Finding.AS_EXPECTED, (), None)


def test_of_two_due_the_one_that_came_is_known_by_its_weight() -> None:
    judged = judge(with_due(MILK, BREAD), 752)
    assert judged.finding is Finding.NOT_YET_PLACED
    assert judged.bag.due == (MILK,)


def test_something_that_was_not_scanned_is_something_else() -> None:
    assert judge(Bag(), 300).finding is Finding.SOMETHING_ELSE
    assert judge(with_due(MILK), 1035 + 560).finding is Finding.SOMETHING_ELSE


def test_a_swap_for_something_heavier_is_something_else() -> None:
    assert judge(with_due(SOAP), 750).finding is Finding.SOMETHING_ELSE


def test_what_is_sold_by_weight_weighs_what_was_sold_and_teaches_nothing() -> None:
    judged = judge(with_due(BANANAS), 850)
    assert (judged.finding, judged.learnt) == (Finding.AS_EXPECTED, None)
    assert judge(with_due(BANANAS), 990).finding is Finding.SOMETHING_ELSE


def test_taking_something_up_again_is_taken_away_until_it_is_back() -> None:
    bag = judge(with_due(MILK), 1035).bag
    assert judge(bag, 0).finding is Finding.TAKEN_AWAY
    assert judge(bag, 1035).finding is Finding.AS_EXPECTED


def test_a_removed_item_may_leave_and_is_waited_for_to_leave() -> None:
    bag = taken_out(judge(with_due(MILK), 1035).bag, 1, 1)
    assert judge(bag, 1035).finding is Finding.NOT_YET_PLACED
    judged = judge(bag, 0)
    assert (judged.finding, judged.bag.leaving) == (Finding.AS_EXPECTED, ())


def test_an_item_removed_before_it_was_put_down_is_not_waited_for() -> None:
    assert judge(taken_out(with_due(MILK), 1, 1), 0).finding is Finding.AS_EXPECTED


def test_a_product_nobody_knows_may_weigh_anything_and_is_learnt() -> None:
    judged = judge(with_due(NEW), 431)
    assert (judged.finding, judged.learnt) == (Finding.AS_EXPECTED, ("new", 431.0))


def test_a_known_product_explains_better_than_one_nobody_knows() -> None:
    assert judge(with_due(NEW, MILK), 1036).bag.due == (NEW,)


def test_of_two_products_nobody_knows_one_is_the_first_explanation() -> None:
    assert len(judge(with_due(NEW, NEW), 900).bag.due) == 1


def test_a_new_suppliers_weight_is_learnt_from_an_attendants_word() -> None:
    assert taught(with_due(SOAP), 600) == ("soap", 600.0)
    assert taught(with_due(SOAP, MILK), 600) is None
    assert taught(with_due(BANANAS), 900) is None


def test_old_pieces_fade() -> None:
    known = learnt(500, 2, count=500)
    for _ in range(300):
        known = known.after(520)
    assert known.mean_g == pytest.approx(520, abs=1)


def test_a_weight_that_is_quite_another_begins_the_product_anew() -> None:
    known = learnt(500, 2).after(750)
    assert (known.count, known.mean_g, known.known) == (1, 750, False)


def test_a_product_nobody_knows_learns_nothing_where_it_was_not_the_only_one() -> None:
    other = good_of(7, "other", None, Learnt())
    assert judge(with_due(NEW, other), 431).learnt is None


def test_few_pieces_allow_more_than_many() -> None:
    young, old = learnt(500, 1, count=3), learnt(500, 1, count=ENOUGH + 20)
    assert young.allowance_g == pytest.approx(60, rel=0.02)
    assert old.allowance_g == pytest.approx(15, rel=0.02)


def test_what_is_too_light_to_be_seen_is_not_waited_for() -> None:
    card = good_of(6, "card", None, learnt(4, 0.2))
    assert judge(with_due(card), 3).finding is Finding.AS_EXPECTED


def test_an_own_bag_is_believed_up_to_a_limit() -> None:
    taken = own_bag(with_due(MILK), 300)
    assert taken is not None
    assert judge(taken, 300 + 1035).finding is Finding.AS_EXPECTED
    assert own_bag(Bag(), OWN_BAG_MAX_G + 1) is None
    assert own_bag(Bag(accepted_g=500), 400) is None


def test_what_is_carried_in_the_hand_is_not_waited_for() -> None:
    assert judge(skipped(with_due(MILK)), 0).finding is Finding.AS_EXPECTED


def test_what_lay_there_when_the_sale_began_is_nobodys_fault() -> None:
    bag = begun(with_due(MILK, NEW), 400)
    assert bag.accepted_g == 400
    assert judge(bag, 400 + 1033).finding is Finding.NOT_YET_PLACED  # the new one, still


def test_what_was_put_down_before_the_first_steady_weight_is_not_taken_for_a_leftover() -> None:
    assert judge(begun(with_due(MILK), 1033), 1033).finding is Finding.AS_EXPECTED


def test_what_is_not_awaited_may_come_and_is_not_missed() -> None:
    bag = with_due(MILK, replace(BREAD, awaited=False))
    milk_only = judge(bag, 1033)
    assert milk_only.finding is Finding.AS_EXPECTED
    both = judge(milk_only.bag, 1033 + 752)
    assert (both.finding, both.bag.due) == (Finding.AS_EXPECTED, ())


def test_who_carries_something_in_the_hand_is_not_asked_about_it_because_of_a_shops_bag() -> None:
    bag = skipped(with_due(MILK, replace(BREAD, awaited=False)))
    assert judge(bag, 0).finding is Finding.AS_EXPECTED


def test_what_an_attendant_found_in_order_is_where_we_go_on_from() -> None:
    bag = accepted(with_due(MILK), 1600)
    assert judge(bag, 1603).finding is Finding.AS_EXPECTED
    assert judge(scanned(bag, (BREAD,)), 2352).finding is Finding.AS_EXPECTED


def test_small_noise_never_moves_what_is_accepted() -> None:
    bag, source = judge(with_due(MILK), 1035).bag, random.Random(7)
    for _ in range(1000):
        judged: Judged = judge(bag, 1035 + source.randint(-5, 5))
        assert judged.finding is Finding.AS_EXPECTED
        assert judged.bag.accepted_g == 1035
