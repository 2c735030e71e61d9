"""Key events to characters, by tables written from the keyboards and not from our layouts."""

import pytest

from drivers.scanner.keys import KeyDecoder
from drivers.scanner.layouts import LAYOUTS, NO, US, Layout
from drivers.sim.keyboard import strokes

# Names and numbers of linux/input-event-codes.h.
KEY = {
    "1": 2, "2": 3, "3": 4, "4": 5, "5": 6, "6": 7, "7": 8, "8": 9, "9": 10, "0": 11,
    "MINUS": 12, "EQUAL": 13, "TAB": 15, "Q": 16, "W": 17, "E": 18, "LEFTBRACE": 26,
    "RIGHTBRACE": 27, "ENTER": 28, "LEFTCTRL": 29, "A": 30, "SEMICOLON": 39, "APOSTROPHE": 40,
    "GRAVE": 41, "LEFTSHIFT": 42, "BACKSLASH": 43, "Z": 44, "B": 48, "M": 50, "COMMA": 51,
    "DOT": 52, "SLASH": 53, "RIGHTSHIFT": 54, "KPASTERISK": 55, "LEFTALT": 56, "SPACE": 57,
    "CAPSLOCK": 58, "F8": 66, "KP7": 71, "KP8": 72, "KP9": 73, "KPMINUS": 74, "KP4": 75,
    "KP5": 76, "KP6": 77, "KPPLUS": 78, "KP1": 79, "KP2": 80, "KP3": 81, "KP0": 82, "KPDOT": 83,
    "102ND": 86, "KPENTER": 96, "RIGHTCTRL": 97, "KPSLASH": 98, "RIGHTALT": 100,
}  # fmt: skip


def typed(text: str, layout: Layout = US, **options: object) -> str:
    """Type "A" (press), "+A" (down), "-A" (up), "*A" (auto-repeat), separated by spaces."""
    decoder = KeyDecoder(layout, options.get("special"))  # type: ignore[arg-type]
    out = ""
    for word in text.split():
        sign, name = (word[0], word[1:]) if word[0] in "+-*" and len(word) > 1 else ("", word)
        values = {"+": (1,), "-": (0,), "*": (2,), "": (1, 0)}[sign]
        out += "".join(decoder.key(KEY[name], value) for value in values)
    return out


@pytest.mark.parametrize(
    ("keys", "us", "no"),
    [
        ("7 0 3 8", "7038", "7038"),
        ("A +LEFTSHIFT A -LEFTSHIFT A", "aAa", "aAa"),
        ("+RIGHTSHIFT Q W -RIGHTSHIFT E", "QWe", "QWe"),
        ("SLASH", "/", "-"),
        ("+LEFTSHIFT SLASH -LEFTSHIFT", "?", "_"),
        ("+LEFTSHIFT 7 -LEFTSHIFT", "&", "/"),
        ("MINUS", "-", "+"),
        ("EQUAL", "=", "\\"),
        ("+LEFTSHIFT EQUAL -LEFTSHIFT", "+", "`"),
        ("LEFTBRACE", "[", "å"),
        ("+LEFTSHIFT LEFTBRACE -LEFTSHIFT", "{", "Å"),
        ("SEMICOLON APOSTROPHE", ";'", "øæ"),
        ("BACKSLASH", "\\", "'"),
        ("+LEFTSHIFT BACKSLASH -LEFTSHIFT", "|", "*"),
        ("102ND +LEFTSHIFT 102ND -LEFTSHIFT", "<>", "<>"),
        ("GRAVE", "`", "|"),
        ("COMMA DOT +LEFTSHIFT COMMA DOT -LEFTSHIFT", ",.<>", ",.;:"),
        ("+LEFTSHIFT 2 -LEFTSHIFT", "@", '"'),
        ("+RIGHTALT 2 7 0 -RIGHTALT", "", "@{}"),
        ("+RIGHTALT 8 9 -RIGHTALT", "", "[]"),
        ("+RIGHTALT E -RIGHTALT", "", "€"),
        ("A SPACE A", "a a", "a a"),
    ],
)
def test_keys_by_country(keys: str, us: str, no: str) -> None:
    assert typed(keys, US) == us
    assert typed(keys, NO) == no


