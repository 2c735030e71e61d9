"""Random weeks as SAF-T: valid by the official schema, and the same sales as in the journal."""

import sqlite3
import tracemalloc
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from kiosk.fiscal.events import REGISTER, SaleSigned
from kiosk.fiscal.saft.events import said_of_sale
from kiosk.fiscal.saft.export import ExportError, Period, Software, export, file_name
from kiosk.fiscal.saft.transactions import quantity, transaction
from kiosk.fiscal.saft.xml import NAMESPACE, text
from kiosk.fiscal.signature import FIRST, signed_text
from kiosk.journal import Journal, JournalDamaged
from kiosk.journal.schema import STATEMENTS
from kiosk.sale.events import (
    Event,
    PrintSettled,
    PrintStarted,
    ReceiptAnswered,
    ReceiptChoice,
    SaleClosed,
    SaleCompleted,
    SaleStarted,
)
from kiosk.sale.evolve import evolve

from ..sales import AT, added, design_sale, paid
from ..weeks import KEY, OSLO, Shop, live_through, utc

DATA = Path(__file__).parents[4] / "shared/data/saft"
XSD = DATA / "Norwegian_SAF-T_Cash_Register_Schema_v_1.00.xsd"
CREATED = datetime(2026, 12, 1, 9, 5, 7, tzinfo=OSLO)
ALL = Period(first=date(2026, 10, 1), last=date(2026, 12, 31))
NS = {"s": NAMESPACE}


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    if not XSD.exists():
        pytest.skip(f"the official schema is not here: {XSD}")
    return etree.XMLSchema(etree.parse(str(XSD)))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory):
    opened = Shop(tmp_path_factory.mktemp("shop"), seed=5)
    live_through(opened, 12)
    opened.register.make_x(utc(opened.now))
    opened.register.stop(utc(opened.now))
    yield opened
    opened.close()


def read(path: Path) -> etree._Element:
    return etree.parse(str(path)).getroot()


def values(root: etree._Element, path: str) -> list[str]:
    return [element.text or "" for element in root.iterfind(path, NS)]


def exported(shop: Shop, folder: Path, period: Period = ALL, **options) -> etree._Element:
    (path,) = export(shop.journal, period, folder, created=CREATED, **options).files
    return read(path)


def test_the_official_example_is_valid_so_the_schema_is_read_right(schema) -> None:
    example = next(DATA.glob("example_*.xml"))
    assert schema.validate(etree.parse(str(example))), schema.error_log


@pytest.mark.parametrize("seed", range(2))
def test_a_random_week_is_valid(schema, tmp_path: Path, seed: int) -> None:
    shop = Shop(tmp_path, seed=1000 + seed)
    live_through(shop, 5)
    shop.register.make_x(utc(shop.now))
    (path,) = export(shop.journal, ALL, tmp_path / "out", created=CREATED).files
    assert schema.validate(etree.parse(str(path))), f"seed={seed}: {schema.error_log}"
    shop.close()


def test_a_period_without_anything_is_valid_too(schema, shop: Shop, tmp_path: Path) -> None:
    silent = Period(first=date(2025, 1, 1), last=date(2025, 1, 31))
    root = exported(shop, tmp_path, silent)
    assert schema.validate(root), schema.error_log
    assert root.find(".//s:cashtransaction", NS) is None


def test_every_sale_is_there_with_its_amounts_and_its_signature(shop: Shop, tmp_path) -> None:
    root = exported(shop, tmp_path)
    found = [e for e in shop.journal.events_of(REGISTER) if isinstance(e, SaleSigned)]
    path = ".//s:cashtransaction/s:"
    assert values(root, f"{path}transID") == [one.sale_id for one in found]
    assert values(root, f"{path}signature") == [one.signature for one in found]
    totals = [
        event.total_minor
        for one in found
        for event in shop.journal.events_of(one.sale_id)
        if isinstance(event, SaleCompleted)
    ]
    assert [Decimal(v) * 100 for v in values(root, f"{path}transAmntIn")] == totals
    assert len(found) > 10


def test_the_chain_can_be_checked_from_the_file_alone(shop: Shop, tmp_path: Path) -> None:
    previous = FIRST
    for element in exported(shop, tmp_path).iterfind(".//s:cashtransaction", NS):
        date_, time, nr, gross, net, signature = (
            element.findtext(f"s:{name}", namespaces=NS)
            for name in ("transDate", "transTime", "nr", "transAmntIn", "transAmntEx", "signature")
        )
        assert KEY.verify(signed_text(previous, date_, time, nr, gross, net), signature)
        previous = signature


