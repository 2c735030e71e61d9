"""From "pay" to the door: bags, the way to pay, the receipt, thanks. What the shopper touches."""

from drivers.contracts import TerminalStep
from kiosk.engine import messages as m
from kiosk.engine.attention import call_staff
from kiosk.engine.closing_view import SendStep
from kiosk.engine.hours import CLOCK
from kiosk.engine.messages import Message
from kiosk.engine.place import (
    AT_THE_END,
    can_close,
    may_decline,
    may_have_on_phone,
    screen_of,
    unavailable,
    waits_for_staff,
)
from kiosk.engine.session import NOTHING_SHOWN
from kiosk.engine.till import Till
from kiosk.engine.view import Notice, Screen, Tone, Unavailable
from kiosk.engine.wallet import may_stop
from kiosk.sale.attempts import with_terminal
from kiosk.sale.checks import is_chosen
from kiosk.sale.commands import (
    AbortPayment,
    AddItem,
    AnswerBags,
    AnswerReceipt,
    CompleteSale,
    RequestPayment,
)
from kiosk.sale.events import Actor, Entry, Interest, Method, ReceiptChoice
from kiosk.sale.product import Restriction
from kiosk.sale.restriction import holds_alcohol
from kiosk.sale.state import Phase
from kiosk.sale.totals import totals


def handle(till: Till, message: Message) -> bool:
    """Do what a touch on the way out means; False when it is about something else."""
    match message:
        case m.PayPressed():
            pay(till)
        case m.BagPressed(product_id, quantity):
            _want_bags(till, product_id, quantity)
        case m.BagsConfirmed():
            _confirm_bags(till)
        case m.MethodChosen(method):
            _choose_method(till, method)
        case m.AbortPaymentPressed():
            _abort(till)
        case m.ReceiptChosen(choice):
            choose_receipt(till, choice, Actor.SHOPPER)
        case m.DonePressed():
            _done(till)
        case m.BackPressed():
            _back(till)
        case _:
            return False
    return True


def pay(till: Till) -> None:
    """Go on from the list: to whoever must come first, to the bags, or to the ways to pay."""
    if screen_of(till) not in (Screen.SCAN, Screen.NEEDS_STAFF) or not till.sale.live_lines:
        return
    if till.sale.phase is not Phase.OPEN:
        return
    till.change(toast=None)
    _stopped_by_the_hour(till)
    _draw_check(till)
    if waits_for_staff(till):
        _wait_for_staff(till)
    elif not till.sale.bags_answered and till.catalog.bags():
        till.session = till.session.at(Screen.BAGS)
    elif totals(till.sale).left_minor == 0:
        _complete_for_nothing(till)
    else:
        till.session = till.session.at(Screen.PAY)
        if not any(_works(till, method) for method in till.config.methods):
            call_staff(till, Interest.DEVICE, "terminal")


def _wait_for_staff(till: Till) -> None:
    """Show that somebody has been called, and let it be heard once."""
    if till.session.screen is not Screen.NEEDS_STAFF:
        till.session = till.session.at(Screen.NEEDS_STAFF).with_tone(Tone.HELP_SENT)


def _works(till: Till, method: Method) -> bool:
    """Whether nobody need be called for this method; cards that rest work again by themselves."""
    why = unavailable(till, method, totals(till.sale).left_minor)
    return why in (Unavailable.NONE, Unavailable.RESTING)


def _draw_check(till: Till) -> None:
    """Draw, once for a sale, whether it is looked over."""
    if not till.config.random_checks or till.drawn_for == till.sale.id:
        return
    till.drawn_for = till.sale.id
    drawn_before = any(i.kind is Interest.RANDOM_CHECK for i in till.sale.interventions)
    if not drawn_before and is_chosen(till.looks, till.sale, till.bags.skipped, till.ids.draw()):
        call_staff(till, Interest.RANDOM_CHECK, "")


def _stopped_by_the_hour(till: Till) -> bool:
    """Whether beer that was scanned in time cannot be paid for any more: it has to go.

    Nobody can approve that; taking the beer out resolves it.
    """
    line = next(
        (x for x in till.sale.live_lines if Restriction.ALCOHOL in x.product.restrictions), None
    )
    if line is None or not till.alcohol_closed():
        return False
    if till.hours.in_doubt:
        call_staff(till, Interest.DEVICE, CLOCK)
        till.refuse(Notice.CLOCK_DOUBT)
        return True
    call_staff(till, Interest.ALCOHOL_HOURS, "closed", line_id=line.id)
    till.refuse(Notice.ALCOHOL_HOURS)
    return True


def _cannot_give_a_receipt(till: Till) -> bool:
    """Sold goods without the means to give a receipt are not allowed to happen."""
    if till.health.can_print():
        return False
    call_staff(till, Interest.DEVICE, "printer")
    till.refuse(Notice.PAPER_OUT)
    return True


def _complete_for_nothing(till: Till) -> None:
    """Offers may take everything off: then there is nothing to ask the terminal for."""
    if _cannot_give_a_receipt(till):
        return
    at_utc = till.now_utc()
    done = CompleteSale(at_utc=at_utc, receipt_number=till.next_receipt_number())
    if till.sale.returned:
        # An even exchange: whoever brings goods back gets paper.
        paper = AnswerReceipt(at_utc=at_utc, choice=ReceiptChoice.PAPER, actor=Actor.KIOSK)
        till.attempted(done, paper)
    else:
        till.attempted(done)


