"""What needs a person: what blocks, what the lines themselves call for, when that goes away."""

from kiosk.sale.events import Event, Interest, InterventionRaised, InterventionResolved, Policy
from kiosk.sale.policy import DEFAULT_POLICIES
from kiosk.sale.state import Intervention, Sale

ITSELF = "itself"
"""Where an intervention is resolved whose cause went away: nobody approved anything."""

REVERSAL_FAILED = "reversal_failed:"
"""Start of the detail of a PAYMENT_IN_DOUBT that is about money that could not go back."""


def blocking(sale: Sale) -> Intervention | None:
    """Return the first open intervention that payment has to wait for."""
    return next((i for i in sale.interventions if i.open and i.policy is not Policy.NOTED), None)


def blocks_now(sale: Sale) -> bool:
    """Whether the shopper can do nothing until somebody came."""
    return any(i.open and i.policy is Policy.BLOCKS_NOW for i in sale.interventions)


def reversal_in_question(sale: Sale) -> bool:
    """Whether money that could not go back still waits for an attendant."""
    return any(i.open and i.detail.startswith(REVERSAL_FAILED) for i in sale.interventions)


def intervention_of(sale: Sale, intervention_id: str) -> Intervention | None:
    """Return the intervention with this id."""
    return next((i for i in sale.interventions if i.id == intervention_id), None)


def next_id(sale: Sale, ahead: int = 0) -> str:
    """Return the id of the sale's next intervention of its own; replay gives the same."""
    return f"{sale.id}-{len(sale.interventions) + 1 + ahead}"


def approved_age(sale: Sale) -> int:
    """Return the age in years that an attendant has seen proof of, 0 for none."""
    return max(
        (
            int(i.detail)
            for i in sale.interventions
            if i.kind is Interest.AGE and i.approved and i.detail.isdecimal()
        ),
        default=0,
    )


def resolved_itself(intervention: Intervention, at_utc: str, reason: str) -> InterventionResolved:
    """Return the event for a cause that went away."""
    return InterventionResolved(
        at_utc=at_utc,
        intervention_id=intervention.id,
        approved=False,
        where=ITSELF,
        reason=reason,
    )


def _age_policy(sale: Sale) -> Policy:
    """Return when age stopped this sale before; where it has not yet, the default."""
    earlier = (i.policy for i in sale.interventions if i.kind is Interest.AGE)
    return next(earlier, DEFAULT_POLICIES[Interest.AGE])


def age_events(sale: Sale, at_utc: str, policy: Policy | None = None) -> tuple[Event, ...]:
    """Bring the age intervention in line with the lines.

    One intervention stands for the highest limit of the sale; an approval serves all lines with
    that limit or a lower one, those that come later too. Without a `policy` the sale's earlier one
    goes on.
    """
    needed, line_id = 0, None
    for line in sale.lines:
        if not line.removed and line.product.age_limit > needed:
            needed, line_id = line.product.age_limit, line.id
    if needed <= approved_age(sale):
        needed = 0
    events: list[Event] = []
    standing = False
    for intervention in sale.interventions:
        if intervention.kind is Interest.AGE and intervention.open:
            if needed and intervention.detail == str(needed):
                standing = True
            else:
                events.append(resolved_itself(intervention, at_utc, "cause_gone"))
    if needed and not standing:
        events.append(
            InterventionRaised(
                at_utc=at_utc,
                intervention_id=next_id(sale),
                kind=Interest.AGE,
                policy=policy or _age_policy(sale),
                line_id=line_id,
                detail=str(needed),
            )
        )
    return tuple(events)