@pytest.mark.parametrize("layout", [US, NO])
@pytest.mark.parametrize(
    ("keys", "text"),
    [
        # Alt and the number pad, held and released.
        ("+LEFTALT KP0 KP2 KP9 -LEFTALT", "\x1d"),
        ("+LEFTALT KP2 KP9 -LEFTALT", "\x1d"),
        ("7 +LEFTALT KP0 KP2 KP9 -LEFTALT 8", "7\x1d8"),
        # Some scanners release each modifier only after the next key is down.
        ("+LEFTALT +KP0 +KP2 -KP0 +KP9 -KP2 -KP9 -LEFTALT", "\x1d"),
        ("+LEFTALT KP0 KP2 KP3 KP0 -LEFTALT", "æ"),  # 0230 of Windows-1252
        ("+LEFTALT KP1 KP4 KP5 -LEFTALT", "æ"),  # 145 of code page 850
        ("+LEFTALT KP1 KP3 -LEFTALT", "\r"),
        ("+LEFTALT -LEFTALT", ""),
        # Control.
        ("+LEFTCTRL RIGHTBRACE -LEFTCTRL", "\x1d"),
        ("+RIGHTCTRL RIGHTBRACE -RIGHTCTRL", "\x1d"),
        ("+LEFTCTRL M -LEFTCTRL", "\r"),
        ("+LEFTCTRL B -LEFTCTRL", "\x02"),
        ("+LEFTCTRL 5 -LEFTCTRL", ""),
        # Ends.
        ("7 ENTER", "7\r"),
        ("7 KPENTER", "7\r"),
        ("7 TAB", "7\t"),
        # The number pad alone types digits.
        ("KP7 KP0 KP3 KP8 KPDOT KPSLASH KPASTERISK KPMINUS KPPLUS", "7038./*-+"),
        # Auto-repeat is the host's idea, not the scanner's.
        ("+7 *7 *7 *7 -7 8", "78"),
        ("+LEFTSHIFT *LEFTSHIFT A *A -LEFTSHIFT", "A"),
    ],
)
def test_what_every_country_has(layout: Layout, keys: str, text: str) -> None:
    assert typed(keys, layout) == text


def test_control_minus_is_one_place_in_each_country() -> None:
    # Ctrl+_ is 0x1F: with SHIFT on the key that has the underline.
    assert typed("+LEFTCTRL +LEFTSHIFT MINUS -LEFTSHIFT -LEFTCTRL", US) == "\x1f"
    assert typed("+LEFTCTRL +LEFTSHIFT SLASH -LEFTSHIFT -LEFTCTRL", NO) == "\x1f"


def test_caps_lock_turns_letters_and_nothing_else() -> None:
    assert typed("CAPSLOCK A 7 SLASH +LEFTSHIFT A 7 -LEFTSHIFT CAPSLOCK A") == "A7/a&a"
    assert typed("CAPSLOCK LEFTBRACE CAPSLOCK LEFTBRACE", NO) == "Åå"


def test_a_key_that_was_set_aside_means_its_character() -> None:
    assert typed("7 F8 8", special={KEY["F8"]: "\x1d"}) == "7\x1d8"
    assert typed("7 F8 8") == "78"


def test_a_space_after_an_accent_only_ends_the_accent() -> None:
    # "^", alone: SHIFT and the key right of Å, then space, as Norwegian keyboards are typed.
    assert typed("+LEFTSHIFT RIGHTBRACE -LEFTSHIFT SPACE 7", NO) == "^7"
    assert typed("7 SPACE SPACE 8", NO) == "7  8"


def test_reset_forgets_what_was_held() -> None:
    decoder = KeyDecoder(US)
    decoder.key(KEY["LEFTSHIFT"], 1)
    decoder.key(KEY["CAPSLOCK"], 1)
    decoder.reset()
    assert decoder.key(KEY["A"], 1) == "a"


@pytest.mark.parametrize("country", sorted(LAYOUTS))
def test_everything_a_gs1_symbol_may_hold_comes_through(country: str) -> None:
    """GS1 General Specifications, character set 82, and what frames and Digital Links need."""
    text = (
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
        "]\x1d#@ \r"
    )
    decoder = KeyDecoder(LAYOUTS[country])
    got = "".join(decoder.key(code, value) for code, value in strokes(text, LAYOUTS[country]))
    assert got == text
