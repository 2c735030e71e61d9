"""The link to a receipt by SMS: what is typed, where it goes, and that nobody keeps it."""

import logging
import queue
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.contracts.gateway import LinkOrder, LinkSent, Reach, SendOutcome
from drivers.gateway import LinkSender, SmsOptions, SmsRoute
from drivers.sim.sms_gateway import SmsGatewaySim
from kiosk.engine import messages as m
from kiosk.engine.closing_view import SendLinkView, SendStep, ThanksView
from kiosk.engine.sending import TRIES_MAX
from kiosk.engine.view import Screen
from kiosk.sale.events import PrintStarted, ReceiptAnswered, ReceiptChoice
from tests.engine.bench import MILK, Bench
from tests.engine.test_phone_receipts import with_links

NUMBER = "91234567"


class Gateway:
    """Takes orders, and keeps them for the test to look at and to answer."""

    reach = Reach.NUMBER

    def __init__(self) -> None:
        self.orders: list[LinkOrder] = []
        self.takes = True

    def start(self, post: Callable[[LinkSent], object]) -> None:
        """The test posts."""

    def send(self, order: LinkOrder) -> bool:
        self.orders.append(order)
        return self.takes

    def stop(self) -> None:
        """Nothing runs."""


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def shop(bench: Bench, gateway: Gateway) -> Bench:
    """A shopper who has paid and chosen the phone."""
    with_links(bench)
    bench.engine._till.gateway = gateway
    return bench.scan(MILK).pay_by_card().take_receipt(ReceiptChoice.PHONE)


def type_number(shop: Bench, digits: str = NUMBER) -> Bench:
    return shop.send(m.SendLinkPressed(), *(m.LinkDigitTyped(digit) for digit in digits))


def send(shop: Bench, digits: str = NUMBER) -> Bench:
    return type_number(shop, digits).send(m.LinkConfirmed())


def answer(shop: Bench, gateway: Gateway, outcome: SendOutcome) -> Bench:
    return shop.send(LinkSent(send_id=gateway.orders[-1].send_id, outcome=outcome))


def thanks(shop: Bench) -> ThanksView:
    assert shop.view.thanks is not None, shop.view.screen
    return shop.view.thanks


def keys(shop: Bench) -> SendLinkView:
    assert shop.view.send_link is not None, shop.view.screen
    return shop.view.send_link


def test_the_link_that_stands_on_the_glass_is_what_is_sent(shop: Bench, gateway: Gateway) -> None:
    code = thanks(shop).phone_code
    assert thanks(shop).can_send
    send(shop)
    (order,) = gateway.orders
    assert order.address == NUMBER
    assert order.text == f"Kvitteringen din fra Nærmat Torshov: {code}"
    assert (shop.view.screen, thanks(shop).send) == (Screen.THANKS, SendStep.SENDING)
    answer(shop, gateway, SendOutcome.SENT)
    assert (thanks(shop).send, thanks(shop).can_send) == (SendStep.SENT, False)
    assert thanks(shop).phone_code == code


def test_the_screen_masks_what_is_typed_and_waits_for_eight_digits(shop: Bench) -> None:
    type_number(shop, NUMBER[:7]).send(m.LinkConfirmed())
    assert keys(shop) == SendLinkView(typed="••• •• 56")
    shop.send(m.LinkDigitTyped("\b"), m.LinkDigitTyped("6"), m.LinkDigitTyped("7"))
    assert keys(shop) == SendLinkView(typed="••• •• •67", can_confirm=True)


