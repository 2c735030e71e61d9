"""12 the bag scale: what it saw, not what somebody did; putting it right needs no tap."""

from dataclasses import dataclass

from kiosk.engine.staff_view import BaggingView, BagState
from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import ChipModel, FrameModel, Kind, PromptModel, present_frame

TITLES = {
    BagState.SOMETHING_ELSE: "bag_weight.title",
    BagState.TAKEN_AWAY: "bag_weight.title",
    BagState.NOT_YET_PLACED: "bag_weight.not_placed_title",
}
LEADS = {
    BagState.SOMETHING_ELSE: "bag_weight.something_else",
    BagState.TAKEN_AWAY: "bag_weight.taken_away",
    BagState.NOT_YET_PLACED: "bag_weight.not_placed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BagAnswerModel:
    """One of the two answers: both lead on, and neither is the yellow one."""

    name: str
    """own-bag, skip or all-scanned: which intent it is."""
    sign: str
    text: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BagWeightModel:
    """Everything on the bag scale's screen."""

    frame: FrameModel
    chip: ChipModel | None
    """Only once somebody has been called."""
    title: str
    lead: str
    last: str
    """The label under the last item's picture; empty where no item is known."""
    picture: str
    prompt: PromptModel
    answers: tuple[BagAnswerModel, ...]
    """None once somebody has been called."""
    staff: bool
    """Somebody is on the way: staff's way in stands in the strip."""


def present_bag_weight(view: View, words: Translator) -> BagWeightModel:
    """Return the bag scale's screen."""
    bagging = view.bagging or BaggingView(state=BagState.SOMETHING_ELSE)
    return BagWeightModel(
        frame=present_frame(view, words),
        chip=_chip(view, words) if bagging.called else None,
        title=words("bag_weight.called_title" if bagging.called else TITLES[bagging.state]),
        lead=_lead(bagging, words),
        last=words("bag_weight.last") if bagging.name else "",
        picture=bagging.picture,
        prompt=_prompt(bagging, words),
        answers=() if bagging.called else _answers(bagging.state, words),
        staff=view.staffed and (bagging.called or view.help_called),
    )


def _lead(bagging: BaggingView, words: Translator) -> str:
    if bagging.called:
        return words("bag_weight.called")
    if bagging.state is BagState.NOT_YET_PLACED and not bagging.name:
        return words("bag_weight.not_placed_some")
    return words(LEADS[bagging.state], name=bagging.name)


def _prompt(bagging: BaggingView, words: Translator) -> PromptModel:
    if bagging.called:
        return PromptModel(sign="clock", text=words("bag_weight.soon"))
    return PromptModel(sign="scales", text=words("bag_weight.question"))


def _chip(view: View, words: Translator) -> ChipModel:
    if view.seen_by:
        text = words("needs_staff.seen", name=view.seen_by)
        return ChipModel(kind=Kind.PEOPLE, sign="user-check", text=text)
    return ChipModel(kind=Kind.PEOPLE, sign="bell-ringing", text=words("frame.shop_told"))


def _answers(state: BagState, words: Translator) -> tuple[BagAnswerModel, ...]:
    glance = words("bag_weight.glance")
    if state is BagState.NOT_YET_PLACED:
        first = BagAnswerModel(
            name="skip", sign="hand", text=words("bag_weight.skip"),
            note=words("bag_weight.skip_note"),
        )  # fmt: skip
        second = BagAnswerModel(
            name="all-scanned", sign="check", text=words("bag_weight.in_the_bag"), note=glance
        )
        return first, second
    taken = state is BagState.TAKEN_AWAY
    own = BagAnswerModel(
        name="own-bag", sign="bag",
        text=words("bag_weight.own_bag_off" if taken else "bag_weight.own_bag"),
        note=words("bag_weight.own_bag_note"),
    )  # fmt: skip
    fine = BagAnswerModel(
        name="all-scanned", sign="check",
        text=words("bag_weight.nothing_taken" if taken else "bag_weight.all_scanned"), note=glance,
    )  # fmt: skip
    return own, fine
