from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.catalog import Catalog
from kiosk.catalog.fold import fold
from kiosk.catalog.sample import build_sample


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    path = tmp_path_factory.mktemp("catalog") / "catalog.sqlite"
    build_sample(path)
    with Catalog.open(path) as catalog:
        yield catalog


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("ban", "Bananer"),
        ("BANAN", "Bananer"),
        ("gul l", "Gul løk"),
        ("gulløk", "Gul løk"),  # written in one word
        ("rød løk", "Rødløk"),  # written in two
        ("rodlok", "Rødløk"),
        ("roedloek", "Rødløk"),
        ("blaabaer", "Blåbær 250 g"),
        ("blabær", "Blåbær 250 g"),
        ("paerer", "Pærer"),
        ("melk", "Lettmelk 1 l"),  # in the middle of a compound
        ("gulrot", "Gulrøtter"),
        ("sjampinjong", "Champignon"),  # a keyword
        ("brokoli", "Brokkoli"),  # a letter left out
        ("brokkolli", "Brokkoli"),  # one too many
        ("bannaner", "Bananer"),
        ("bnaan", "Bananer"),  # two swapped, the word half typed
        ("agrk", "Agurk"),
        ("apelsin", "Appelsiner"),
        ("kylling fil", "Kyllingfilet 650 g"),
        ("kaffe heel", "Kaffe hele bønner 500 g"),
        ("cola 0,5", "Cola uten sukker 0,5 l"),
        ("øl", "Lettøl 0,5 l"),  # beer
        ("ol", "Olivenolje 0,5 l"),  # oil
    ],
)
def test_the_best_match_is_first(catalog: Catalog, query: str, first: str) -> None:
    found = [product.name for product in catalog.search(query)]
    assert found[:1] == [first], found


@pytest.mark.parametrize("query", ["", " ", "xyzzyq", '"', "*", "'; --", "%", "_", "😀", "\x00"])
def test_what_fits_nothing_finds_nothing(catalog: Catalog, query: str) -> None:
    assert catalog.search(query) == []


def test_every_beginning_of_every_name_finds_it(catalog: Catalog) -> None:
    fruit, _ = catalog.tiles("fruit", offset=0, limit=99)
    for product in fruit:
        for length in range(2, len(product.name) + 1):
            typed = product.name[:length]
            found = [match.id for match in catalog.search(typed, limit=99)]
            assert product.id in found, typed


def test_one_wrong_letter_in_a_long_name_still_finds_it(catalog: Catalog) -> None:
    for name in ("Bananer", "Poteter", "Tomater", "Appelsiner", "Sitroner", "Klementiner"):
        for at in range(1, len(name)):
            typed = f"{name[:at]}x{name[at + 1 :]}"
            assert name in [match.name for match in catalog.search(typed)], typed


def test_a_category_narrows_the_search(catalog: Catalog) -> None:
    assert {p.category for p in catalog.search("b", category_id="bakery")} == {"bakery"}
    assert catalog.search("banan", category_id="bakery") == []


def test_the_limit_holds_and_nothing_comes_twice(catalog: Catalog) -> None:
    for query in ("b", "ol", "sjokolade", "melk"):
        found = [product.id for product in catalog.search(query, limit=5)]
        assert len(found) == len(set(found)) <= 5
    assert catalog.search("b", limit=0) == []


def test_tobacco_is_not_shown_to_who_types_it(catalog: Catalog) -> None:
    assert "Snus porsjon" not in [product.name for product in catalog.search("snus", limit=99)]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_answered(catalog: Catalog, query: str) -> None:
    assert len(catalog.search(query, limit=7)) <= 7


@given(st.text(max_size=40))
def test_folding_twice_changes_no_more_and_leaves_ascii(text: str) -> None:
    folded = fold(text)
    assert folded.isascii()
    assert folded == folded.lower()
    assert fold(folded) == folded or "a" in folded or "o" in folded
