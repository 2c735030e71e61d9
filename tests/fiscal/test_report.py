"""Figures of random weeks, counted a second time from the journal's raw rows."""

import json
import sqlite3
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from kiosk.fiscal.figures import Count, Figures
from kiosk.fiscal.receipt import build_receipt
from kiosk.fiscal.report import lowered_by
from kiosk.journal import Journal
from kiosk.sale.commands import SUSPENDED
from kiosk.sale.events import (
    LineRemoved,
    QuantityChanged,
    SaleAborted,
    SaleClosed,
    SaleResumed,
    SaleStarted,
)
from kiosk.sale.evolve import evolve, replay

from .sales import AT, AT_LOCAL, SHOP, design_sale
from .weeks import Shop, live_through, utc

SEEDS = range(6)


@pytest.fixture
def shop(tmp_path: Path):
    opened = Shop(tmp_path)
    yield opened
    opened.close()


def kroner(minor: int) -> Decimal:
    return Decimal(minor) / 100


class Recount:
    """The other path: JSON rows and decimals; nothing of the fold, of `sold_lines` or of tax.

    What campaigns took off comes from the receipt, which is what the shopper got.
    """

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.receipts = 0
        self.groups: Counter = Counter()
        self.group_numbers: Counter = Counter()
        self.vat: Counter = Counter()
        self.corrections: Counter = Counter()
        self.correction_numbers: Counter = Counter()
        self.means: Counter = Counter()
        self.mean_numbers: Counter = Counter()
        self.provisional = (0, Decimal(0))
        self.copies = self.training = self.aborted = self.lookups = (0, Decimal(0))
        self.discounts = self.lowered = self.returns = (0, Decimal(0))

    def rows(self, journal: Journal, rows: list[tuple[str, str, dict]]) -> None:
        sales = {sale_id: [] for sale_id, _, _ in rows if sale_id != "register"}
        for sale_id, kind, body in rows:
            if sale_id != "register":
                sales[sale_id].append((kind, body))
        for sale_id, events in sales.items():
            if events[0][0] != "SaleStarted":
                continue  # something late about a sale that is over
            self._sale(journal, sale_id, events)

    def _sale(self, journal: Journal, sale_id: str, events: list[tuple[str, dict]]) -> None:
        bodies = dict(events)
        training = bodies["SaleStarted"].get("training", False)
        done = bodies.get("SaleCompleted")
        if training:
            if done:
                self.training = self._more(self.training, done["total_minor"])
            return
        lines = self._lines(events)
        for kind, body in events:
            if kind == "ProvisionalGiven":
                self.provisional = self._more(self.provisional, body["total_minor"])
        if done:
            self._money(events)
        had_goods = "ItemAdded" in bodies or "LineReturned" in bodies
        if "SaleAborted" in bodies and had_goods and "SaleResumed" not in bodies:
            self.aborted = self._more(self.aborted, abs(bodies["SaleAborted"]["amount_minor"]))
        if not done:
            return
        back = [body for kind, body in events if kind == "LineReturned"]
        if "ItemAdded" in bodies:
            self.receipts += 1
        if back:
            gave = sum(body["gross_minor"] + body.get("deposit_minor", 0) for body in back)
            self.returns = self._more(self.returns, gave)
            self._taken_back(back)
        self.total += kroner(done["total_minor"])
        copies = {b["print_id"] for k, b in events if k == "PrintStarted" and b.get("copy")}
        last = {b["print_id"]: b for k, b in events if k == "PrintSettled"}
        for print_id in copies:
            if last[print_id]["printed"] or last[print_id].get("in_doubt"):
                self.copies = self._more(self.copies, done["total_minor"])
        events_ = journal.events_of(sale_id)
        receipt = build_receipt(replay(events_), SHOP, copy=False, at_local=AT_LOCAL)
        for line in lines.values():
            if "full" in line and not line["gone"]:
                self.lowered = self._more(self.lowered, (line["full"] - line["each"]) * line["n"])
        products = {b["line_id"]: b["product"] for k, b in events if k == "ItemAdded"}
        groups = set()
        for line in receipt.lines:
            product = products[line.line_id]
            gross = kroner(line.amount_minor + sum(offer.amount_minor for offer in line.offers))
            rate = Decimal(product["vat_rate_bp"]) / 10000
            tax = (gross * rate / (1 + rate)).quantize(Decimal("0.01"), ROUND_HALF_UP)
            self.vat[product["vat_code"], "tax"] += tax
            self.vat[product["vat_code"], "net"] += gross - tax
            self.groups[product["article_group"]] += gross
            groups.add(product["article_group"])
            for offer in line.offers:
                if offer.title == "Avslag":
                    self.discounts = self._more(self.discounts, -offer.amount_minor)
            if line.deposit_minor:
                self.groups["PANT"] += kroner(line.deposit_minor)
                self.vat["7", "net"] += kroner(line.deposit_minor)
                groups.add("PANT")
        self.group_numbers.update(groups)

    def _money(self, events: list[tuple[str, dict]]) -> None:
        """What each means of payment took, less what went back to it."""
        asked = {b.get("attempt_id", b.get("refund_id")): b for k, b in events if "Requested" in k}
        means: Counter = Counter()
        for kind, body in events:
            if kind == "PaymentSettled" and body["outcome"] == "approved":
                means[asked[body["attempt_id"]]["method"], 1] += body["amount_minor"]
            elif kind == "RefundSettled" and body["outcome"] == "approved":
                refund = asked[body["refund_id"]]
                means[refund["method"], -1] += refund["amount_minor"]
        for (method, sign), minor in means.items():
            self.means[method] += sign * kroner(minor)
            self.mean_numbers[method] += sign

    def _taken_back(self, back: list[dict]) -> None:
        groups = set()
        for body in back:
            product, gross = body["product"], kroner(body["gross_minor"])
            rate = Decimal(product["vat_rate_bp"]) / 10000
            tax = (gross * rate / (1 + rate)).quantize(Decimal("0.01"), ROUND_HALF_UP)
            self.vat[product["vat_code"], "tax"] -= tax
            self.vat[product["vat_code"], "net"] -= gross - tax
            self.groups[product["article_group"]] -= gross
            groups.add(product["article_group"])
            if deposit := body.get("deposit_minor", 0):
                self.groups["PANT"] -= kroner(deposit)
                self.vat["7", "net"] -= kroner(deposit)
                groups.add("PANT")
        self.group_numbers.subtract(groups)

    def _lines(self, events: list[tuple[str, dict]]) -> dict[int, dict]:
        lines: dict[int, dict] = {}
        for kind, body in events:
            line = lines.get(body.get("line_id", -1), {})
            match kind:
                case "ItemAdded":
                    deposit = body["product"].get("deposit_minor", 0)
                    each = Decimal(body["price_minor"]) / body["quantity"] + deposit
                    lines[body["line_id"]] = {"each": each, "n": body["quantity"], "gone": False}
                    lines[body["line_id"]]["deposit"] = deposit
                case "PriceChanged":
                    line.setdefault("full", line["each"])
                    line["each"] = Decimal(body["price_minor"]) / line["n"] + line["deposit"]
                case "LineRemoved" if not line["gone"]:
                    self._corrected("Delete line", line["each"] * line["n"])
                    line["gone"] = True
                case "LineRestored":
                    line["gone"] = False
                case "QuantityChanged":
                    if body["quantity"] < line["n"]:
                        lower = line["each"] * (line["n"] - body["quantity"])
                        self._corrected("Reduce quantity", lower)
                    line["n"] = body["quantity"]
                case "PriceLookedUp":
                    self.lookups = self._more(self.lookups, body["price_minor"])
        return lines

    def _corrected(self, kind: str, minor: Decimal) -> None:
        self.corrections[kind] += minor / 100
        self.correction_numbers[kind] += 1

    @staticmethod
    def _more(count: tuple[int, Decimal], minor: int) -> tuple[int, Decimal]:
        return count[0] + 1, count[1] + kroner(minor)


