"""People: help asked for and given, checks that wait for somebody, an attendant's word."""

from datetime import datetime

from kiosk.engine import messages as m
from kiosk.engine.hours import CLOCK
from kiosk.engine.messages import Message
from kiosk.engine.place import screen_of, waits_for_staff
from kiosk.engine.staff_view import PastDecision
from kiosk.engine.till import Till
from kiosk.engine.view import Notice, Screen, Tone
from kiosk.sale.commands import Command, GiveUpSale, RaiseIntervention, ResolveIntervention
from kiosk.sale.events import Actor, Interest
from kiosk.sale.intervention import ITSELF, intervention_of
from kiosk.sale.state import Intervention, Phase, Sale

HELP_REASONS = ("barcode", "price", "payment", "other")
_HELP_COVERS = (
    Screen.SCAN,
    Screen.LOOKUP,
    Screen.CODE,
    Screen.WEIGH,
    Screen.PRICE_CHECK,
    Screen.BAGS,
    Screen.PAY,
    Screen.NEEDS_STAFF,
)
"""Screens that make room for the help screen; the others only show that help is called."""


def handle(till: Till, message: Message) -> bool:
    """Do what a call, or an answer to one, means; False when it is about something else."""
    match message:
        case m.HelpPressed():
            call_help(till)
        case m.HelpReasonChosen(reason):
            if reason in HELP_REASONS and till.session.help_id:
                till.change(help_reason=reason)
                if reason == "price":
                    _ask_about_price(till)
        case m.HelpCancelled():
            _cancel_help(till)
        case m.StaffSettled():
            settled_by_staff(till, message)
        case m.StaffSeen(name=name):
            till.seen_by = name
        case _:
            return False
    return True


def call_help(till: Till) -> None:
    """Call somebody. Once is enough: asking again only shows that help is on its way."""
    session = till.session
    if not session.help_id:
        help_id = till.ids.intervention_id()
        if till.sale.phase not in (Phase.NONE, Phase.ABORTED, Phase.CLOSED):
            till.submit(till.help_call(help_id))
        till.change(help_id=help_id, help_at=till.now_utc())
        till.sound(Tone.HELP_SENT)
    screen = screen_of(till)
    if screen in _HELP_COVERS and till.sale.phase in (Phase.NONE, Phase.OPEN):
        # What was half done (a code, a weighing) is kept: help may be about just that.
        till.change(screen=Screen.HELP, back_to=screen)


def _ask_about_price(till: Till) -> None:
    """Make a call about a price what it is: a price query about the line that is open.

    The shopper's call goes on under the query's id, so cancelling it, or an answer to it, ends
    both. Without goods there is no price to ask about, and help stays help.
    """
    call = intervention_of(till.sale, till.session.help_id)
    live = [line.id for line in till.sale.live_lines]
    if call is None or call.kind is not Interest.HELP or not live:
        return
    chosen = till.session.open_line_id
    query_id = till.ids.intervention_id()
    till.submit(
        _resolve(till, call.id, approved=True, where=ITSELF, reason="price_query"),
        RaiseIntervention(
            at_utc=till.now_utc(),
            intervention_id=query_id,
            kind=Interest.PRICE_QUERY,
            policy=till.config.policy(Interest.PRICE_QUERY),
            line_id=chosen if chosen in live else live[-1],
            detail="price",
        ),
    )
    if intervention_of(till.sale, query_id) is not None:
        till.change(help_id=query_id)


def _cancel_help(till: Till) -> None:
    help_id = till.session.help_id
    if not help_id:
        return
    if intervention_of(till.sale, help_id) is not None:
        till.submit(_resolve(till, help_id, approved=True, where="itself", reason="cancelled"))
    _help_is_over(till)


def _help_is_over(till: Till) -> None:
    till.change(help_id="", help_reason="")
    if till.session.screen is Screen.HELP:
        till.change(screen=till.session.back_to)


def call_staff(till: Till, kind: Interest, detail: str, line_id: int | None = None) -> None:
    """Raise an intervention of the kiosk's own; a second one about the same thing is none."""
    till.submit(
        RaiseIntervention(
            at_utc=till.now_utc(),
            intervention_id=till.ids.intervention_id(),
            kind=kind,
            policy=till.config.policy(kind),
            line_id=line_id,
            detail=detail,
        )
    )


def works_again(till: Till, detail: str) -> None:
    """Resolve the kiosk's own calls about a device that works again."""
    for call in till.sale.interventions:
        if call.open and call.kind is Interest.DEVICE and call.detail == detail:
            till.submit(_resolve(till, call.id, approved=True, where="itself", reason="works"))


