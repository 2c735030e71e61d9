"""The terminal's end of day on paper: its total, ours, and the difference between them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.fiscal import amounts
from kiosk.fiscal.events import TerminalDayEnded
from kiosk.fiscal.layout import ColumnsRow, CutRow, Row, RuleRow, Size, SpaceRow, TextRow
from kiosk.fiscal.receipt import ShopFacts
from kiosk.fiscal.report_layout import NOT_A_RECEIPT


def lay_out_batch(ended: TerminalDayEnded, *, shop: ShopFacts, timezone: str) -> tuple[Row, ...]:
    """Return the rows of a slip for staff, the cut included. Amounts are in the shop's money."""
    at = datetime.fromisoformat(ended.at_utc).astimezone(ZoneInfo(timezone))
    rows: list[Row] = [
        TextRow("TERMINALOPPGJØR", Size.LARGE, centered=True),
        SpaceRow(),
        TextRow(shop.name, Size.BOLD, centered=True),
        ColumnsRow((amounts.date(at), amounts.time_of_day(at))),
        ColumnsRow((f"Kasse {shop.register_id}", f"Z nr. {ended.z_number}")),
        *_number(ended.reference),
        RuleRow(),
        ColumnsRow(("Kort i kassen", amounts.amount(ended.ours_minor))),
    ]
    if not ended.done:
        rows.append(TextRow(f"Terminalen gjorde ikke opp: {ended.reason}", Size.BOLD))
    elif ended.theirs_minor is None:
        rows.append(TextRow("Terminalen oppga ingen sum."))
    else:
        difference = ended.theirs_minor - ended.ours_minor
        rows.append(ColumnsRow(("Terminalens sum", amounts.amount(ended.theirs_minor))))
        rows.append(ColumnsRow(("Differanse", amounts.amount(difference)), Size.BOLD))
        if difference:
            rows.append(TextRow("Ingenting er rettet. Finn årsaken."))
    return (*rows, RuleRow(), TextRow(NOT_A_RECEIPT, centered=True), CutRow())


def _number(reference: str) -> tuple[Row, ...]:
    return (ColumnsRow(("Terminalens oppgjør", reference)),) if reference else ()
