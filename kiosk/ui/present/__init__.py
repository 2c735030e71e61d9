"""Presenters: a `View` becomes a frozen model of ready texts. Pure, without Kivy.

One module for each screen, one function in it: `present_<screen>(view, words) -> <Screen>Model`.
A screen draws its model and decides nothing; signs are named as in Phosphor ("arrow-right").
"""

from kiosk.ui.present.adjust import AdjustModel, present_adjust
from kiosk.ui.present.bags import BagsModel, present_bags
from kiosk.ui.present.closed import ClosedModel, present_closed
from kiosk.ui.present.code import CodeModel, present_code
from kiosk.ui.present.help import HelpModel, present_help
from kiosk.ui.present.in_doubt import InDoubtModel, present_in_doubt
from kiosk.ui.present.language import LanguageChoiceModel, present_language
from kiosk.ui.present.lookup import LookupModel, present_lookup
from kiosk.ui.present.needs_staff import NeedsStaffModel, present_needs_staff
from kiosk.ui.present.out_of_order import OutOfOrderModel, present_out_of_order
from kiosk.ui.present.pay import PayModel, present_pay
from kiosk.ui.present.price_check import PriceCheckModel, present_price_check
from kiosk.ui.present.receipt import ReceiptModel, present_receipt
from kiosk.ui.present.scan import ScanModel, more_lines, present_scan
from kiosk.ui.present.start import StartModel, present_start
from kiosk.ui.present.still_there import StillThereModel, present_still_there
from kiosk.ui.present.terminal import TerminalModel, present_terminal
from kiosk.ui.present.thanks import ThanksModel, present_thanks
from kiosk.ui.present.weigh import WeighModel, present_weigh

__all__ = [
    "AdjustModel",
    "BagsModel",
    "ClosedModel",
    "CodeModel",
    "HelpModel",
    "InDoubtModel",
    "LanguageChoiceModel",
    "LookupModel",
    "NeedsStaffModel",
    "OutOfOrderModel",
    "PayModel",
    "PriceCheckModel",
    "ReceiptModel",
    "ScanModel",
    "StartModel",
    "StillThereModel",
    "TerminalModel",
    "ThanksModel",
    "WeighModel",
    "more_lines",
    "present_adjust",
    "present_bags",
    "present_closed",
    "present_code",
    "present_help",
    "present_in_doubt",
    "present_language",
    "present_lookup",
    "present_needs_staff",
    "present_out_of_order",
    "present_pay",
    "present_price_check",
    "present_receipt",
    "present_scan",
    "present_start",
    "present_still_there",
    "present_terminal",
    "present_thanks",
    "present_weigh",
]
