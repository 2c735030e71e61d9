"""From a sale at the till to the page on a phone: over the rows that a kiosk reports."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from kiosk.app.receipt_links import LinkMaker, ReceiptsSection
from kiosk.engine.messages import RemovePressed
from kiosk.fleet.api.app import make_app
from kiosk.fleet.config import FleetConfig, Retention
from kiosk.fleet.ingest.apply import Applier
from kiosk.fleet.receipts import NotYet, receipt_of
from kiosk.fleet.server import Fleet
from kiosk.fleet.store import retention
from kiosk.fleet.store.database import Database
from kiosk.fleet.store.tables import event
from kiosk.journal.chain import Row
from kiosk.sale.events import ReceiptChoice
from kiosk.telemetry import messages as m
from kiosk.telemetry.receipt_links import BadLink, LinkExpired
from tests.engine.bench import BEER, MILK, Bench, build_catalog
from tests.fleet.words import KIOSK, birth, received

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A kiosk that sold once, with a receipt for a phone."""
    folder = tmp_path_factory.mktemp("till")
    bench = Bench(folder, build_catalog(folder), signed=True)
    bench.engine._till.receipts = maker(bench)
    bench.scan(MILK, MILK, BEER)
    bench.scan("7038010000010")
    yield bench
    bench.journal.close()


@pytest.fixture(scope="module")
def paid(sold: Bench) -> Bench:
    sold.send(*_without_beer(sold))
    sold.pay_by_card().take_receipt(ReceiptChoice.PHONE)
    assert sold.view.thanks is not None
    assert sold.view.thanks.phone_code
    return sold


def _without_beer(bench: Bench) -> Iterator[object]:
    for line in bench.view.lines:
        if line.age_limit:
            yield RemovePressed(line.line_id)


KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def maker(_bench: Bench, key: Ed25519PrivateKey = KEY) -> LinkMaker:
    section = ReceiptsSection(base="https://kvittering.example", days=30)
    return LinkMaker(section, KIOSK, key, lambda: True)


def token(bench: Bench) -> str:
    assert bench.view.thanks is not None
    base, _, found = bench.view.thanks.phone_code.rpartition("/r/")
    assert base == "https://kvittering.example"
    return found


def now(bench: Bench) -> datetime:
    return bench.clock.utc_now()


def said(rows: list[Row]) -> m.Events:
    return m.Events(
        at_utc=rows[0].at_utc,
        journal_id="j1",
        rows=[
            m.Row(
                seq=row.seq, sale_id=row.sale_id, sale_seq=row.sale_seq, kind=row.kind,
                version=row.version, body=msgspec.Raw(row.body), at_utc=row.at_utc,
                hash=row.hash.hex(),
            )
            for row in rows
        ],
    )  # fmt: skip


def report(database: Database, bench: Bench, *, without: str = "") -> None:
    rows = [row for row in bench.journal.rows_after(0, 1000) if row.kind != without]
    key = maker(bench).public_key
    born = birth(receipt_key=key, kiosk_id="NT-0477-03")
    Applier(database).apply([received(born), received(said(rows))])


def test_the_phone_sees_the_receipt_that_would_have_been_printed(
    database: Database, paid: Bench
) -> None:
    report(database, paid)
    receipt = receipt_of(database, token(paid), now(paid))
    assert receipt.electronic
    assert not receipt.copy
    assert receipt.number == paid.sale.receipt_number
    assert receipt.totals.total_minor == paid.sale.attempts[0].approved_minor
    assert [line.name for line in receipt.lines] == ["Lettmelk 1 l", "Yoghurt blåbær"]
    assert receipt.shop == paid.config.shop


def test_who_is_quicker_than_the_events_is_asked_for_a_moment(
    database: Database, paid: Bench
) -> None:
    Applier(database).apply([received(birth(receipt_key=maker(paid).public_key))])
    with pytest.raises(NotYet):
        receipt_of(database, token(paid), now(paid))


@pytest.mark.parametrize("missing", ["SaleCompleted", "PaymentSettled"])
def test_a_sale_with_a_gap_is_not_shown(database: Database, paid: Bench, missing: str) -> None:
    report(database, paid, without=missing)
    with pytest.raises(NotYet):
        receipt_of(database, token(paid), now(paid))


def test_a_link_ends_by_itself(database: Database, paid: Bench) -> None:
    report(database, paid)
    assert receipt_of(database, token(paid), now(paid) + 29 * DAY)
    with pytest.raises(LinkExpired):
        receipt_of(database, token(paid), now(paid) + 31 * DAY)


def test_a_link_that_another_key_signed_is_none(database: Database, paid: Bench) -> None:
    report(database, paid)
    forged = maker(paid, Ed25519PrivateKey.generate()).link(paid.sale.id, paid.sale.completed_at)
    with pytest.raises(BadLink):
        receipt_of(database, forged.rpartition("/")[2], now(paid))


@pytest.mark.parametrize("place", [0, 20, 60, 100, 150])
def test_a_link_with_one_letter_changed_is_none(
    database: Database, paid: Bench, place: int
) -> None:
    report(database, paid)
    good = token(paid)
    other = "A" if good[place] != "A" else "B"
    with pytest.raises(BadLink):
        receipt_of(database, good[:place] + other + good[place + 1 :], now(paid))


def test_who_sold_is_remembered_longer_than_what_was_sold(database: Database, paid: Bench) -> None:
    report(database, paid)
    later = now(paid) + 200 * DAY
    retention.prune(database, Retention(events_days=100), later)
    with database.read() as db:
        assert set(db.execute(select(event.c.kind)).scalars()) == {"RegisterStarted"}


# --- the page -----------------------------------------------------------------------------------


@pytest.fixture
def asking(tmp_path: Path, paid: Bench) -> Iterator[Callable[[], TestClient]]:
    fleet = Fleet(FleetConfig(data_dir=str(tmp_path)), now=lambda: now(paid))
    fleet.db.migrate()
    report(fleet.db, paid)
    app: FastAPI = make_app(fleet, starts=False)
    with TestClient(app) as client:
        yield lambda: client
    fleet.db.close()


def test_the_page_and_the_pdf_need_no_account(
    asking: Callable[[], TestClient], paid: Bench
) -> None:
    page = asking().get(f"/r/{token(paid)}")
    assert page.status_code == 200
    for words in ("ELEKTRONISK SALGSKVITTERING", "Nærmat Torshov AS", "Lettmelk 1 l", "Totalt kr"):
        assert words in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "private, no-store"
    pdf = asking().get(f"/r/{token(paid)}/kvittering.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert f"kvittering-{paid.sale.receipt_number}-" in pdf.headers["content-disposition"]


def test_strangers_learn_nothing(asking: Callable[[], TestClient], paid: Bench) -> None:
    for guess in ("", "x", "A" * 200, token(paid)[:-4] + "AAAA", "A" * 5000, "..%2f..%2fetc"):
        answer = asking().get(f"/r/{guess}")
        assert answer.status_code in (404, 422), guess
        assert "Lettmelk" not in answer.text
