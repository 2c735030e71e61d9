"""Bags, pay, terminal, unknown result, receipt and thanks, with real touches."""

from dataclasses import replace

import pytest

from drivers.contracts import TerminalStep
from kiosk.engine.messages import (
    AbortPaymentPressed,
    BackPressed,
    BagPressed,
    BagsConfirmed,
    DonePressed,
    HelpPressed,
    Intent,
    MethodChosen,
    ReceiptChosen,
)
from kiosk.engine.view import Notice, Settings, View
from kiosk.sale.events import Method, ReceiptChoice
from kiosk.ui.samples_more import BAGS, METHODS, MORE, PAY, RECEIPT, TERMINAL, THANKS
from kiosk.ui.widgets import PrimaryButton
from kiosk.ui.widgets.drawings import QUIET, ArrowDisc, Illustration, QrCard, qr_rows, runs
from kiosk.ui.widgets.paying import MethodTile
from tests.ui.harness import Harness

TOUCHES: list[tuple[View, str, Intent]] = [
    (BAGS, "plus-901", BagPressed("901", 1)),
    (MORE["bags_chosen"], "minus-901", BagPressed("901", 1)),
    (BAGS, "onward", BagsConfirmed()),
    (BAGS, "back", BackPressed()),
    (PAY, "card", MethodChosen(Method.CARD)),
    (PAY, "gift_card", MethodChosen(Method.GIFT_CARD)),
    (PAY, "back", BackPressed()),
    (PAY, "help", HelpPressed()),
    (TERMINAL, "abort", AbortPaymentPressed()),
    (RECEIPT, "paper", ReceiptChosen(ReceiptChoice.PAPER)),
    (RECEIPT, "phone", ReceiptChosen(ReceiptChoice.PHONE)),
    (RECEIPT, "none", ReceiptChosen(ReceiptChoice.NONE)),
    (THANKS, "done", DonePressed()),
    (MORE["thanks_no_receipt"], "print", ReceiptChosen(ReceiptChoice.PAPER)),
]


@pytest.mark.parametrize(("view", "name", "intent"), TOUCHES)
def test_a_touch_sends_its_intent_and_nothing_else(
    kiosk: Harness, view: View, name: str, intent: Intent
) -> None:
    kiosk.show(view)
    kiosk.press(name)
    assert kiosk.sent == [intent]


def test_no_bag_cannot_become_fewer(kiosk: Harness) -> None:
    kiosk.show(BAGS)
    kiosk.press("minus-901")
    assert BagPressed("901", -1) not in kiosk.sent
    assert not [intent for intent in kiosk.sent if isinstance(intent, BagPressed)]


def yellow(kiosk: Harness) -> list[str]:
    return [
        part.name
        for part in kiosk.screen.parts()
        if isinstance(part, PrimaryButton) and not part.waiting
    ]


@pytest.mark.parametrize("view", [PAY, RECEIPT])
def test_where_the_choice_is_the_shoppers_own_no_answer_is_yellow(
    kiosk: Harness, view: View
) -> None:
    kiosk.show(view)
    assert yellow(kiosk) == []


def test_a_method_that_cannot_be_used_still_stands_in_its_place(kiosk: Harness) -> None:
    kiosk.show(PAY)
    before = {tile.name: tile.box for tile in tiles(kiosk)}
    none_left = tuple(replace(method, unavailable=METHODS[-1].unavailable) for method in METHODS)
    kiosk.show(replace(PAY, methods=none_left))
    assert {tile.name: tile.box for tile in tiles(kiosk)} == before
    assert not any(tile.available for tile in tiles(kiosk))


def tiles(kiosk: Harness) -> list[MethodTile]:
    return [part for part in kiosk.screen.parts() if isinstance(part, MethodTile)]


def test_with_one_way_to_pay_the_counter_is_lower_and_the_tile_is_there(kiosk: Harness) -> None:
    kiosk.show(PAY)
    assert len(tiles(kiosk)) == 5
    kiosk.show(MORE["pay_card_only"])
    assert [tile.name for tile in tiles(kiosk)] == ["card"]
    kiosk.press("card")
    assert kiosk.sent == [MethodChosen(Method.CARD)]