def resolved_itself(till: Till, intervention_id: str, reason: str) -> None:
    """Resolve a call whose cause went away."""
    till.submit(_resolve(till, intervention_id, approved=True, where=ITSELF, reason=reason))


def printer_stopped(till: Till) -> None:
    """Say that a receipt on its way has stopped: its driver waits for paper before it answers."""
    if any(one.printed is None for one in till.sale.prints):
        call_staff(till, Interest.DEVICE, "printer")
        till.session = till.session.told(Notice.PAPER_OUT)


def printer_works(till: Till) -> None:
    """Take back what was said about paper: there is some, and it prints."""
    works_again(till, "printer")
    if till.session.notice is Notice.PAPER_OUT:
        till.session = till.session.told(Notice.NONE)


def call_of(till: Till, intervention_id: str) -> Intervention | None:
    """Return a call of the sale on the glass, or an open one of a sale that is over."""
    found = (intervention_of(sale, intervention_id) for sale in till.unsettled.values())
    late = next((call for call in found if call is not None), None)
    return intervention_of(till.sale, intervention_id) or late


def settled_by_staff(till: Till, word: m.StaffSettled) -> None:
    """Take an attendant's word. One that comes late, or twice, changes nothing."""
    call = intervention_of(till.sale, word.intervention_id)
    if call is None:
        _settled_after_the_end(till, word)
    if call is not None and call.open:
        till.submit(_of_word(till, word))
        remember(till, till.sale, call)
        about_clock = (call.kind, call.detail) == (Interest.DEVICE, CLOCK)
        # Who is elsewhere does not see this clock: their word settles the call and nothing more.
        if about_clock and word.approved and word.where == "kiosk" and till.hours.in_doubt:
            till.trust_clock(word.attendant_id)
        if word.approved and call.kind is not Interest.HELP:
            till.sound(Tone.APPROVED)
    if word.intervention_id == till.session.help_id:
        _help_is_over(till)
    if call is None:
        return
    if call.kind is Interest.WALKED_AWAY and call.open:
        _came_back_or_not(till, word)
    waited_enough(till)


def _settled_after_the_end(till: Till, word: m.StaffSettled) -> None:
    """Take a word on a sale that is over: whether somebody's money is back."""
    for sale in list(till.unsettled.values()):
        call = intervention_of(sale, word.intervention_id)
        if call is not None and call.open:
            remember(till, till.append_to(sale.id, _of_word(till, word)), call)


def _came_back_or_not(till: Till, word: m.StaffSettled) -> None:
    """Let a shopper who is back go on, or end the sale that nobody goes on with."""
    if word.approved:
        till.session = till.session.touched(till.now_ns())
    elif till.sale.phase is Phase.OPEN:
        till.submit(
            GiveUpSale(
                at_utc=till.now_utc(),
                reason="walked_away",
                actor=Actor.STAFF,
                attendant_id=word.attendant_id,
            )
        )
        till.forget_if_over()


def waited_enough(till: Till) -> None:
    """Show the list again to a shopper who waited, once nothing is waited for."""
    if not waits_for_staff(till):
        till.seen_by = ""
        waited = till.session.screen is Screen.NEEDS_STAFF and till.sale.phase is Phase.OPEN
        if waited:
            till.session = till.session.at(Screen.SCAN)


def remember(till: Till, sale: Sale, call: Intervention) -> None:
    """Keep the last ten decisions for staff to look at; the record has all of them."""
    settled = intervention_of(sale, call.id)
    if till.door is None or settled is None or settled.open:
        return
    begun, ended = (datetime.fromisoformat(at) for at in (settled.raised_at, settled.resolved_at))
    person = till.door.book.by_id(settled.attendant_id) if settled.attendant_id else None
    past = PastDecision(
        kind=settled.kind,
        approved=bool(settled.approved),
        who=person.name if person else settled.attendant_id,
        where=settled.where,
        at=f"{ended.astimezone(till.zone):%H.%M}",
        seconds=max(0, int((ended - begun).total_seconds())),
    )
    till.door.past = (past, *till.door.past[:9])


def _of_word(till: Till, word: m.StaffSettled) -> Command:
    return ResolveIntervention(
        at_utc=till.now_utc(),
        intervention_id=word.intervention_id,
        approved=word.approved,
        attendant_id=word.attendant_id,
        where=word.where,
        reason=word.reason,
        decision_id=word.decision_id,
    )


def _resolve(
    till: Till, intervention_id: str, *, approved: bool, where: str, reason: str
) -> Command:
    return ResolveIntervention(
        at_utc=till.now_utc(),
        intervention_id=intervention_id,
        approved=approved,
        where=where,
        reason=reason,
    )
