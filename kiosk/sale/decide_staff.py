"""Interventions: raised, and settled by a person."""

from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.attempts import in_doubt
from kiosk.sale.commands import Reason, Rejected
from kiosk.sale.decide_payment import settled_by_staff
from kiosk.sale.decide_return import refund_settled_by_staff
from kiosk.sale.evolve import replay_on
from kiosk.sale.intervention import (
    REVERSAL_FAILED,
    age_events,
    approved_age,
    intervention_of,
    resolved_itself,
)
from kiosk.sale.state import Intervention, Line, Phase, Sale


def raise_intervention(sale: Sale, command: c.RaiseIntervention) -> tuple[e.Event, ...]:
    """Ask for a person; nothing changes when one is already asked for about the same thing."""
    if sale.phase in (Phase.ABORTED, Phase.CLOSED):
        raise Rejected(Reason.SALE_IS_OVER)
    if intervention_of(sale, command.intervention_id) is not None:
        return ()
    about = (command.kind, command.line_id)
    if any(i.open and (i.kind, i.line_id) == about for i in sale.interventions):
        return ()
    return (
        e.InterventionRaised(
            at_utc=command.at_utc,
            intervention_id=command.intervention_id,
            kind=command.kind,
            policy=command.policy,
            line_id=command.line_id,
            detail=command.detail,
        ),
    )


def resolve_intervention(sale: Sale, command: c.ResolveIntervention) -> tuple[e.Event, ...]:
    """Take down what a person decided, and what follows from it.

    A no to a line takes the line out (for age: all lines above the age that is proven). A word on
    a payment in doubt settles that payment: yes, it was taken as asked; no, it was not. A word on
    money that could not go back: yes, it has been given back; no, it is followed up elsewhere.
    """
    intervention = intervention_of(sale, command.intervention_id)
    if intervention is None or not intervention.open:
        return ()
    if intervention.kind is e.Interest.ALCOHOL_HOURS and command.approved:
        raise Rejected(Reason.ALCOHOL_HOURS)  # nobody may approve what the law forbids
    resolved = e.InterventionResolved(
        at_utc=command.at_utc,
        intervention_id=intervention.id,
        approved=command.approved,
        attendant_id=command.attendant_id,
        where=command.where,
        reason=command.reason,
        decision_id=command.decision_id,
    )
    if intervention.kind is e.Interest.PAYMENT_IN_DOUBT:
        return (resolved, *_money_settled(sale, intervention, command))
    if command.approved or sale.phase is not Phase.OPEN:
        return (resolved,)
    return (resolved, *_refused_lines_removed(sale, intervention, resolved, command))


def _money_settled(
    sale: Sale, intervention: Intervention, command: c.ResolveIntervention
) -> tuple[e.Event, ...]:
    if intervention.detail.startswith(REVERSAL_FAILED):
        if not command.approved:
            return ()
        return (
            e.ReversalSettled(
                at_utc=command.at_utc,
                attempt_id=intervention.detail.removeprefix(REVERSAL_FAILED),
                done=True,
                reason=command.reason or "staff",
            ),
        )
    attempt = in_doubt(sale)
    if attempt is None:
        return refund_settled_by_staff(sale, command)
    return (settled_by_staff(attempt, command),)


def _refused_lines_removed(
    sale: Sale,
    intervention: Intervention,
    resolved: e.InterventionResolved,
    command: c.ResolveIntervention,
) -> tuple[e.Event, ...]:
    proven = approved_age(sale)

    def is_refused(line: Line) -> bool:
        if intervention.kind is e.Interest.AGE:
            return line.product.age_limit > proven
        return line.id == intervention.line_id

    refused = [line for line in sale.lines if not line.removed and is_refused(line)]
    ids = {line.id for line in refused}
    removed = tuple(
        e.LineRemoved(
            at_utc=command.at_utc,
            line_id=line.id,
            actor=e.Actor.STAFF,
            attendant_id=command.attendant_id,
        )
        for line in refused
    )
    others = tuple(
        resolved_itself(other, command.at_utc, "line_removed")
        for other in sale.interventions
        if other.open
        and other.line_id in ids
        and other.id != intervention.id
        and other.kind is not e.Interest.AGE
    )
    after = replay_on(sale, (resolved, *removed, *others))
    return (*removed, *others, *age_events(after, command.at_utc))
