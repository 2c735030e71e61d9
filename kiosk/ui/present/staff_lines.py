"""The sale as staff see it: flagged lines first, each with a chip that says why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kiosk.engine.view import Flag, LineView, View
from kiosk.sale.events import Interest
from kiosk.ui.i18n import Translator, money
from kiosk.ui.present.lines import LineModel, RowKind, RowModel, present_line
from kiosk.ui.present.parts import ChipModel, Kind
from kiosk.ui.present.staff_parts import CHIPS, staff_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLineModel:
    """One line: its chip with a note beside it, and the rows under them."""

    line: LineModel
    chip: ChipModel | None
    note: str
    """How many at what price, or "Sist skannet"; beside the chip, or on a row of its own."""
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffListModel:
    """The list and its heading."""

    items: str
    hint: str
    hint_short: str
    lines: tuple[StaffLineModel, ...]


def present_staff_list(view: View, words: Translator) -> StaffListModel:
    """Return the sale in the order that staff want it."""
    staff = staff_of(view)
    totals = view.totals
    count = words.many("scan.items", totals.item_count)
    return StaffListModel(
        items=words("staff.items", items=count, amount=money(totals.to_pay_minor))
        if view.lines
        else words("staff.no_lines"),
        hint=words("scan.tap_to_change") if view.lines else "",
        hint_short=words("staff.tap_to_change") if view.lines else "",
        lines=tuple(present_staff_lines(view, staff.chosen_line_id, words)),
    )


def present_staff_lines(
    view: View, chosen_line_id: int | None, words: Translator
) -> list[StaffLineModel]:
    """Return every line, in `line_order` and then those that it does not name, newest first."""
    staff = staff_of(view)
    by_id = {line.line_id: line for line in view.lines}
    order = [line_id for line_id in staff.line_order if line_id in by_id]
    order += [line_id for line_id in reversed(by_id) if line_id not in order]
    flags = {
        decision.line_id: decision.kind
        for decision in reversed(staff.decisions)
        if decision.line_id is not None
    }
    newest = max(by_id, default=0)
    return [
        present_staff_line(
            by_id[line_id], flags, words, newest=line_id == newest, chosen=line_id == chosen_line_id
        )
        for line_id in order
    ]


def present_staff_line(
    line: LineView,
    flags: Mapping[int, Interest],
    words: Translator,
    *,
    newest: bool = False,
    chosen: bool = False,
) -> StaffLineModel:
    """Return one line; `flags` is what waits for a decision, by line."""
    plain = present_line(replace(line, flag=Flag.NONE), False, False, words)
    rows = list(plain.rows)
    note = ""
    if rows and rows[0].kind is RowKind.DETAIL:
        note = rows.pop(0).text
    kind = flags.get(line.line_id)
    if kind is Interest.WEIGHT and newest:
        note = words("bag_weight.last")
    if line.full_price_minor is not None:
        text = words("staff.line.full_price", price=money(line.full_price_minor))
        rows.append(RowModel(kind=RowKind.DETAIL, sign="pencil-simple", text=text))
    return StaffLineModel(
        line=replace(plain, rows=tuple(rows)), chip=_chip(kind, words), note=note, chosen=chosen
    )


def _chip(kind: Interest | None, words: Translator) -> ChipModel | None:
    if kind is None:
        return None
    key, sign = CHIPS[kind]
    return ChipModel(kind=Kind.PEOPLE, sign=sign, text=words(key))