def raw_rows(path: Path) -> list[tuple[str, str, dict]]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        found = db.execute("SELECT sale_id, kind, body FROM event ORDER BY seq").fetchall()
    db.close()
    return [(sale_id, kind, json.loads(body)) for sale_id, kind, body in found]


MEANS = {"CARD": "card", "VIPPS": "vipps", "GIFTCARD": "gift_card"}


def as_pair(count) -> tuple[int, Decimal]:
    return count.number, kroner(count.amount_minor)


def compare(figures: Figures, recount: Recount, where: str) -> None:
    assert kroner(figures.total_minor) == recount.total, where
    assert figures.receipts == recount.receipts, where
    assert {row.key: kroner(row.amount_minor) for row in figures.groups} == recount.groups, where
    assert {row.key: row.number for row in figures.groups} == recount.group_numbers, where
    assert kroner(sum(row.amount_minor for row in figures.payments)) == recount.total, where
    means = {MEANS[row.key]: (row.number, kroner(row.amount_minor)) for row in figures.payments}
    assert means == {key: (recount.mean_numbers[key], recount.means[key]) for key in recount.means}
    assert as_pair(figures.provisional) == recount.provisional, where
    for row in figures.vat:
        assert kroner(row.net_minor) == recount.vat[row.code, "net"], (where, row)
        assert kroner(row.tax_minor) == recount.vat[row.code, "tax"], (where, row)
    found = {row.key: kroner(row.amount_minor) for row in figures.corrections}
    assert found == recount.corrections, where
    found_numbers = {row.key: row.number for row in figures.corrections}
    assert found_numbers == recount.correction_numbers, where
    assert as_pair(figures.copies) == recount.copies, where
    assert as_pair(figures.returns) == recount.returns, where
    assert as_pair(figures.training) == recount.training, where
    assert as_pair(figures.aborted) == recount.aborted, where
    assert as_pair(figures.discounts) == recount.discounts, where
    lowered = [as_pair(row) for row in figures.other_corrections] or [(0, Decimal(0))]
    assert lowered == [recount.lowered], where
    lookups = [as_pair(row) for row in figures.price_lookups] or [(0, Decimal(0))]
    assert lookups == [recount.lookups], where


