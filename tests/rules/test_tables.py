"""The country's tables: what stands in them, and that they know when they are old.

Sources of the figures are in the tables' own files.
"""

from datetime import date, timedelta

import pytest

from kiosk.rules.lookups import oddities, rules_on, vat_codes
from kiosk.rules.tables import (
    OLD_AFTER_DAYS,
    TYPES,
    Ageing,
    RulesBroken,
    VatRow,
    ageing_of,
    read_table,
    table,
    warnings,
)
from kiosk.sale.product import NEVER_DISCOUNTED, Restriction

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("code", "expected"), [("3", 2500), ("31", 1500), ("32", 1111), ("33", 1200), ("5", 0)]
)
def test_vat_rates_of_2026(code: str, expected: int) -> None:
    assert rules_on(TODAY).vat_rate_bp[code] == expected


def test_a_code_that_is_not_for_sales_has_no_rate() -> None:
    assert "1" not in vat_codes()
    assert "31" not in rules_on(date(1999, 12, 31)).vat_rate_bp


@pytest.mark.parametrize(
    ("day", "fee"), [(date(2024, 4, 30), 0), (date(2025, 3, 31), 300), (date(2025, 4, 1), 400)]
)
def test_a_row_holds_from_its_own_date_on(day: date, fee: int) -> None:
    assert rules_on(day).bag_fee_minor == fee


def test_energy_drinks_have_an_age_since_2026() -> None:
    assert Restriction.ENERGY_DRINK not in rules_on(date(2025, 12, 31)).least_age
    assert rules_on(date(2026, 1, 1)).least_age[Restriction.ENERGY_DRINK] == 16


def test_the_sale_keeps_out_of_offers_whatever_the_table_names() -> None:
    assert rules_on(TODAY).never_discounted <= NEVER_DISCOUNTED


@pytest.mark.parametrize("name", TYPES)
def test_every_table_names_a_source(name: str) -> None:
    assert all(source.strip() for source in table(name, TYPES[name]).sources)
    assert table(name, TYPES[name]).sources


def test_a_deposit_that_is_none_of_todays_is_pointed_out() -> None:
    found = dict(oddities(rules_on(TODAY), category="", price_minor=2000, deposit_minor=100))
    assert found == {"deposit": "1.00 is not a deposit of today (2.00 or 3.00)"}


def test_a_bag_below_the_fee_is_pointed_out() -> None:
    found = dict(oddities(rules_on(TODAY), category="bags", price_minor=399, deposit_minor=0))
    assert list(found) == ["price"]
    assert not list(oddities(rules_on(TODAY), category="bags", price_minor=400, deposit_minor=0))


def vat_table(more: str = "") -> str:
    return (
        'title = "x"\nsources = ["y"]\nchecked_on = "2026-01-01"\n'
        + more
        + '[[row]]\ncode = "3"\nrate_bp = 2500\nfrom = "2005-01-01"\nwhat = "z"\n'
    )


def test_a_table_that_has_ended_warns_from_the_day_after() -> None:
    one = read_table(vat_table('ends_after = "2026-12-31"\n'), VatRow, "vat")
    assert ageing_of("vat", one, date(2026, 12, 31)) is None
    warning = ageing_of("vat", one, date(2027, 1, 1))
    assert warning is not None
    assert warning.ageing is Ageing.ENDED


def test_no_confirmation_brings_back_a_table_that_has_ended() -> None:
    one = read_table(vat_table('ends_after = "2026-12-31"\n'), VatRow, "vat")
    warning = ageing_of("vat", one, date(2027, 2, 1), date(2027, 1, 31))
    assert warning is not None
    assert warning.ageing is Ageing.ENDED


def test_a_table_that_nobody_has_looked_at_for_a_year_is_old() -> None:
    one = read_table(vat_table(), VatRow, "vat")
    last_good = one.checked_on + timedelta(days=OLD_AFTER_DAYS - 1)
    assert ageing_of("vat", one, last_good) is None
    warning = ageing_of("vat", one, last_good + timedelta(days=1))
    assert warning is not None
    assert warning.ageing is Ageing.OLD
    assert "vat" in warning.in_words()
    assert "2026-01-01" in warning.in_words()


def test_the_shop_may_confirm_a_table_but_not_in_advance() -> None:
    one = read_table(vat_table(), VatRow, "vat")
    today = date(2028, 1, 1)
    assert ageing_of("vat", one, today, confirmed_on=date(2027, 6, 1)) is None
    assert ageing_of("vat", one, today, confirmed_on=date(2028, 1, 2)) is not None


def test_what_has_ended_is_told_before_what_is_old() -> None:
    found = warnings(date(2031, 1, 1))
    assert found[0].ageing is Ageing.ENDED
    assert {warning.table for warning in found} == set(TYPES)


@pytest.mark.parametrize(
    ("change", "said"),
    [("rate_bp = 2500", "rate_bp"), ('from = "2005-01-01"', "from")],
)
def test_a_table_with_a_bad_field_is_refused_by_name(change: str, said: str) -> None:
    text = vat_table().replace(change, f'{said} = "long ago"')
    with pytest.raises(RulesBroken, match=rf"vat\.toml: .*{said}"):
        read_table(text, VatRow, "vat")
