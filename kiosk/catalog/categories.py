"""Look-up categories: the groups that a shopper picks from, and the groups of everything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A group of products with its names by language and its picture."""

    id: str
    names: tuple[tuple[str, str], ...]
    """Pairs of language code and name."""
    picture: str
    shown: bool = True
    """Whether shoppers pick from it; the others only name the sign of a line without a picture."""


SINCE_FORMAT_1: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "fruit": (("uk", "Фрукти й овочі"),),
        "bakery": (("uk", "Хліб і випічка"),),
    }
)
"""Names in languages that came after the catalog's format, whose tables hold three: a catalog that
was made before them still opens, and still speaks them."""


def _category(id_: str, nb: str, nn: str, en: str, picture: str, *, shown: bool) -> Category:
    names = (("nb", nb), ("nn", nn), ("en", en), *SINCE_FORMAT_1.get(id_, ()))
    return Category(id=id_, names=names, picture=picture, shown=shown)


BAGS: Final = "bags"
"""The category whose products are offered by the bag question."""

CATEGORIES: Final = (
    _category(
        "fruit", "Frukt og grønt", "Frukt og grønt", "Fruit and veg", "red_apple", shown=True
    ),
    _category("bakery", "Bakevarer", "Bakevarer", "Bakery", "croissant", shown=True),
    _category("dairy", "Meieri", "Meieri", "Dairy", "milk", shown=False),
    _category("cheese", "Ost", "Ost", "Cheese", "cheese", shown=False),
    _category("meat", "Kjøtt", "Kjøt", "Meat", "meat", shown=False),
    _category("fish", "Fisk", "Fisk", "Fish", "fish", shown=False),
    _category("frozen", "Frysevarer", "Frysevarer", "Frozen", "ice", shown=False),
    _category("pantry", "Tørrvarer", "Tørrvarer", "Pantry", "canned_food", shown=False),
    _category("drinks", "Drikke", "Drikke", "Drinks", "soda", shown=False),
    _category("sweets", "Snacks og godt", "Snacks og godt", "Snacks", "chocolate", shown=False),
    _category("household", "Hus og hjem", "Hus og heim", "Household", "soap", shown=False),
    _category("hygiene", "Hygiene", "Hygiene", "Hygiene", "toothbrush", shown=False),
    _category("tobacco", "Tobakk", "Tobakk", "Tobacco", "", shown=False),
    _category("medicine", "Legemidler", "Legemiddel", "Medicines", "pill", shown=False),
    _category(BAGS, "Bæreposer", "Bereposar", "Bags", "paper_bag", shown=False),
)
"""In the order they stand on the screen."""
