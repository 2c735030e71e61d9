"""Letters a to z of an X or Z in the file for the authority, one by one.

Source: kassasystemforskriften § 2-8-2 as the tax authority's elements have it; each letter is given
figures that no other has, so that none can stand in another's place.
"""

import pytest

from kiosk.fiscal.figures import (
    Count,
    Figures,
    GrandTotals,
    KeyedCount,
    Report,
    ReportType,
    VatFigure,
    checked,
)
from kiosk.fiscal.saft.report import event_report
from kiosk.fiscal.saft.xml import Node
from tests.fiscal.reports import z_report

FIGURES = checked(
    Figures(
        total_minor=11500,
        groups=(KeyedCount(key="04006", number=21, amount_minor=11500),),
        payments=(KeyedCount(key="VIPPS", number=22, amount_minor=11500),),
        vat=(VatFigure(code="31", rate_bp=1500, net_minor=10000, tax_minor=1500),),
        receipts=23,
        copies=Count(number=24, amount_minor=2400),
        provisional=Count(number=25, amount_minor=2500),
        returns=Count(number=26, amount_minor=2600),
        discounts=Count(number=27, amount_minor=2700),
        aborted=Count(number=28, amount_minor=2800),
        corrections=(KeyedCount(key="Delete line", number=29, amount_minor=2900),),
        price_lookups=(KeyedCount(key="04007", number=30, amount_minor=3000),),
        other_corrections=(KeyedCount(key="Lower price", number=31, amount_minor=3100),),
        training=Count(number=32, amount_minor=3200),
        grand=GrandTotals(sales_minor=990_000, returns_minor=40_000),
    )
)
Z = z_report(7, FIGURES)


def values(node: Node, path: str = "") -> dict[str, str]:
    """Return the leaves of a node by their path; a second one of a name would hide the first."""
    name, content = node
    here = f"{path}/{name}" if path else name
    if isinstance(content, str):
        return {here: content}
    found: dict[str, str] = {}
    for child in content:
        for key, value in values(child, here).items():
            assert key not in found, key
            found[key] = value
    return found


VALUES = {key.removeprefix("eventReport/"): value for key, value in values(event_report(Z)).items()}
LETTERS: list[tuple[str, dict[str, str]]] = [
    ("a", {"reportType": "Z report", "reportID": "7"}),
    ("b", {"companyName": "Nærmat Torshov AS", "companyIdent": "999999999"}),
    ("c", {"reportDate": "2026-11-22", "reportTime": "00:04:09"}),
    ("d", {"registerID": "NT-0477-03"}),
    ("e", {"reportTotalCashSales/totalCashSaleAmnt": "115.00"}),
    (
        "f",
        {
            "reportArtGroups/reportArtGroup/artGroupID": "04006",
            "reportArtGroups/reportArtGroup/artGroupNum": "21",
            "reportArtGroups/reportArtGroup/artGroupAmnt": "115.00",
        },
    ),
    (
        "g",
        {
            "reportPayments/reportPayment/paymentType": "VIPPS",
            "reportPayments/reportPayment/paymentNum": "22",
            "reportPayments/reportPayment/paymentAmnt": "115.00",
        },
    ),
    (
        "h",
        {
            "reportEmpArtGroups/reportEmpArtGroup/empID": "SCO-03",
            "reportEmpArtGroups/reportEmpArtGroup/artGroupNum": "21",
            "reportEmpPayments/reportEmpPayment/empID": "SCO-03",
            "reportEmpPayments/reportEmpPayment/paymentNum": "22",
        },
    ),
    ("i", {"reportTip/tipNum": "0", "reportTip/tipAmnt": "0.00"}),
    (
        "j",
        {
            "reportCashSalesVat/reportCashSaleVat/vatCode": "31",
            "reportCashSalesVat/reportCashSaleVat/cashSaleAmnt": "100.00",
            "reportCashSalesVat/reportCashSaleVat/vatAmnt": "15.00",
        },
    ),
    ("k", {"reportOpeningChangeFloat": "0.00"}),
    ("l", {"reportReceiptNum": "23"}),
    ("m", {"reportOpenCashBoxNum": "0"}),
    ("n", {"reportReceiptCopyNum": "24", "reportReceiptCopyAmnt": "24.00"}),
    ("o", {"reportReceiptProformaNum": "25", "reportReceiptProformaAmnt": "25.00"}),
    ("p", {"reportReturnNum": "26", "reportReturnAmnt": "26.00"}),
    ("q", {"reportDiscountNum": "27", "reportDiscountAmnt": "27.00"}),
    ("r", {"reportVoidTransNum": "28", "reportVoidTransAmnt": "28.00"}),
    (
        "s",
        {
            "reportCorrLines/reportCorrLine/corrLineType": "Delete line",
            "reportCorrLines/reportCorrLine/corrLineNum": "29",
            "reportCorrLines/reportCorrLine/corrLineAmnt": "29.00",
        },
    ),
    (
        "t",
        {
            "reportPriceInquiries/reportPriceInquiry/priceInquiryGroup": "04007",
            "reportPriceInquiries/reportPriceInquiry/priceInquiryNum": "30",
            "reportPriceInquiries/reportPriceInquiry/priceInquiryAmnt": "30.00",
        },
    ),
    (
        "u",
        {
            "reportOtherCorrs/reportOtherCorr/otherCorrType": "Lower price",
            "reportOtherCorrs/reportOtherCorr/otherCorrNum": "31",
            "reportOtherCorrs/reportOtherCorr/otherCorrAmnt": "31.00",
        },
    ),
    ("v", {"reportReceiptDeliveryNum": "0", "reportReceiptDeliveryAmnt": "0.00"}),
    ("w", {"reportTrainingNum": "32", "reportTrainingAmnt": "32.00"}),
    ("x", {"reportGrandTotalSales": "9900.00"}),
    ("y", {"reportGrandTotalReturn": "400.00"}),
    ("z", {"reportGrandTotalSalesNet": "9500.00"}),
]


@pytest.mark.parametrize(("letter", "wanted"), LETTERS, ids=[letter for letter, _ in LETTERS])
def test_each_letter_stands_in_its_own_element(letter: str, wanted: dict[str, str]) -> None:
    assert {key: VALUES.get(key) for key in wanted} == wanted


def test_no_letter_is_left_out_and_no_element_belongs_to_none() -> None:
    assert "".join(letter for letter, _ in LETTERS) == "abcdefghijklmnopqrstuvwxyz"
    named = {key for _, wanted in LETTERS for key in wanted}
    beside = {
        "reportEmpArtGroups/reportEmpArtGroup/artGroupID",
        "reportEmpArtGroups/reportEmpArtGroup/artGroupAmnt",
        "reportEmpPayments/reportEmpPayment/paymentType",
        "reportEmpPayments/reportEmpPayment/paymentAmnt",
        "reportCashSalesVat/reportCashSaleVat/vatPerc",
        "reportCashSalesVat/reportCashSaleVat/vatAmntTp",
    }
    assert set(VALUES) == named | beside


def test_a_day_without_anything_has_every_letter_too() -> None:
    empty = event_report(
        Report(
            type=ReportType.X, number=1, business_day="2026-11-21",
            at_local="2026-11-21T12:00:00+01:00", company_name="N", org_number="999999999",
            register_id="R", operator_id="O", figures=Figures(),
        )
    )  # fmt: skip
    found = {key.removeprefix("eventReport/") for key in values(empty)}
    wanted = {key for letter, keys in LETTERS for key in keys if letter != "j"}
    assert wanted <= found
