"""Klarna in store on a desk."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.contracts import PaymentResult, WalletStep
from drivers.sim.klarna import KlarnaSim
from drivers.wallet.klarna import KlarnaOptions, KlarnaWallet
from tests.drivers.wallet.desk import QUICK, Desk, Make, secret_file

NAMES = set(KlarnaOptions.__dataclass_fields__)


class KlarnaDesk(Desk):
    def begin(self, minor: int = 14_990, service_id: str = "0000000001", **more: Any) -> None:
        """Start a payment and wait until its code is on the screen."""
        self.charge(minor, service_id, **more)
        self.shown(WalletStep.SCAN_QR)

    def approve(self) -> None:
        self.sim.approve()

    def pay(
        self, minor: int = 14_990, service_id: str = "0000000001", phone: str = "", **more: Any
    ) -> PaymentResult:
        self.begin(minor, service_id, **more)
        if phone:
            self.give("phone", phone)
        self.approve()
        return self.result()


@pytest.fixture
def klarna_sim(tmp_path: Path) -> Iterator[KlarnaSim]:
    sim = KlarnaSim(directory=tmp_path / "klarna")
    sim.start()
    yield sim
    sim.stop()


@pytest.fixture
def klarna_options(klarna_sim: KlarnaSim, tmp_path: Path) -> Callable[..., KlarnaOptions]:
    keys_file = secret_file(tmp_path / "klarna-keys", klarna_sim.keys())

    def make(**more: Any) -> KlarnaOptions:
        usual = {
            "name": "klarna-1",
            "keys_file": keys_file,
            "notes_file": str(tmp_path / "klarna-notes.jsonl"),
            "url": klarna_sim.url,
            "environment": "test",
            **{name: value for name, value in QUICK.items() if name in NAMES},
        }
        return KlarnaOptions(**{**usual, **more})

    return make


@pytest.fixture
def make_klarna(
    klarna_sim: KlarnaSim, klarna_options: Callable[..., KlarnaOptions], make_wallet_desk: Make
) -> Callable[..., KlarnaDesk]:
    def make(**more: Any) -> KlarnaDesk:
        return make_wallet_desk(KlarnaDesk, klarna_sim, KlarnaWallet(klarna_options(**more)))

    return make


@pytest.fixture
def klarna(make_klarna: Callable[..., KlarnaDesk]) -> KlarnaDesk:
    return make_klarna()
