"""The demonstration: the newcomer's first minute, as a process, from outside."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

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


def test_the_summary_says_that_what_was_sold_was_charged_once(demo_out: Path) -> None:
    summary = json.loads((demo_out / "summary.json").read_text())
    assert summary["lines"] == 5  # six scanned or weighed, one taken out
    assert summary["currency"] == "NOK"
    assert summary["total_minor"] == summary["paid_minor"] > 0
    assert summary["charged_in_their_own_books_minor"] == summary["total_minor"]
    assert summary["receipts_printed"] == 1
    assert summary["payment_id"]
    assert summary["terminal_transaction_id"]
    assert len(summary["scan_to_frame_ms"]) == 5


def test_the_receipt_that_the_printer_put_on_paper_says_the_same(demo_out: Path) -> None:
    summary = json.loads((demo_out / "summary.json").read_text())
    text = (demo_out / "receipt.txt").read_text(encoding="utf-8")
    kroner, øre = divmod(summary["total_minor"], 100)
    assert text.lstrip().startswith("SALGSKVITTERING")
    assert f"{kroner},{øre:02d}" in text
    assert summary["terminal_transaction_id"] in text
    assert "Lettmelk 1 l" in text
    assert "Tyggegummi" not in text
    assert Image.open(demo_out / "receipt.png").width == 640  # 80 mm at 8 dots a millimetre


def test_every_screen_of_the_way_is_a_picture_of_its_own(demo_out: Path) -> None:
    pictures = sorted((demo_out / "screens").glob("*.png"))
    assert [path.stem.partition("-")[2] for path in pictures] == [
        "start", "first-item", "five-items", "produce", "scale-empty", "weigh", "bananas-added",
        "removed", "bags", "pay", "terminal", "receipt-choice", "thanks",
    ]  # fmt: skip
    assert {Image.open(path).size for path in pictures} == {(1080, 1920)}
    assert len({path.read_bytes() for path in pictures}) == len(pictures)


def test_the_days_z_report_is_on_paper_with_what_was_sold(demo_out: Path) -> None:
    summary = json.loads((demo_out / "summary.json").read_text())
    text = (demo_out / "z.txt").read_text(encoding="utf-8")
    kroner, øre = divmod(summary["total_minor"], 100)
    assert text.lstrip().startswith("Z-RAPPORT NR. 1")
    assert f"{kroner},{øre:02d}" in text
    assert "Salgskvitteringer: 1" in text
    assert Image.open(demo_out / "z.png").width == 640


def test_the_saf_t_file_of_the_day_is_whole_and_signed(demo_out: Path) -> None:
    summary = json.loads((demo_out / "summary.json").read_text())
    (file,) = demo_out.glob("*.xml")
    assert file.name == summary["saft"]
    found = verify([file], keys={"1": load_verifier(demo_out / "signing-key")})
    assert found.ok, found.in_words()
    assert not any("signature" in remark for remark in found.remarks), found.remarks
