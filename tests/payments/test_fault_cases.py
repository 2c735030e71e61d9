"""Each of the fifty payment faults is a test with its number in its name, or a written reason."""

from pathlib import Path

import pytest

from tests.payments.fault_cases import (
    CASES,
    NO_TEST,
    NO_WIRE,
    TESTS,
    WITHOUT_FAR_END,
    found,
    over_a_wire,
)


@pytest.fixture(scope="module")
def tests() -> dict[int, list[str]]:
    return found()


@pytest.mark.parametrize("number", CASES, ids=lambda number: f"{number:02}")
def test_the_fault_has_a_test_or_a_reason(number: int, tests: dict[int, list[str]]) -> None:
    has_test, has_reason = bool(tests.get(number)), number in NO_TEST
    assert has_test or has_reason, f"fault {number} ({CASES[number]}) has no test"
    assert not (has_test and has_reason), f"fault {number} has a test, and a reason for none"


@pytest.mark.parametrize("number", CASES, ids=lambda number: f"{number:02}")
def test_the_fault_is_tried_over_a_wire_or_there_is_a_reason(
    number: int, tests: dict[int, list[str]]
) -> None:
    tried, has_reason = bool(over_a_wire(tests.get(number, []))), number in NO_WIRE
    assert tried or has_reason, f"fault {number} ({CASES[number]}) meets no far end"
    assert not (tried and has_reason), f"fault {number} meets a far end, and a reason for none"


def test_every_place_without_a_far_end_is_there() -> None:
    assert all((TESTS / one).exists() for one in WITHOUT_FAR_END)


def test_the_list_has_fifty_faults_and_no_test_has_a_number_beyond_it(
    tests: dict[int, list[str]],
) -> None:
    assert list(CASES) == list(range(1, 51))
    assert tests.keys() <= CASES.keys()
    assert NO_TEST.keys() <= CASES.keys()


def test_a_fault_without_a_test_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text("def test_fault_07_a():\n    pass\n# test_fault_08_b\n")
    assert found(tmp_path) == {7: ["test_some.py::test_fault_07_a"]}
