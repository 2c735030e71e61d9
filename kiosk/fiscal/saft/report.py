"""X and Z as an `eventReport`. The schema wants every part even when nothing happened."""

from collections.abc import Sequence

from kiosk.fiscal import codes
from kiosk.fiscal.figures import Count, Figures, KeyedCount, Report, VatFigure
from kiosk.fiscal.saft.transactions import percent, side
from kiosk.fiscal.saft.xml import Node, identification, text
from kiosk.fiscal.signature import amount_text

NONE = KeyedCount(key="None", number=0, amount_minor=0)
"""What the official example puts where nothing happened."""


def event_report(report: Report) -> Node:
    """Return the whole content of a report, in the schema's order."""
    figures = report.figures
    return (
        "eventReport",
        [
            ("reportID", str(report.number)),
            ("reportType", report.type.value),
            ("companyIdent", identification(report.org_number)),
            ("companyName", text(report.company_name, 100)),
            ("reportDate", report.at_local[:10]),
            ("reportTime", report.at_local[11:19]),
            ("registerID", text(report.register_id, 100)),
            ("reportTotalCashSales", [("totalCashSaleAmnt", amount_text(figures.total_minor))]),
            *_groups(figures, identification(report.operator_id)),
            *_payments(figures, identification(report.operator_id)),
            *_count("Tip", "tip", figures.tips),
            ("reportCashSalesVat", [_vat(row) for row in figures.vat]),
            ("reportOpeningChangeFloat", amount_text(figures.opening_float_minor)),
            ("reportReceiptNum", str(figures.receipts)),
            ("reportOpenCashBoxNum", str(figures.drawer_openings)),
            *_pair("ReceiptCopy", figures.copies),
            *_pair("ReceiptProforma", figures.provisional),
            *_pair("Return", figures.returns),
            *_pair("Discount", figures.discounts),
            *_pair("VoidTrans", figures.aborted),
            _rows("reportCorrLines", "reportCorrLine", "corrLine", "Type", figures.corrections),
            _rows(
                "reportPriceInquiries",
                "reportPriceInquiry",
                "priceInquiry",
                "Group",
                figures.price_lookups,
            ),
            _rows(
                "reportOtherCorrs",
                "reportOtherCorr",
                "otherCorr",
                "Type",
                figures.other_corrections,
            ),
            *_pair("ReceiptDelivery", figures.deliveries),
            *_pair("Training", figures.training),
            ("reportGrandTotalSales", amount_text(figures.grand.sales_minor)),
            ("reportGrandTotalReturn", amount_text(figures.grand.returns_minor)),
            ("reportGrandTotalSalesNet", amount_text(figures.grand.net_minor)),
        ],
    )


def _groups(figures: Figures, operator: str) -> list[Node]:
    nothing = KeyedCount(key=codes.OTHER_GROUP, number=0, amount_minor=0)
    rows = [_keyed("artGroup", "ID", row) for row in figures.groups or (nothing,)]
    return [
        ("reportArtGroups", [("reportArtGroup", row) for row in rows]),
        (
            "reportEmpArtGroups",
            [("reportEmpArtGroup", [("empID", operator), *row]) for row in rows],
        ),
    ]


def _payments(figures: Figures, operator: str) -> list[Node]:
    nothing = KeyedCount(key="CARD", number=0, amount_minor=0)
    rows = [_keyed("payment", "Type", row) for row in figures.payments or (nothing,)]
    return [
        ("reportPayments", [("reportPayment", row) for row in rows]),
        ("reportEmpPayments", [("reportEmpPayment", [("empID", operator), *row]) for row in rows]),
    ]


def _vat(row: VatFigure) -> Node:
    return (
        "reportCashSaleVat",
        [
            ("vatCode", text(row.code, 20)),
            ("vatPerc", percent(row.rate_bp)),
            ("cashSaleAmnt", amount_text(row.net_minor)),
            ("vatAmnt", amount_text(row.tax_minor)),
            ("vatAmntTp", side(row.net_minor)),
        ],
    )


def _rows(name: str, each: str, prefix: str, key: str, rows: Sequence[KeyedCount]) -> Node:
    return (name, [(each, _keyed(prefix, key, row)) for row in rows or (NONE,)])


def _keyed(prefix: str, key: str, row: KeyedCount) -> list[Node]:
    return [
        (f"{prefix}{key}", identification(row.key)),
        # Less returns, as in the official example; but the schema knows no number below zero, which
        # a day has that took back by a means of payment more often than it was paid with.
        (f"{prefix}Num", str(max(row.number, 0))),
        (f"{prefix}Amnt", amount_text(row.amount_minor)),
    ]


def _pair(name: str, count: Count) -> list[Node]:
    return [
        (f"report{name}Num", str(count.number)),
        (f"report{name}Amnt", amount_text(count.amount_minor)),
    ]


def _count(name: str, prefix: str, count: Count) -> list[Node]:
    return [
        (
            f"report{name}",
            [
                (f"{prefix}Num", str(count.number)),
                (f"{prefix}Amnt", amount_text(count.amount_minor)),
            ],
        )
    ]
