"""Days on which shoppers pay by card, Vipps, Klarna and phone bill, with everything going wrong.

A provider is silent, answers about another amount, comes back and goes; a shopper stops in the
moment of approval, types half a number, walks off with the code on the screen. The books of all
who take money are one list, and what a wallet reserved stands in it apart from what was taken.
"""

from pathlib import Path

from drivers.contracts import DeviceState, WalletProblem, WalletStep
from kiosk.engine import messages as m
from kiosk.engine.view import Screen
from kiosk.sale.events import Interest, Method
from kiosk.sale.intervention import REVERSAL_FAILED
from tests.engine.bench import Bench, config
from tests.engine.models import World, unknown
from tests.engine.wallets import LINK, WalletModel
from tests.simulation.power import Power, give_power
from tests.simulation.store import PoweredBench, Store

METHODS = (Method.CARD, Method.VIPPS, Method.KLARNA, Method.STREX)
CAP_MINOR = 15_000
CALLS = ("charge", "abort", "ask", "reverse", "capture")
NOT_TAKEN = "not_taken:"


class PhoneBench(PoweredBench):
    """A bench with all wallets, whose power can go around each of their calls."""

    def __init__(
        self,
        folder: Path,
        catalog_path: Path,
        power: Power,
        seed: int | str,
        *,
        staffed: bool = False,
    ) -> None:
        self.power = power
        world = World()
        for method in METHODS[1:]:
            first = WalletStep.ENTER_PHONE if method is Method.STREX else WalletStep.SCAN_QR
            wallet = WalletModel(f"{method.value}-1", world.events, world.books, first)
            world.payers[method] = wallet
            for call in CALLS:
                setattr(wallet, call, power.around(f"{method}.{call}", getattr(wallet, call)))
        give_power(world, power)
        Bench.__init__(
            self,
            folder,
            catalog_path,
            config=config(methods=METHODS, method_limits_minor={Method.STREX: CAP_MINOR}),
            world=world,
            seed=seed,
            signed=True,
            staffed=staffed,
        )


class PhoneStore(Store):
    """A day in a store where one can pay by phone."""

    def __init__(
        self, folder: Path, catalog_path: Path, seed: int | str, *, staffed: bool = False
    ) -> None:
        super().__init__(folder, catalog_path, seed)
        where = folder / "phones"
        self.bench = PhoneBench(where, catalog_path, self.power, seed, staffed=staffed)

    def wallets(self) -> list[WalletModel]:
        return [w for w in self.bench.world.payers.values() if isinstance(w, WalletModel)]

    def peace(self) -> None:
        for wallet in self.wallets():
            wallet.reachable = wallet.reversal_works = True
            wallet.capture_answers.clear()
            wallet.say(DeviceState.READY)
        super().peace()

    def _morning(self) -> None:
        for wallet in self.wallets():
            wallet.say(DeviceState.READY)
        super()._morning()

    def _step(self) -> None:
        bench = self.bench
        match bench.view.screen:
            case Screen.PAY:
                bench.send(m.MethodChosen(self.random.choice(METHODS)))
                if bench.view.screen is Screen.PAY:
                    bench.wait(self.random.choice(self.waits_s))
            case Screen.WALLET | Screen.WALLET_KEYS:
                self._at_the_phone()
            case _:
                super()._step()

    def _mood(self) -> None:
        super()._mood()
        wallet, chance = self.random.choice(self.wallets()), self.random.random()
        if chance < 0.05:
            wallet.reachable = not wallet.reachable
        elif chance < 0.08:
            wallet.reversal_works = not wallet.reversal_works
        elif chance < 0.11:
            wallet.say(self.random.choice([DeviceState.LOST, DeviceState.FAULT]))
        elif chance < 0.20:
            wallet.say(DeviceState.READY)
        elif chance < 0.30:
            answers = [(False, False), (False, True), (True, False), None]
            wallet.capture_answers.append(self.random.choice(answers))
        self.bench.pump()

    def _at_the_phone(self) -> None:
        """Somebody does something with a phone, or nobody does anything."""
        bench, chance = self.bench, self.random.random()
        running = next((one for one in self.wallets() if one.running is not None), None)
        if running is None:
            bench.wait(self.random.choice([1, 5, 40]))
            return
        assert running.running is not None
        if not self.trouble:
            chance = 0.1
        if chance < 0.35:
            running.tap()
        elif chance < 0.42:
            running.decline()
        elif chance < 0.52:
            running.end(self.random.choice(["approved", "declined", "cancelled"]), silent=True)
        elif chance < 0.58:
            running.tap(charged_minor=self.random.choice([1, running.running.amount_minor + 1]))
        elif chance < 0.68:
            self._stop_while_it_is_approved(running)
        elif chance < 0.74:
            running.answer(running.running.attempt_id, unknown(running.running.service_id))
        elif chance < 0.78:
            bench.wait(901)
        else:
            self._type_or_look(running)
        if self.random.random() < 0.2 and bench.world.events:
            bench.world.events.extend(list(bench.world.events))
        bench.pump()

    def _stop_while_it_is_approved(self, wallet: WalletModel) -> None:
        if self.random.random() < 0.5:
            wallet.end("approved", silent=True)
        self.bench.send(m.AbortPaymentPressed())

    def _type_or_look(self, wallet: WalletModel) -> None:
        """The wallet shows something else, and the shopper presses keys, fitting or not."""
        step = self.random.choice(list(WalletStep))
        more: dict[str, object] = {"qr_text": LINK, "can_push": True}
        wallet.show(
            step,
            problem=self.random.choice(list(WalletProblem)),
            **(more if step is WalletStep.SCAN_QR else {}),
        )
        self.bench.pump()
        digits = "".join(self.random.choices("0123456789\b", k=self.random.randint(0, 14)))
        presses = [m.WalletPhonePressed(), *(m.WalletDigitTyped(digit) for digit in digits)]
        last = self.random.choice([m.WalletConfirmed(), m.BackPressed(), m.WalletScanPressed()])
        self.bench.send(*presses, last)
        if self.random.random() < 0.5:
            self.bench.wait(self.random.choice([1, 30, 300]))

    def _staff_come(self) -> None:
        calls = [call for call in self.bench.sale.interventions if call.open]
        for call in calls:
            if call.kind is Interest.PAYMENT_IN_DOUBT and call.detail.startswith(NOT_TAKEN):
                self.bench.send(m.StaffSettled(call.id, approved=True, attendant_id="A7"))
        super()._staff_come()

    def _truth_about(self, detail: str) -> bool:
        """Whoever an attempt was with: what still runs there is ended first."""
        attempt_id = detail.removeprefix(REVERSAL_FAILED)
        for device in (*self.wallets(), self.bench.world.terminal):
            if device.running is not None and device.running.attempt_id == attempt_id:
                device.end("cancelled", silent=True)
        for one in self.bench.sale.attempts:
            entry = self.bench.world.books.entries.get(one.service_id)
            if one.id == attempt_id and entry is not None and entry.state == "running":
                entry.state = "cancelled"
        return super()._truth_about(detail)
