"""The head of a SAF-T file: who, when, and what its codes mean. Survey in, nodes out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from kiosk.fiscal import codes
from kiosk.fiscal.saft.survey import Period, Survey
from kiosk.fiscal.saft.xml import Node, identification, text

AUDITFILE_VERSION: Final = "1.0"
COUNTRY: Final = "NO"
_ADDRESS: Final = re.compile(r"(?P<street>.*?),\s*(?P<code>\d{4})\s+(?P<city>.+)")
_MONTHS: Final = (
    "januar", "februar", "mars", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Software:
    """Who made the program that writes the file."""

    name: str = "Selvkasse"
    company: str = "Selvkasse"
    """The supplier that filed the product declaration."""


def header(
    found: Survey, period: Period, created: datetime, software: Software, comment: str
) -> Node:
    """Return the `header`. `created` is local."""
    first, last = str(period.first.year), str(period.last.year)
    return (
        "header",
        [
            ("fiscalYear", first if first == last else f"{first}-{last}"),
            ("startDate", period.first.isoformat()),
            ("endDate", period.last.isoformat()),
            ("curCode", "NOK"),
            ("dateCreated", f"{created:%Y-%m-%d}"),
            ("timeCreated", f"{created:%H:%M:%S}"),
            ("softwareDesc", text(software.name, 100)),
            ("softwareVersion", text(found.shop.software_version, 20)),
            ("softwareCompanyName", text(software.company, 100)),
            ("auditfileVersion", AUDITFILE_VERSION),
            *([("headerComment", text(comment, 999))] if comment else []),
        ],
    )


def company(found: Survey, period: Period) -> list[Node]:
    """Return what stands in `company` before the locations."""
    org_number = "".join(found.shop.org_number.split())
    address = _address(found.shop.address)
    return [
        ("companyIdent", identification(org_number)),
        ("companyName", text(found.shop.legal_name, 100)),
        ("taxRegistrationCountry", COUNTRY),
        ("taxRegIdent", text(f"{org_number}MVA", 50)),
        ("streetAddress", address),
        (
            "vatCodeDetails",
            [_vat_code(code, period.first) for code in sorted(found.vat_codes)],
        ),
        ("periods", [_month(*month, period) for month in _months(period)]),
        ("employees", [_employee(*one, found) for one in sorted(found.employees.items())]),
        (
            "articles",
            [
                (
                    "article",
                    [
                        ("artID", identification(id_)),
                        ("dateOfEntry", article.first_day),
                        ("artGroupID", article.group),
                        ("artDesc", text(article.name, 999)),
                    ],
                )
                for id_, article in sorted(found.articles.items())
            ],
        ),
        ("basics", basics()),
    ]


def location(found: Survey) -> list[Node]:
    """Return what stands in `location` before the cash register."""
    return [("name", text(found.shop.shop_name, 100)), ("streetAddress", _address_of(found))]


def cash_register(found: Survey) -> list[Node]:
    """Return what stands in `cashregister` before its events."""
    return [
        ("registerID", text(found.shop.register_id, 100)),
        ("regDesc", "Selvbetjent kasse"),
    ]


def basics() -> list[Node]:
    """Return all codes that this program can write, each with what it is predefined as."""
    tables: Mapping[str, Mapping[str, codes.Code]] = {
        codes.ARTICLE_GROUP: codes.ARTICLE_GROUPS,
        codes.LINE: codes.LINES,
        codes.DISCOUNT: codes.DISCOUNTS,
        codes.TRANSACTION: codes.TRANSACTIONS,
        codes.PAYMENT: codes.PAYMENTS,
        codes.EVENT: codes.EVENTS,
    }
    return [
        (
            "basic",
            [
                ("basicType", type_),
                ("basicID", id_),
                *([("predefinedBasicID", code.predefined)] if code.predefined else []),
                ("basicDesc", code.norwegian),
            ],
        )
        for type_, table in tables.items()
        for id_, code in table.items()
    ]


def period_number(day: str, period: Period) -> int:
    """Return the number of a day's month: 1 is the January of the period's first year."""
    year, month = int(day[:4]), int(day[5:7])
    return (year - period.first.year) * 12 + month


def _vat_code(code: str, since: date) -> Node:
    _, words = codes.VAT_CODES.get(code, (0, "Merverdiavgift"))
    return (
        "vatCodeDetail",
        [
            ("vatCode", text(code, 20)),
            ("dateOfEntry", f"{since.year}-01-01"),
            ("vatDesc", text(words, 100)),
            ("standardVatCode", text(code, 9)),
        ],
    )


def _months(period: Period) -> list[tuple[int, int]]:
    first = period.first.year * 12 + period.first.month - 1
    last = period.last.year * 12 + period.last.month - 1
    return [(index // 12, index % 12 + 1) for index in range(first, last + 1)]


def _month(year: int, month: int, period: Period) -> Node:
    begin = date(year, month, 1)
    end = date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
    return (
        "period",
        [
            ("periodNumber", str(period_number(begin.isoformat(), period))),
            ("periodDesc", f"{_MONTHS[month - 1]} {year}"),
            ("startDatePeriod", max(begin, period.first).isoformat()),
            ("startTimePeriod", "00:00:00"),
            ("endDatePeriod", min(end, period.last).isoformat()),
            ("endTimePeriod", "23:59:59"),
        ],
    )


def _employee(id_: str, first_seen: str, found: Survey) -> Node:
    is_kiosk = id_ == found.shop.operator_id
    role = ("Kiosk", "Selvbetjent kasse") if is_kiosk else ("Attendant", "Betjening")
    return (
        "employee",
        [
            ("empID", identification(id_)),
            ("dateOfEntry", first_seen[:10]),
            ("timeOfEntry", first_seen[11:19]),
            # The journal knows no names of people, and the file needs none.
            ("surName", text(id_, 100)),
            ("employeeRole", [("roleType", role[0]), ("roleTypeDesc", role[1])]),
        ],
    )


def _address_of(found: Survey) -> list[Node]:
    return _address(found.shop.address)


def _address(line: str) -> list[Node]:
    parts = _ADDRESS.fullmatch(line.strip())
    if parts is None:
        return [("streetname", text(line, 100)), ("country", COUNTRY)]
    return [
        ("streetname", text(parts["street"], 100)),
        ("city", text(parts["city"], 50)),
        ("postalCode", parts["code"]),
        ("country", COUNTRY),
    ]
