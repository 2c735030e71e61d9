"""The second shopper: beer and pears, and one thing in the bag that nobody scanned.

The way of an intervention, from its cause to the receipt: the age may wait, a call for help is
answered from the store's board, the bag asks, somebody is called, signs in, decides, finds the
chocolate, and hands the kiosk back. The light over the till changes with each.
"""

from collections.abc import Callable
from typing import Final

from kiosk.app.scenes.from_the_board import TheBoard
from kiosk.app.scenes.payers import Payer
from kiosk.app.scenes.steps import pay_and_leave, type_number_and_pin, weigh
from kiosk.app.shopper import Shopper
from kiosk.app.weights import mean_weights_g
from kiosk.engine.staff_view import StaffStep
from kiosk.engine.view import Screen, View

NAME: Final = "beer"
TITLE: Final = "Beer, pears, and one thing too many in the bag"
BEER: Final = "7090099039596"
PEARS_G: Final = 614
CHOCOLATE, CHOCOLATE_NAME = "7090099041070", "Sjokolade 200 g"


def play(shopper: Shopper, payer: Payer, board: TheBoard | None = None) -> None:
    """The whole sale, step by step; without a board nobody calls for help from afar."""
    _beer(shopper)
    if board is not None:
        board.help(shopper)
    _pears(shopper)
    _call(shopper)
    _staff(shopper)
    shopper.tell(f"   Betal: no bag, and {payer.words}")
    pay_and_leave(shopper, payer)


def _beer(shopper: Shopper) -> None:
    say, weights_g = shopper.tell, mean_weights_g()
    shopper.wait_for_screen(Screen.START)
    shopper.see_light("green")
    say("1  beer: the age is looked at later, and shopping goes on (light: amber)")
    shopper.scan(BEER, "]E0", grams=weights_g["7013"])
    shopper.see_light("amber")
    shopper.look("age-later")


def _pears(shopper: Shopper) -> None:
    shopper.tell("2  pears, found by a letter, and weighed")
    shopper.press("Frukt og grønt")
    shopper.wait_for_screen(Screen.LOOKUP)
    shopper.press("P")
    shopper.look("letter-p")
    weigh(shopper, "Pærer", PEARS_G)
    shopper.look("pears-added")


def _call(shopper: Shopper) -> None:
    """One thing too many, and "all is scanned": somebody has to come."""
    say = shopper.tell
    assert shopper.bag is not None
    say("3  and a chocolate that slipped into the bag: the bag asks")
    shopper.bag.put_piece(CHOCOLATE_NAME, mean_weights_g()["7101"])
    shopper.wait_for("the bag's question", lambda v: v.bagging is not None)
    shopper.look("bag-asks")
    say("   all is scanned, says the shopper: somebody is called (light: red, blinking)")
    shopper.press("Alt i posen er skannet")
    shopper.wait_for("the call", lambda v: v.bagging is not None and v.bagging.called)
    shopper.see_light("red")
    shopper.look("bag-called")


def _staff(shopper: Shopper) -> None:
    """Settle age and weight, and give the kiosk back."""
    say, (ingrid, *_) = shopper.tell, shopper.store.colleagues
    say(f"   {ingrid.name} signs in with number and PIN (light: red, not blinking any more)")
    shopper.press("Ansatt")
    type_number_and_pin(shopper, ingrid)
    shopper.look("desk")
    say("   the shopper is over 18: one tap")
    shopper.press("Ja, over 18")
    shopper.wait_for("one thing to decide", _waiting(1))
    shopper.look("desk-age-settled")
    say("   the bag is looked over, and the chocolate is found")
    shopper.press("Se over")
    shopper.wait_for("the look over", _at(StaffStep.REVIEW))
    shopper.look("look-over")
    shopper.hold(CHOCOLATE, "]E0")
    shopper.wait_for_text("Én vare er ikke med i handelen")
    shopper.look("look-over-found")
    shopper.press("Tilbake")
    shopper.press("Mer")
    shopper.wait_for("the other tools", _at(StaffStep.MORE))
    shopper.look("more-tools")
    say("   it is added by hand; the weight is right, and its question is gone (light: green)")
    shopper.press("Legg til")
    shopper.wait_for("the keys for an item", _at(StaffStep.ITEM))
    shopper.hold(CHOCOLATE, "]E0")
    shopper.wait_for("three items", lambda v: v.totals.item_count == 3)
    shopper.look("item-by-hand")
    shopper.press("Tilbake")
    shopper.wait_for("nothing to decide", _waiting(0))
    shopper.see_light("green")
    shopper.look("desk-all-settled")
    shopper.press("Gi kassen tilbake til kunden")
    shopper.wait_for_screen(Screen.SCAN)
    shopper.look("back-to-the-shopper")


def _waiting(count: int) -> Callable[[View], bool]:
    return lambda view: view.staff is not None and len(view.staff.decisions) == count


def _at(step: StaffStep) -> Callable[[View], bool]:
    return lambda view: view.staff is not None and view.staff.step is step
