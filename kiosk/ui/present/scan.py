"""02 scanning, also 14, 21 and 24: the receipt that grows, look-ups, total and the next step."""

from dataclasses import dataclass

from kiosk.engine.view import CategoryView, View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.lines import LineModel, present_line
from kiosk.ui.present.notices import slot
from kiosk.ui.present.parts import (
    FrameModel,
    PrimaryModel,
    PromptModel,
    SlotModel,
    TotalModel,
    localised,
    present_frame,
    present_total,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupButtonModel:
    """A category over the total: its picture and name."""

    category: str
    picture: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanModel:
    """Everything on the scanning screen."""

    frame: FrameModel
    items: str
    """The count, "9 varer"; empty while there is none."""
    hint: str
    """The hint "Trykk på en vare for å endre"; empty while there is none."""
    empty: str
    """What stands on the sheet while the list is empty, else empty."""
    lines: tuple[LineModel, ...]
    """Oldest first."""
    slot: SlotModel
    lookups: tuple[LookupButtonModel, ...]
    find: str
    """All look-ups under one button, where there is little room (14, 24)."""
    code: str
    code_short: str
    price_check: str
    total: TotalModel
    pay: PrimaryModel
    leave: str
    """Ends a sale that has no line; empty once there is one."""
    newest: str
    """Takes a list that was moved back to its newest line."""


def present_scan(view: View, words: Translator) -> ScanModel:
    """Return the scanning screen."""
    some = bool(view.lines)
    prompt = _prompt(view, words)
    return ScanModel(
        frame=present_frame(view, words),
        items=words.many("scan.items", view.totals.item_count) if some else "",
        hint=words("scan.tap_to_change") if some else "",
        empty="" if some else words("scan.empty"),
        lines=tuple(
            present_line(
                line,
                line.line_id == view.open_line_id,
                line.line_id == view.added_line_id,
                words,
            )
            for line in view.lines
        ),
        slot=slot(view, words, prompt),
        lookups=tuple(_lookup(category, words) for category in view.categories),
        find=words("scan.find"),
        code=words("scan.code"),
        code_short=words("scan.code_short"),
        price_check=words("scan.price_check"),
        total=present_total(view, words),
        pay=PrimaryModel(text=words(_pay(view)), enabled=some),
        leave="" if some else words("scan.leave"),
        newest=words("scan.newest"),
    )


def _pay(view: View) -> str:
    if view.tenders.paid:
        return "scan.pay_rest"
    return "scan.pay" if view.lines else "scan.pay_waits"


def more_lines(hidden: int, words: Translator, *, short: bool = False) -> str:
    """Return the words of the button over a list that is longer than its room.

    Only the layout knows how many lines are hidden, so the screen asks; `short` is for little room.
    """
    return words.many("scan.more_lines_short" if short else "scan.more_lines", hidden)


def _lookup(category: CategoryView, words: Translator) -> LookupButtonModel:
    return LookupButtonModel(
        category=category.id, picture=category.picture, text=localised(category.names, words)
    )


def _prompt(view: View, words: Translator) -> PromptModel:
    """What to do next; without a scanner, what does work."""
    if view.scanner_lost:
        return PromptModel(sign="warning-circle", text=words("scan.prompt_no_scanner"))
    if view.tenders.paid:
        return PromptModel(sign="wallet", text=words("scan.part_paid"))
    return PromptModel(
        sign="barcode", text=words("scan.prompt" if view.lines else "scan.prompt_first")
    )
