"""11 somebody from the shop is needed: the sale goes on meanwhile, payment waits."""

from dataclasses import dataclass

from kiosk.engine.view import Flag, LineView, View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.lines import LineModel, present_line, with_age_limit
from kiosk.ui.present.parts import (
    ChipModel,
    FrameModel,
    Kind,
    PrimaryModel,
    PromptModel,
    present_frame,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsStaffModel:
    """Everything on the waiting screen."""

    frame: FrameModel
    chip: ChipModel
    title: str
    lead: str
    line: LineModel | None
    """The line it is about, where it is about one."""
    code: str
    """Label and code that staff asks for; empty while there is none."""
    prompt: PromptModel
    onward: PrimaryModel
    remove: str
    """Empty without a line."""
    note: str
    """Why age is asked; empty for anything else."""


def present_needs_staff(view: View, words: Translator) -> NeedsStaffModel:
    """Return the waiting screen."""
    line = next((line for line in view.lines if line.line_id == view.waiting_line_id), None)
    about_age = line is not None and _is_age(line)
    return NeedsStaffModel(
        frame=present_frame(view, words),
        chip=_chip(view, words),
        title=words("needs_staff.title"),
        lead=_lead(view, line, words),
        line=_line(line, words) if line else None,
        code=f"{words('in_doubt.code')}: {view.doubt_code}" if view.doubt_code else "",
        prompt=PromptModel(sign="barcode", text=words("needs_staff.prompt")),
        onward=PrimaryModel(text=words("help.continue")),
        remove=words("needs_staff.remove") if line else "",
        note=words("needs_staff.age_note") if about_age else "",
    )


def _chip(view: View, words: Translator) -> ChipModel:
    """Return who has seen it, by first name, else that the shop was told."""
    if view.seen_by:
        text = words("needs_staff.seen", name=view.seen_by)
        return ChipModel(kind=Kind.PEOPLE, sign="user-check", text=text)
    return ChipModel(kind=Kind.PEOPLE, sign="bell-ringing", text=words("frame.shop_told"))


def _is_age(line: LineView) -> bool:
    return line.flag is Flag.AGE or (line.flag is not Flag.STAFF and line.age_limit > 0)


def _lead(view: View, line: LineView | None, words: Translator) -> str:
    if line is None:
        return words("needs_staff.other")
    if _is_age(line):
        return words.many("needs_staff.age", max(1, sum(map(_is_age, view.lines))))
    return words("needs_staff.item")


def _line(line: LineView, words: Translator) -> LineModel:
    """Return the line with its age limit told in years instead of the list's flag."""
    model = present_line(line, False, False, words)
    return with_age_limit(model, line.age_limit, words) if line.age_limit else model
