"""06 terminal: one sentence that says what to do, and the terminal's own state, never invented."""

from dataclasses import dataclass

from drivers.contracts import TerminalStep
from kiosk.engine.view import TerminalView, View
from kiosk.ui.i18n import Translator, money
from kiosk.ui.present.notices import present_notice
from kiosk.ui.present.parts import (
    AmountModel,
    BannerModel,
    FrameModel,
    PrimaryModel,
    present_frame,
)

STEPS: dict[TerminalStep, tuple[str, str, str]] = {
    TerminalStep.PRESENT_CARD: (
        "terminal.title.present_card",
        "terminal.state.present_card",
        "contactless-payment",
    ),
    TerminalStep.INSERT_CARD: (
        "terminal.title.insert_card",
        "terminal.state.insert_card",
        "credit-card",
    ),
    TerminalStep.ENTER_PIN: ("terminal.title.enter_pin", "terminal.state.enter_pin", "numpad"),
    TerminalStep.WRONG_PIN: ("terminal.title.wrong_pin", "terminal.state.wrong_pin", "numpad"),
    TerminalStep.PROCESSING: ("terminal.title.processing", "terminal.state.processing", "clock"),
    TerminalStep.REMOVE_CARD: (
        "terminal.title.remove_card",
        "terminal.state.remove_card",
        "credit-card",
    ),
    TerminalStep.APPROVED: ("terminal.title.approved", "terminal.state.approved", "check-circle"),
    TerminalStep.DECLINED: ("terminal.title.declined", "terminal.state.declined", "x-circle"),
    TerminalStep.BUSY: ("terminal.title.busy", "terminal.state.busy", "clock"),
    TerminalStep.OTHER: ("terminal.title.other", "terminal.state.other", "contactless-payment"),
}
"""What to do, what the terminal shows, and sign."""

SAYS: dict[str, tuple[str, str, str]] = {
    "right": ("terminal.says.right", "terminal.silent.right", "arrow-right"),
    "left": ("terminal.says.left", "terminal.silent.left", "arrow-left"),
    "down": ("terminal.says.down", "terminal.silent.down", "arrow-down"),
}
"""By where the terminal is: label of its words, its name while it is silent, and arrow."""

CARD_STEPS = frozenset({None, TerminalStep.PRESENT_CARD, TerminalStep.INSERT_CARD})
"""While a card is still to come, the hint about phone, watch and PIN helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalModel:
    """Everything on the terminal screen."""

    frame: FrameModel
    title: str
    arrow: str
    """Sign of the way to the terminal."""
    to_pay: str
    amount: AmountModel
    state_label: str
    state: str
    """The terminal's own words where it sends them, else its step."""
    state_sign: str
    hint: str
    """Empty once the card is there."""
    notice: BannerModel | None
    abort: PrimaryModel
    """Drawn as a secondary button; while aborting it waits and says for what."""


def present_terminal(view: View, words: Translator) -> TerminalModel:
    """Return the terminal screen; the view must have `terminal`."""
    assert view.terminal is not None, "TERMINAL without terminal"
    terminal = view.terminal
    says, silent, arrow = SAYS.get(terminal.direction, SAYS["right"])
    may_stop = terminal.can_stop and not terminal.aborting
    title, state, sign = ("terminal.title.starting", "terminal.state.silent", "clock")
    if terminal.step is not None:
        title, state, sign = STEPS[terminal.step]
    return TerminalModel(
        frame=present_frame(view, words),
        title=words("terminal.title.aborting" if terminal.aborting else title),
        arrow=arrow,
        to_pay=words("total.to_pay"),
        amount=AmountModel(figures=money(terminal.amount_minor)),
        state_label=words(silent if terminal.step is None else says),
        state=terminal.text or words(state),
        state_sign=sign,
        hint=_hint(terminal, words),
        notice=present_notice(view, words),
        abort=PrimaryModel(
            text=words("terminal.abort" if may_stop else "terminal.aborting"),
            enabled=may_stop,
        ),
    )


def _hint(terminal: TerminalView, words: Translator) -> str:
    if terminal.aborting or terminal.step not in CARD_STEPS:
        return ""
    return f"{words('terminal.also')} {words('terminal.pin')}"
