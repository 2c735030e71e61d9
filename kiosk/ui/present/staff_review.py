"""A look over the goods: what has been scanned out of the bag, and whether it was paid for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.engine.staff_view import ReviewView
from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import BannerModel, Kind
from kiosk.ui.present.staff_parts import (
    StaffFrameModel,
    present_problem,
    present_staff_frame,
    staff_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffReviewModel:
    """Everything on the look over."""

    frame: StaffFrameModel
    title: str
    lead: str
    found: tuple[str, ...]
    """The goods that are in the sale, as scanned so far."""
    missing: tuple[str, ...]
    """What was found and is not in the sale, as scanned."""
    add: str
    """The button that puts it into the sale; empty while there is nothing to add."""
    progress: str
    banner: BannerModel | None
    """What is not in the sale, or a problem."""
    ready: str
    ready_is_next: bool
    """As many as wanted have been looked at, or as many as one likes: the next step."""
    back: str


def present_staff_review(view: View, words: Translator) -> StaffReviewModel:
    """Return the look over."""
    staff = staff_of(view)
    review = staff.review or ReviewView(intervention_id="", wanted=0)
    looked_at = len(review.checked) + review.missing
    return StaffReviewModel(
        frame=present_staff_frame(view, words),
        title=words.many("staff.review.title", review.wanted)
        if review.wanted
        else words("staff.review.title_bag"),
        lead=words("staff.review.lead"),
        found=_found(view, review.checked),
        missing=_counted(review.missing_names),
        add=words("staff.review.add") if review.missing else "",
        progress=words("staff.review.progress", n=looked_at, wanted=review.wanted)
        if review.wanted
        else words.many("staff.review.progress_bag", looked_at),
        banner=present_problem(staff, words) or _missing(review, words),
        ready=words("staff.review.not_all" if review.missing else "staff.review.ready"),
        ready_is_next=looked_at >= review.wanted,
        back=words("frame.back"),
    )


def _found(view: View, checked: tuple[int, ...]) -> tuple[str, ...]:
    names = {line.line_id: line.name for line in view.lines}
    return _counted(names[line_id] for line_id in checked if line_id in names)


def _counted(names: Iterable[str]) -> tuple[str, ...]:
    counted = Counter(names)
    return tuple(f"{name} × {n}" if n > 1 else name for name, n in counted.items())


def _missing(review: ReviewView, words: Translator) -> BannerModel | None:
    if not review.missing:
        return None
    text = words.many("staff.review.missing", review.missing)
    return BannerModel(kind=Kind.FAILED, sign="warning-circle", text=text)
