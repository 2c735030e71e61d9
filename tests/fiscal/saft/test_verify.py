"""What the check of a SAF-T file says about good ones, bad ones, and hostile ones."""

import random
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.fiscal.commands import saft_app
from kiosk.fiscal.saft.export import Period, export
from kiosk.fiscal.saft.findings import Findings
from kiosk.fiscal.saft.verify import verify
from kiosk.fiscal.signature import HmacKey

from ..weeks import KEY, OSLO, Shop, live_through, utc

DATA = Path(__file__).parents[4] / "shared/data/saft"
XSD = DATA / "Norwegian_SAF-T_Cash_Register_Schema_v_1.00.xsd"
CREATED = datetime(2026, 12, 1, 9, 5, 7, tzinfo=OSLO)
ALL = Period(first=date(2026, 10, 1), last=date(2026, 12, 31))
KEYS = {"1": KEY}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory):
    opened = Shop(tmp_path_factory.mktemp("shop"), seed=11)
    live_through(opened, 12)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def good(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("good")
    (path,) = export(shop.journal, ALL, folder, created=CREATED).files
    return path.read_text(encoding="utf-8")


def checked(folder: Path, content: str | bytes, **options) -> Findings:
    path = folder / "file.xml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    options.setdefault("keys", KEYS)
    return verify([path], **options)


def the_sale(content: str, number: int) -> re.Match[str]:
    found = re.search(
        rf"\n\t*<cashtransaction>\s*<nr>{number}</nr>.*?</cashtransaction>", content, re.DOTALL
    )
    assert found
    return found


def line_of(content: str, at: int) -> int:
    return content.count("\n", 0, at) + 1


def changed(content: str, number: int, old: str, new: str) -> str:
    sale = the_sale(content, number)
    assert re.search(old, sale[0]), sale[0]
    return content[: sale.start()] + re.sub(old, new, sale[0], count=1) + content[sale.end() :]


def test_our_own_file_has_no_fault(good: str, tmp_path: Path) -> None:
    found = checked(tmp_path, good)
    assert found.ok, found.in_words()
    assert found.signatures == found.sales > 10
    assert found.z_reports > 4
    assert found.remarks == ["No schema was given, so the form was not checked (--schema)."]


@pytest.mark.parametrize("seed", range(2))
def test_random_weeks_have_none_either(tmp_path: Path, seed: int) -> None:
    shop = Shop(tmp_path, seed=500 + seed)
    live_through(shop, 6)
    files = export(shop.journal, ALL, tmp_path / "out", created=CREATED).files
    found = verify(files, keys=KEYS, schema=XSD if XSD.exists() else None)
    assert found.ok, f"seed={seed}: {found.in_words()}"
    shop.close()


def test_another_systems_file_is_checked_the_same_way() -> None:
    example = next(DATA.glob("example_*.xml"), None)
    if example is None:
        pytest.skip(f"the official example is not in {DATA}")
    found = verify([example], schema=XSD)
    assert found.ok, found.in_words()
    assert (found.sales, found.events, found.z_reports) == (4, 18, 1)


def test_files_that_follow_one_another_are_one_chain(shop: Shop, tmp_path: Path) -> None:
    files = export(shop.journal, ALL, tmp_path, created=CREATED, file_bytes_max=150_000).files
    assert len(files) > 1
    assert verify(files, keys=KEYS).ok, verify(files, keys=KEYS).in_words()
    alone = verify(files[1:], keys=KEYS)
    assert alone.ok
    assert any("the first here, was not checked" in remark for remark in alone.remarks)
    skipped = verify([files[0], *files[2:]], keys=KEYS) if len(files) > 2 else None
    assert skipped is None or not skipped.ok


def test_a_changed_amount_breaks_the_sums_and_the_chain_on_its_line(good, tmp_path) -> None:
    bad = changed(good, 3, r"<transAmntIn>\d+", "<transAmntIn>9")
    line = line_of(good, the_sale(good, 3).start()) + 1
    found = checked(tmp_path, bad)
    assert {one.line for one in found.listed if "sale 3" in one.what} == {line}
    words = found.in_words()
    assert f"line {line}: sale 3: its lines add up to" in words
    assert f"line {line}: sale 3: its signature does not fit" in words
    assert "sale 4" not in words  # one change is one break


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (r"<signature>....", "<signature>AAAA", "its signature does not fit"),
        (r"<transTime>..", "<transTime>25", "its signature does not fit"),
        (r"<paidAmnt>", "<paidAmnt>1", "was paid, and"),
        (r"<vatAmnt>\d+", "<vatAmnt>77", "is not"),
        (r"<transAmntIn>", "<transAmntIn>x", "is not an amount"),
        (r"<transAmntIn>\d+\.\d\d", "<transAmntIn>NaN", "is not an amount"),
        (r"<amntTp>C", "<amntTp>D", "returns are D, negative"),
        (r"<transType>CASHSAL", "<transType>CASH", "transType 'CASH' is not among"),
        (r"<artID>\d+", "<artID>4711", "article '4711' is not in the file's list"),
        (r"<paymentType>\w+", "<paymentType>GOLD", "paymentType 'GOLD' is not among"),
        (r"<transDate>2026", "<transDate>2025", "is outside 2026-10-01 to 2026-12-31"),
        (r"<nr>3</nr>", "<nr>three</nr>", "'three' is not a number"),
        (r"<nr>3</nr>", f"<nr>{'9' * 5000}</nr>", "is not a number"),
        (r"<vatPerc>15.00", "<vatPerc>-100", "a VAT rate of -100 %"),
        (r"<vatPerc>", "<vatPerc>" + "9" * 29, "is not"),
    ],
)
def test_each_kind_of_change_is_named(good: str, tmp_path: Path, old, new, words) -> None:
    found = checked(tmp_path, changed(good, 3, old, new))
    assert not found.ok
    assert words in found.in_words()


