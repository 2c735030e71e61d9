from tests.drivers.wallet.desk import make_wallet_desk
from tests.drivers.wallet.vipps_desk import make_vipps, vipps, vipps_options, vipps_sim

__all__ = ["make_vipps", "make_wallet_desk", "vipps", "vipps_options", "vipps_sim"]
