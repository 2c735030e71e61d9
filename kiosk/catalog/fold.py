"""Names as they are searched: without case, accents and the ways to write æ, ø and å.

"Rødløk", "rodlok" and "RØDLØK" fold to the same; so do "blåbær", "blabaer" and "blaabaer".
"""

import re
import unicodedata
from itertools import pairwise
from typing import Final

_LETTERS: Final = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ß": "ss", "đ": "d", "ð": "d"})
_OWN_WORD: Final = re.compile(r"[^\W_]+")
_WORD: Final = re.compile(r"[0-9a-z]+(?:[.,][0-9]+)?")


def fold(text: str) -> str:
    """Return `text` as it is searched: lower-case ASCII letters, digits and single spaces."""
    plain = unicodedata.normalize("NFC", text.casefold()).translate(_LETTERS)
    plain = unicodedata.normalize("NFD", plain).replace("aa", "a").replace("oe", "o")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(_WORD.findall(plain))


def lower(text: str) -> str:
    """Return `text` without case, but with its own letters: what an exact match compares."""
    return unicodedata.normalize("NFC", text.casefold())


def own_words(text: str) -> list[str]:
    """Return the words of `text` that folding changes, in lower case: "Lettøl 0,5 l" has "lettøl".

    They are searched beside the folded ones, so that "øl" finds beer before "ol" finds oil.
    """
    return [word for word in _OWN_WORD.findall(lower(text)) if not word.isascii()]


def with_joined(folded: str) -> str:
    """Return a folded name with each pair of neighbours joined too: "gul lok" also as "gullok"."""
    words = folded.split()
    joined = (left + right for left, right in pairwise(words))
    return " ".join([*words, *joined])
