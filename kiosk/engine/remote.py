"""Decisions that come over the wire: late, twice, from two at once, for another kiosk.

The first decision on an intervention wins. Each is answered: with TAKEN when it settled the thing,
also when it is repeated; with what stands when somebody else was first. The decision's id is in
the record, so a repetition is known after a restart too.
"""

from kiosk.engine import attention
from kiosk.engine.messages import StaffSettled
from kiosk.engine.staff_messages import (
    DECISION_VERSION,
    DecisionAnswered,
    RemoteDecision,
    Verdict,
)
from kiosk.engine.staff_rights import right_to_decide
from kiosk.engine.till import JournalFailed, Till
from kiosk.journal import JournalError
from kiosk.sale.commands import Rejected
from kiosk.sale.events import Interest
from kiosk.sale.evolve import replay
from kiosk.sale.intervention import intervention_of
from kiosk.sale.state import Intervention, Phase, Sale

REMOTE = "remote"


def decide_from_afar(till: Till, word: RemoteDecision) -> DecisionAnswered:
    """Take a decision, or leave things as they are; return what to answer.

    Raises:
        JournalFailed: it could not be written down. The caller answers FAILED.
    """
    if word.version != DECISION_VERSION:
        return _answer(word, Verdict.BAD_VERSION)
    if word.kiosk_id != till.config.kiosk_id:
        return _answer(word, Verdict.NO_SUCH)
    if _is_help_without_sale(till, word):
        if word.rights is not None and right_to_decide(Interest.HELP) not in word.rights:
            return _answer(word, Verdict.NO_RIGHT)
        attention.settled_by_staff(till, _settled(word))
        return _answer(word, Verdict.TAKEN, settled=True)
    call = intervention_of(_sale(till, word.sale_id), word.intervention_id)
    if call is None:
        return _answer(word, Verdict.NO_SUCH)
    if not call.open or word.sale_id not in (till.sale.id, *till.unsettled):
        return _stands(word, call)
    if word.rights is not None and right_to_decide(call.kind) not in word.rights:
        return _answer(word, Verdict.NO_RIGHT)
    if word.approved and call.kind in till.config.only_here:
        return _answer(word, Verdict.ONLY_HERE)
    try:
        attention.settled_by_staff(till, _settled(word))
    except Rejected:
        return _answer(word, Verdict.ONLY_HERE)
    now = intervention_of(_sale(till, word.sale_id), word.intervention_id)
    return _stands(word, now) if now is not None else _answer(word, Verdict.NO_SUCH)


def failed(word: RemoteDecision) -> DecisionAnswered:
    """Return the answer when nothing could be written down."""
    return _answer(word, Verdict.FAILED)


def _settled(word: RemoteDecision) -> StaffSettled:
    return StaffSettled(
        word.intervention_id,
        word.approved,
        word.attendant_id,
        REMOTE,
        word.reason,
        word.decision_id,
    )


def _is_help_without_sale(till: Till, word: RemoteDecision) -> bool:
    no_sale = till.sale.phase is Phase.NONE and not word.sale_id
    return no_sale and word.intervention_id == till.session.help_id != ""


def _sale(till: Till, sale_id: str) -> Sale:
    """Return the sale on the glass, or one that is over: a late decision is told how it ended."""
    if sale_id == till.sale.id:
        return till.sale
    try:
        return replay(till.journal.events_of(sale_id))
    except JournalError as error:
        raise JournalFailed from error


def _stands(word: RemoteDecision, call: Intervention) -> DecisionAnswered:
    same = not call.open and call.decision_id == word.decision_id != ""
    return _answer(
        word,
        Verdict.TAKEN if same else Verdict.STANDS,
        settled=not call.open,
        approved=call.approved,
        attendant_id=call.attendant_id,
        where=call.where,
        resolved_at=call.resolved_at,
    )


def _answer(
    word: RemoteDecision,
    verdict: Verdict,
    *,
    settled: bool = False,
    approved: bool | None = None,
    attendant_id: str = "",
    where: str = "",
    resolved_at: str = "",
) -> DecisionAnswered:
    return DecisionAnswered(
        decision_id=word.decision_id,
        intervention_id=word.intervention_id,
        verdict=verdict,
        settled=settled,
        approved=approved,
        attendant_id=attendant_id,
        where=where,
        resolved_at=resolved_at,
    )