def test_a_refusal_takes_the_questions_place_and_leaves_again(kiosk: Harness) -> None:
    kiosk.show(replace(PAY, notice=Notice.DECLINED))
    assert "Ikke godkjent. Ingenting er trukket." in kiosk.words()
    kiosk.show(PAY)
    assert "Hvordan vil du betale?" in kiosk.words()
    assert "Ikke godkjent. Ingenting er trukket." not in kiosk.words()


def test_each_step_of_the_terminal_is_shown_as_it_comes(kiosk: Harness) -> None:
    for step, title, state in (
        (TerminalStep.PRESENT_CARD, "Hold kortet mot terminalen", "Venter på kort"),
        (TerminalStep.ENTER_PIN, "Tast PIN på terminalen", "Tast PIN"),
        (TerminalStep.REMOVE_CARD, "Ta kortet ut av terminalen", "Ta ut kortet"),
    ):
        assert TERMINAL.terminal is not None
        kiosk.show(replace(TERMINAL, terminal=replace(TERMINAL.terminal, step=step)))
        assert title in kiosk.words()
        assert state in kiosk.words()


@pytest.mark.parametrize("direction", ["right", "left", "down"])
def test_the_arrow_points_to_the_terminal(kiosk: Harness, direction: str) -> None:
    assert TERMINAL.terminal is not None
    view = replace(TERMINAL, terminal=replace(TERMINAL.terminal, direction=direction))
    discs = [part for part in kiosk.show(view).parts() if isinstance(part, ArrowDisc)]
    assert [disc.sign for disc in discs] == [f"arrow-{direction}"]


def test_an_abort_that_was_pressed_cannot_be_pressed_again(kiosk: Harness) -> None:
    kiosk.show(MORE["terminal_aborting"])
    kiosk.press("abort")
    assert AbortPaymentPressed() not in kiosk.sent


def test_an_unknown_result_has_nothing_to_press_but_help_and_the_strip(kiosk: Harness) -> None:
    kiosk.show(MORE["in_doubt"])
    assert kiosk.names() == {"help", "language", "adjust", "staff"}
    assert "K3F9" in kiosk.words()


def test_the_countdown_of_the_receipt_steps_without_laying_out_anew(kiosk: Harness) -> None:
    screen = kiosk.show(RECEIPT)
    paper = kiosk.button("paper")
    assert RECEIPT.receipt is not None
    kiosk.show(replace(RECEIPT, receipt=replace(RECEIPT.receipt, seconds_left=17)))
    assert kiosk.screen is screen
    assert kiosk.button("paper") is paper
    assert "Uten svar skriver vi ut om 17 sekunder." in kiosk.words()


def test_the_phones_receipt_is_a_code_in_the_bags_place(kiosk: Harness) -> None:
    parts = kiosk.show(MORE["thanks_phone"]).parts()
    codes = [part for part in parts if isinstance(part, QrCard)]
    assert [code.data for code in codes] == [MORE["thanks_phone"].thanks.phone_code]  # type: ignore[union-attr]
    assert not [part for part in parts if isinstance(part, Illustration)]


def test_high_contrast_has_its_own_drawings(kiosk: Harness) -> None:
    screen = kiosk.show(TERMINAL, Settings(high_contrast=True))
    names = [part.name for part in screen.parts() if isinstance(part, Illustration)]
    assert names == ["terminal-contrast"]


# The QR code


def test_the_code_has_its_three_eyes_and_no_quiet_zone_of_its_own() -> None:
    rows = qr_rows("https://kvittering.example/r/1")
    eye = [
        (True,) * 7,
        (True, *(False,) * 5, True),
        (True, False, True, True, True, False, True),
    ]
    assert [row[:7] for row in rows[:3]] == eye
    assert [row[-7:] for row in rows[:3]] == eye
    assert rows[-1][:7] == (True,) * 7
    assert QUIET == 4


def test_runs_cover_each_dark_module_once() -> None:
    row = (True, True, False, True, False, False, True)
    assert runs(row) == [(0, 2), (3, 1), (6, 1)]
    covered = [index for start, length in runs(row) for index in range(start, start + length)]
    assert covered == [index for index, dark in enumerate(row) if dark]