def test_lines_vat_and_payments_add_up_in_each_sale(shop: Shop, tmp_path: Path) -> None:
    def total(element: etree._Element, path: str) -> Decimal:
        return sum((Decimal(value) for value in values(element, path)), Decimal(0))

    for element in exported(shop, tmp_path).iterfind(".//s:cashtransaction", NS):
        gross, net = (total(element, f"s:{name}") for name in ("transAmntIn", "transAmntEx"))
        assert total(element, "s:ctLine/s:lineAmntIn") == gross
        assert total(element, "s:ctLine/s:lineAmntEx") == net
        assert total(element, "s:vat/s:vatBasAmnt") == net
        assert total(element, "s:vat/s:vatAmnt") == gross - net
        assert total(element, "s:payment/s:paidAmnt") == gross
        for each in (element, *element.iterfind("s:ctLine", NS)):
            (side,) = values(each, "s:amntTp")
            amount = total(each, "s:transAmntIn") + total(each, "s:lineAmntIn")
            assert side == ("D" if amount < 0 else "C")
        # Counts of receipts, never their numbers.
        assert values(element, "s:receiptNum") == ["1"]
        assert set(values(element, "s:receiptCopyNum")) <= {"0", "1"}


def test_every_code_in_use_is_defined_in_the_file(shop: Shop, tmp_path: Path) -> None:
    root = exported(shop, tmp_path)
    defined = {
        (basic.findtext("s:basicType", namespaces=NS), basic.findtext("s:basicID", namespaces=NS))
        for basic in root.iterfind(".//s:basic", NS)
    }
    for type_, path in (
        ("04", ".//s:artGroupID"),
        ("05", ".//s:lineType"),
        ("08", ".//s:dscTp"),
        ("11", ".//s:transType"),
        ("12", ".//s:paymentType"),
        ("13", ".//s:eventType"),
    ):
        used = set(values(root, path))
        assert used, path
        assert {(type_, code) for code in used} <= defined
    articles = set(values(root, ".//s:article/s:artID"))
    assert set(values(root, ".//s:ctLine/s:artID")) <= articles
    vat = set(values(root, ".//s:vatCodeDetail/s:vatCode"))
    assert set(values(root, ".//s:vat/s:vatCode")) <= vat
    assert set(values(root, ".//s:reportCashSaleVat/s:vatCode")) <= vat
    employees = set(values(root, ".//s:employee/s:empID"))
    assert set(values(root, ".//s:cashregister//s:empID")) <= employees


def test_the_predefined_codes_are_the_authoritys(shop: Shop, tmp_path: Path) -> None:
    import json

    lists = DATA / "code-lists/codes_utf8.json"
    if not lists.exists():
        pytest.skip(f"{lists} is not here")
    tables = json.loads(lists.read_text(encoding="utf-8"))
    official = {row["code"] for table in tables.values() for row in table}
    used = set(values(exported(shop, tmp_path), ".//s:predefinedBasicID"))
    assert used <= official
    assert {"11001", "12002", "13001", "13009", "13012", "13030"} <= used


def test_z_is_exported_in_full_and_each_kind_of_event(shop: Shop, tmp_path: Path) -> None:
    root = exported(shop, tmp_path)
    kinds = values(root, ".//s:event/s:eventType")
    assert {"POSSTART", "POSEND", "XREP", "ZREP", "SALREC", "ESALREC", "NORECEIPT"} <= set(kinds)
    assert {"LINEDELETE", "PRICELOOKUP", "QTYREDUCE", "COPYREC", "SALEABORT"} <= set(kinds)
    reports = [
        element
        for element in root.iterfind(".//s:eventReport", NS)
        if element.findtext("s:reportType", namespaces=NS) == "Z report"
    ]
    assert len(reports) == len(shop.z)
    for element, report in zip(reports, shop.z, strict=True):
        got = element.findtext("s:reportGrandTotalSales", namespaces=NS)
        assert Decimal(got) * 100 == report.figures.grand.sales_minor
    ids = values(root, ".//s:event/s:eventID")
    assert len(ids) == len(set(ids))


def test_each_day_alone_makes_the_same_as_all_together(shop: Shop, tmp_path: Path) -> None:
    whole = exported(shop, tmp_path / "all")
    for path in (".//s:cashtransaction/s:nr", ".//s:event/s:eventID"):
        one_by_one = []
        for day in Period(first=date(2026, 10, 23), last=date(2026, 11, 20)).days():
            only = Period(first=date.fromisoformat(day), last=date.fromisoformat(day))
            one_by_one += values(exported(shop, tmp_path / day, only), path)
        assert one_by_one == values(whole, path)


