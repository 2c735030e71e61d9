import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalog.keys import check_digit, fault_in_gtin, lookup_key


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("703801000165", 9),  # a carton of milk
        ("03600029145", 2),  # the UPC-A example of the GS1 General Specifications
        ("629104150021", 3),  # the GTIN-13 example of gs1.org's check digit calculator
        ("", 0),
    ],
)
def test_check_digits_are_those_of_known_codes(digits: str, expected: int) -> None:
    assert check_digit(digits) == expected


@given(st.sampled_from([7, 11, 12, 13]), st.data())
def test_one_wrong_digit_is_always_found(length: int, data: st.DataObject) -> None:
    digits = data.draw(st.text("0123456789", min_size=length, max_size=length))
    code = digits + str(check_digit(digits))
    assert fault_in_gtin(code) == ""
    at = data.draw(st.integers(0, length))
    wrong = str((int(code[at]) + data.draw(st.integers(1, 9))) % 10)
    assert "check digit" in fault_in_gtin(code[:at] + wrong + code[at + 1 :])


def test_a_reference_is_never_taken_for_a_gtin() -> None:
    assert lookup_key("0004011") == lookup_key("4011") == "4011"
    assert lookup_key("00004011") == "00000000004011"
    assert lookup_key("123456789") is None
