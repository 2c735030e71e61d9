"""The steps of paying by phone: a code to scan, a number and a code to type."""

from drivers.contracts import WalletProblem, WalletStep
from kiosk.engine import messages as m
from kiosk.engine.view import Keys, Screen
from kiosk.sale.events import Method
from tests.engine.bench import Bench
from tests.engine.wallet_shop import (
    NUMBER,
    choose,
    shown,
    type_digits,
    wallet,
)
from tests.engine.wallets import LIFE_NS, LINK


def test_the_code_stands_on_the_screen_with_the_time_that_is_left(shop: Bench) -> None:
    choose(shop, Method.VIPPS)
    vipps = wallet(shop)
    vipps.show(
        WalletStep.SCAN_QR, qr_text=LINK, can_push=True,
        expires_monotonic_ns=shop.clock.monotonic_ns() + LIFE_NS,
    )  # fmt: skip
    shop.pump()
    assert shop.view.screen is Screen.WALLET
    assert (shown(shop).qr_text, shown(shop).seconds_left) == (LINK, 600)
    shop.wait(328)
    assert shown(shop).seconds_left == 272
    assert LINK not in repr(shop.view)
    assert LINK not in repr(shop.engine._till.session)


def test_nobody_is_asked_whether_they_are_there_while_a_wallet_waits(shop: Bench) -> None:
    choose(shop, Method.VIPPS)
    wallet(shop).show(
        WalletStep.SCAN_QR, qr_text=LINK, can_push=True,
        expires_monotonic_ns=shop.clock.monotonic_ns() + LIFE_NS,
    )  # fmt: skip
    shop.pump()
    shop.wait(629)
    assert shop.view.screen is Screen.WALLET
    assert shop.view.overlay == "none"
    assert wallet(shop).running is not None
    assert "PaymentAbortRequested" not in shop.kinds()


def test_a_wallet_that_says_nothing_at_all_is_asked_after_its_own_time_outs(shop: Bench) -> None:
    choose(shop, Method.VIPPS)
    shop.wait(899)
    assert shop.view.screen is Screen.WALLET
    shop.wait(5)
    assert wallet(shop).asks == 1


def test_each_word_of_a_wallet_gives_it_its_time_again(shop: Bench) -> None:
    choose(shop, Method.STREX)
    strex = wallet(shop, Method.STREX)
    for _ in range(3):
        shop.wait(600)
        strex.show(WalletStep.ENTER_PHONE)
        shop.pump()
    assert strex.asks == 0
    assert shop.view.screen is Screen.WALLET_KEYS


def test_a_number_can_be_typed_in_place_of_the_scan(shop: Bench) -> None:
    choose(shop, Method.VIPPS).send(m.WalletPhonePressed())
    assert shop.view.screen is Screen.WALLET_KEYS
    assert shown(shop).keys is Keys.PHONE
    type_digits(shop, NUMBER)
    assert shown(shop).typed == "••• •• •67"
    shop.send(m.WalletConfirmed())
    assert wallet(shop).typed() == [("phone", NUMBER)]
    assert shown(shop).step is WalletStep.WORKING
    wallet(shop).show(WalletStep.PUSH_SENT, masked_phone="••• •• •67", can_push=True)
    shop.pump()
    assert (shop.view.screen, shown(shop).masked_phone) == (Screen.WALLET, "••• •• •67")


def test_back_from_the_number_shows_the_code_again(shop: Bench) -> None:
    choose(shop, Method.VIPPS).send(m.WalletPhonePressed())
    type_digits(shop, "912").send(m.BackPressed())
    assert (shop.view.screen, shown(shop).qr_text) == (Screen.WALLET, LINK)
    shop.send(m.WalletPhonePressed())
    assert shown(shop).typed == ""


def test_a_wrong_number_is_asked_for_again_and_says_so(shop: Bench) -> None:
    choose(shop, Method.VIPPS).send(m.WalletPhonePressed())
    type_digits(shop, "22222222").send(m.WalletConfirmed())
    vipps = wallet(shop)
    vipps.show(
        WalletStep.SCAN_QR, qr_text=LINK, can_push=True, problem=WalletProblem.BAD_PHONE
    )  # fmt: skip
    shop.pump()
    assert shop.view.screen is Screen.WALLET_KEYS
    assert (shown(shop).problem, shown(shop).typed) == (WalletProblem.BAD_PHONE, "")


