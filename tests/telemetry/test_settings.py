"""What may be set from afar, and what never."""

from typing import get_type_hints

import pytest

from kiosk.app.config import Config
from kiosk.telemetry.settings import SETTABLE, parsed


def test_what_a_store_may_set_is_taken_as_it_stands() -> None:
    tables, mistakes = parsed(
        '[selling]\nidle_s = 45\nmunicipality = "0301"\n[staff]\nneeds_badge = true\n'
        '[interventions]\nage = "blocks_now"\nonly_here = ["random_check"]\n'
        '[brand]\ngran = "#0E3B2E"\n'
    )
    assert mistakes == []
    assert tables["selling"] == {"idle_s": 45, "municipality": "0301"}
    assert tables["interventions"] == {"age": "blocks_now", "only_here": ["random_check"]}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[devices.scanner]\nprotocol = "evdev"', "devices"),
        ('[kiosk]\ndata_dir = "/tmp"', "kiosk"),
        ('[shop]\norg_number = "1"', "shop"),
        ('[fiscal]\nsigning_key = "/tmp/key"', "fiscal"),
        ('[telemetry]\nhost = "elsewhere"', "telemetry"),
        ('[update]\nurl = "https://elsewhere"', "update"),
        ('[bench]\nsocket = "/tmp/s"', "bench"),
        ("[selling]\napproved_scale = true", "selling.approved_scale"),
        ('[staff]\nshelf = "/etc/shadow"', "staff.shelf"),
        ("[payment]\npartial_approval = true", "payment.partial_approval"),
        ("[payment]\nrefund_without_payment = true", "payment.refund_without_payment"),
        ("[selling]\nidle_s = 0", "selling.idle_s"),
        ("[selling]\nidle_s = true", "selling.idle_s"),
        ('[selling]\nidle_s = "60"', "selling.idle_s"),
        ('[brand]\ngran = "red"', "brand.gran"),
        ("[staff]\nattendant = [1]", "staff.attendant"),
        ('[interventions]\n"../x" = "noted"', "interventions.../x"),
        ("selling = 3", "selling"),
        ("[selling", "it is not TOML"),
    ],
)
def test_what_nobody_sets_from_afar_is_named(text: str, where: str) -> None:
    tables, mistakes = parsed(text)
    assert len(mistakes) == 1
    assert mistakes[0].startswith(f"{where}:"), mistakes
    assert not any(tables.values())


def test_all_mistakes_are_told_at_once() -> None:
    _, mistakes = parsed('[selling]\nidle_s = 1\nundo_s = "x"\n[devices.a]\nprotocol = "b"')
    assert len(mistakes) == 3


def test_no_settable_key_is_a_path_or_a_secret() -> None:
    sections = get_type_hints(Config)
    for section in SETTABLE.keys() - {"interventions"}:
        hints = get_type_hints(sections[section])
        keys = SETTABLE[section]
        assert set(keys) <= set(hints), "every key is one of the kiosk's own file"
        assert not [key for key in keys if "Path" in str(hints[key]) or "key" in key]
