"""Our books and a provider's, by reference: every difference is found, none is invented."""

import random
from pathlib import Path

import pytest

from kiosk.payments.reconcile import Booked, Difference, Reported, booked, reconcile
from kiosk.payments.report_file import BadReport, read_report
from kiosk.sale.events import Method, Outcome
from kiosk.sale.state import Attempt, Sale


def ours(reference: str, minor: int, currency: str = "NOK") -> Booked:
    return Booked(
        reference=reference, amount_minor=minor, currency=currency, method=Method.CARD,
        sale_id=f"sale-{reference}", at_utc="2026-03-02T09:00:00+00:00",
    )  # fmt: skip


def theirs(reference: str, minor: int, currency: str = "NOK") -> Reported:
    return Reported(reference=reference, amount_minor=minor, currency=currency)


def test_fault_40_books_that_agree_have_no_findings():
    result = reconcile([ours("a", 100), ours("b", 200)], [theirs("b", 200), theirs("a", 100)])
    assert result.agrees
    assert (result.ours_minor, result.theirs_minor, result.matched) == (300, 300, 2)


@pytest.mark.parametrize(
    ("here", "there", "difference"),
    [
        ([ours("a", 100)], [], Difference.NOT_REPORTED),
        ([], [theirs("a", 100)], Difference.NOT_BOOKED),
        ([ours("a", 100)], [theirs("a", 101)], Difference.OTHER_AMOUNT),
        ([ours("a", 100)], [theirs("a", 100, "SEK")], Difference.OTHER_CURRENCY),
        ([ours("a", 100)], [theirs("a", 100), theirs("a", 100)], Difference.TWICE),
        ([ours("a", 100), ours("a", -100)], [theirs("a", 100)], Difference.NOT_BOOKED),
        ([ours("a", 100)], [theirs("a", 100), theirs("a", -100)], Difference.NOT_REPORTED),
    ],
)
def test_fault_40_each_difference_is_listed_by_its_reference(here, there, difference):
    (found,) = reconcile(here, there).findings
    assert (found.reference, found.difference) == ("a", difference)
    assert found.sale_ids == (("sale-a",) if here else ())


def test_sums_that_agree_by_chance_hide_nothing():
    result = reconcile([ours("a", 100), ours("b", 200)], [theirs("a", 200), theirs("b", 100)])
    assert result.ours_minor == result.theirs_minor
    assert [found.reference for found in result.findings] == ["a", "b"]


def test_a_refund_in_a_row_of_its_own_or_taken_off_is_the_same():
    assert reconcile([ours("a", 100), ours("a", -30)], [theirs("a", 70)]).agrees
    assert reconcile([ours("a", 100), ours("a", -100)], []).agrees


@pytest.mark.parametrize("seed", range(200))
def test_what_was_spoilt_is_found_and_nothing_else(seed):
    chance = random.Random(seed)
    rows = [ours(f"r{n:03}", chance.randint(1, 100_000)) for n in range(chance.randint(0, 30))]
    report = [theirs(row.reference, row.amount_minor) for row in rows]
    spoilt = set()
    for index in chance.sample(range(len(report)), k=chance.randint(0, len(report) // 2)):
        spoilt.add(report[index].reference)
        match chance.randrange(3):
            case 0:
                report[index] = theirs(report[index].reference, report[index].amount_minor + 1)
            case 1:
                report[index] = theirs(report[index].reference, 0)
            case 2:
                report.append(report[index])
    chance.shuffle(report)
    result = reconcile(rows, report)
    assert {found.reference for found in result.findings} == spoilt, f"seed {seed}"
    assert result.matched == len(rows) - len(spoilt), f"seed {seed}"


def attempt(number: int, outcome: Outcome, **more: object) -> Attempt:
    return Attempt(
        id=f"a{number}", service_id=f"{number}", method=Method.CARD, amount_minor=100,
        currency="NOK", requested_at="2026-03-02T09:00:00+00:00", outcome=outcome,
        approved_minor=100 if outcome is Outcome.APPROVED else 0,
        approved_currency="NOK", transaction_id=f"T{number}", **more,
    )  # fmt: skip


def test_only_money_that_was_taken_and_kept_is_booked_and_none_of_practice():
    attempts = (
        attempt(1, Outcome.DECLINED),
        attempt(2, Outcome.APPROVED),
        attempt(3, Outcome.APPROVED, reversal_service_id="9", reversed=True),
        attempt(4, Outcome.UNKNOWN),
    )
    sale = Sale(id="s", attempts=attempts)
    practice = Sale(id="p", attempts=attempts, training=True)
    assert [row.reference for row in booked([sale, practice])] == ["T2"]


@pytest.mark.parametrize(
    "text",
    [
        "reference,amount\nT1,149.90\nT2,-20\n",
        "\ufeffReference;Date;Amount;Currency\r\nT1;2026-03-02;149,90;NOK\r\nT2;;−20,0;\r\n",
    ],
)
def test_reports_are_read_with_comma_and_with_semicolon(tmp_path: Path, text: str):
    path = tmp_path / "report.csv"
    path.write_text(text, encoding="utf-8", newline="")
    assert read_report(path) == [theirs("T1", 14_990), theirs("T2", -2_000)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no column amount and reference"),
        ("reference;sum\nT1;1\n", "no column amount"),
        ("reference,amount\nT1,1.234\n", "line 2: '1.234' is no amount"),
        ('reference,amount\nT1,"1 234,50"\n', "is no amount"),
        ("reference,amount\n,1\n", "line 2: no reference"),
        ("reference,amount\nT1\n", "line 2: '' is no amount"),
    ],
)
def test_a_report_that_cannot_be_read_is_refused_whole(tmp_path: Path, text: str, why: str):
    path = tmp_path / "report.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadReport, match=why):
        read_report(path)


def test_a_report_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(BadReport, match=r"none\.csv"):
        read_report(tmp_path / "none.csv")
