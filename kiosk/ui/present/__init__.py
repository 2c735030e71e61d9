"""Presenters: a `View` becomes a frozen model of ready texts. Pure, without Kivy.

One module for each screen, one function in it: `present_<screen>(view, words) -> <Screen>Model`.
A screen draws its model and decides nothing; signs are named as in Phosphor ("arrow-right").
"""

from kiosk.ui.present.scan import ScanModel, present_scan
from kiosk.ui.present.weigh import WeighModel, present_weigh

__all__ = ["ScanModel", "WeighModel", "present_scan", "present_weigh"]