@pytest.mark.parametrize("seed", SEEDS)
def test_the_figures_of_a_random_week_are_the_journals(tmp_path: Path, seed: int) -> None:
    shop = Shop(tmp_path, seed=seed)
    live_through(shop, 9)  # over the end of summer time, 25 October 2026
    rows = raw_rows(shop.journal.path)
    since: list[tuple[str, str, dict]] = []
    grand = grand_back = Decimal(0)
    reports = iter(shop.z)
    for row in rows:
        if row[1] != "ZReportMade":
            since.append(row)
            continue
        report = next(reports)
        recount = Recount()
        recount.rows(shop.journal, since)
        grand += recount.total
        grand_back += recount.returns[1]
        where = f"seed={seed}, Z {report.number}"
        compare(report.figures, recount, where)
        assert kroner(report.figures.grand.sales_minor) == grand + grand_back, where
        assert kroner(report.figures.grand.returns_minor) == grand_back, where
        assert kroner(report.figures.grand.net_minor) == grand, where
        since = []
    assert [z.number for z in shop.z] == list(range(1, len(shop.z) + 1)), f"seed={seed}"
    days = [z.business_day for z in shop.z]
    assert days == sorted(set(days)), f"seed={seed}: {days}"
    assert len(shop.z) >= 3, f"seed={seed}"
    shop.close()