def test_a_sale_that_was_taken_out_leaves_a_gap_and_a_broken_chain(good, tmp_path) -> None:
    sale = the_sale(good, 5)
    found = checked(tmp_path, good[: sale.start()] + good[sale.end() :])
    words = found.in_words()
    assert "sale 6: a sale is missing: number 5 was due" in words
    assert "sale 6: its signature does not fit" in words
    assert "sales receipts, and there are" in words or "the sales before it come to" in words


def test_a_sale_that_stands_twice_is_found(good: str, tmp_path: Path) -> None:
    sale = the_sale(good, 5)
    found = checked(tmp_path, good[: sale.end()] + sale[0] + good[sale.end() :])
    assert "sale 5: a number comes twice, or back: number 6 was due" in found.in_words()


def test_another_key_fits_no_signature(good: str, tmp_path: Path) -> None:
    found = checked(tmp_path, good, keys={"1": HmacKey(b"another secret 1")})
    assert found.count >= found.sales
    assert found.signatures == 0


def test_what_could_not_be_checked_is_said(good: str, tmp_path: Path) -> None:
    assert "the signatures were not checked" in checked(tmp_path, good, keys={}).in_words()
    other = checked(tmp_path, good, keys={"9": KEY})
    assert other.ok
    assert "No key of version '1' was given (--key)." in other.remarks


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (r"(?<=<reportID>)1(?=</reportID>)", "7", "it comes after number 7: a gap, or one twice"),
        (r"(?<=<reportID>)1(?=</reportID>)", "9" * 5000, "its number is not a number"),
        (r"(?<=<totalCashSaleAmnt>)\d+\.", "999999.", "its total is 999999"),
        (r"(?<=<reportGrandTotalSalesNet>)\d+\.", "777777.", "grand totals:"),
        (r"(?<=<reportReceiptNum>)\d+", "98", "it counts 98 sales receipts, and there are"),
        (r"(?<=<artGroupAmnt>)\d+\.", "555555.", "its article groups add up to"),
        (r"(?<=<cashSaleAmnt>)\d+\.", "444444.", "its VAT rows add up to"),
        (r"(?<=<paymentAmnt>)\d+\.", "333333.", "its payments add up to"),
    ],
)
def test_a_z_that_was_changed_is_found(good: str, tmp_path: Path, old, new, words) -> None:
    assert "<reportID>1</reportID>" in good
    found = checked(tmp_path, re.sub(old, new, good, count=1))
    assert words in found.in_words()


def test_a_fault_of_form_has_its_line(good: str, tmp_path: Path) -> None:
    if not XSD.exists():
        pytest.skip(f"the official schema is not here: {XSD}")
    bad = changed(good, 3, r"\n\t*<keyVersion>1</keyVersion>", "")
    line = line_of(bad, the_sale(bad, 3).end())
    found = checked(tmp_path, bad, schema=XSD)
    fault = next(one for one in found.listed if one.what.startswith("schema:"))
    assert "Element 'receiptNum': This element is not expected" in fault.what
    assert 0 < line - fault.line < 10


BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    + "]>\n<auditfile>&j;</auditfile>"
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This is not XML|The file ends too early"),
        (b"hello", "This is not XML"),
        (b"\x00\xff\xfe" * 100, "This is not XML"),
        (BOMB.encode(), "It has a document type|This is not XML: Maximum entity"),
        (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<auditfile>&x;</auditfile>',
            "It has a document type",
        ),
        (b'<!DOCTYPE a SYSTEM "http://192.0.2.1/x.dtd"><auditfile/>', "It has a document type"),
        (b"<other/>", "It begins with <other>, not <auditfile>"),
        (b"<auditfile/>", "it has no header"),
        (b"<auditfile>" + b"<a>" * 100_000, "This is not XML|The file ends too early"),
    ],
    ids=["empty", "text", "bytes", "bomb", "passwd", "network", "other", "hollow", "deep"],
)
def test_what_is_no_saft_file_is_told_and_does_no_harm(tmp_path: Path, content, words) -> None:
    for schema in (None, XSD) if XSD.exists() else (None,):
        found = checked(tmp_path, content, schema=schema)
        assert not found.ok
        assert re.search(words, found.in_words())


