"""The third shopper comes too late for beer: the clock refuses it, and nobody can approve it."""

from typing import Final

from kiosk.app.scenes.beer_and_pears import BEER
from kiosk.app.shopper import Shopper
from kiosk.engine.view import Notice, Screen

NAME: Final = "late"
TITLE: Final = "Beer, after hours"


def play(shopper: Shopper) -> None:
    """Scan beer, read why not, and go home without."""
    shopper.wait_for_screen(Screen.START)
    shopper.tell("1  beer is not sold any more, and there is nothing to approve")
    shopper.hold(BEER, "]E0")
    view = shopper.wait_for("the refusal", lambda v: v.notice is Notice.ALCOHOL_HOURS)
    assert not view.lines
    shopper.look("no-beer-now")
