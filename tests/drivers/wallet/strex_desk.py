"""Strex on a desk."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.contracts import PaymentResult, WalletInputKind, WalletShown, WalletStep
from drivers.sim.strex import MERCHANT_ID, StrexSim
from drivers.wallet.strex import StrexOptions, StrexWallet
from tests.drivers.wallet.desk import ATTEMPT, QUICK, Desk, Make, secret_file

NAMES = set(StrexOptions.__dataclass_fields__)
NUMBER = "41 23 45 68"


class StrexDesk(Desk):
    def begin(
        self,
        minor: int = 14_990,
        service_id: str = "0000000001",
        phone: str = NUMBER,
        **more: Any,
    ) -> WalletShown:
        """Start a payment and wait until the code is asked for."""
        attempt_id = more.get("attempt_id", ATTEMPT)
        self.charge(minor, service_id, **more)
        self.shown(WalletStep.ENTER_PHONE)
        return self.type_number(phone, attempt_id)

    def type_number(self, phone: str = NUMBER, attempt_id: str = ATTEMPT) -> WalletShown:
        self.give(WalletInputKind.PHONE, phone, attempt_id)
        self.shown(WalletStep.CONFIRM_PHONE)
        self.give(WalletInputKind.CONFIRM, "", attempt_id)
        return self.shown(WalletStep.ENTER_CODE)

    def approve(self, attempt_id: str = ATTEMPT) -> None:
        self.give(WalletInputKind.CODE, self.sim.read_sms(), attempt_id)

    def pay(
        self,
        minor: int = 14_990,
        service_id: str = "0000000001",
        phone: str = NUMBER,
        **more: Any,
    ) -> PaymentResult:
        self.begin(minor, service_id, phone, **more)
        self.approve(more.get("attempt_id", ATTEMPT))
        return self.result()


@pytest.fixture
def strex_sim(tmp_path: Path) -> Iterator[StrexSim]:
    sim = StrexSim(directory=tmp_path / "strex")
    sim.start()
    yield sim
    sim.stop()


@pytest.fixture
def strex_options(strex_sim: StrexSim, tmp_path: Path) -> Callable[..., StrexOptions]:
    keys_file = secret_file(tmp_path / "strex-keys", strex_sim.keys())

    def make(**more: Any) -> StrexOptions:
        usual = {
            "name": "strex-1",
            "merchant_id": MERCHANT_ID,
            "service_code": "14003",
            "cap_minor": 50_000,
            "keys_file": keys_file,
            "url": strex_sim.url,
            "environment": "test",
            **{name: value for name, value in QUICK.items() if name in NAMES},
        }
        return StrexOptions(**{**usual, **more})

    return make


@pytest.fixture
def make_strex(
    strex_sim: StrexSim, strex_options: Callable[..., StrexOptions], make_wallet_desk: Make
) -> Callable[..., StrexDesk]:
    def make(**more: Any) -> StrexDesk:
        return make_wallet_desk(StrexDesk, strex_sim, StrexWallet(strex_options(**more)))

    return make


@pytest.fixture
def strex(make_strex: Callable[..., StrexDesk]) -> StrexDesk:
    return make_strex()