def test_a_file_that_was_cut_says_where(good: str, tmp_path: Path) -> None:
    cut = good[: the_sale(good, 4).start() + 400]
    found = checked(tmp_path, cut)
    assert found.listed[-1].line == line_of(cut, len(cut))
    assert "The file ends too early" in found.in_words()
    assert found.sales == 3


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_makes_the_check_itself_fail(good: str, tmp_path: Path, seed: int) -> None:
    pick = random.Random(seed)
    whole = good.encode()
    for _ in range(12):
        bad = bytearray(whole)
        for _ in range(pick.randint(1, 4)):
            at = pick.randrange(len(bad))
            match pick.randrange(4):
                case 0:
                    bad[at] = pick.randrange(256)
                case 1:
                    del bad[at : at + pick.randint(1, 3000)]
                case 2:
                    bad[at:at] = bad[pick.randrange(len(bad)) :][: pick.randint(1, 3000)]
                case 3:
                    bad[at:at] = pick.choice((b"<", b"&", b"\x00", b"<!--", b"]]>", b"1e99999999"))
        found = checked(tmp_path, bytes(bad), schema=XSD if XSD.exists() else None)
        assert found.in_words(), f"seed={seed}"


def test_a_clock_that_went_back_over_a_z_is_told_and_is_no_fault(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.sell()
    shop.wait(hours=18)
    shop.tick()
    assert len(shop.z) == 1
    shop.now -= timedelta(hours=20)
    shop.sell()
    shop.wait(days=2)
    shop.tick()
    assert len(shop.z) == 2
    files = export(shop.journal, ALL, tmp_path / "out", created=CREATED).files
    found = verify(files, keys=KEYS)
    assert found.ok, found.in_words()
    assert any("and the one before it of" in remark for remark in found.remarks)
    assert "CLOCKBACK" in files[0].read_text(encoding="utf-8")
    shop.close()


def test_one_entry_without_end_is_refused_before_it_fills_the_memory(
    good: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.fiscal.saft.reading.ELEMENTS_MAX", 2_000)
    sale = the_sale(good, 3)
    flood = sale[0].replace("<rounding>", "<vat/>" * 3_000 + "<rounding>")
    found = checked(tmp_path, good[: sale.start()] + flood + good[sale.end() :])
    assert "has more than 2000 elements" in found.in_words()


def test_all_on_one_line_is_read_too(good: str, tmp_path: Path) -> None:
    assert checked(tmp_path, re.sub(r"\n\s*", "", good)).ok


def test_a_list_of_faults_has_an_end(good: str, tmp_path: Path) -> None:
    found = checked(tmp_path, good.replace("<lineType>SAL", "<lineType>X"))
    many = Findings(listed=found.listed[:1] * 100, count=3000)
    assert "and 2900 more" in many.in_words()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = verify([tmp_path / "none.xml"])
    assert "cannot be read: No such file" in found.in_words()


def test_the_command_exports_and_checks_what_it_exported(shop: Shop, tmp_path: Path) -> None:
    run = CliRunner()
    out = run.invoke(
        saft_app,
        [
            "export", "--journal", str(shop.journal.path), "--from", "2026-10-01",
            "--to", "2026-12-31", "--out", str(tmp_path), "--supplier", "Leverandøren AS",
        ],
    )  # fmt: skip
    assert out.exit_code == 0, out.output
    (path,) = tmp_path.glob("SAF-T Cash Register_999999999_*.xml")
    assert str(path) in out.output.replace("\n", "")
    secret = tmp_path / "secret"
    secret.write_bytes(KEY.secret)
    secret.chmod(0o600)
    good = run.invoke(saft_app, ["verify", str(path), "--key", f"1={secret}"])
    assert good.exit_code == 0, good.output
    assert "No fault was found." in good.output
    path.write_text(path.read_text(encoding="utf-8").replace("<nr>2</nr>", "<nr>9</nr>"))
    bad = run.invoke(saft_app, ["verify", str(path), "--key", f"1={secret}"])
    assert bad.exit_code == 1
    assert "number 2 was due" in bad.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "--journal", "none.sqlite", "--from", "2026-01-01", "--to", "2026-01-31"],
        ["verify", "x.xml", "--key", "1=none"],
    ],
)
def test_the_command_says_what_is_missing(arguments: list[str], tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    out = CliRunner().invoke(saft_app, arguments)
    assert out.exit_code in (1, 2)
    assert "none" in out.output
    assert not isinstance(out.exception, OSError)


def test_a_register_that_trains_counts_training_apart(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.sell(training=True)
    shop.sell()
    shop.wait(days=1)
    shop.register.make_z(utc(shop.now))
    files = export(shop.journal, ALL, tmp_path / "out", created=CREATED).files
    assert verify(files, keys=KEYS).ok
    assert "<trainingID>true</trainingID>" in files[0].read_text(encoding="utf-8")
    shop.close()
