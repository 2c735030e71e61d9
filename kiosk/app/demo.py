"""`kiosk demo`: one scripted sale before one's eyes, and what it leaves to look at afterwards."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.far_ends import TILL
from kiosk.app.scenes.groceries import kroner, shop
from kiosk.app.scenes.payers import PAYERS, Payer
from kiosk.app.shopper import LOOK_EVERY_S, PATIENCE_S, Shopper, ShopperLost
from kiosk.app.store import Store, StoreError
from kiosk.app.store_config import SIGNING_KEY
from kiosk.fiscal.events import REGISTER, SaleSigned
from kiosk.fiscal.figures import ReportType
from kiosk.fiscal.report_layout import HEADINGS
from kiosk.fiscal.saft.export import export
from kiosk.fiscal.saft.survey import ExportError, Period
from kiosk.fiscal.saft.verify import verify
from kiosk.fiscal.signature import load_verifier
from kiosk.journal import Journal
from kiosk.sale.events import Outcome
from kiosk.sale.evolve import replay
from kiosk.sale.state import Sale
from kiosk.sale.totals import totals

OSLO = ZoneInfo("Europe/Oslo")
RECORDS_MAX = 10_000
Z_HEADING = HEADINGS[ReportType.Z]


def run_demo(out: Path, size: str, pay: str = "nexo-json") -> int:
    """Run the sale; returns 0 when the shopper left with goods, receipt and one charge.

    Raises:
        KeyError: there is no such way to pay; `scenes.payers` has them.
    """
    payer = PAYERS[pay]
    screens = out / "screens"
    shutil.rmtree(out, ignore_errors=True)
    screens.mkdir(parents=True)
    print("Starting a kiosk, a scanner, a scale, a card terminal and a printer ...")
    try:
        with TemporaryDirectory(prefix="selvkasse-") as folder:
            with Store(
                folder=Path(folder),
                size=size,
                far_ends=(*TILL, *payer.far_ends),
                terminal=payer.terminal,
            ) as store:
                shopper = Shopper(store, screens)
                shop(shopper, payer)
                _close_the_day(shopper, out)
                summary = _summary(store, payer, out)
            summary |= _export(store, out)
    except (ShopperLost, StoreError, ExportError) as error:
        print(f"The demonstration stopped: {error}")
        return 1
    (out / "summary.json").write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n")
    return _verdict(summary, out)


def _close_the_day(shopper: Shopper, out: Path) -> None:
    """Have the Z report made and printed, and keep its paper."""
    shopper.tell("   and the day is closed: its Z report comes out of the printer")
    printer = shopper.store.far_end("printer")
    shopper.store.glass.close_day()
    deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
    while (number := _z_paper(printer.state()["receipts"])) is None:
        if deadline.passed():
            raise ShopperLost(f"Waited {PATIENCE_S:.0f} s for the Z report's paper.")
        ready((), LOOK_EVERY_S)
    picture, text = (out / name for name in ("z.png", "z.txt"))
    printer.call("save_receipt", str(picture.resolve()), str(text.resolve()), number)


def _z_paper(papers: list[str]) -> int | None:
    return next((number for number, text in enumerate(papers) if Z_HEADING in text), None)


def _export(store: Store, out: Path) -> dict[str, Any]:
    """Export the little day as SAF-T, check it, and leave the key beside it for others to."""
    key = out / SIGNING_KEY
    shutil.copy(store.signing_key_path, key)  # with its mode: closed to others
    with Journal.open(store.journal_path, read_only=True) as journal:
        days = [
            date.fromisoformat(record.event.date)
            for record in journal.after(0, RECORDS_MAX)
            if isinstance(record.event, SaleSigned)
        ]
        now = datetime.now(UTC)
        period = Period(first=min(days), last=max(*days, now.astimezone(OSLO).date()))
        done = export(journal, period, out, created=now)
    found = verify(done.files, keys={"1": load_verifier(key)})
    print(f"\nThe day as SAF-T Cash Register: {found.in_words()}")
    (path,) = done.files
    return {"saft": path.name, "saft_faults": found.count}


def _summary(store: Store, payer: Payer, out: Path) -> dict[str, Any]:
    """Collect what the devices and the journal say; the receipt comes from the printer's bytes."""
    printer = store.far_end("printer")
    picture, text = (out / name for name in ("receipt.png", "receipt.txt"))
    papers = printer.state()["receipts"]
    receipts = [number for number, paper in enumerate(papers) if Z_HEADING not in paper]
    printer.call("save_receipt", str(picture.resolve()), str(text.resolve()), receipts[0])
    journal = Journal.open(store.journal_path, read_only=True)
    records = journal.after(0, RECORDS_MAX)
    sale = replay([record.event for record in records if record.sale_id != REGISTER])
    journal.close()
    return {
        **_money(sale, payer.taken_minor(store)),
        "receipts_printed": len(receipts),
        "journal_events": len(records),
        "scan_to_frame_ms": [round(ms, 1) for ms in store.glass.remote.call("latencies")],
    }


def _money(sale: Sale, taken_minor: int) -> dict[str, Any]:
    paid = [attempt for attempt in sale.attempts if attempt.outcome is Outcome.APPROVED]
    sums = totals(sale)
    return {
        "sale_id": sale.id,
        "receipt_number": sale.receipt_number,
        "lines": len(sale.live_lines),
        "total_minor": sums.total_minor,
        "currency": sale.currency,
        "paid_minor": sums.paid_minor,
        "payment_id": paid[0].id if paid else None,
        "terminal_transaction_id": paid[0].transaction_id if paid else None,
        "charged_in_their_own_books_minor": taken_minor,
    }


def _verdict(summary: dict[str, Any], out: Path) -> int:
    """Say in a few lines what happened; 0 only when money, goods and receipt agree."""
    total = summary["total_minor"]
    charged = summary["charged_in_their_own_books_minor"]
    slowest = max(summary["scan_to_frame_ms"], default=0.0)
    print(f"\n{summary['lines']} lines, {kroner(total)} {summary['currency']}.")
    print(f"The books of whoever took it say that {kroner(charged)} was charged, once.")
    print(f"{summary['receipts_printed']} receipt, number {summary['receipt_number']}.")
    print(f"From the last byte of a scan to the frame with its line: at most {slowest:.0f} ms.")
    print(f"Look at it: {out}/screens/, {out}/receipt.png, {out}/receipt.txt, {out}/summary.json,")
    print(f"{out}/z.png, {out}/z.txt and {out}/{summary['saft']}, which anybody may check:")
    print(f"  kiosk saft verify --key 1={out}/{SIGNING_KEY} '{out}/{summary['saft']}'")
    right = total == charged == summary["paid_minor"] and summary["receipts_printed"] == 1
    if not right:
        print("But total, payment and receipt do not agree: see summary.json.")
    if summary["saft_faults"]:
        print("But the SAF-T file has faults.")
    return 0 if right and not summary["saft_faults"] else 1
