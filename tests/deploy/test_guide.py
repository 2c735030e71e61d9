"""What the guide tells people to type exists: commands, options, units, files, targets.

Somebody reads it at seven in the morning beside a till that does not sell.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from kiosk.app.cli import GROUPS, app

from .conftest import ROOT
from .test_units import UNITS

GUIDES = [ROOT / "deploy/README.md", ROOT / ".github/SECURITY.md"]
DEBIANS = {"mosquitto", "postgresql", "systemd-timesyncd", "multi-user.target"}
SCRIPTS = ("install", "name-device", "fleet-backup")
WORDS_OF_OTHERS = ("-u", "-g", "--user", "restart", "edit", "start", "stop", "status", "is-active")
"""After these, "kiosk" is a user, a group or a unit."""


def fragments(text: str) -> Iterator[str]:
    """Each command line: of a block the lines, of a sentence what stands between back ticks."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for block in blocks:
        yield from block.replace("\\\n", " ").splitlines()
    without = re.sub(r"^```\w*\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    for inline in re.findall(r"`([^`]+)`", without):
        yield " ".join(inline.split())


def commands(text: str) -> Iterator[list[str]]:
    """Each command's words, without comments and what stands around it."""
    for fragment in fragments(text):
        for part in re.split(r"&&|;|\|", fragment):
            try:
                words = shlex.split(part, comments=True)
            except ValueError:
                continue  # a sentence with an apostrophe, not a command
            if words:
                yield words


ALL = [words for guide in GUIDES for words in commands(guide.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def root_command() -> Any:
    """`kiosk` with all its groups, as the program knows them when it is asked for help."""
    whole = typer.Typer()
    whole.add_typer(app)
    for name, (module, group) in GROUPS.items():
        whole.add_typer(getattr(import_module(module), group), name=name)
    return typer.main.get_command(whole)


def of_kiosk() -> Iterator[list[str]]:
    for words in ALL:
        for at, word in enumerate(words[:-1]):
            before = words[at - 1] if at else ""
            ours = word == "kiosk" or word.endswith("/bin/kiosk")
            if ours and before not in WORDS_OF_OTHERS:
                yield words[at + 1 :]


@pytest.mark.parametrize("words", list(of_kiosk()), ids=" ".join)
def test_each_command_of_the_program_exists_with_its_options(
    root_command: Any, words: list[str]
) -> None:
    command, rest = root_command, list(words)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        found = command.commands.get(rest[0])
        assert found is not None, f"kiosk {' '.join(words)}: no command {rest[0]!r}"
        command, rest = found, rest[1:]
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    asked = {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
    assert asked <= known | {"--help"}, f"kiosk {' '.join(words)}"


def test_the_guide_has_commands_at_all() -> None:
    """What finds nothing would prove nothing."""
    assert len(list(of_kiosk())) > 20
    assert len(list(of_systemd())) > 10


def of_systemd() -> Iterator[tuple[str, str]]:
    for words in ALL:
        plain = [word for word in words if word not in ("sudo", "--now")]
        if plain[0] == "systemctl" and len(plain) > 2:
            yield from ((" ".join(words), unit) for unit in plain[2:])
        if plain[0] == "journalctl" and "-u" in plain:
            yield " ".join(words), plain[plain.index("-u") + 1]


@pytest.mark.parametrize(("line", "unit"), list(of_systemd()))
def test_each_unit_that_is_named_exists(line: str, unit: str) -> None:
    ours = {one.name for one in UNITS} | {one.stem for one in UNITS}
    assert unit in ours | DEBIANS, line


def test_each_unit_of_ours_is_spoken_of() -> None:
    text = GUIDES[0].read_text(encoding="utf-8")
    for unit in UNITS:
        # A service that only its timer or path starts is spoken of by that.
        stem = unit.stem.removeprefix("kiosk-fleet-broker")
        assert stem in text, unit.name


def of_scripts() -> Iterator[tuple[str, list[str]]]:
    for words in ALL:
        for at, word in enumerate(words):
            name = Path(word).name
            if name in SCRIPTS and "deploy/" in word:
                yield name, words[at + 1 :]


def test_each_option_of_the_scripts_exists() -> None:
    helps = {
        name: subprocess.run(
            [sys.executable, ROOT / "deploy" / name, "--help"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for name in SCRIPTS
    }
    seen = set()
    for name, words in of_scripts():
        for option in (word for word in words if word.startswith("--")):
            seen.add(option)
            assert option in helps[name], f"deploy/{name} {' '.join(words)}"
    assert {"--fleet", "--uninstall", "--root", "--restore"} <= seen


def test_each_file_of_the_project_that_is_named_is_there() -> None:
    text = GUIDES[0].read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![\w/.-])((?:deploy|kiosk|drivers|tests|systemd)/[\w./-]+)", text))
    assert len(named) > 10
    for name in sorted(named - {"deploy/.env"}):  # the shop's own, which it is told to write
        assert (ROOT / name.rstrip(".")).exists(), name
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (ROOT / "deploy" / target).exists(), target


def test_each_target_of_make_and_each_module_that_is_run_is_there() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for words in ALL:
        if words[0] == "make":
            assert words[1] in targets, words
        if words[0].startswith("python") and words[1:2] == ["-m"]:
            place = ROOT / words[2].replace(".", "/")
            assert (place / "__main__.py").exists() or place.with_suffix(".py").exists(), words
