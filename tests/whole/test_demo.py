"""The demonstration: the newcomer's first minute, as a process, from outside."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kiosk.app.broker import mosquitto
from kiosk.app.page_album import SIZES, chromium
from kiosk.app.shopper import PATIENCE_S
from kiosk.fiscal.saft.verify import verify
from kiosk.fiscal.signature import load_verifier


@pytest.fixture(scope="module")
def demo_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "demo-out"
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.app.cli", "demo", "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=20 * PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def summary(demo_out: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((demo_out / "summary.json").read_text(encoding="utf-8"))
    return said


def text_of(demo_out: Path, name: str) -> str:
    return (demo_out / name).read_text(encoding="utf-8")


def amount(minor: int) -> str:
    return f"{minor // 100},{minor % 100:02d}"


def test_the_summary_says_that_what_was_sold_was_taken_once(summary: dict[str, Any]) -> None:
    groceries, beer = summary["sales"]
    assert groceries["lines"] == 5  # six scanned or weighed, one taken out
    assert beer["lines"] == 3  # beer, pears, and what was found in the bag
    for sale in summary["sales"]:
        assert sale["total_minor"] == sale["paid_minor"] > 0
        assert sale["currency"] == "NOK"
        assert sale["payment_id"]
        assert sale["terminal_transaction_id"]
    total = groceries["total_minor"] + beer["total_minor"]
    assert summary["taken_in_their_own_books_minor"] == total
    assert summary["receipts_printed"] == 2
    assert len(summary["scan_to_frame_ms"]) == 5 + 1


def test_age_and_bag_were_settled_each_in_its_own_way_and_the_light_followed(
    summary: dict[str, Any],
) -> None:
    groceries, beer = summary["sales"]
    assert groceries["interventions"] == []
    settled = {one["kind"]: (one["approved"], one["where"]) for one in beer["interventions"]}
    asked_afar = {"help": (True, "remote")} if mosquitto() else {}
    assert settled == {"age": (True, "kiosk"), **asked_afar, "weight": (True, "itself")}
    assert summary["lights"] == ["green", "amber", "red", "green"]


@pytest.mark.skipif(mosquitto() is None, reason="mosquitto is not installed")
def test_help_came_from_the_board_and_a_yes_to_beer_did_not(summary: dict[str, Any]) -> None:
    assert summary["from_the_board"] == {"seen": "done", "age": "only_here", "help": "taken"}


@pytest.mark.skipif(
    mosquitto() is None or chromium() is None, reason="mosquitto or chromium is not installed"
)
@pytest.mark.parametrize(
    ("name", "size", "scale"),
    [("board-phone", "phone", 2), ("board-till", "till", 1), ("fleet", "desktop", 1),
     ("fleet-kiosk", "desktop", 1)],
)  # fmt: skip
def test_board_and_operators_view_are_pictures(
    demo_out: Path, name: str, size: str, scale: int
) -> None:
    width, height = SIZES[size]
    assert Image.open(demo_out / f"{name}.png").size == (width * scale, height * scale)


@pytest.mark.parametrize(
    ("scene", "has", "has_not"),
    [
        ("groceries", "Lettmelk 1 l", "Tyggegummi"),
        ("beer", "Sjokolade 200 g", "Lettmelk"),
    ],
)
def test_each_receipt_on_paper_says_what_its_sale_was(
    demo_out: Path, summary: dict[str, Any], scene: str, has: str, has_not: str
) -> None:
    sale = next(one for one in summary["sales"] if one["scene"] == scene)
    text = text_of(demo_out, f"receipt-{scene}.txt")
    assert text.lstrip().startswith("SALGSKVITTERING")
    assert amount(sale["total_minor"]) in text
    assert sale["terminal_transaction_id"] in text
    assert has in text
    assert has_not not in text
    assert Image.open(demo_out / f"receipt-{scene}.png").width == 640  # 80 mm at 8 dots each


def test_every_screen_of_the_way_is_a_picture_of_its_own_and_they_sort(demo_out: Path) -> None:
    pictures = sorted((demo_out / "screens").glob("*.png"))
    assert [path.stem.split("-", 1)[1] for path in pictures] == [
        *(f"groceries-{name}" for name in (
            "start", "first-item", "five-items", "produce", "scale-empty", "weigh",
            "bananas-added", "removed", "bags", "pay", "terminal", "receipt-choice", "thanks",
        )),
        *(f"beer-{name}" for name in (
            "age-later", *(("help-called", "help-seen") if mosquitto() else ()),
            "letter-p", "scale-empty", "weigh", "pears-added", "bag-asks",
            "bag-called", "staff-keys", "staff-number", "staff-pin", "desk", "desk-age-settled",
            "look-over", "look-over-found", "more-tools", "item-by-hand", "desk-all-settled",
            "back-to-the-shopper", "bags", "pay", "terminal", "receipt-choice", "thanks",
        )),
        "late-no-beer-now",
    ]  # fmt: skip
    assert [int(path.stem.split("-")[0]) for path in pictures] == list(range(1, len(pictures) + 1))
    assert {Image.open(path).size for path in pictures} == {(1080, 1920)}


def test_the_days_z_report_is_on_paper_with_what_was_sold(
    demo_out: Path, summary: dict[str, Any]
) -> None:
    text = text_of(demo_out, "z.txt")
    assert text.lstrip().startswith("Z-RAPPORT NR. 1")
    assert amount(sum(sale["total_minor"] for sale in summary["sales"])) in text
    assert "Salgskvitteringer: 2" in text
    assert Image.open(demo_out / "z.png").width == 640


def test_the_saf_t_file_of_the_day_is_whole_and_signed(
    demo_out: Path, summary: dict[str, Any]
) -> None:
    (file,) = demo_out.glob("*.xml")
    assert file.name == summary["saft"]
    found = verify([file], keys={"1": load_verifier(demo_out / "signing-key")})
    assert found.ok, found.in_words()
    assert not any("signature" in remark for remark in found.remarks), found.remarks


def test_receipts_for_a_phone_lie_beside_the_paper_and_say_that_they_are_copies(
    demo_out: Path, summary: dict[str, Any]
) -> None:
    for sale in summary["sales"]:
        page = text_of(demo_out, f"receipt-{sale['scene']}.html")
        assert "KOPI" in page
        assert "ELEKTRONISK SALGSKVITTERING" in page
        assert amount(sale["total_minor"]) in page
        pdf = (demo_out / f"receipt-{sale['scene']}.pdf").read_bytes()
        assert pdf.startswith(b"%PDF-")


def test_the_days_saft_file_is_valid_by_the_official_schema(
    demo_out: Path, summary: dict[str, Any]
) -> None:
    schema = Path(__file__).parents[3] / "shared/data/saft"
    schema /= "Norwegian_SAF-T_Cash_Register_Schema_v_1.00.xsd"
    if not schema.exists():
        pytest.skip(f"the official schema is not here: {schema}")
    found = verify(
        [demo_out / summary["saft"]],
        schema=schema,
        keys={"1": load_verifier(demo_out / "signing-key")},
    )
    assert found.ok, found.in_words()
