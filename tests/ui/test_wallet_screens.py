"""The wallet's screens, with real touches: every button sends what it says, and nothing else."""

from dataclasses import replace

import pytest

from kiosk.engine.messages import (
    AbortPaymentPressed,
    BackPressed,
    Intent,
    WalletConfirmed,
    WalletDigitTyped,
    WalletPhonePressed,
    WalletScanPressed,
)
from kiosk.engine.view import View
from kiosk.ui.samples_wallet import LINK, WALLET_SAMPLES
from kiosk.ui.units import UNITS_PER_MM
from kiosk.ui.widgets.drawings import QUIET, qr_rows
from kiosk.ui.widgets.wallet import FRAME, WalletCode
from tests.ui.harness import Harness

VIPPS = WALLET_SAMPLES["wallet_vipps"]
TOUCHES: list[tuple[str, str, Intent]] = [
    ("wallet_vipps", "other", WalletPhonePressed()),
    ("wallet_vipps", "stop", AbortPaymentPressed()),
    ("wallet_push", "other", WalletPhonePressed()),
    ("wallet_push_code_again", "other", WalletScanPressed()),
    ("wallet_confirm", "confirm", WalletConfirmed()),
    ("wallet_confirm", "other", WalletPhonePressed()),
    ("wallet_no_answer", "stop", AbortPaymentPressed()),
    ("wallet_keys_push", "leave", BackPressed()),
    ("wallet_keys_strex", "leave", AbortPaymentPressed()),
    ("wallet_keys_strex", "key-7", WalletDigitTyped("7")),
    ("wallet_keys_strex", "delete", WalletDigitTyped("\b")),
    ("wallet_keys_strex", "confirm", WalletConfirmed()),
    ("wallet_keys_code", "other", WalletPhonePressed()),
]


@pytest.mark.parametrize(("sample", "name", "intent"), TOUCHES)
def test_a_touch_sends_its_intent_and_nothing_else(
    kiosk: Harness, sample: str, name: str, intent: Intent
) -> None:
    kiosk.show(WALLET_SAMPLES[sample])
    kiosk.press(name)
    assert kiosk.sent == [intent]


@pytest.mark.parametrize("sample", ["wallet_working", "wallet_aborting", "wallet_giving_back"])
def test_what_cannot_be_stopped_any_more_is_not_offered(kiosk: Harness, sample: str) -> None:
    kiosk.show(WALLET_SAMPLES[sample])
    kiosk.press("stop")
    assert AbortPaymentPressed() not in kiosk.sent


def test_the_same_key_twice_is_two_digits(kiosk: Harness) -> None:
    kiosk.show(WALLET_SAMPLES["wallet_keys_strex"])
    kiosk.press("key-1")
    kiosk.press("key-1")
    assert kiosk.sent == [WalletDigitTyped("1"), WalletDigitTyped("1")]


def test_the_code_is_130_mm_with_its_quiet_zone_and_gone_with_its_step(kiosk: Harness) -> None:
    screen = kiosk.show(VIPPS)
    (code,) = [part for part in screen.parts() if isinstance(part, WalletCode)]
    assert code.data == LINK
    modules = len(qr_rows(LINK))
    side_mm = (code.box.height - 2 * FRAME) * modules / (modules + 2 * QUIET) / UNITS_PER_MM
    assert 120 <= side_mm <= 135
    screen = kiosk.show(WALLET_SAMPLES["wallet_push"])
    assert not [part for part in screen.parts() if isinstance(part, WalletCode)]


def test_the_seconds_run_without_the_screen_being_built_again(kiosk: Harness) -> None:
    first = kiosk.show(VIPPS)
    parts = first.parts()
    second = kiosk.show(with_seconds(VIPPS, 271))
    assert second.parts() == parts
    assert any("4 min 31 s" in text.replace("\u00a0", " ") for text in kiosk.words())


def with_seconds(view: View, seconds: int) -> View:
    assert view.wallet is not None
    return replace(view, wallet=replace(view.wallet, seconds_left=seconds))
