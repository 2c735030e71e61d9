"""[interventions] of the configuration: what may be chosen, and how a mistake is told."""

from pathlib import Path

import pytest

from kiosk.app.config import ConfigError, load
from kiosk.app.wiring import engine_config
from kiosk.sale.events import Interest, Policy
from kiosk.sale.policy import RULES, NotAllowed, chosen
from tests.app.small_config import GOOD, written

SECTION_LINE = len(GOOD.splitlines()) + 1


def mistakes(tmp_path: Path, section: str) -> list[str]:
    """Return what is said about a file with this section, without the file's name."""
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, GOOD + section))
    prefix = f"{tmp_path / 'kiosk.toml'}:"
    return [line.removeprefix(prefix) for line in str(caught.value).splitlines()]


def test_without_the_section_every_kind_has_its_own_rule(tmp_path: Path) -> None:
    config = engine_config(load(written(tmp_path, GOOD)))
    assert {kind: config.policy(kind) for kind in Interest} == {
        kind: rule.default for kind, rule in RULES.items()
    }
    assert config.only_here == {
        Interest.AGE,
        Interest.ALCOHOL_HOURS,
        Interest.RANDOM_CHECK,
    }


def test_a_shop_chooses_and_the_engine_hears_of_it(tmp_path: Path) -> None:
    text = (
        '[interventions]\nage = "blocks_now"\nwalked_away = "blocks_now"\nonly_here = ["weight"]\n'
    )
    config = engine_config(load(written(tmp_path, GOOD + text)))
    assert config.policy(Interest.AGE) is Policy.BLOCKS_NOW
    assert config.policy(Interest.WALKED_AWAY) is Policy.BLOCKS_NOW
    assert config.policy(Interest.WEIGHT) is Policy.BEFORE_PAYMENT
    assert config.only_here == {Interest.AGE, Interest.ALCOHOL_HOURS, Interest.WEIGHT}


def test_age_cannot_be_only_noted_and_the_line_and_the_choices_are_told(tmp_path: Path) -> None:
    text = '[interventions]\nweight = "noted"\nage = "noted"\n'
    assert mistakes(tmp_path, text) == [
        f"{SECTION_LINE + 2}: interventions.age: 'noted' cannot be used: "
        'expected "blocks_now" or "before_payment".'
    ]


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = '[interventions]\nages = "noted"\nhelp = ["noted"]\nonly_here = ["vouchers"]\n'
    kinds = ", ".join(Interest)
    assert mistakes(tmp_path, text) == [
        f"{SECTION_LINE + 1}: interventions.ages: is not a kind of intervention. "
        f"Expected one of {kinds}, only_here.",
        f"{SECTION_LINE + 2}: interventions.help: ['noted'] cannot be used: "
        'expected "before_payment" or "noted".',
        f"{SECTION_LINE + 3}: interventions.only_here: 'vouchers' is not a kind. "
        f"Expected some of {kinds}.",
    ]


@pytest.mark.parametrize("kind", Interest)
def test_every_kind_has_a_rule_and_its_default_is_one_that_may_be(kind: Interest) -> None:
    assert RULES[kind].default in RULES[kind].may_be


def test_what_may_not_be_is_refused_with_what_may() -> None:
    with pytest.raises(NotAllowed) as caught:
        chosen({Interest.PAYMENT_IN_DOUBT: Policy.BLOCKS_NOW})
    assert str(caught.value) == 'payment_in_doubt may be "noted", not blocks_now'
