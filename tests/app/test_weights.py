"""What the sample goods weigh, and what the demonstration's kiosk has learnt of it."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.app.weights import mean_weights_g, write_learnt
from kiosk.engine.memory import Memory


@pytest.mark.parametrize(
    ("product_id", "least", "most"),
    [
        ("6001", 1030, 1100),  # Lettmelk 1 l
        ("6009", 309, 340),  # Kremfløte 3 dl
        ("6013", 500, 530),  # Smør 500 g
        ("6212", 1300, 1360),  # Hel kylling 1,3 kg
        ("6512", 450, 490),  # Mais 3 x 150 g
        ("8201", 25, 35),  # Paracetamol 500 mg, 20 stk: no half kilogram of pills
        ("7103", 30, 35),  # Tyggegummi
    ],
)
def test_a_piece_weighs_what_its_name_says_and_its_packing(
    product_id: str, least: float, most: float
) -> None:
    assert least <= mean_weights_g()[product_id] <= most


def test_what_is_sold_by_weight_has_no_weight_of_a_piece() -> None:
    assert "4011" not in mean_weights_g()


def test_what_is_written_is_what_a_kiosk_reads_as_learnt(tmp_path: Path) -> None:
    path = tmp_path / "learnt.json"
    write_learnt(path)
    till = SimpleNamespace(bags=SimpleNamespace())
    Memory(path).serve(till)  # type: ignore[arg-type]
    milk = till.bags.learnt["6001"]
    assert milk.known
    assert milk.mean_g == pytest.approx(mean_weights_g()["6001"])
    assert 5 < milk.spread_g < 15


def test_what_a_kiosk_has_learnt_itself_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "learnt.json"
    path.write_text("{}")
    write_learnt(path)
    assert path.read_text() == "{}"