def test_the_number_is_gone_from_the_kiosk_once_it_is_handed_over(
    shop: Bench, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        send(shop)
        answer(shop, gateway, SendOutcome.SENT)
        shop.send(m.DonePressed())
    assert NUMBER not in str(shop.engine._till.session.link)
    assert NUMBER not in caplog.text
    assert not any(NUMBER in repr(event) for event in shop.record())
    assert not any(NUMBER in repr(view) for view in shop.published)
    shop.journal.close()
    for file in shop.folder.iterdir():
        assert NUMBER.encode() not in file.read_bytes(), file.name


def test_the_record_says_electronic_once_whatever_way_it_went(
    shop: Bench, gateway: Gateway
) -> None:
    before = shop.record()
    send(shop)
    answer(shop, gateway, SendOutcome.SENT)
    assert shop.record() == before
    (said,) = [one for one in before if isinstance(one, ReceiptAnswered)]
    assert said.choice is ReceiptChoice.PHONE


@pytest.mark.parametrize("outcome", [SendOutcome.FAILED, SendOutcome.TOO_MANY])
def test_what_was_not_sent_is_told_and_paper_is_the_one_copy(
    shop: Bench, gateway: Gateway, outcome: SendOutcome
) -> None:
    send(shop)
    answer(shop, gateway, outcome)
    assert (thanks(shop).send, thanks(shop).can_send) == (SendStep.FAILED, False)
    shop.take_receipt(ReceiptChoice.PAPER)
    (paper,) = [one for one in shop.record() if isinstance(one, PrintStarted)]
    assert paper.copy
    assert thanks(shop).phone_code == ""


def test_paper_is_not_had_beside_a_link_that_went_out(shop: Bench, gateway: Gateway) -> None:
    send(shop)
    shop.take_receipt(ReceiptChoice.PAPER)
    answer(shop, gateway, SendOutcome.SENT)
    shop.take_receipt(ReceiptChoice.PAPER)
    assert not any(isinstance(one, PrintStarted) for one in shop.record())


def test_a_gateway_that_takes_nothing_is_a_failure(shop: Bench, gateway: Gateway) -> None:
    gateway.takes = False
    send(shop)
    assert thanks(shop).send is SendStep.FAILED


def test_a_wrong_number_may_be_typed_again_but_not_for_ever(shop: Bench, gateway: Gateway) -> None:
    for _ in range(TRIES_MAX - 1):
        send(shop, "12345678")
        answer(shop, gateway, SendOutcome.BAD_ADDRESS)
        assert keys(shop) == SendLinkView(bad=True)
        shop.send(m.BackPressed())
    send(shop, "12345678")
    answer(shop, gateway, SendOutcome.BAD_ADDRESS)
    assert thanks(shop).send is SendStep.FAILED
    send(shop)
    assert len(gateway.orders) == TRIES_MAX


def test_the_way_back_forgets_the_digits(shop: Bench) -> None:
    type_number(shop).send(m.BackPressed())
    assert shop.view.screen is Screen.THANKS
    shop.send(m.SendLinkPressed())
    assert keys(shop) == SendLinkView()


def test_who_walks_away_from_the_keys_leaves_nothing_to_the_next(
    shop: Bench, gateway: Gateway
) -> None:
    type_number(shop).wait(59)
    assert shop.view.screen is Screen.SEND_LINK
    shop.wait(2)
    assert shop.view.screen is Screen.START
    assert shop.engine._till.session.link is None
    assert not gateway.orders


def test_an_answer_about_the_last_shopper_says_nothing_to_the_next(
    shop: Bench, gateway: Gateway
) -> None:
    send(shop).send(m.DonePressed())
    shop.scan(MILK).pay_by_card().take_receipt(ReceiptChoice.PHONE)
    answer(shop, gateway, SendOutcome.FAILED)
    assert (thanks(shop).send, thanks(shop).can_send) == (SendStep.KEYS, True)


def test_a_power_cut_while_typing_shows_the_code_and_no_digit(shop: Bench) -> None:
    type_number(shop)
    shop.restart()
    with_links(shop)
    shop.wait(1)
    assert shop.view.screen is Screen.THANKS
    assert shop.engine._till.session.link is None


def test_english_hears_english(bench: Bench, gateway: Gateway) -> None:
    with_links(bench)
    bench.engine._till.gateway = gateway
    bench.send(m.LanguageChosen("en"))
    bench.scan(MILK).pay_by_card().take_receipt(ReceiptChoice.PHONE)
    send(bench)
    assert gateway.orders[0].text.startswith("Your receipt from Nærmat Torshov: https://")


@pytest.mark.parametrize("choice", [ReceiptChoice.PAPER, ReceiptChoice.NONE])
def test_without_the_phone_there_is_nothing_to_send(
    bench: Bench, gateway: Gateway, choice: ReceiptChoice
) -> None:
    bench.engine._till.gateway = gateway
    bench.scan(MILK).pay_by_card().take_receipt(choice)
    assert not thanks(bench).can_send
    send(bench)
    assert not gateway.orders


def test_without_a_gateway_nothing_is_offered_and_a_stray_touch_does_nothing(bench: Bench) -> None:
    with_links(bench)
    bench.scan(MILK).pay_by_card().take_receipt(ReceiptChoice.PHONE)
    assert not thanks(bench).can_send
    before = bench.view
    send(bench)
    assert replace(bench.view, seq=before.seq, thanks=before.thanks) == before


def test_over_the_real_wire_the_gateway_hears_the_number_and_the_link(
    bench: Bench, tmp_path: Path
) -> None:
    far_end, answers = SmsGatewaySim("secret"), queue.Queue[LinkSent]()
    key = tmp_path / "gateway-key"
    key.touch(mode=0o600)
    key.write_text("secret", encoding="utf-8")
    sender = LinkSender(SmsRoute(SmsOptions(url=far_end.url, sender="Naermat", key=str(key))))
    sender.start(answers.put)
    try:
        with_links(bench)
        bench.engine._till.gateway = sender
        bench.scan(MILK).pay_by_card().take_receipt(ReceiptChoice.PHONE)
        send(bench).send(answers.get(timeout=20))
        assert thanks(bench).send is SendStep.SENT
        (message,) = far_end.messages
        assert message.to == f"+47{NUMBER}"
        assert message.text.endswith(thanks(bench).phone_code)
    finally:
        sender.stop()
        far_end.stop()