def _want_bags(till: Till, product_id: str, quantity: int) -> None:
    offered = {product.id for product in till.catalog.bags()}
    if screen_of(till) is not Screen.BAGS or product_id not in offered:
        return
    wanted = dict(till.session.bags)
    wanted[product_id] = max(0, min(quantity, till.config.limits.quantity))
    till.change(bags=tuple((key, count) for key, count in wanted.items() if count))


def _confirm_bags(till: Till) -> None:
    """Add the bags and note the answer as one: nobody is asked twice, nor sold bags twice."""
    if screen_of(till) is not Screen.BAGS:
        return
    wanted = dict(till.session.bags)
    today = till.today()
    items = [
        AddItem(
            at_utc=till.now_utc(),
            product=product,
            quantity=wanted[product.id],
            entry=Entry.PICKED,
            code=product.id,
            promotions=till.catalog.promotions_of(product.id, today),
            today=today,
        )
        for product in till.catalog.bags()
        if wanted.get(product.id)
    ]
    if till.attempted(*items, AnswerBags(at_utc=till.now_utc())):
        till.session = till.session.at(Screen.SCAN)
        pay(till)


def _choose_method(till: Till, method: Method) -> None:
    """Ask for the money. A second tap finds another screen, so it asks for nothing."""
    if screen_of(till) is not Screen.PAY or method not in till.config.methods:
        return
    if may_pay_by(till, method):
        request_payment(till, method)


def may_pay_by(till: Till, method: Method, amount_minor: int | None = None) -> bool:
    """Whether this sale may be paid by `method` now; the screen says why not, or goes on.

    `amount_minor` None is all that is left: what a method's own limit is compared with.
    """
    asked_minor = totals(till.sale).left_minor if amount_minor is None else amount_minor
    if unavailable(till, method, asked_minor) is not Unavailable.NONE:
        return False
    if _cannot_give_a_receipt(till):
        return False
    if _stopped_by_the_hour(till) or waits_for_staff(till):
        _wait_for_staff(till)
        return False
    return True


def request_payment(
    till: Till, method: Method, *, attempt_id: str = "", amount_minor: int | None = None
) -> None:
    """Ask for all that is left, or for a part of it."""
    by_card = method is Method.CARD and till.config.partial_approval
    request = RequestPayment(
        at_utc=till.now_utc(),
        attempt_id=attempt_id or till.ids.attempt_id(),
        service_id=till.service_id(),
        method=method,
        amount_minor=amount_minor,
        partial=by_card or method is Method.GIFT_CARD,
        alcohol_closed=holds_alcohol(till.sale) and till.alcohol_closed(),
    )
    if till.attempted(request):
        till.change(**NOTHING_SHOWN, notice=Notice.NONE)


def _abort(till: Till) -> None:
    """Wish to stop it, as long as the wish can still do something."""
    running = with_terminal(till.sale)
    if running is None or till.session.step is TerminalStep.APPROVED:
        return
    if till.devices.wallet(running.method) is None or may_stop(till):
        till.submit(AbortPayment(at_utc=till.now_utc()))


def choose_receipt(till: Till, choice: ReceiptChoice, actor: Actor) -> None:
    """Take the answer. Paper may still be had while the thanks stand: in place of "no, thanks",
    or as the copy of a receipt whose link could not be sent."""
    screen = screen_of(till)
    changed_mind = (
        screen is Screen.THANKS
        and choice is ReceiptChoice.PAPER
        and (till.sale.receipt_choice is ReceiptChoice.NONE or _could_not_send(till))
    )
    if not (screen is Screen.RECEIPT or changed_mind) or not _may_answer(till, choice):
        return
    if till.attempted(AnswerReceipt(at_utc=till.now_utc(), choice=choice, actor=actor)):
        till.change(thanks_until_ns=till.after(thanks_s(till)), choose_by_ns=None)


def _could_not_send(till: Till) -> bool:
    return till.session.link is not None and till.session.link.step is SendStep.FAILED


def _may_answer(till: Till, choice: ReceiptChoice) -> bool:
    """Whether the answer is one that may be given: what is not offered cannot have been tapped."""
    match choice:
        case ReceiptChoice.PHONE:
            return may_have_on_phone(till)
        case ReceiptChoice.NONE:
            return may_decline(till.sale)
        case _:
            return True


def thanks_s(till: Till) -> float:
    """Return how long the thanks stand: longer while a phone has to be found and a code scanned."""
    timings = till.config.timings
    on_phone = till.sale.receipt_choice is ReceiptChoice.PHONE
    return max(timings.thanks_s, timings.receipt_code_s) if on_phone else timings.thanks_s


def _done(till: Till) -> None:
    if screen_of(till) is Screen.THANKS:
        till.change(thanks_until_ns=till.now_ns())
        close_when_due(till)


def close_when_due(till: Till) -> bool:
    """Let the next shopper in once the thanks have stood and nothing is owed."""
    if till.staff is not None:
        return False  # an attendant is at the kiosk: the sale that just ended stays in view
    until_ns = till.session.thanks_until_ns
    if screen_of(till) not in AT_THE_END or until_ns is None or till.now_ns() < until_ns:
        return False
    if not can_close(till):
        return False
    till.close_sale()
    return True


def _back(till: Till) -> None:
    session = till.session
    match screen_of(till):
        case Screen.HELP:
            till.change(screen=session.back_to)
        case (
            Screen.LOOKUP
            | Screen.CODE
            | Screen.WEIGH
            | Screen.PRICE_CHECK
            | Screen.BAGS
            | Screen.PAY
            | Screen.NEEDS_STAFF
        ):
            till.session = session.at(Screen.SCAN).told(Notice.NONE)
        case _:
            pass
