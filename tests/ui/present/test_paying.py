"""Presenters of paying and the end of a visit."""

from dataclasses import replace

import pytest

from drivers.contracts import TerminalStep
from kiosk.engine.view import (
    MethodView,
    Notice,
    ReceiptView,
    TerminalView,
    ThanksView,
    Unavailable,
    View,
)
from kiosk.sale.events import Method, ReceiptChoice
from kiosk.ui.i18n import languages, translator
from kiosk.ui.present import (
    present_bags,
    present_in_doubt,
    present_pay,
    present_receipt,
    present_terminal,
    present_thanks,
)
from kiosk.ui.present.parts import BannerModel
from kiosk.ui.samples_more import BAGS, PAY, RECEIPT, THANKS

NB, NN, EN = (translator(code) for code in ("nb", "nn", "en"))


# Bags


def test_no_bag_is_chosen_beforehand_and_going_on_without_is_one_press() -> None:
    model = present_bags(BAGS, NB)
    assert [bag.quantity for bag in model.bags] == [0, 0]
    assert model.onward.text == "Betal uten pose"
    assert model.onward.enabled


def test_with_a_bag_the_same_button_leads_on() -> None:
    bags = (replace(BAGS.bags[0], quantity=2), BAGS.bags[1])
    assert present_bags(replace(BAGS, bags=bags), NB).onward.text == "Videre til betaling"


def test_there_are_never_fewer_bags_than_none() -> None:
    bag = present_bags(BAGS, NB).bags[0]
    assert (bag.fewer, bag.more) == (0, 1)


def test_a_bag_has_its_price() -> None:
    assert present_bags(BAGS, NB).bags[0].tile.price == "4,50 kr/stk"


# Pay


def test_what_cannot_be_used_stays_in_its_place_and_says_why() -> None:
    methods = present_pay(PAY, NB).methods
    assert [method.method for method in methods] == [view.method for view in PAY.methods]
    strex = methods[-1]
    assert (strex.available, strex.detail) == (False, "Bare for kjøp under 200 kr")


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("unavailable", list(Unavailable))
def test_every_method_has_words_whether_it_can_be_used_or_not(
    unavailable: Unavailable, method: Method, code: str
) -> None:
    view = View(methods=(MethodView(method=method, unavailable=unavailable, limit_minor=50000),))
    shown = present_pay(view, translator(code)).methods[0]
    assert shown.available == (unavailable is Unavailable.NONE)
    assert shown.name
    assert shown.detail
    assert shown.sign
    assert "{" not in shown.detail


def test_the_deposit_is_told_only_where_there_is_one() -> None:
    assert present_pay(PAY, NB).items == "9 varer · pant 6,00"
    without = replace(PAY, totals=replace(PAY.totals, deposit_minor=0))
    assert present_pay(without, NB).items == "9 varer"


def test_a_refusal_says_that_nothing_was_taken() -> None:
    slot = present_pay(replace(PAY, notice=Notice.DECLINED), NB).slot
    assert isinstance(slot, BannerModel)
    assert slot.text == "Ikke godkjent. Ingenting er trukket."


# Terminal


def terminal(code: str = "nb", **more):  # type: ignore[no-untyped-def]
    view = View(terminal=TerminalView(**{"amount_minor": 21395, **more}))
    return present_terminal(view, translator(code))


def test_the_sentence_says_what_to_do_and_the_card_what_the_terminal_says() -> None:
    model = terminal(step=TerminalStep.PRESENT_CARD)
    assert model.title == "Hold kortet mot terminalen"
    assert model.state_label == "På terminalen til høyre står det"
    assert model.state == "Venter på kort"
    assert model.hint == "Mobil og klokke går også. Tast PIN hvis terminalen ber om det."


def test_the_terminals_own_words_come_before_ours() -> None:
    assert terminal(step=TerminalStep.ENTER_PIN, text="TAST PIN + OK").state == "TAST PIN + OK"


def test_a_silent_terminal_is_not_given_words() -> None:
    model = terminal()
    assert model.state_label == "Terminalen til høyre"
    assert model.state == "Har ikke svart ennå"


