"""X and Z as rows for the printer, in Norwegian, in the order of the regulation's list.

The rows are those of a receipt, so whoever prints receipts prints reports too.

Source: Kassasystemforskriften (FOR-2015-12-18-1616) section 2-8-2, letters a to z.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from kiosk.fiscal import amounts, codes, texts
from kiosk.fiscal.figures import Count, Figures, KeyedCount, Report, ReportType
from kiosk.fiscal.layout import ColumnsRow, CutRow, Row, RuleRow, Size, SpaceRow, TextRow

HEADINGS: Final[Mapping[ReportType, str]] = {
    ReportType.X: "X-RAPPORT",
    ReportType.Z: "Z-RAPPORT",
}
NOT_A_RECEIPT: Final = "Ikke kvittering for kjøp"


def lay_out_report(report: Report, *, shop_name: str, declared: bool) -> tuple[Row, ...]:
    """Return the rows of a report, the cut included."""
    figures = report.figures
    parts = [
        _head(report, shop_name),
        _sales(figures),
        _table("Varegrupper", figures.groups, _groups()),
        _table("Betalingsmidler", figures.payments, _payments()),
        _vat(figures),
        _receipts(figures),
        _table("Linjekorreksjoner", figures.corrections, codes.CORRECTIONS),
        _table("Prisundersøkelser", figures.price_lookups, _groups()),
        _grand(figures),
    ]
    rows: list[Row] = []
    for part in parts:
        rows += [*part, RuleRow()]
    rows.append(TextRow(NOT_A_RECEIPT, centered=True))
    if not declared:
        rows.append(TextRow(texts.UNDECLARED, centered=True))
    return (*rows, CutRow())


def _head(report: Report, shop_name: str) -> list[Row]:
    at = datetime.fromisoformat(report.at_local)
    day = date.fromisoformat(report.business_day)
    number = f"{HEADINGS[report.type]} NR. {report.number}"
    rows: list[Row] = [
        TextRow(number, Size.LARGE, centered=True),
        SpaceRow(),
        TextRow(shop_name, Size.BOLD, centered=True),
        TextRow(report.company_name, centered=True),
        TextRow(
            f"Org.nr. {amounts.org_number(report.org_number)} {texts.VAT_REGISTERED}",
            centered=True,
        ),
        SpaceRow(),
        ColumnsRow((amounts.date(at), amounts.time_of_day(at))),
        ColumnsRow((f"Kasse {report.register_id}", f"Operatør {report.operator_id}")),
    ]
    if report.type is ReportType.Z:
        rows.append(ColumnsRow(("Gjelder dag", f"{day:%d.%m.%Y}")))
    return rows


def _sales(figures: Figures) -> list[Row]:
    return [
        ColumnsRow(("Kontantsalg", amounts.amount(figures.total_minor)), Size.LARGE),
        ColumnsRow(("Inngående veksel", amounts.amount(figures.opening_float_minor))),
    ]


def _table(title: str, rows: Sequence[KeyedCount], names: Mapping[str, str]) -> list[Row]:
    found = [_row(names.get(row.key, row.key), row.number, row.amount_minor) for row in rows]
    return [_heading(title), *(found or [_row("Ingen", 0, 0)])]


def _heading(title: str) -> Row:
    return ColumnsRow((f"{title}: antall", "Beløp"), Size.BOLD)


def _row(name: str, number: int, amount_minor: int) -> Row:
    """The number stands with the name: a third column would not fit on 58 mm paper."""
    return ColumnsRow((f"{name}: {number}", amounts.amount(amount_minor)))


def _groups() -> Mapping[str, str]:
    return {key: code.norwegian for key, code in codes.ARTICLE_GROUPS.items()}


def _payments() -> Mapping[str, str]:
    return {key: code.norwegian for key, code in codes.PAYMENTS.items()}


def _vat(figures: Figures) -> list[Row]:
    """Base and VAT of each rate. Code 7 is what lies outside VAT: deposits."""
    rows: list[Row] = [ColumnsRow(("Merverdiavgift", "Beløp"), Size.BOLD)]
    for row in figures.vat:
        is_deposit = row.code == codes.DEPOSIT_VAT_CODE
        label = "Pant*" if is_deposit else amounts.rate(row.rate_bp)
        rows.append(ColumnsRow((f"{label} grunnlag", amounts.amount(row.net_minor))))
        if row.tax_minor or not is_deposit:
            rows.append(ColumnsRow((f"{label} avgift", amounts.amount(row.tax_minor))))
    if any(row.code == codes.DEPOSIT_VAT_CODE for row in figures.vat):
        rows.append(TextRow(texts.OUTSIDE_VAT))
    return rows


def _receipts(figures: Figures) -> list[Row]:
    named: Sequence[tuple[str, Count]] = (
        ("Returer", figures.returns),
        ("Kopier", figures.copies),
        ("Foreløpige kvitteringer", figures.provisional),
        ("Utleveringskvitteringer", figures.deliveries),
        ("Treningskvitteringer", figures.training),
        ("Manuelle rabatter", figures.discounts),
        ("Avbrutte salg", figures.aborted),
        ("Drikkepenger", figures.tips),
    )
    return [
        _heading("Kvitteringer"),
        ColumnsRow((f"Salgskvitteringer: {figures.receipts}", "")),
        *(_row(name, count.number, count.amount_minor) for name, count in named),
        ColumnsRow((f"Skuffåpninger uten salg: {figures.drawer_openings}", "")),
        *_other(figures),
    ]


def _other(figures: Figures) -> list[Row]:
    if not figures.other_corrections:
        return [_row("Andre korreksjoner", 0, 0)]
    return [
        _row(codes.CORRECTIONS.get(row.key, row.key), row.number, row.amount_minor)
        for row in figures.other_corrections
    ]


def _grand(figures: Figures) -> list[Row]:
    grand = figures.grand
    return [
        TextRow("Totalt siden kassen ble tatt i bruk", Size.BOLD),
        ColumnsRow(("Grand total salg", amounts.amount(grand.sales_minor))),
        ColumnsRow(("Grand total retur", amounts.amount(grand.returns_minor))),
        ColumnsRow(("Grand total netto", amounts.amount(grand.net_minor)), Size.BOLD),
    ]
