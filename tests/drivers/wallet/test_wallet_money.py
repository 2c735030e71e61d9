"""Random lives of a wallet, with faults, walk-offs and power cuts; the provider's books decide.

One attempt each. Whatever happened, in the end: nobody paid twice, nothing is reserved for a
payment that the kiosk believes did not happen, and what it believes paid can be taken once.
"""

import os
import queue
import random
import subprocess
import sys
from contextlib import suppress

import pytest

from drivers.contracts import PaymentAnswered, PaymentOutcome, WalletShown, WalletStep
from drivers.sim.control import Remote
from tests.drivers.wallet.desk import WALLETS

SEEDS = range(int(os.environ.get("WALLET_SEEDS", "8")))
QUESTIONS_MAX = 8
READY_TO_PAY = (WalletStep.SCAN_QR, WalletStep.ENTER_CODE)


def spoil(sim, chance):
    """Order up to four faults, for any request or for one kind."""
    for _ in range(chance.randrange(5)):
        where = chance.choice(["", "", "GET", "POST", "cancel", "DELETE", "captur", "order"])
        fault = chance.choice(["fail", "fail", "lose_answer", "lose_request", "garbage"])
        match fault:
            case "fail":
                status = chance.choice([429, 500, 503, 401])
                sim.fail_next(status, count=chance.randrange(1, 4), where=where)
            case "lose_answer":
                sim.lose_next_answer(count=chance.randrange(1, 3), where=where)
            case "lose_request":
                sim.lose_next_request(count=chance.randrange(1, 3), where=where)
            case "garbage":
                sim.answer_garbage(where=where)


def shopper(bench, chance):
    """Come as far as the code if it gets that far, then pay, refuse, leave or race."""
    bench.charge()
    deed = chance.choice(["pay", "pay", "pay", "leave", "race", "cut", "pay and cut"])
    try:
        while True:
            event = bench.next(lambda e: isinstance(e, WalletShown | PaymentAnswered))
            if isinstance(event, PaymentAnswered):
                return event.result
            if event.step is WalletStep.ENTER_PHONE:
                bench.give("phone", "91234567")
            elif event.step is WalletStep.CONFIRM_PHONE:
                bench.give("confirm")
            elif event.step in READY_TO_PAY:
                break
    except queue.Empty:
        return None
    if deed in ("leave", "race"):
        bench.abort()
    if deed in ("pay", "race", "pay and cut"):
        with suppress(ValueError):
            bench.approve()
    if "cut" in deed:
        bench.wallet.stop()
    return bench.result()


def settled(call, result):
    """Call as an engine does that still owes it: again, until it is done."""
    return any(call(result).done for _ in range(QUESTIONS_MAX))


@pytest.mark.parametrize("protocol", WALLETS)
@pytest.mark.parametrize("seed", SEEDS)
def test_money_is_right_whatever_happens(request, protocol, seed):
    chance = random.Random(f"{protocol}-{seed}")
    make = request.getfixturevalue(f"make_{protocol}")
    bench = make(timeout_s=0.5)
    sim = bench.sim
    spoil(sim, chance)
    result = shopper(bench, chance)
    said = [result]
    for _ in range(QUESTIONS_MAX):
        if result is not None and result.outcome is not PaymentOutcome.UNKNOWN:
            break
        bench.wallet.stop()
        bench = make(timeout_s=0.5)
        result = bench.ask()
        said.append(result)
    told = f"{protocol} seed {seed}: {said}, {sim.books()}"
    entries = sim.books()
    live = [e for e in entries if e["amount_minor"] > e["cancelled"] + e["refunded"]]
    assert len(entries) <= 1, told
    assert result.outcome is not PaymentOutcome.UNKNOWN, told
    if result.outcome is not PaymentOutcome.APPROVED:
        assert live == [], told
        return
    assert [entry["reference"] for entry in live] == [result.transaction_id], told
    if chance.random() < 0.5:
        assert settled(bench.capture, result), told
        assert settled(bench.capture, result), told
        (entry,) = sim.books()
        assert (entry["captured"], entry["refunded"]) == (14_990, 0), told
    else:
        assert settled(bench.reverse, result), told
        (entry,) = sim.books()
        assert entry["cancelled"] + entry["refunded"] == 14_990, told


@pytest.mark.parametrize("protocol", WALLETS)
def test_a_far_end_is_steered_as_its_own_process(protocol, tmp_path):
    socket = tmp_path / "s"
    given = ["--directory", str(tmp_path / "d"), "--control", str(socket)]
    process = subprocess.Popen(
        [sys.executable, "-m", f"drivers.sim.{protocol}", *given],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        remote = Remote(socket).wait_until_there()
        assert remote.state()["url"].startswith("http://127.0.0.1:")
        assert remote.books() == []
        remote.unplug()
        remote.plug_in()
        remote.close()
    finally:
        process.stdin.close()
        assert process.wait(10) == 0
