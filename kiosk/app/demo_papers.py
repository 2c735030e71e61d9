"""What the demonstration leaves behind: receipts, the summary, the day as SAF-T, and a verdict.

The journal, the payers' own books and the printer's paper are three witnesses; the verdict holds
them against each other, and looks at what the board was told.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from kiosk.app.scenes.hours import OSLO
from kiosk.app.scenes.payers import Payer
from kiosk.app.scenes.steps import kroner
from kiosk.app.store import Store
from kiosk.app.store_config import SIGNING_KEY
from kiosk.fiscal.electronic import receipt_page, receipt_pdf
from kiosk.fiscal.events import REGISTER, RegisterStarted, SaleSigned
from kiosk.fiscal.figures import ReportType
from kiosk.fiscal.receipt import build_receipt
from kiosk.fiscal.register import shop_of
from kiosk.fiscal.report_layout import HEADINGS
from kiosk.fiscal.saft.export import export
from kiosk.fiscal.saft.survey import Period
from kiosk.fiscal.saft.verify import verify
from kiosk.fiscal.signature import load_verifier
from kiosk.fiscal.texts import HEADINGS as RECEIPT_HEADINGS
from kiosk.fiscal.texts import ReceiptKind
from kiosk.journal import Journal
from kiosk.sale.events import Outcome
from kiosk.sale.evolve import replay
from kiosk.sale.state import Intervention, Sale
from kiosk.sale.totals import totals

RECORDS_MAX: Final = 10_000
FROM_THE_BOARD: Final = {"seen": "done", "age": "only_here", "help": "taken"}
"""What the kiosk must have said to the board: help may come from afar, a yes to beer may not."""
Z_HEADING: Final = HEADINGS[ReportType.Z]
RECEIPT_HEADING: Final = RECEIPT_HEADINGS[ReceiptKind.SALE]


def look_back(store: Store, out: Path, payer: Payer, scenes: Sequence[str]) -> dict[str, Any]:
    """Keep the receipts' paper, and collect what the journal and the payers' books say."""
    with Journal.open(store.journal_path, read_only=True) as journal:
        records = journal.after(0, RECORDS_MAX)
        ids = dict.fromkeys(one.sale_id for one in records if one.sale_id != REGISTER)
        sales = [sale for sale in map(replay, map(journal.events_of, ids)) if sale.receipt_number]
        started = next(one.event for one in records if isinstance(one.event, RegisterStarted))
    for scene, sale in zip(scenes, sales, strict=True):
        _keep_for_a_phone(sale, started, out / f"receipt-{scene}")
    return {
        "sales": [
            {"scene": scene, **_sale(sale)} for scene, sale in zip(scenes, sales, strict=True)
        ],
        "taken_in_their_own_books_minor": payer.taken_minor(store),
        "receipts_printed": _keep_receipts(store, out, scenes),
        "journal_events": len(records),
    }


def _keep_receipts(store: Store, out: Path, scenes: Sequence[str]) -> int:
    """Save the receipt of each scene, as the printer printed it; return how many came in all.

    A Z and the terminal's own day come out of the same printer, and are no receipts.
    """
    printer = store.far_end("printer")
    papers = enumerate(printer.state()["receipts"])
    receipts = [number for number, paper in papers if RECEIPT_HEADING in paper]
    for scene, number in zip(scenes, receipts, strict=False):
        picture, text = (out / f"receipt-{scene}.{kind}" for kind in ("png", "txt"))
        printer.call("save_receipt", str(picture.resolve()), str(text.resolve()), number)
    return len(receipts)


def _keep_for_a_phone(sale: Sale, started: RegisterStarted, stem: Path) -> None:
    """Save the receipt as a phone gets it: a copy, since its original is on paper already."""
    at_local = datetime.fromisoformat(sale.completed_at).astimezone(OSLO)
    paper = build_receipt(sale, shop_of(started), copy=True, at_local=at_local)
    receipt = replace(paper, electronic=True)
    stem.with_suffix(".html").write_text(receipt_page(receipt), encoding="utf-8")
    stem.with_suffix(".pdf").write_bytes(receipt_pdf(receipt))


def _sale(sale: Sale) -> dict[str, Any]:
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
        "interventions": [_intervention(one) for one in sale.interventions],
    }


def _intervention(one: Intervention) -> dict[str, Any]:
    begun, ended = (datetime.fromisoformat(at) for at in (one.raised_at, one.resolved_at))
    return {
        "kind": one.kind,
        "approved": one.approved,
        "where": one.where,
        "seconds": round((ended - begun).total_seconds(), 1),
    }


def export_day(store: Store, out: Path) -> dict[str, Any]:
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


def write_summary(summary: dict[str, Any], out: Path) -> None:
    """Write the summary as JSON."""
    text = json.dumps(summary, indent=2, ensure_ascii=False)
    (out / "summary.json").write_text(f"{text}\n", encoding="utf-8")


def verdict(summary: dict[str, Any], out: Path) -> int:
    """Say in a few lines what happened; 0 only when money, goods and receipts agree."""
    sales, taken = summary["sales"], summary["taken_in_their_own_books_minor"]
    print()
    for sale in sales:
        total = f"{kroner(sale['total_minor'])} {sale['currency']}"
        print(f"Receipt {sale['receipt_number']}: {sale['lines']} lines, {total}.")
    print(f"The books of whoever took money say that {kroner(taken)} was taken.")
    print(f"The light went {', '.join(summary['lights'])}.")
    slowest = max(summary["scan_to_frame_ms"], default=0.0)
    _tell_of_the_board(summary["from_the_board"], out)
    print(f"From the last byte of a scan to the frame with its line: at most {slowest:.0f} ms.")
    print(f"Look at it: {out}/screens/, the receipts and the Z report beside it, summary.json,")
    print(f"and {out}/{summary['saft']}, which anybody may check:")
    print(f"  kiosk saft verify --key 1={out}/{SIGNING_KEY} '{out}/{summary['saft']}'")
    right = (
        all(sale["total_minor"] == sale["paid_minor"] for sale in sales)
        and sum(sale["total_minor"] for sale in sales) == taken
        and summary["receipts_printed"] == len(sales)
    )
    if not right:
        print("But totals, payments and receipts do not agree: see summary.json.")
    if summary["saft_faults"]:
        print("But the SAF-T file has faults.")
    helped = summary["from_the_board"] in ({}, FROM_THE_BOARD)
    if not helped:
        print(f"But from the board came {summary['from_the_board']}.")
    return 0 if right and helped and not summary["saft_faults"] else 1


def _tell_of_the_board(said: dict[str, str], out: Path) -> None:
    if said:
        print(f"From the store's board: help {said['help']}, and the beer {said['age']}.")
    if (out / "board-phone.png").exists():
        print(f"The board and the operator's view: {out}/board-*.png and fleet*.png.")
