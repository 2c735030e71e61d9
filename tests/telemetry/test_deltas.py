"""What one file differs from another by makes the other of it again, or says that it cannot."""

import random

import pytest

from kiosk.telemetry import deltas
from kiosk.telemetry.deltas import BadDelta, difference, patched


def test_whatever_changed_comes_back_byte_for_byte() -> None:
    for seed in range(40):
        chance = random.Random(seed)
        base = chance.randbytes(chance.randrange(8, 60_000))
        target = bytearray(base)
        for _ in range(chance.randrange(30)):
            place = chance.randrange(len(target) + 1)
            target[place : place + chance.choice((0, 1, 50))] = chance.randbytes(
                chance.choice((0, 1, 9))
            )
        made = bytes(target)
        assert patched(base, difference(base, made), len(made)) == made, f"seed {seed}"


def test_a_small_change_far_into_a_large_file_is_a_small_delta() -> None:
    base = random.Random(7).randbytes(9_000_000)
    target = base[:100] + b"new rows" + base[100:8_500_000] + b"!" + base[8_500_001:]
    assert len(difference(base, target)) < len(target) / 500


def test_it_says_so_when_it_does_not_fit() -> None:
    base, target = b"yesterday's prices" * 50, b"today's prices" * 50
    delta = difference(base, target)
    for wrong in (
        (base, delta, len(target) - 1),
        (base, delta, len(target) + 1),
        (base, delta[:-1], len(target)),
        (base, b"", len(target)),
        (base, b"no delta", len(target)),
        (b"short", delta, len(target)),
        (base, delta, deltas.BYTES_MAX + 1),
    ):
        with pytest.raises(BadDelta):
            patched(*wrong)


def test_of_another_base_it_makes_something_else_which_only_the_signed_sum_tells() -> None:
    base, target = b"yesterday's prices" * 50, b"today's prices" * 50
    assert patched(b"x" * len(base), difference(base, target), len(target)) != target


def test_what_is_too_long_or_too_short_has_no_delta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deltas, "BYTES_MAX", 1000)
    for base, target in ((bytes(1001), bytes(9)), (bytes(9), bytes(1001)), (b"short", bytes(9))):
        with pytest.raises(ValueError):
            difference(base, target)
