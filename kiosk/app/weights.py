"""What the goods of the sample catalog weigh: for shoppers who are simulated, never for prices.

Most say it in their names ("Smør 500 g"); packing comes on top. The others stand in a table.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

from kiosk.catalog.sample import sample_catalog_path
from kiosk.sale.bagging import Learnt

SPREAD: Final = 0.008
"""Of one piece to the next, as a share of its weight (one standard deviation)."""
PACKING_G: Final = 8
PACKING: Final = 0.03
"""A piece weighs what its name says, a share of that, and so many grams more."""
LEARNT_COUNT: Final = 20
"""How many pieces a kiosk has seen that is said to have been in the shop for a week."""
OTHERS_G: Final = 150
UNITS: Final = MappingProxyType({"kg": 1000.0, "g": 1.0, "l": 1030.0, "dl": 103.0, "ml": 1.03})
_SAYS: Final = re.compile(r"(?:(\d+) x )?(\d+(?:,\d+)?) (kg|g|l|dl|ml)\b")
_PIECES_G: Final[Mapping[str, int]] = MappingProxyType(
    {
        # fruit and vegetables by the piece
        "4062": 350, "4060": 400, "4046": 190, "4053": 120, "4048": 65, "4088": 185, "4065": 180,
        "4689": 185, "4061": 450, "4608": 55, "4030": 90, "4051": 390, "4430": 1250, "4050": 1300,
        "4081": 310, "4078": 260, "4261": 620, "4888": 140,
        # from the bakery
        "9001": 75, "9002": 70, "9003": 65, "9004": 110, "9005": 95, "9006": 75, "9007": 80,
        "9008": 280, "9009": 100, "9010": 90, "9011": 85, "9012": 110, "9013": 60, "9014": 110,
        "5205": 290, "5206": 260, "5207": 240, "5208": 330, "5209": 400,
        # packed by number
        "6021": 760, "6022": 390, "6407": 620, "6525": 65, "6527": 330, "7103": 32, "7106": 14,
        "8002": 760, "8006": 95, "8007": 45, "8008": 420, "8009": 310, "8010": 190, "8011": 55,
        "8012": 98, "8013": 410, "8014": 70, "8015": 320, "8016": 480, "8019": 210, "8101": 860,
        "8103": 26, "8105": 230, "8108": 48, "8109": 1650, "8201": 28, "8303": 4,
        # bags
        "9101": 48, "9102": 22,
    }
)  # fmt: skip


@cache
def mean_weights_g() -> Mapping[str, float]:
    """Return the mean weight of a piece of each product, by id; none of what is sold by weight."""
    with sample_catalog_path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return {row["id"]: _mean_g(row["id"], row["name"]) for row in rows if row["unit"] == "piece"}


def _mean_g(product_id: str, name: str) -> float:
    said = _SAYS.search(name)
    if product_id in _PIECES_G or said is None:
        return float(_PIECES_G.get(product_id, OTHERS_G))
    times, amount, unit = said.groups()
    content_g = int(times or 1) * float(amount.replace(",", ".")) * UNITS[unit]
    return content_g * (1 + PACKING) + PACKING_G


def write_learnt(path: Path) -> None:
    """Write what a kiosk has learnt after a week in this shop, where it has not learnt itself."""
    if path.exists():
        return
    weights = {
        product_id: Learnt(
            count=LEARNT_COUNT,
            mean_g=mean_g,
            squares=(LEARNT_COUNT - 1) * (SPREAD * mean_g) ** 2,
        )
        for product_id, mean_g in mean_weights_g().items()
    }
    path.write_bytes(msgspec.json.encode({"weights": weights}))
