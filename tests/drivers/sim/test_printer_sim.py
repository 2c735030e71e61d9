"""The far end by itself: bytes in, replies and paper out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import segno
from PIL import Image

from drivers.contracts import PrintDone, PrintOutcome
from drivers.printer.escpos import EscPosPrinter
from drivers.sim.control import Remote
from drivers.sim.escpos_stream import Command, Glyphs, RealTime, RealTimeFilter, commands
from drivers.sim.paper import Paper, QrMark, Span, TextMark
from drivers.sim.print_head import PrintHead
from tests.drivers.printer.bench import slip

ROOT = Path(__file__).parents[3]


def test_real_time_commands_are_taken_out_wherever_they_stand() -> None:
    passed, found = RealTimeFilter().feed(b"\x1d(k\x04\x10\x04\x02\x001A\x10\x05\x012\x00\x10x")
    assert passed == b"\x1d(k\x04\x001A2\x00\x10x"
    assert found == (RealTime("DLE EOT", 2), RealTime("DLE ENQ", 1))


def test_commands_are_cut_by_their_length() -> None:
    stream = b"\x1b@\x1bt\x13Gr\x9dnn\n\x1dV\x41\x03\x1d(H\x06\x0000ABCD\x1dr\x01"
    assert list(commands(stream)) == [
        Command("ESC @"),
        Command("ESC t", b"\x13"),
        Glyphs(b"Gr\x9dnn"),
        Command("LF"),
        Command("GS V", b"A\x03"),
        Command("GS ( H", b"00ABCD"),
        Command("GS r", b"\x01"),
    ]


@pytest.mark.parametrize(
    ("condition", "answers", "automatic"),
    [
        # Source: real printers' answers, as manuals give them.
        ({}, "12121212", "10000000"),
        ({"near_end": True}, "1212121e", "10000300"),
        ({"near_end": True, "paper_end": True}, "1a32127e", "18000f00"),
        ({"cover_open": True}, "1a161212", "38000000"),
        ({"cutter_error": True}, "1a521a12", "18080000"),
    ],
)
def test_its_status_is_a_real_printers(
    condition: dict[str, bool], answers: str, automatic: str
) -> None:
    head = PrintHead(576, proof=True, auto_status=True)
    head.do(Command("GS a", b"\xff"))
    head.take_replies()
    for name, value in condition.items():
        setattr(head, name, value)
    said = b"".join(head.real_time_status(number) for number in (1, 2, 3, 4))
    assert said.hex() == answers
    if condition:
        assert head.status_change().hex() == automatic
    assert head.status_change() == b""


def test_a_code_page_that_was_not_set_shows() -> None:
    head = PrintHead(576, proof=True, auto_status=True)
    for command in commands("grønn\n".encode("cp858") + b"\x1dV\x00"):
        head.do(command)
    assert head.cut[0].text == "gr¢nn\n"


def test_the_picture_is_the_paper_dot_by_dot() -> None:
    paper = Paper(384, [TextMark((Span("Totalt", 2, 2, True),), "center")])
    image = paper.picture()
    assert image.width == 464
    left, _, right, _ = image.point(lambda dot: 255 * (dot < 128)).getbbox() or (0, 0, 0, 0)
    assert abs((left + right) / 2 - 464 / 2) < 12
    assert 6 * 24 * 0.85 < right - left <= 6 * 24


def test_double_height_alone_is_tall_and_not_wide() -> None:
    def size(span: Span) -> tuple[int, int]:
        image = Paper(384, [TextMark((span,))]).picture()
        box = image.point(lambda dot: 255 * (dot < 128)).getbbox() or (0, 0, 0, 0)
        return box[2] - box[0], box[3] - box[1]

    plain, tall = size(Span("HHHH")), size(Span("HHHH", 1, 2))
    assert abs(tall[0] - plain[0]) <= 1
    assert tall[1] == pytest.approx(2 * plain[1], abs=2)


def test_the_qr_code_on_the_picture_is_the_one_that_was_stored() -> None:
    mark = QrMark("SK1/NT-0477-03/18204", 6, "m", "center")
    image = Paper(576, [mark]).picture()
    matrix = segno.make(mark.data, error="m", micro=False, boost_error=False).matrix
    left, top = 32 + (576 - len(matrix) * 6) // 2, 32
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            assert (image.getpixel((left + x * 6 + 3, top + y * 6 + 3)) == 0) is bool(dark)


def test_as_its_own_process_it_prints_and_survives_the_driver(tmp_path: Path) -> None:
    control = tmp_path / "control"
    process = subprocess.Popen(
        [sys.executable, "-m", "drivers.sim.printer", "--control", control, "--tcp", "0"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        remote = Remote(control)
        done: list[PrintDone] = []
        for print_id in ("p1", "p2"):
            with_driver(remote.state()["url"], print_id, done)
        assert [each.outcome for each in done] == [PrintOutcome.PRINTED] * 2
        assert len(remote.state()["receipts"]) == 2
        remote.save_receipt(str(tmp_path / "receipt.png"), str(tmp_path / "receipt.txt"))
        assert "Begynnelse p2" in (tmp_path / "receipt.txt").read_text(encoding="utf-8")
        with Image.open(tmp_path / "receipt.png") as picture:
            assert picture.width == 640
        remote.close()
    finally:
        process.communicate(timeout=5)
    assert process.returncode == 0


def with_driver(url: str, print_id: str, done: list[PrintDone]) -> None:
    """One life of a kiosk: print one slip, then end."""
    import threading

    answered = threading.Event()

    def post(event: object) -> bool:
        if isinstance(event, PrintDone):
            done.append(event)
            answered.set()
        return True

    printer = EscPosPrinter(name="printer", url=url)
    printer.start(post)
    printer.print(slip(print_id))
    assert answered.wait(10)
    printer.stop()