def test_the_code_can_be_shown_again_when_the_push_does_not_arrive(shop: Bench) -> None:
    choose(shop, Method.VIPPS)
    vipps = wallet(shop)
    vipps.show(WalletStep.PUSH_SENT, masked_phone="••• •• •67", can_push=True)
    shop.pump()
    shop.send(m.WalletScanPressed())
    assert vipps.typed() == []
    vipps.show(WalletStep.PUSH_SENT, masked_phone="••• •• •67", can_push=True, can_scan=True)
    shop.pump()
    shop.send(m.WalletScanPressed())
    assert vipps.typed() == [("scan", "")]


def test_too_few_digits_are_not_handed_over_and_too_many_not_taken(shop: Bench) -> None:
    choose(shop, Method.STREX)
    type_digits(shop, "9123456").send(m.WalletConfirmed())
    assert wallet(shop, Method.STREX).typed() == []
    assert not shown(shop).can_confirm
    type_digits(shop, "7" * 20).send(m.WalletConfirmed())
    assert wallet(shop, Method.STREX).typed() == [("phone", "912345677777")]


def test_letters_and_deleting_leave_only_digits(shop: Bench) -> None:
    choose(shop, Method.STREX)
    type_digits(shop, "9x1\b2+").send(m.WalletConfirmed())
    assert shown(shop).typed == "92"


def test_a_number_is_confirmed_and_its_code_typed(shop: Bench) -> None:
    choose(shop, Method.STREX)
    strex = wallet(shop, Method.STREX)
    assert (shop.view.screen, shown(shop).keys) == (Screen.WALLET_KEYS, Keys.PHONE)
    type_digits(shop, NUMBER).send(m.WalletConfirmed())
    strex.show(WalletStep.CONFIRM_PHONE, masked_phone="••• •• •67")
    shop.pump()
    assert shop.view.screen is Screen.WALLET
    shop.send(m.WalletConfirmed())
    strex.show(WalletStep.ENTER_CODE, masked_phone="••• •• •67", tries_left=3)
    shop.pump()
    assert (shop.view.screen, shown(shop).keys) == (Screen.WALLET_KEYS, Keys.CODE)
    type_digits(shop, "1234")
    assert shown(shop).typed == "1234"
    shop.send(m.WalletConfirmed())
    assert strex.typed() == [("phone", NUMBER), ("confirm", ""), ("code", "1234")]


def test_a_number_that_is_not_mine_is_taken_back(shop: Bench) -> None:
    choose(shop, Method.STREX)
    strex = wallet(shop, Method.STREX)
    for step in (WalletStep.CONFIRM_PHONE, WalletStep.ENTER_CODE):
        strex.show(step, masked_phone="••• •• •67")
        shop.pump()
        shop.send(m.WalletPhonePressed())
    assert strex.typed() == [("phone", ""), ("phone", "")]


def test_a_wrong_code_is_asked_for_again_with_the_tries_that_are_left(shop: Bench) -> None:
    choose(shop, Method.STREX)
    strex = wallet(shop, Method.STREX)
    strex.show(WalletStep.ENTER_CODE, tries_left=3)
    shop.pump()
    type_digits(shop, "9999").send(m.WalletConfirmed())
    strex.show(WalletStep.ENTER_CODE, tries_left=2, problem=WalletProblem.WRONG_CODE)
    shop.pump()
    view = shown(shop)
    assert (view.problem, view.tries_left, view.typed) == (WalletProblem.WRONG_CODE, 2, "")
    assert shop.view.tone == "refused"


def test_confirming_twice_hands_over_once(shop: Bench) -> None:
    choose(shop, Method.STREX)
    type_digits(shop, NUMBER).send(m.WalletConfirmed(), m.WalletConfirmed(), m.WalletConfirmed())
    assert wallet(shop, Method.STREX).typed() == [("phone", NUMBER)]
