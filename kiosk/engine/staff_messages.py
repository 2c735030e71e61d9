"""Intents of staff mode and of the bag scale's screen, and decisions that come from elsewhere.

Part of `messages`, kept apart for its length.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.engine.staff_view import Tool


@dataclass(frozen=True, slots=True)
class StaffPressed:
    """The shop's mark was held for two seconds, or "Medarbeider" was touched: opens the keys."""


@dataclass(frozen=True, slots=True)
class StaffDigitTyped:
    """One digit on staff mode's keys, or "\\b" for delete. Never shown in a log."""

    digit: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StaffConfirmed:
    """The check key of staff mode's keys (NUMBER, PIN, PRICE, ITEM), or "ready" on REVIEW."""


@dataclass(frozen=True, slots=True)
class AddMissingPressed:
    """On REVIEW: put what was found and is not in the sale into it."""


@dataclass(frozen=True, slots=True)
class StaffBackPressed:
    """One step back; from NUMBER and from DESK back to the shopper's screen."""


@dataclass(frozen=True, slots=True)
class StaffLeavePressed:
    """Gi kassen tilbake til kunden: signs out, the shopper's screen stands exactly as it was."""


@dataclass(frozen=True, slots=True)
class DecisionPressed:
    """One of the two answers of a DecisionView."""

    intervention_id: str
    approved: bool


@dataclass(frozen=True, slots=True)
class ReasonChosen:
    """One of `StaffView.reasons`."""

    reason: str


@dataclass(frozen=True, slots=True)
class ToolPressed:
    """One of `StaffView.tools`."""

    tool: Tool


@dataclass(frozen=True, slots=True)
class StaffLinePressed:
    """A line was tapped in staff mode: it is chosen; tapped again it is not."""

    line_id: int


@dataclass(frozen=True, slots=True)
class StaffQuantityPressed:
    """The quantity that the chosen line is to have; 0 takes it out."""

    line_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class PricePressed:
    """Change the price of the chosen line: opens the keys."""


@dataclass(frozen=True, slots=True)
class DiscountChosen:
    """One of `StaffView.percents_bp`, for the chosen line or, without one, for all of the sale."""

    percent_bp: int


@dataclass(frozen=True, slots=True)
class ReportPrintPressed:
    """Print the report that is shown."""


@dataclass(frozen=True, slots=True)
class DayClosePressed:
    """Close the day with the figures that are shown: makes the Z."""


@dataclass(frozen=True, slots=True)
class VolumePressed:
    """The loudness that is wanted now, 0 to 100 percent."""

    percent: int


@dataclass(frozen=True, slots=True)
class TouchPointMet:
    """A point of TOUCH was touched, in the order they are shown: where, in shares of the glass."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ReturnQuantityPressed:
    """How many pieces of a line are to come back; 0 for none."""

    line_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ReturnAllPressed:
    """All that is left of the receipt, or, when all is chosen, nothing."""


@dataclass(frozen=True, slots=True)
class ReturnPressed:
    """What was chosen comes back: asks for the reason."""


@dataclass(frozen=True, slots=True)
class RefundPressed:
    """Give the money back now, or try once more."""


@dataclass(frozen=True, slots=True)
class RefundByHandPressed:
    """Staff give back themselves what was refused: asks how."""


@dataclass(frozen=True, slots=True)
class OwnBagPressed:
    """Jeg la på min egen pose."""


@dataclass(frozen=True, slots=True)
class AllScannedPressed:
    """Alt i posen er skannet: somebody has a glance."""


@dataclass(frozen=True, slots=True)
class SkipBaggingPressed:
    """This one is not put into the bag: too large, or carried in the hand."""


StaffIntent = (
    StaffPressed
    | StaffDigitTyped
    | StaffConfirmed
    | AddMissingPressed
    | StaffBackPressed
    | StaffLeavePressed
    | DecisionPressed
    | ReasonChosen
    | ToolPressed
    | StaffLinePressed
    | StaffQuantityPressed
    | PricePressed
    | DiscountChosen
    | ReportPrintPressed
    | DayClosePressed
    | VolumePressed
    | TouchPointMet
    | ReturnQuantityPressed
    | ReturnAllPressed
    | ReturnPressed
    | RefundPressed
    | RefundByHandPressed
    | OwnBagPressed
    | AllScannedPressed
    | SkipBaggingPressed
)


# --- decisions from elsewhere -------------------------------------------------------------------

DECISION_VERSION = 1
"""Of `RemoteDecision` and `DecisionAnswered`. A message of another version is not acted on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteDecision:
    """An attendant's word from a till, a phone or the store's board.

    Idempotent: sent twice, late, or after somebody else's, it changes nothing and is answered with
    what stands. It names kiosk and sale, so that it can never settle another shopper's question.
    """

    decision_id: str
    kiosk_id: str
    sale_id: str
    intervention_id: str
    approved: bool
    attendant_id: str
    reason: str = ""
    rights: frozenset[str] | None = None
    """What the sender may do, by the names of `Right`; None where who posts it has looked."""
    version: int = DECISION_VERSION


class Verdict(StrEnum):
    """What became of a remote decision, or of another order from afar."""

    DONE = "done"
    """An order was carried out."""
    NOT_NOW = "not_now"
    """The sale is being paid, or something else must end first."""
    NO_RIGHT = "no_right"
    """The sender's role may not."""

    TAKEN = "taken"
    """It settled the intervention; also the answer to a repetition of the same decision."""
    STANDS = "stands"
    """Somebody else, or the cause going away, was first: what stands is in the answer."""
    ONLY_HERE = "only_here"
    """By law or by configuration somebody has to stand at the kiosk."""
    NO_SUCH = "no_such"
    """Another kiosk's, an earlier sale's, or never heard of."""
    BAD_VERSION = "bad_version"
    FAILED = "failed"
    """It could not be written down: nothing has happened; send it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionAnswered:
    """The answer to each RemoteDecision: the verdict, and how the intervention stands now."""

    decision_id: str
    intervention_id: str
    verdict: Verdict
    settled: bool
    approved: bool | None = None
    attendant_id: str = ""
    where: str = ""
    resolved_at: str = ""
    version: int = DECISION_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSeen:
    """Somebody at the store's board says "I am coming": the shopper reads the name."""

    name: str
    attendant_id: str = ""


@dataclass(frozen=True, slots=True)
class PauseKiosk:
    """Take no next shopper after this one (on), or take the next (off)."""

    on: bool = True
