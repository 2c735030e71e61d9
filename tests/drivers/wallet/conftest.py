from tests.drivers.wallet.desk import make_wallet_desk
from tests.drivers.wallet.klarna_desk import klarna, klarna_options, klarna_sim, make_klarna
from tests.drivers.wallet.strex_desk import make_strex, strex, strex_options, strex_sim
from tests.drivers.wallet.vipps_desk import make_vipps, vipps, vipps_options, vipps_sim

__all__ = [
    "klarna",
    "klarna_options",
    "klarna_sim",
    "make_klarna",
    "make_strex",
    "make_vipps",
    "make_wallet_desk",
    "strex",
    "strex_options",
    "strex_sim",
    "vipps",
    "vipps_options",
    "vipps_sim",
]
