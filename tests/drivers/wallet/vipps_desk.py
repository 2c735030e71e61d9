"""Vipps MobilePay on a desk."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.contracts import PaymentResult, WalletInputKind, WalletStep
from drivers.sim.vipps import VippsSim
from drivers.wallet.vipps import VippsOptions, VippsWallet
from tests.drivers.wallet.desk import QUICK, Desk, Make, secret_file


class VippsDesk(Desk):
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
            self.give(WalletInputKind.PHONE, phone)
            self.shown(WalletStep.PUSH_SENT)
        self.approve()
        return self.result()


@pytest.fixture
def vipps_sim(tmp_path: Path) -> Iterator[VippsSim]:
    sim = VippsSim(directory=tmp_path / "vipps", limit_creates=False)
    sim.start()
    yield sim
    sim.stop()


@pytest.fixture
def vipps_options(vipps_sim: VippsSim, tmp_path: Path) -> Callable[..., VippsOptions]:
    keys_file = secret_file(tmp_path / "vipps-keys", vipps_sim.keys())

    def make(**more: Any) -> VippsOptions:
        usual = {
            "name": "vipps-1",
            "merchant_serial_number": "123456",
            "keys_file": keys_file,
            "url": vipps_sim.url,
            "environment": "test",
            "pos_id": "kasse-1",
            "push_s": 0.1,
            "grace_s": 0.2,
            **QUICK,
        }
        return VippsOptions(**{**usual, **more})

    return make


@pytest.fixture
def make_vipps(
    vipps_sim: VippsSim, vipps_options: Callable[..., VippsOptions], make_wallet_desk: Make
) -> Callable[..., VippsDesk]:
    def make(**more: Any) -> VippsDesk:
        return make_wallet_desk(VippsDesk, vipps_sim, VippsWallet(vipps_options(**more)))

    return make


@pytest.fixture
def vipps(make_vipps: Callable[..., VippsDesk]) -> VippsDesk:
    return make_vipps()