def test_two_exports_of_the_same_days_are_the_same(shop: Shop, tmp_path: Path) -> None:
    files = [export(shop.journal, ALL, tmp_path / name, created=CREATED).files[0] for name in "ab"]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_long_period_is_split_into_whole_days(schema, shop: Shop, tmp_path: Path) -> None:
    whole = exported(shop, tmp_path / "one")
    done = export(shop.journal, ALL, tmp_path, created=CREATED, file_bytes_max=150_000)
    assert len(done.files) > 1
    assert [path.name for path in done.files] == [
        f"SAF-T Cash Register_999999999_20261201090507_{part}.xml"
        for part in range(1, len(done.files) + 1)
    ]
    roots = [read(path) for path in done.files]
    for root, path in zip(roots, done.files, strict=True):
        assert schema.validate(root), schema.error_log
        assert path.stat().st_size <= 150_000
    numbers = [number for root in roots for number in values(root, ".//s:cashtransaction/s:nr")]
    assert numbers == values(whole, ".//s:cashtransaction/s:nr")
    assert f"Fil 1 av {len(roots)}" in values(roots[0], "s:header/s:headerComment")[0]


def test_a_day_that_fits_no_file_is_refused_and_leaves_nothing(shop: Shop, tmp_path) -> None:
    with pytest.raises(ExportError, match="Export a shorter period"):
        export(shop.journal, ALL, tmp_path, created=CREATED, file_bytes_max=1_000)
    assert not any(path.suffix == ".part" for path in tmp_path.iterdir())


def test_an_unsigned_sale_is_never_left_out_in_silence(tmp_path: Path) -> None:
    shop = Shop(tmp_path, signer=None)
    sale_id = shop.sell()
    with pytest.raises(ExportError, match=f"1 sales .* no signature, the first is {sale_id}"):
        export(shop.journal, ALL, tmp_path, created=CREATED)
    shop.close()


