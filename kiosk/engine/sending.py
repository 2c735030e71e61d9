"""The link to a receipt, sent to a number or an e-mail address that the shopper types.

What is typed lives in the session until the check key; then it is the gateway's for as long as the
sending takes, and nobody's after that. The record says that the receipt was electronic
(`ReceiptAnswered`), never by which way or to whom.
"""

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from drivers.contracts.gateway import LinkOrder, LinkSent, SendOutcome
from kiosk.engine import messages as m
from kiosk.engine.closing_view import SendStep
from kiosk.engine.messages import Message
from kiosk.engine.place import screen_of
from kiosk.engine.session import PHONE, LinkSend
from kiosk.engine.till import Till
from kiosk.engine.view import Screen, Tone
from kiosk.engine.wallet import DELETE, can_confirm
from kiosk.sale.events import ReceiptChoice

KEYS: Final = frozenset({Screen.SEND_LINK, Screen.SEND_MAIL})
TRIES_MAX: Final = 3
"""Numbers or addresses that one receipt may be sent to, wrong ones among them."""
MAIL_KEYS: Final = frozenset("abcdefghijklmnopqrstuvwxyzæøå0123456789@.-_+") | {".no"}
MAIL_CHARS_MAX: Final = 100
"""What anybody types standing; the law of mail allows 254."""
TEXTS: Final = MappingProxyType(
    {
        "nb": "Kvitteringen din fra {shop}: {link}",
        "nn": "Kvitteringa di frå {shop}: {link}",
        "en": "Your receipt from {shop}: {link}",
        "uk": "Ваш чек від {shop}: {link}",
    }
)
"""What stands in the message; the link is long, so this is short."""


def handle(till: Till, message: Message) -> bool:
    """Do what a touch on the keys means; False when it is about something else."""
    match message:
        case m.SendLinkPressed():
            _open(till)
        case m.LinkDigitTyped(digit):
            _type(till, digit)
        case m.LinkConfirmed():
            _confirm(till)
        case m.BackPressed() if screen_of(till) in KEYS:
            till.change(link=_closed(till.session.link))
        case _:
            return False
    return True


def can_send(till: Till) -> bool:
    """Whether the shopper may type: there is a link, a gateway, and a try left."""
    link = till.session.link
    return (
        till.gateway is not None
        and till.sale.receipt_choice is ReceiptChoice.PHONE
        and (link is None or (link.step is SendStep.KEYS and link.tries < TRIES_MAX))
    )


def answered(till: Till, sent: LinkSent) -> None:
    """Take what became of it; one that is about an earlier shopper, or nobody, is dropped."""
    link = till.session.link
    if link is None or link.step is not SendStep.SENDING or link.send_id != sent.send_id:
        return
    if sent.outcome is SendOutcome.SENT:
        till.change(link=replace(link, step=SendStep.SENT))
    elif sent.outcome is SendOutcome.BAD_ADDRESS and link.tries < TRIES_MAX:
        till.change(link=replace(link, step=SendStep.KEYS, open=True, bad=True))
        till.sound(Tone.REFUSED)
    else:
        _failed(till, link)
    _wait_on(till)


def _open(till: Till) -> None:
    if screen_of(till) is Screen.THANKS and can_send(till):
        link = till.session.link or LinkSend()
        till.change(link=replace(link, open=True, bad=False))
        _wait_on(till)


def _type(till: Till, key: str) -> None:
    link = till.session.link
    screen = screen_of(till)
    if screen not in KEYS or link is None:
        return
    _wait_on(till)
    if key == DELETE:
        till.change(link=replace(link, typed=link.typed[:-1]))
    elif _fits(screen, key, link.typed):
        till.change(link=replace(link, typed=link.typed + key, bad=False))


def _fits(screen: Screen, key: str, typed: str) -> bool:
    if screen is Screen.SEND_MAIL:
        more = key in MAIL_KEYS and not (key == "@" and "@" in typed)
        return more and len(typed) + len(key) <= MAIL_CHARS_MAX
    return len(key) == 1 and key in "0123456789" and len(typed) < PHONE.digits_max


def can_confirm_typed(screen: Screen, typed: str) -> bool:
    """Whether what is typed looks like what is asked for; the gateway looks closer."""
    if screen is not Screen.SEND_MAIL:
        return can_confirm(PHONE, typed)
    local, _, domain = typed.partition("@")
    name, dot, end = domain.rpartition(".")
    return bool(local and name and dot and len(end) >= 2)


def _confirm(till: Till) -> None:
    """Hand over what was typed, and let go of it."""
    link, gateway, sale = till.session.link, till.gateway, till.sale
    if screen_of(till) not in KEYS or link is None or gateway is None:
        return
    if not can_confirm_typed(screen_of(till), link.typed):
        return
    tries = link.tries + 1
    order = LinkOrder(send_id=f"{sale.id}.{tries}", address=link.typed, text=_text(till))
    sending = LinkSend(step=SendStep.SENDING, send_id=order.send_id, tries=tries)
    till.change(link=sending)
    _wait_on(till)
    if not gateway.send(order):
        _failed(till, sending)


def _failed(till: Till, link: LinkSend) -> None:
    till.change(link=replace(link, step=SendStep.FAILED))
    till.sound(Tone.REFUSED)


def _text(till: Till) -> str:
    sale = till.sale
    form = TEXTS.get(till.session.settings.language, TEXTS["nb"])
    link = till.receipts.link(sale.id, sale.completed_at)
    return form.format(shop=till.config.shop.name, link=link)


def _wait_on(till: Till) -> None:
    """Let the last screen stand as long again as a code does: somebody is at work here."""
    till.change(thanks_until_ns=till.after(till.config.timings.receipt_code_s))


def _closed(link: LinkSend | None) -> LinkSend | None:
    """Back to the code: what was typed is forgotten, the tries are not."""
    return link and LinkSend(tries=link.tries)
