"""The code between a technician's fingers and two machines that do not know each other."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.fleet.certificates import own_certificate
from kiosk.telemetry.enrolment import (
    LETTERS,
    PIN_LETTERS,
    SECRET_LETTERS,
    BadCode,
    EnrolCode,
    pin_of,
)

NOW = datetime(2026, 3, 4, tzinfo=UTC)
quick = settings(derandomize=True, max_examples=200, deadline=None)
codes = st.builds(
    EnrolCode,
    st.text(LETTERS, min_size=SECRET_LETTERS, max_size=SECRET_LETTERS),
    st.text(LETTERS, min_size=PIN_LETTERS, max_size=PIN_LETTERS),
)


@quick
@given(codes)
def test_a_code_is_read_as_it_was_shown_and_as_people_type(code: EnrolCode) -> None:
    shown = str(code)
    assert EnrolCode.parse(shown) == code
    assert EnrolCode.parse(f" {shown.lower().replace('-', ' ')} ") == code


@quick
@given(codes, st.integers(0, 19), st.sampled_from(LETTERS))
def test_each_wrong_letter_is_found(code: EnrolCode, place: int, letter: str) -> None:
    letters = str(code).replace("-", "")
    if letters[place] != letter:
        with pytest.raises(BadCode, match="one letter is wrong"):
            EnrolCode.parse(letters[:place] + letter + letters[place + 1 :])


@quick
@given(codes, st.integers(0, 18))
def test_two_letters_that_changed_places_are_found(code: EnrolCode, place: int) -> None:
    letters = str(code).replace("-", "")
    one, two = letters[place : place + 2]
    if one != two:
        with pytest.raises(BadCode, match="changed places"):
            EnrolCode.parse(letters[:place] + two + one + letters[place + 2 :])


def test_each_authority_has_a_fingerprint_of_its_own_that_outlives_its_certificate() -> None:
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    first, again = (certificate(key, name) for name in ("Selvkasse", "Another name"))
    assert pin_of(first) == pin_of(again)
    assert pin_of(first) != pin_of(certificate(other, "Selvkasse"))


def test_what_is_kept_of_a_code_is_another_for_each_authority() -> None:
    kept = {EnrolCode("ABCDEFGH", pin * PIN_LETTERS).kept() for pin in "AB"}
    assert len(kept) == 2
    assert not any("ABCDEFGH" in one for one in kept)


def certificate(key: ec.EllipticCurvePrivateKey, name: str) -> x509.Certificate:
    return own_certificate(name, key.public_key(), NOW, 10).sign(key, hashes.SHA256())
