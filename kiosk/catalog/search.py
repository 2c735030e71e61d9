"""Which products fit what a shopper has typed so far.

Some looks, each only when the ones before it found too little:
1. words typed with æ, ø or å begin words that are written just so;
2. the name begins with what was typed;
3. every typed word begins a word of the name or of the keywords;
4. what was typed stands somewhere in the name, as in the many compounds of Norwegian;
5. typed words that begin no word at all are replaced by the nearest beginnings that exist.
Within a look the nearest spelling is first, then what is bought most.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from kiosk.catalog.fold import fold, lower, own_words

CANDIDATES: Final = 60
"""Read for each look, most bought first: enough to rank, few enough for every key press."""
QUERY_CHARS_MAX: Final = 40
QUERY_WORDS_MAX: Final = 5
PART_CHARS_MIN: Final = 3
"""Shorter parts are in too many names; the index holds groups of three letters."""
MISSPELT_CHARS_MIN: Final = 3
SPELLINGS_MAX: Final = 8


class Search:
    """Looks up names in an open catalog. Used by one thread at a time."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def find(self, query: str, category_id: str | None, limit: int) -> list[int]:
        """Return the numbers of up to `limit` products, best first."""
        folded = fold(query[:QUERY_CHARS_MAX])
        words = folded.split()[:QUERY_WORDS_MAX]
        found: dict[int, None] = {}
        if not words or limit < 1:
            return []
        for matches in self._looks(words, own_words(query[:QUERY_CHARS_MAX])):
            fresh = [match for match in self._read(matches, category_id) if match[0] not in found]
            found |= dict.fromkeys(_ranked(fresh, folded, lower(query)))
            if len(found) >= limit:
                break
        return list(found)[:limit]

    def _looks(self, words: list[str], own: list[str]) -> Iterator[tuple[str, str]]:
        """Yield table and full-text query of each look."""
        if own:
            plain = [word for word in words if word not in {fold(text) for text in own}]
            yield "name_word", " AND ".join(map(_prefix, [*own, *plain]))
        joined = "".join(words)
        phrase = " + ".join(f'"{word}"' for word in words)
        yield "name_word", f"name : ^ {phrase} * OR name : ^ {_prefix(joined)}"
        yield "name_word", f"({' AND '.join(map(_prefix, words))}) OR {_prefix(joined)}"
        if len(joined) >= PART_CHARS_MIN:
            long = [word for word in words if len(word) >= PART_CHARS_MIN] or [joined]
            yield "name_part", " AND ".join(f'"{word}"' for word in long)
        spelt = [self._spellings(word) for word in words]
        if any(spelling != [word] for spelling, word in zip(spelt, words, strict=True)):
            groups = (" OR ".join(map(_prefix, spellings)) for spellings in spelt if spellings)
            yield "name_word", " AND ".join(f"({group})" for group in groups)

    def _spellings(self, word: str) -> list[str]:
        """Return the beginnings nearest to `word` that exist; only itself when it begins a word."""
        if len(word) < MISSPELT_CHARS_MIN or self._begins(word):
            return [word]
        distance_max = 1 if len(word) <= 5 else 2
        beginnings = {
            known[:length]
            for length in range(len(word) - 1, len(word) + 2)
            for known in self._vocabulary
            if len(known) >= length
        }
        near = process.extract(
            word, beginnings, scorer=OSA.distance, score_cutoff=distance_max, limit=SPELLINGS_MAX
        )
        # The first letter is seldom wrong: prefer what shares it, then the fewest changes.
        near.sort(key=lambda match: (match[1], match[0][0] != word[0], match[0]))
        return [spelling for spelling, _, _ in near] or [word]

    def _begins(self, word: str) -> bool:
        sql = "SELECT 1 FROM name_word WHERE name_word MATCH ? LIMIT 1"
        return self._db.execute(sql, (_prefix(word),)).fetchone() is not None

    @cached_property
    def _vocabulary(self) -> list[str]:
        """All words of all names: some tens of thousands, read at the first misspelling."""
        return [text for (text,) in self._db.execute("SELECT text FROM word")]

    def _read(self, matches: tuple[str, str], category_id: str | None) -> Iterable[tuple[int, str]]:
        table, query = matches
        where, values = ("", ()) if category_id is None else ("AND p.category = ?", (category_id,))
        sql = (
            f"SELECT p.nr, p.name FROM {table} JOIN product p ON p.nr = {table}.rowid "  # noqa: S608
            f"WHERE {table} MATCH ? AND p.shown = 1 {where} ORDER BY {table}.rowid LIMIT ?"
        )
        return self._db.execute(sql, (query, *values, CANDIDATES)).fetchall()


def _prefix(word: str) -> str:
    return f'"{word}" *'


def _ranked(matches: list[tuple[int, str]], folded: str, typed: str) -> list[int]:
    """Order matches: own letters as typed, then nearness of spelling, then most bought."""

    def key(match: tuple[int, str]) -> tuple[bool, int, int]:
        nr, name = match
        near = fuzz.partial_ratio(folded, fold(name)) if folded else 0.0
        return typed.strip() not in lower(name), -round(near / 10), nr

    return [nr for nr, _ in sorted(matches, key=key)]
