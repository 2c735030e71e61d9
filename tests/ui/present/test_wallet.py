"""Presenters of paying by phone: which words stand for which step, and what may be pressed."""

from dataclasses import replace

import pytest

from drivers.contracts import WalletProblem, WalletStep
from kiosk.engine.view import Screen
from kiosk.ui.i18n import languages, translator
from kiosk.ui.present.start import present_start
from kiosk.ui.present.wallet import STORIES, Other, present_wallet, time_left
from kiosk.ui.present.wallet_keys import PROBLEMS, Leave, present_wallet_keys
from kiosk.ui.samples_wallet import WALLET_SAMPLES

NB = translator("nb")


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("name", [name for name in WALLET_SAMPLES if name.startswith("wallet")])
def test_every_step_has_words_in_every_language(code: str, name: str) -> None:
    view, words = WALLET_SAMPLES[name], translator(code)
    of_keys = view.screen is Screen.WALLET_KEYS
    model = present_wallet_keys(view, words) if of_keys else present_wallet(view, words)
    assert model.title
    assert "{" not in repr(model)


def test_every_step_and_problem_has_a_sentence() -> None:
    assert set(STORIES) == {None, *WalletStep}
    assert set(PROBLEMS) == set(WalletProblem) - {WalletProblem.NONE}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(600, "10 min 00 s"), (272, "4 min 32 s"), (60, "1 min 00 s"), (59, "59 s"), (1, "1 s")],
)
def test_the_time_that_is_left_is_told_in_words(seconds: int, words: str) -> None:
    assert time_left(seconds, NB).replace("\u00a0", " ") == words


def test_a_code_is_drawn_only_while_it_can_be_scanned() -> None:
    drawn = {
        name
        for name, view in WALLET_SAMPLES.items()
        if view.screen is Screen.WALLET and present_wallet(view, NB).code
    }
    assert drawn == {
        "wallet_vipps",
        "wallet_vipps_last_seconds",
        "wallet_klarna",
        "wallet_klarna_opened",
    }


def test_the_second_choice_is_the_one_that_the_wallet_takes_now() -> None:
    def other(name: str) -> Other | None:
        return present_wallet(WALLET_SAMPLES[name], NB).other

    assert other("wallet_vipps") is Other.PHONE
    assert other("wallet_vipps_last_seconds") is None
    assert other("wallet_push_code_again") is Other.SCAN
    assert other("wallet_aborting") is None


def test_nothing_is_shown_as_the_next_step_where_one_only_waits() -> None:
    for name in ("wallet_working", "wallet_no_answer", "wallet_aborting", "wallet_giving_back"):
        model = present_wallet(WALLET_SAMPLES[name], NB)
        assert (model.asks, model.confirm, model.steps) == (False, "", ())


def test_silence_forbids_paying_again_and_stopping_stays_possible() -> None:
    model = present_wallet(WALLET_SAMPLES["wallet_no_answer"], NB)
    assert "Ikke betal på nytt" in model.title
    assert model.stop.enabled


def test_the_way_out_of_the_keys_is_the_code_where_there_is_one() -> None:
    assert present_wallet_keys(WALLET_SAMPLES["wallet_keys_push"], NB).leave is Leave.BACK
    assert present_wallet_keys(WALLET_SAMPLES["wallet_keys_strex"], NB).leave is Leave.STOP


def test_a_wrong_code_says_how_many_tries_are_left() -> None:
    wrong = present_wallet_keys(WALLET_SAMPLES["wallet_keys_code_wrong"], NB).banner
    last = present_wallet_keys(WALLET_SAMPLES["wallet_keys_code_last"], NB).banner
    assert wrong is not None
    assert last is not None
    assert wrong.text.endswith("2 forsøk igjen.")
    assert last.text.endswith("Siste forsøk.")


def test_what_is_down_is_said_before_the_first_scan_and_not_offered() -> None:
    model = present_start(WALLET_SAMPLES["start_vipps_down"], NB)
    assert model.methods == "Kort, Klarna eller Strex under 500 kr."
    assert model.notice is not None
    assert model.notice.text == "Vipps virker ikke akkurat nå."


def test_a_kiosk_with_test_money_says_so_in_its_bar() -> None:
    view = replace(WALLET_SAMPLES["start_vipps_down"], test_money=True)
    assert present_start(view, NB).frame.till == "TEST · Kasse 3"
