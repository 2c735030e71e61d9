"""Many payments under random faults, over the real wire: the books and the answers always agree."""

import random

import pytest

from drivers.contracts import PaymentAnswered, PaymentOutcome, TerminalProgress

SALES = 25
WIRE = (
    *("lose_next_answer", "answer_garbage", "answer_too_much", "answer_twice"),
    *("answer_for_other_sale", "answer_for_other_service", "answer_for_other_terminal"),
    *("replay_last_answer", "answer_with_http_error", "repeat_other", "leave_card_in", "decline"),
)
ENDINGS = ("tap_card", "tap_card", "insert", "press_red", "abort", "late_abort", "reboot")


@pytest.fixture(params=["nexo-json", "nexo-xml"], autouse=True)
def dialect(request):
    return request.param


@pytest.mark.parametrize("seed", [20_261_122])
def test_whatever_happens_the_books_and_the_answers_agree(desk, seed):
    dice = random.Random(seed)
    paid = {}
    for number in range(1, SALES + 1):
        service_id = f"{number:010d}"
        amount = dice.randrange(100, 50_000)
        for fault in dice.sample(WIRE, dice.choice([0, 1, 1, 2])):
            getattr(desk.sim, fault)()
        if hasattr(desk.sim, "log_out"):
            dice.choice(
                [desk.sim.log_out, lambda: desk.sim.busy_after_payments(dice.randrange(3))]
            )()
        desk.terminal.charge(desk.charge_request(amount, service_id))
        first = desk.next(answered_or_shown)
        if isinstance(first, TerminalProgress):
            end(desk, dice.choice(ENDINGS), service_id)
        result = first.result if isinstance(first, PaymentAnswered) else desk.result()
        assert result.service_id == service_id, f"seed {seed}"
        assert result.outcome is not PaymentOutcome.UNKNOWN, f"seed {seed}, {result}"
        if result.outcome is PaymentOutcome.APPROVED:
            paid[service_id] = result.amount_minor
        # Whoever asks again, in whatever life, hears the same.
        assert desk.ask(amount, service_id).outcome is result.outcome, f"seed {seed}, {result}"
    books = {entry["service_id"]: entry["amount_minor"] for entry in desk.sim.books()}
    assert books == paid, f"seed {seed}"
    assert len(desk.sim.books()) == len(paid), f"seed {seed}: somebody was charged twice"
    assert desk.sim.state().get("overlaps", 0) == 0
    assert 0 < len(paid) < SALES, f"seed {seed}: nothing was tried"


def answered_or_shown(event):
    """Whether the payment is over already, or the terminal wants a card."""
    shown = isinstance(event, TerminalProgress) and event.text == "Vis kort"
    return shown or isinstance(event, PaymentAnswered)


def end(desk, ending, service_id):
    """What the shopper and the cables do."""
    match ending:
        case "insert":
            desk.sim.insert_card()
            desk.sim.type_pin("1234")
        case "abort":
            desk.terminal.abort(f"a-{service_id}", service_id)
        case "late_abort":
            desk.sim.hold_host()
            desk.sim.tap_card()
            before = desk.sim.heard("Abort")
            desk.terminal.abort(f"a-{service_id}", service_id)
            desk.sim.wait_until(lambda: desk.sim.heard("Abort") > before)
            desk.sim.release_host()
        case _:
            getattr(desk.sim, ending)()
