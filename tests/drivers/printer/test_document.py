from drivers.contracts import Align, Columns, Cut, Qr, Text, Weight
from drivers.printer.document import PaperFormat, chunks_of, process_id
from drivers.sim.escpos_stream import Command, Glyphs, commands


def test_the_code_page_is_set_once_and_before_any_text() -> None:
    job = (Text("æøå"), Text("ÆØÅ €", Weight.BOLD), Cut())
    stream = list(commands(b"".join(chunks_of(job, PaperFormat()))))
    assert stream[:2] == [Command("ESC @"), Command("ESC t", b"\x13")]
    assert [each for each in stream if isinstance(each, Command)].count(stream[1]) == 1  # type: ignore[arg-type]
    glyphs = [each.data.decode("cp858") for each in stream if isinstance(each, Glyphs)]
    assert glyphs == ["æøå", "ÆØÅ €"]


def test_a_slot_of_the_configuration_is_used() -> None:
    first, *_ = chunks_of((), PaperFormat(code_page="cp858", code_page_slot=4))
    assert first == b"\x1b@\x1bt\x04"


def test_large_bold_and_centred_are_set_and_reset() -> None:
    job = (Text("A", Weight.LARGE, Align.CENTER), Columns(("B", "1,00")))
    large, plain = chunks_of(job, PaperFormat(columns=32))[1:]
    assert large.endswith(b"\x1ba\x01A\n")
    assert b"\x1b!0" in large
    assert b"\x1bE\x01" in large
    assert b"\x1b!\x00" in plain
    assert b"\x1bE\x00" in plain
    assert plain.endswith(b"\x1ba\x00B" + b" " * 27 + b"1,00\n")


def test_the_qr_code_is_the_printers_own() -> None:
    qr = chunks_of((Qr("SK1/1"),), PaperFormat())[1]
    stored = b"\x1d(k\x08\x001P0SK1/1"
    assert stored in qr
    assert qr.index(stored) < qr.index(b"\x1d(k\x03\x001Q0")


def test_a_command_hidden_in_a_name_is_no_command() -> None:
    stream = list(commands(chunks_of((Text("Melk \x1b@\x10\x04\x01"),), PaperFormat())[1]))
    assert Glyphs(b"Melk @") in stream
    assert Command("ESC @") not in stream


def test_a_process_id_is_the_same_in_every_life_and_allowed_by_the_command() -> None:
    assert process_id("s1-1") == process_id("s1-1")
    ids = {process_id(f"sale-{at}") for at in range(2000)}
    assert len(ids) == 2000
    assert all(0x20 < byte <= 0x7E for each in ids for byte in each)
    assert process_id("s1-1") == b"^Gg>"
