"""The questions of `kiosk setup`, wrong answers to them, and the one file that comes of it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from drivers.errors import DeviceConfigError
from drivers.registry import PROTOCOLS, build_device
from kiosk.app.config import ConfigError, load
from kiosk.app.setup.asking import ask_all, is_org_number, text_of, write
from kiosk.app.setup.command import run_setup
from kiosk.app.setup.options import options_of, required
from kiosk.app.setup.trying import Dialog, NotWorking

ANSWERS = {
    "The cash register's own id": ["NT 0477", "NT-0477-03"],
    "The till's number": ["3"],
    "The shop's name": ['Nærmat "Torshov"'],
    "The company": ["Nærmat Torshov AS"],
    "Its address": ["Eksempelgata 1, 0477 Oslo"],
    "Its organisation number": ["999 999 998", "974 760 673"],
    "Width of the glass": ["wide", "268"],
}


class Scripted:
    """Answers by the beginning of the question, else with what is offered."""

    def __init__(self, has: Mapping[str, list[bool]], **options: str) -> None:
        self._answers = {question: list(answers) for question, answers in ANSWERS.items()}
        self._has = {name: list(answers) for name, answers in has.items()}
        self._options = options
        self.heard: list[str] = []

    def say(self, words: str) -> None:
        self.heard.append(words)

    def ask(self, question: str, default: str = "") -> str:
        for begin, answers in self._answers.items():
            if question.startswith(begin):
                return answers.pop(0)
        return self._options.get(question, default)

    def yes(self, question: str) -> bool:
        name = question.removeprefix("Is there a ").removeprefix("Try the ")
        name = name.removesuffix("?").removesuffix(" again")
        answers = self._has.get(name, [])
        return answers.pop(0) if answers else False


class Typing(Scripted):
    """Types options one after the other, where others are asked for."""

    def __init__(self, has: Mapping[str, list[bool]], extras: list[str], **options: str) -> None:
        super().__init__(has, **options)
        self._extras = extras

    def ask(self, question: str, default: str = "") -> str:
        if question.startswith("Another option"):
            return self._extras.pop(0)
        return super().ask(question, default)


def works(name: str, options: Mapping[str, Any], dialog: Dialog) -> str:
    return "works"


def test_wrong_answers_are_asked_again_and_the_file_is_one_the_kiosk_takes(
    tmp_path: Path,
) -> None:
    dialog = Scripted({"scanner": [True]}, url="tcp://192.0.2.9:4000")
    answers = ask_all(dialog, tmp_path / "data", works)
    assert answers.left_out == ["scale", "printer", "terminal"]
    path = tmp_path / "kiosk.toml"
    write(path, text_of(answers.tables))
    config = load(path)
    assert config.kiosk.id == "NT-0477-03"
    assert config.shop.name == 'Nærmat "Torshov"'
    assert config.shop.org_number == "974760673"
    assert config.screen.px_per_mm == 4.03
    assert config.devices["scanner"].options["url"] == "tcp://192.0.2.9:4000"
    assert [path.name for path in tmp_path.iterdir()] == ["kiosk.toml"]
    assert path.stat().st_mode & 0o777 == 0o640
    assert "Its check digit is wrong: a digit was mistyped." in dialog.heard


def test_a_device_that_does_not_work_is_not_written_down(tmp_path: Path) -> None:
    tries = []

    def fails_once(name: str, options: Mapping[str, Any], dialog: Dialog) -> str:
        tries.append(dict(options))
        if len(tries) == 1:
            raise NotWorking("not within the time")
        return "works"

    dialog = Scripted({"printer": [True, True], "scanner": [False]}, url="tcp://192.0.2.9:9100")
    answers = ask_all(dialog, tmp_path, fails_once)
    assert len(tries) == 2
    assert answers.tables["devices.printer"]["protocol"] == "escpos"
    dialog = Scripted({"printer": [True, False]}, url="tcp://192.0.2.9:9100")
    tries.clear()
    assert "devices.printer" not in ask_all(dialog, tmp_path, fails_once).tables
    assert any("Nothing of it is written down" in words for words in dialog.heard)


def test_a_file_that_the_kiosk_would_not_take_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text("old")
    with pytest.raises(ConfigError, match="shop: the section is missing"):
        write(path, text_of({"kiosk": {"id": "x"}}))
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["kiosk.toml"]


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text("the shop's own")
    assert run_setup(path, tmp_path, replace=False) == 1
    assert path.read_text() == "the shop's own"


def test_each_protocol_says_what_it_cannot_do_without() -> None:
    assert required("escpos") == ["url"]
    assert {"url", "poi_id", "sale_id"} <= set(required("nexo-json"))


@pytest.mark.parametrize(
    ("number", "fits"),
    [("974760673", True), ("974 760 673", True), ("974760674", False), ("12345", False)],
)
def test_organisation_numbers_check_themselves(number: str, fits: bool) -> None:
    assert (is_org_number(number) == "") is fits


def test_an_option_that_there_is_not_is_refused_at_once_and_all_are_listed(tmp_path: Path) -> None:
    extras = ["profil = datalogic", "?", "profile = honeywell", "prefix = X", "prefix =", ""]
    dialog = Typing({"scanner": [True]}, extras, url="tcp://192.0.2.9:4000")
    options = ask_all(dialog, tmp_path, works).tables["devices.scanner"]
    assert options == {
        "protocol": "serial-scanner",
        "url": "tcp://192.0.2.9:4000",
        "profile": "honeywell",
    }
    assert "serial-scanner has no option profil; ? lists them." in dialog.heard
    (listed,) = (words for words in dialog.heard if "length_max" in words)
    assert 'profile = "plain"   one of plain, datalogic, honeywell' in listed


def test_what_was_typed_for_a_device_that_failed_is_offered_again(tmp_path: Path) -> None:
    tries: list[dict[str, Any]] = []

    def fails_once(name: str, options: Mapping[str, Any], dialog: Dialog) -> str:
        tries.append(dict(options))
        if len(tries) == 1:
            raise NotWorking("it said nothing.")
        return "works"

    class Once(Typing):
        def ask(self, question: str, default: str = "") -> str:
            if question == "url":
                return default if default.startswith("tcp:") else "tcp://192.0.2.9:4000"
            return super().ask(question, default)

    dialog = Once({"scanner": [True, True]}, ["aim_id = false", "", "gap_ms = 90", ""])
    ask_all(dialog, tmp_path, fails_once)
    assert tries[1] == {**tries[0], "gap_ms": 90}
    assert "As before: aim_id = false" in dialog.heard
    assert any("does not work: it said nothing. Nothing" in words for words in dialog.heard)


@pytest.mark.parametrize("protocol", sorted(PROTOCOLS))
def test_every_option_that_a_driver_takes_from_a_file_is_known_here(protocol: str) -> None:
    """Held against what the registry says when it refuses one that there is not."""
    with pytest.raises(DeviceConfigError) as caught:
        build_device({"protocol": protocol, "name": "x", "no such option": 1})
    listed = str(caught.value).partition("Expected: ")[2]
    names = set(re.findall(r"(?:^|, )(\w+): (?!\w*(?:Backoff|Timing))", listed)) - {"name"}
    assert set(options_of(protocol)) == names
    assert set(required(protocol)) <= names
