"""The first shopper: six things, each read in another way, paid and printed."""

from typing import Final

from kiosk.app.bench.shelf import datamatrix, label
from kiosk.app.scenes.from_the_board import TheBoard
from kiosk.app.scenes.payers import Payer
from kiosk.app.scenes.steps import pay_and_leave, weigh
from kiosk.app.shopper import Shopper
from kiosk.app.weights import mean_weights_g
from kiosk.engine.view import Screen

NAME: Final = "groceries"
TITLE: Final = "Six things, each read in another way"
BANANAS_G: Final = 842
MILK: Final = "7038010001659"
GUM, GUM_NAME = "70912340", "Tyggegummi"
CHEESE_ØRE, CHEESE_G = 8450, 447
CHEESE: Final = label("20", "100101", CHEESE_ØRE)
MINCED_MEAT_G: Final = 486
MINCED_MEAT: Final = label("23", "230215", MINCED_MEAT_G)
CHICKEN: Final = datamatrix("7090099700014", batch="K2647", expiry="271231")


def play(shopper: Shopper, payer: Payer, board: TheBoard | None = None) -> None:  # noqa: ARG001
    """The whole sale, step by step; nobody is needed."""
    say, weights_g = shopper.tell, mean_weights_g()
    shopper.wait_for_screen(Screen.START)
    shopper.look("start")

    say("1  milk, an EAN-13, starts the sale")
    shopper.scan(MILK, "]E0", grams=weights_g["6001"])
    shopper.look("first-item")
    say("2  chewing gum, an EAN-8")
    shopper.scan(GUM, "]E4", grams=weights_g["7103"])
    say("3  cheese with a price label from the counter's scale")
    shopper.scan(CHEESE, "]E0", grams=CHEESE_G)
    say("4  minced meat with a weight label")
    shopper.scan(MINCED_MEAT, "]E0", grams=MINCED_MEAT_G)
    say("5  chicken, a GS1 DataMatrix with batch and expiry")
    shopper.scan(CHICKEN, "]d2", grams=weights_g["6201"])
    shopper.look("five-items")

    say("6  bananas, picked by picture and weighed")
    shopper.press("Frukt og grønt")
    shopper.wait_for_screen(Screen.LOOKUP)
    shopper.look("produce")
    weigh(shopper, "Bananer", BANANAS_G)
    shopper.look("bananas-added")

    say("   and the gum goes back on the shelf")
    shopper.press(GUM_NAME)
    shopper.press("Fjern")
    shopper.wait_for("five lines", lambda v: len(v.lines) == 5)
    shopper.take_up(GUM_NAME)
    shopper.look("removed")

    say(f"   Betal: no bag, and {payer.words}")
    pay_and_leave(shopper, payer)
