"""Passwords: slow to try, salted, and never told apart by whether somebody exists."""

from argon2 import extract_parameters

from kiosk.fleet.access import passwords


def test_a_hash_is_argon2id_with_the_rfcs_second_recommendation() -> None:
    first, second = passwords.hashed("en lang nok setning"), passwords.hashed("en lang nok setning")
    assert first != second, "salted"
    found = extract_parameters(first)
    assert found.type.name == "ID"
    assert (found.time_cost, found.memory_cost) == (3, 65_536)
    assert passwords.matches(first, "en lang nok setning")
    assert not passwords.matches(first, "en lang nok setninG")
    assert not passwords.matches("not a hash", "en lang nok setning")
