from tests.drivers.wallet.desk import make_wallet_desk
from tests.drivers.wallet.klarna_desk import klarna, klarna_options, klarna_sim, make_klarna
from tests.drivers.wallet.vipps_desk import make_vipps, vipps, vipps_options, vipps_sim

__all__ = [
    "klarna",
    "klarna_options",
    "klarna_sim",
    "make_klarna",
    "make_vipps",
    "make_wallet_desk",
    "vipps",
    "vipps_options",
    "vipps_sim",
]
