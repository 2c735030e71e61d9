"""What happens because nothing happens: every wait is a deadline, looked at on each tick."""

from collections.abc import Iterator

from kiosk.engine import staff_mode
from kiosk.engine.attention import call_staff
from kiosk.engine.checkout import choose_receipt, close_when_due, thanks_s
from kiosk.engine.clock import NS_PER_S
from kiosk.engine.place import AT_THE_END, screen_of
from kiosk.engine.till import Till
from kiosk.engine.time_left import next_second_ns, seconds_left
from kiosk.engine.view import Screen, Tone
from kiosk.sale.commands import GiveUpSale, Rejected
from kiosk.sale.events import Actor, Interest, ReceiptChoice
from kiosk.sale.intervention import blocks_now
from kiosk.sale.state import Phase

HEARD_AT_S = (10, 5)
"""Seconds of a countdown that tick: of "are you still there?" and of the receipt's question."""

_CALLED = (Interest.WEIGHT, Interest.RANDOM_CHECK)
_NOT_IDLE = (Screen.HELP, Screen.NEEDS_STAFF)
"""Who waits for us is not asked whether they are there."""


def look_at_the_time(till: Till) -> None:
    """Do what has fallen due."""
    start_clocks(till)
    staff_mode.look_at_the_time(till)
    now_ns = till.now_ns()
    session = till.session
    if session.toast is not None and session.toast.until_ns <= now_ns:
        till.change(toast=None)
    if session.choose_by_ns is not None and session.choose_by_ns <= now_ns:
        # Silence is paper: the lawful default.
        choose_receipt(till, ReceiptChoice.PAPER, Actor.KIOSK)
    elif session.choose_by_ns is not None:
        _tick(till, seconds_left(session.choose_by_ns, now_ns))
    if not close_when_due(till):
        _look_for_the_shopper(till, now_ns)


def start_clocks(till: Till) -> None:
    """Start the clocks that follow the sale's phase, also after a power cut."""
    session, timings = till.session, till.config.timings
    match screen_of(till):
        case Screen.RECEIPT if session.choose_by_ns is None:
            till.change(choose_by_ns=till.after(timings.receipt_s))
        case Screen.THANKS if session.thanks_until_ns is None:
            till.change(thanks_until_ns=till.after(thanks_s(till)))
        case _:
            pass


def _may_be_idle(till: Till) -> bool:
    if till.halted or till.staff is not None or till.session.screen in _NOT_IDLE:
        return False
    if till.sale.phase is Phase.NONE:
        return till.session.screen is not Screen.START
    if any(call.open and call.kind in _CALLED for call in till.sale.interventions):
        return False
    return till.sale.phase is Phase.OPEN and screen_of(till) not in _NOT_IDLE


def _look_for_the_shopper(till: Till, now_ns: int) -> None:
    if not _may_be_idle(till):
        if till.session.answer_by_ns is not None:
            till.session = till.session.touched(now_ns)
        return
    answer_by_ns = till.session.answer_by_ns
    if answer_by_ns is None:
        if now_ns >= _idle_at_ns(till):
            _ask_or_go(till)
    elif answer_by_ns <= now_ns:
        _walked_away(till)
    else:
        _tick(till, seconds_left(answer_by_ns, now_ns))


def _idle_at_ns(till: Till) -> int:
    return till.session.touched_ns + round(till.config.timings.idle_s * NS_PER_S)


def _ask_or_go(till: Till) -> None:
    """Ask "are you still there?"; with nothing on the list there is nothing to ask about."""
    if till.sale.live_lines:
        till.change(answer_by_ns=till.after(till.config.timings.idle_answer_s))
    else:
        _walked_away(till)


def _walked_away(till: Till) -> None:
    if till.sale.phase is Phase.NONE:
        till.reset_session()
        return
    call_staff(till, Interest.WALKED_AWAY, "")
    if blocks_now(till.sale):
        till.session = till.session.touched(till.now_ns())
        return  # somebody looks first: the goods may lie about
    try:
        till.submit(GiveUpSale(at_utc=till.now_utc(), reason="walked_away", actor=Actor.KIOSK))
    except Rejected:
        # Money may be on its way: only people can say what becomes of that.
        call_staff(till, Interest.HELP, "part_paid")
        till.session = till.session.touched(till.now_ns())
        return
    till.forget_if_over()


def _tick(till: Till, second: int) -> None:
    if second in HEARD_AT_S and second != till.session.ticked_at_s:
        till.change(ticked_at_s=second)
        till.sound(Tone.TICK)


def deadlines_ns(till: Till) -> Iterator[int]:
    """Yield when the time must be looked at again."""
    session, now_ns = till.session, till.now_ns()
    if session.toast is not None:
        yield session.toast.until_ns
    screen = screen_of(till)
    if screen is Screen.PAY and session.cards_rest_until_ns > now_ns:
        yield session.cards_rest_until_ns
    if screen is Screen.RECEIPT and session.choose_by_ns is not None:
        yield next_second_ns(session.choose_by_ns, now_ns)
    if screen is Screen.WALLET and session.wallet is not None:
        lapses_ns = session.wallet.expires_monotonic_ns
        if lapses_ns > now_ns:
            yield next_second_ns(lapses_ns, now_ns)
    if till.staff is not None:
        yield from staff_mode.deadlines_ns(till)
    if screen in AT_THE_END and (session.thanks_until_ns or 0) > now_ns:
        yield next_second_ns(session.thanks_until_ns or 0, now_ns)
    if screen is Screen.WEIGH and till.health.weight is not None:
        until_ns = till.health.weight_until_ns(till.config.timings.weight_fresh_s)
        if until_ns >= now_ns:
            yield until_ns + 1
    if _may_be_idle(till):
        answer_by_ns = session.answer_by_ns
        yield _idle_at_ns(till) if answer_by_ns is None else next_second_ns(answer_by_ns, now_ns)
