"""Anything in any order while a phone pays: languages, the adjust panel, help, staff, aborts, keys.

Language and look may change in the middle of every wallet's step, somebody may sign in and go,
touches come twice and clocks jump; the money is right all the same, and nothing that somebody
typed is in a view of another screen.
"""

from pathlib import Path

import pytest

from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.messages import Message
from kiosk.engine.staff_view import Tool
from kiosk.engine.view import Screen
from kiosk.sale.events import Method
from tests.engine.conftest import cheap_hashes
from tests.simulation.phones import METHODS, PhoneStore
from tests.simulation.test_phones import check_captures
from tests.simulation.test_store import check

SEEDS = range(8)
STEPS = 160
AT_THE_PHONE = (Screen.WALLET, Screen.WALLET_KEYS)
SETTINGS = ("large_text", "high_contrast", "lower_controls", "less_motion", "read_aloud", "staff")


class WalletMonkey:
    """Shops as people do, and plays with everything that can be touched meanwhile."""

    def __init__(self, store: PhoneStore) -> None:
        self.store = store
        self.random = store.random
        self.paying: set[Method] = set()
        self.staff_meanwhile = 0

    def step(self) -> None:
        store, chance = self.store, self.random.random()
        view = store.bench.view
        if chance < 0.02 or view.screen is Screen.OUT_OF_ORDER:
            store._morning()
        if chance < 0.03:
            store.power.cut_at = store.power.moment + self.random.randint(1, 6)
        if view.wallet is not None:
            self.paying.add(view.wallet.method)
            self.staff_meanwhile += view.staff is not None
        if chance < (0.6 if view.screen in AT_THE_PHONE else 0.15):
            message = self._touch()
            for _ in range(self.random.choice([1, 1, 2])):
                store._alive(lambda: store.bench.send(message) and None)
        elif chance < 0.2 and view.staff is None:
            store._alive(lambda: store.bench.sign_in("12", "4711") and None)
        elif view.staff is not None and chance < 0.4:
            store._alive(lambda: store.bench.send(s.StaffLeavePressed()) and None)
        elif view.screen in (Screen.START, Screen.SCAN) and not view.lines:
            store._alive(store._put_something_in)
        elif chance < 0.9:
            store._alive(store._step)
        else:
            store._alive(lambda: store.bench.wait(self.random.choice([0.1, 7, 61, 700])) and None)
        self._look()

    def _touch(self) -> Message:
        pick = self.random.choice
        return pick(
            [
                m.LanguagePressed(),
                m.LanguageChosen(pick(["nb", "nn", "en", "xx"])),
                m.AdjustPressed(),
                m.Adjusted(pick(SETTINGS), on=pick([True, False])),
                m.HelpPressed(),
                m.HelpReasonChosen("payment"),
                m.HelpCancelled(),
                m.AbortPaymentPressed(),
                m.BackPressed(),
                m.WalletPhonePressed(),
                m.WalletScanPressed(),
                m.WalletDigitTyped(pick("0123456789\b")),
                m.WalletConfirmed(),
                m.MethodChosen(pick(METHODS)),
                m.PayPressed(),
                m.StillHerePressed(),
                m.LeavePressed(),
                m.CatalogSwapped(),
                s.StaffPressed(),
                s.StaffDigitTyped(pick("0123456789")),
                s.StaffConfirmed(),
                s.StaffBackPressed(),
                s.StaffLeavePressed(),
                s.ToolPressed(pick([Tool.VOID_SALE, Tool.SUSPEND, Tool.CLOSE, Tool.OPEN])),
            ]
        )

    def _look(self) -> None:
        """What stands on the screen belongs to it."""
        view = self.store.bench.view
        if view.screen in AT_THE_PHONE:
            assert view.wallet is not None, view.screen
        if view.wallet is not None:
            digits = sum(one.isdigit() for one in view.wallet.masked_phone)
            assert digits <= 2, "a number was to be read"


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_touched_while_a_phone_pays_moves_money_or_breaks_anything(
    seed: int, folder: Path, catalog_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap_hashes(monkeypatch)
    (folder / "phones").mkdir()
    store = PhoneStore(folder, catalog_path, f"wallet monkey {seed}", staffed=True)
    monkey = WalletMonkey(store)
    try:
        store._morning()
        for _ in range(STEPS):
            monkey.step()
        store.peace()
        # Who never leaves staff mode is at the kiosk: nobody else can go on there.
        store.bench.send(s.StaffLeavePressed(), m.OpenKiosk())
        store._until(lambda: store.bench.view.screen is Screen.START)
        store.bench.wait(3600)
        check(store)
        check_captures(store)
    except BaseException as error:
        error.add_note(f"seed {seed}, power cuts {store.cuts}, {store.power.names[-12:]}")
        raise


def test_the_monkey_gets_as_far_as_every_wallet_and_staff_come_meanwhile(
    folder: Path, catalog_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The walks above are worth nothing if no phone is ever asked to pay."""
    cheap_hashes(monkeypatch)
    (folder / "phones").mkdir()
    store = PhoneStore(folder, catalog_path, "every wallet", staffed=True)
    monkey = WalletMonkey(store)
    for _ in range(6 * STEPS):
        monkey.step()
    assert monkey.paying == {Method.VIPPS, Method.KLARNA, Method.STREX}
    assert monkey.staff_meanwhile > 0