def test_a_sale_that_was_signed_after_the_period_belongs_to_its_day(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.sell(sign=False)
    shop.wait(days=3)
    shop.restart()
    day = Period(first=date(2026, 10, 23), last=date(2026, 10, 23))
    root = exported(shop, tmp_path / "out", day)
    assert values(root, ".//s:cashtransaction/s:transDate") == ["2026-10-23"]
    shop.close()


def test_a_sale_across_midnight_is_exported_once_on_the_day_it_was_paid(tmp_path: Path) -> None:
    shop = Shop(tmp_path, at=datetime(2026, 10, 23, 23, 59, 50, tzinfo=OSLO))
    shop.sell()
    for day, count in ((23, 0), (24, 1)):
        only = Period(first=date(2026, 10, day), last=date(2026, 10, day))
        root = exported(shop, tmp_path / str(day), only)
        assert len(values(root, ".//s:cashtransaction/s:nr")) == count
    shop.close()


def test_lines_say_what_how_much_and_what_was_taken_off(tmp_path: Path) -> None:
    """The sale of the receipt's design: three for two, 842 g, and deposits."""
    signed = SaleSigned(
        at_utc=AT, sale_id="s1", completed_seq=1, number=7, date="2026-11-21", time="14:32:41",
        gross_minor=21395, net_minor=18426, signature="x", key_version="1",
    )  # fmt: skip
    start = SaleStarted(at_utc=AT, sale_id="s1", kiosk_id="k", currency="NOK")
    events = (start, *(added(line_id) for line_id in range(1, 7)), *paid(21395, number=1))
    _, parts = transaction(signed, events, operator_id="SCO-03", period_number=11, zone=OSLO)
    lines = [dict(content) for name, content in parts if name == "ctLine"]
    names = ("artID", "qnt", "lineAmntIn", "lineAmntEx", "ppu")
    assert [tuple(line[name] for name in names) for line in lines] == [
        ("1", "1", "23.90", "20.78", "23.90"),
        ("2", "2", "59.80", "52.00", "29.90"),
        ("PANT", "2", "6.00", "6.00", "3.00"),
        ("3", "1", "34.90", "30.35", "34.90"),
        ("4", "0.842", "22.65", "19.70", "26.90"),
        ("5", "3", "29.80", "25.91", "14.90"),
        ("6", "1", "36.90", "29.52", "36.90"),
    ]
    assert lines[5]["discount"] == [("dscTp", "KAMPANJE"), ("dscAmnt", "14.90")]
    assert sum("discount" in line for line in lines) == 1


@pytest.mark.parametrize(("milli", "words"), [(1000, "1"), (842, "0.842"), (-1500, "-1.5")])
def test_quantities_are_written_as_in_the_official_example(milli: int, words: str) -> None:
    assert quantity(milli) == words


def test_an_article_is_listed_once_since_its_first_day_under_its_newest_name(
    shop: Shop, tmp_path: Path
) -> None:
    root = exported(shop, tmp_path)
    listed = values(root, ".//s:article/s:artID")
    assert len(listed) == len(set(listed)) == 8
    days = values(root, ".//s:article/s:dateOfEntry")
    assert min(days) == min(values(root, ".//s:ctLine/s:lineDate"))
    assert len(set(days)) < len(set(values(root, ".//s:event/s:eventDate")))


@pytest.mark.parametrize(
    ("phone", "paper", "training", "expected"),
    [
        (False, "original", False, ["SALREC"]),
        (False, "none", False, ["NORECEIPT"]),
        (True, "none", False, ["ESALREC"]),
        (True, "copy", False, ["COPYREC", "ESALREC"]),
        (False, "original", True, ["TRAINREC"]),
        (True, "none", True, ["TRAINREC"]),
        (False, "failed", False, ["NORECEIPT"]),
    ],
)
def test_each_receipt_that_went_out_is_an_event(phone, paper, training, expected) -> None:
    events: list[Event] = []
    if phone:
        events.append(ReceiptAnswered(at_utc=AT, choice=ReceiptChoice.PHONE))
    if paper != "none":
        events.append(PrintStarted(at_utc=AT, print_id="p1", copy=paper == "copy"))
        events.append(PrintSettled(at_utc=AT, print_id="p1", printed=paper != "failed"))
    before = design_sale(training=training)
    found = []
    for event in (*events, SaleClosed(at_utc=AT)):
        after = evolve(before, event)
        found += [said.code for said in said_of_sale(before, after, event)]
        before = after
    assert found == expected


def test_a_damaged_journal_is_not_exported_in_part(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.sell()
    shop.close()
    with sqlite3.connect(tmp_path / "journal.sqlite") as db:
        db.execute("DROP TRIGGER event_no_UPDATE")
        db.execute("UPDATE event SET body = x'7b7d' WHERE kind = 'ItemAdded'")
        trigger = next(sql for sql in STATEMENTS if "event_no_UPDATE" in sql)
        db.execute(trigger)
    db.close()
    with (
        Journal.open(tmp_path / "journal.sqlite", read_only=True) as journal,
        pytest.raises(JournalDamaged, match="its content is not what was written"),
    ):
        export(journal, ALL, tmp_path / "out", created=CREATED)
    assert list((tmp_path / "out").glob("*")) == []


def test_the_head_says_who_when_and_with_what(shop: Shop, tmp_path: Path) -> None:
    software = Software(name="Selvkasse", company="Kasseleverandøren AS")
    root = exported(shop, tmp_path, software=software)
    head = {etree.QName(e).localname: e.text for e in root.find("s:header", NS)}
    assert head == {
        "fiscalYear": "2026",
        "startDate": "2026-10-01",
        "endDate": "2026-12-31",
        "curCode": "NOK",
        "dateCreated": "2026-12-01",
        "timeCreated": "09:05:07",
        "softwareDesc": "Selvkasse",
        "softwareVersion": "1.2.3",
        "softwareCompanyName": "Kasseleverandøren AS",
        "auditfileVersion": "1.0",
    }
    assert values(root, ".//s:period/s:periodNumber") == ["10", "11", "12"]


def test_a_period_over_new_year_names_both_years(shop: Shop, tmp_path: Path) -> None:
    period = Period(first=date(2026, 10, 1), last=date(2027, 2, 15))
    root = exported(shop, tmp_path, period)
    assert values(root, "s:header/s:fiscalYear") == ["2026-2027"]
    assert values(root, ".//s:period/s:periodNumber") == ["10", "11", "12", "13", "14"]
    assert values(root, ".//s:period/s:endDatePeriod")[-2:] == ["2027-01-31", "2027-02-15"]


def test_progress_goes_to_its_end(shop: Shop, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    exported(shop, tmp_path, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] > 0
    assert all(done <= total for done, total in steps)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)


def test_four_times_the_sales_need_no_more_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.fiscal.saft.survey.BATCH", 50)
    shop = Shop(tmp_path)
    peaks = []
    for count in (12, 36):
        for _ in range(count):
            shop.sell()
        tracemalloc.start()
        export(shop.journal, ALL, tmp_path / str(count), created=CREATED)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.6 * peaks[0], peaks
    shop.close()


def test_a_period_that_ends_before_it_begins_is_refused(shop: Shop, tmp_path: Path) -> None:
    backwards = Period(first=date(2026, 2, 1), last=date(2026, 1, 1))
    with pytest.raises(ExportError, match="before it begins"):
        export(shop.journal, backwards, tmp_path, created=CREATED)


def test_file_names_are_as_prescribed() -> None:
    name = "SAF-T Cash Register_999999999_20261201090507"
    assert file_name("999 999 999", CREATED) == f"{name}.xml"
    assert file_name("999999999", CREATED, 2) == f"{name}_2.xml"


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\x00b\x1f", "a\ufffdb\ufffd"),
        ("a\n  b\t", "a b"),
        ("x" * 40, "x" * 35),
        ("\ud800", "\ufffd"),
    ],
)
def test_texts_that_xml_cannot_hold_are_made_harmless(dirty: str, clean: str) -> None:
    assert text(dirty, 35) == clean
