"""Which version is started: after each outcome of a trial, and after a power cut at any point."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.app.update import guard
from kiosk.app.update.guard import Disk, Facts, State, decide, start

OLD, NEW = "1.0+old", "1.1+new"
WAITING = State(counter=4, waiting=NEW, waiting_counter=5)
TRIAL = State(counter=5, trial=NEW, before=OLD, starts=1)


def facts(current: str = OLD, **more: str) -> Facts:
    return Facts(current=current, versions=(NEW, OLD), **more)


class PowerCut(BaseException):
    """The plug."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for age, name in enumerate((NEW, OLD)):
        (tmp_path / "opt" / name).mkdir(parents=True)
        whole = tmp_path / "opt" / name / "complete"
        whole.touch()
        os.utime(whole, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "opt/current").symlink_to(OLD)
    (tmp_path / "words").mkdir()
    return tmp_path


def disk(home: Path) -> Disk:
    return Disk(home / "opt", home / "words")


def word(home: Path, name: str, version: str) -> None:
    (home / "words" / name).write_text(version)


def current(home: Path) -> str:
    return (home / "opt/current").readlink().name


def test_a_version_waits_until_the_till_has_stopped_for_it() -> None:
    assert decide(WAITING, facts()) == (WAITING, OLD)
    state, version = decide(WAITING, facts(stopped_for=NEW))
    assert version == NEW
    assert state == State(counter=5, trial=NEW, before=OLD, starts=1)


def test_a_stop_for_another_version_than_the_one_that_waits_is_none() -> None:
    assert decide(WAITING, facts(stopped_for="0.9+older")) == (WAITING, OLD)


def test_a_version_that_is_gone_is_waited_for_no_more() -> None:
    alone = Facts(current=OLD, versions=(OLD,), stopped_for=NEW)
    assert decide(WAITING, alone) == (State(counter=4), OLD)


def test_three_starts_without_a_word_and_the_old_version_is_back() -> None:
    state, seen = TRIAL, []
    for _ in range(3):
        state, version = decide(state, facts(NEW))
        seen.append(version)
    assert seen == [NEW, NEW, OLD]
    assert state.failed == (NEW,)


def test_a_version_that_says_it_is_sick_goes_back_at_once() -> None:
    assert decide(TRIAL, facts(NEW, sick=NEW))[1] == OLD


def test_a_version_that_is_well_is_on_trial_no_more() -> None:
    state, version = decide(replace(TRIAL, starts=3), facts(NEW, healthy=NEW))
    assert (state, version) == (State(counter=5), NEW)


def test_the_word_of_another_version_proves_nothing() -> None:
    assert decide(replace(TRIAL, starts=3), facts(NEW, healthy=OLD))[1] == OLD


def test_without_a_version_to_go_back_to_the_trial_goes_on() -> None:
    only = Facts(current=NEW, versions=(NEW,))
    state, version = decide(replace(TRIAL, starts=9), only)
    assert version == NEW
    assert not state.failed


def test_a_link_that_points_nowhere_is_mended_with_the_newest_whole_version() -> None:
    lost = Facts(current="gone", versions=(NEW, OLD))
    assert decide(State(failed=(NEW,)), lost)[1] == OLD
    assert decide(State(), lost)[1] == NEW


@pytest.mark.parametrize("text", ["", "{", "[]", '{"counter": "x"}', "\x00\x00"])
def test_a_state_that_cannot_be_read_starts_what_is_there(home: Path, text: str) -> None:
    (home / "opt/update.json").write_text(text)
    assert start(disk(home)) == OLD


def test_the_state_comes_back_as_it_was_saved(home: Path) -> None:
    state = replace(TRIAL, failed=("a", "b"), returning=True)
    disk(home).save(state)
    assert disk(home).state() == state


def cuts() -> Iterator[int]:
    """For 1, 2, 3...: the next start loses power at that change of the disk."""
    for number in range(1, 40):
        left = number

        def cut(event: str, _: object) -> None:
            nonlocal left
            if CUTTING[0] and event in ("open", "os.rename", "os.remove", "os.symlink", "os.chmod"):
                left -= 1
                if left == 0:
                    raise PowerCut

        HOOKS[0] = cut
        yield number


CUTTING = [False]
HOOKS: list[object] = [None]


def _audit(event: str, arguments: object) -> None:
    if CUTTING[0] and HOOKS[0] is not None:
        HOOKS[0](event, arguments)  # type: ignore[operator]


@pytest.fixture(scope="module", autouse=True)
def audited() -> Iterator[None]:
    """Python tells of each change of a file before it is made; a hook cannot be taken away."""
    sys.addaudithook(_audit)
    yield
    CUTTING[0] = False


def start_until_the_plug_is_pulled(home: Path) -> bool:
    """Start; True when it came through to the end."""
    CUTTING[0] = True
    try:
        start(disk(home))
    except PowerCut:
        return False
    finally:
        CUTTING[0] = False
    return True


@pytest.mark.parametrize("outcome", ["taken up", "goes back", "proved"])
def test_a_power_cut_at_any_change_leaves_a_whole_version_and_the_same_end(
    tmp_path: Path, outcome: str
) -> None:
    cut_count = 0
    for number in cuts():
        home = tmp_path / f"{number}"
        for name in (NEW, OLD):
            (home / "opt" / name).mkdir(parents=True)
            (home / "opt" / name / "complete").touch()
        (home / "words").mkdir()
        (home / "opt/current").symlink_to(OLD if outcome == "taken up" else NEW)
        if outcome == "taken up":
            disk(home).save(WAITING)
            word(home, "stopped-for", NEW)
        else:
            disk(home).save(TRIAL)
            word(home, "sick" if outcome == "goes back" else "healthy", NEW)
        through = start_until_the_plug_is_pulled(home)
        assert (home / "opt" / current(home) / "complete").exists(), number
        after_cut = start(disk(home))
        assert after_cut == current(home), number
        if outcome == "goes back":
            assert after_cut == OLD, number
            assert disk(home).state() == State(counter=5, failed=(NEW,)), number
        elif outcome == "proved":
            assert (after_cut, disk(home).state()) == (NEW, State(counter=5)), number
        else:
            assert after_cut == NEW, number
            assert disk(home).state().before == OLD, number
        if through:
            break
        cut_count += 1
    else:
        pytest.fail("the start never came to its end")
    assert cut_count >= 3


def test_it_needs_nothing_but_debians_python(home: Path) -> None:
    """It runs when the version that it judges cannot be imported."""
    source = Path(guard.__file__)
    tree = ast.parse(source.read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= set(sys.stdlib_module_names)
    done = subprocess.run([sys.executable, "-I", "-S", source], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_folder_that_cannot_be_written_keeps_no_till_from_starting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Disk) -> str:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(guard, "start", broken)
    assert guard.main() == 0
    assert "Read-only" in capsys.readouterr().err