def test_a_zero_at_the_usual_rates_is_shown(shop: Shop) -> None:
    figures = shop.register.make_x(utc(shop.now)).figures
    assert [(row.code, row.net_minor, row.tax_minor) for row in figures.vat] == [
        ("3", 0, 0),
        ("31", 0, 0),
    ]
    assert figures.total_minor == 0


def test_an_x_changes_nothing_and_has_a_number_of_its_own(shop: Shop) -> None:
    shop.sell()
    first = shop.register.make_x(utc(shop.now))
    shop.restart()
    second = shop.register.make_x(utc(shop.now))
    assert (first.number, second.number) == (1, 2)
    assert first.figures == second.figures
    shop.wait(days=1)
    shop.tick()
    assert shop.z[0].figures == first.figures
    assert shop.z[0].number == 1


def test_after_a_z_all_begins_anew_but_the_grand_totals(shop: Shop) -> None:
    shop.sell()
    shop.wait(days=1)
    shop.tick()
    after = shop.register.make_x(utc(shop.now)).figures
    assert (after.total_minor, after.receipts, after.groups) == (0, 0, ())
    assert after.grand == shop.z[0].figures.grand
    assert after.grand.sales_minor == shop.z[0].figures.total_minor > 0


def test_what_comes_late_about_a_sale_before_the_z_is_in_no_figure(shop: Shop) -> None:
    sale_id = shop.sell(end="left")
    shop.wait(days=1)
    shop.tick()
    length = shop.journal.length_of(sale_id)
    shop.journal.append(sale_id, length + 1, [SaleClosed(at_utc=utc(shop.now))])
    assert shop.register.make_x(utc(shop.now)).figures.aborted.number == 0
    assert shop.z[0].figures.aborted.number == 1


def test_a_sale_set_aside_is_an_aborted_one_until_it_goes_on(shop: Shop) -> None:
    sale_id = shop.sell(end=SUSPENDED)
    events = shop.journal.events_of(sale_id)
    if not isinstance(events[-1], SaleResumed):
        assert shop.register.make_x(utc(shop.now)).figures.aborted.number == 1
        resumed = SaleResumed(at_utc=utc(shop.now), into="sale-9999", attendant_id="7")
        shop.journal.append(sale_id, len(events) + 1, [resumed])
    assert shop.register.make_x(utc(shop.now)).figures.aborted == Count()
    assert shop.register.day_began_at == ""
    shop.wait(days=1)
    shop.tick()
    assert shop.register.day_began_at == utc(shop.now)


def test_a_shopper_who_registered_nothing_aborted_nothing(shop: Shop) -> None:
    at = utc(shop.now)
    started = SaleStarted(at_utc=at, sale_id="s1", kiosk_id="k", currency="NOK")
    aborted = SaleAborted(at_utc=at, reason="left", amount_minor=0)
    shop.journal.append("s1", 1, [started, aborted])
    assert shop.register.make_x(at).figures.aborted == Count()


def test_a_line_is_taken_out_once() -> None:
    sale = design_sale()
    removed = LineRemoved(at_utc=AT, line_id=1)
    assert lowered_by(sale, removed) == ("Delete line", 2390)
    assert lowered_by(evolve(sale, removed), removed) == ("Delete line", 0)


def test_more_of_something_is_no_correction() -> None:
    sale = design_sale()
    for quantity, lowered in ((1, 3290), (2, 0), (3, -3290)):  # a Cola is 29.90 and 3.00 deposit
        changed = QuantityChanged(at_utc=AT, line_id=2, quantity=quantity)
        assert lowered_by(sale, changed) == ("Reduce quantity", lowered)


def test_the_figures_survive_any_restart(tmp_path: Path) -> None:
    shop = Shop(tmp_path, seed=77)
    for _ in range(6):
        shop.sell()
    before = shop.register.make_x(utc(shop.now)).figures
    shop.restart()
    assert shop.register.make_x(utc(shop.now)).figures == before
    shop.close()