@pytest.mark.parametrize(
    ("direction", "arrow", "label"),
    [
        ("right", "arrow-right", "til høyre"),
        ("left", "arrow-left", "til venstre"),
        ("down", "arrow-down", "under skjermen"),
    ],
)
def test_the_arrow_and_the_words_point_the_same_way(direction: str, arrow: str, label: str) -> None:
    model = terminal(step=TerminalStep.BUSY, direction=direction)
    assert model.arrow == arrow
    assert label in model.state_label


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("step", [None, *TerminalStep])
def test_every_step_has_a_title_a_state_and_a_sign(step: TerminalStep | None, code: str) -> None:
    model = terminal(code, step=step)
    assert model.title
    assert model.state
    assert model.state_sign


def test_the_hint_goes_when_the_card_is_there() -> None:
    assert terminal(step=TerminalStep.ENTER_PIN).hint == ""


def test_an_abort_waits_for_the_terminal_and_cannot_be_pressed_again() -> None:
    model = terminal(step=TerminalStep.PRESENT_CARD, aborting=True)
    assert (model.abort.enabled, model.abort.text) == (False, "Venter på terminalen")
    assert model.title == "Vi avbryter betalingen"


# Result unknown


def test_an_unknown_result_forbids_paying_again() -> None:
    title = present_in_doubt(View(), NB).title
    assert title == "Vi vet ikke om betalingen gikk gjennom. Ikke betal på nytt."


def test_staffs_code_is_shown_when_there_is_one() -> None:
    model = present_in_doubt(View(doubt_code="K3F9"), NB)
    assert (model.code_label, model.code) == ("Kode til medarbeideren", "K3F9")


# Receipt


def receipt(**more):  # type: ignore[no-untyped-def]
    values = {"amount_minor": 21395, "method": Method.CARD, "last_four": "4417", "seconds_left": 18}
    return present_receipt(View(receipt=ReceiptView(**{**values, **more})), NB)


def test_the_question_tells_what_was_paid_and_how() -> None:
    assert receipt().paid == "213,95 kr · kort som slutter på 4417"
    assert receipt(method=Method.VIPPS, last_four="").paid == "213,95 kr · Vipps"
    assert receipt(last_four="").paid == "213,95 kr · Kort"


def test_silence_prints_and_the_screen_says_so() -> None:
    assert receipt().silence == "Uten svar skriver vi ut om 18 sekunder."
    assert receipt(seconds_left=1).silence == "Uten svar skriver vi ut om 1 sekund."


def test_without_paper_the_answer_stays_and_says_why() -> None:
    model = receipt(paper=False)
    paper = model.answers[0]
    assert (paper.available, paper.detail) == (False, "Det er tomt for papir nå")
    assert model.silence == ""


def test_phone_and_no_are_offered_where_the_shop_has_them() -> None:
    choices = [answer.choice for answer in present_receipt(RECEIPT, NB).answers]
    assert choices == [ReceiptChoice.PAPER, ReceiptChoice.PHONE, ReceiptChoice.NONE]
    only = receipt(may_decline=False).answers
    assert [answer.choice for answer in only] == [ReceiptChoice.PAPER]


# Thanks


def test_what_is_easily_forgotten_stands_in_order_of_loss() -> None:
    assert [reminder.text for reminder in present_thanks(THANKS, NB).reminders] == [
        "Husk alle varene",
        "Husk kortet",
        "Kvitteringen ligger under skjermen",
    ]


def thanks(**more):  # type: ignore[no-untyped-def]
    return present_thanks(View(thanks=ThanksView(**{"saved_minor": 0, "choice": None, **more})), NB)


def test_a_receipt_that_is_still_printing_is_not_said_to_lie_there() -> None:
    assert thanks(printing=True).reminders[-1].text == "Kvitteringen kommer under skjermen"


def test_no_thanks_can_be_changed() -> None:
    model = thanks(choice=ReceiptChoice.NONE)
    assert model.print_anyway == "Skriv ut kvittering likevel"
    assert len(model.reminders) == 2


def test_paper_that_is_coming_is_not_offered_again() -> None:
    assert thanks(choice=ReceiptChoice.PAPER).print_anyway == ""


def test_the_phones_code_is_shown_only_after_that_answer() -> None:
    assert thanks(choice=ReceiptChoice.PHONE, phone_code="https://x.example").phone_code
    assert not thanks(choice=ReceiptChoice.PAPER, phone_code="https://x.example").phone_code


def test_savings_are_said_where_there_are_any() -> None:
    assert thanks(saved_minor=1490).saved == "Du sparte 14,90 kr i dag."
    assert thanks().saved == ""
