"""The first shopper: six things, each read in another way, paid and printed."""

from typing import Final

from kiosk.app.bench.shelf import datamatrix, label
from kiosk.app.scenes.payers import Payer
from kiosk.app.shopper import Shopper
from kiosk.engine.view import Screen, View, WeighState

BANANAS_G: Final = 842
MILK: Final = "7038010001659"
GUM, GUM_NAME = "70912340", "Tyggegummi"
CHEESE: Final = label("20", "100101", 8450)
MINCED_MEAT: Final = label("23", "230215", 486)
CHICKEN: Final = datamatrix("7090099700014", batch="K2647", expiry="271231")


def shop(shopper: Shopper, payer: Payer) -> None:
    """The whole sale, step by step."""
    store, say = shopper.store, shopper.tell
    shopper.wait_for_screen(Screen.START)
    shopper.look("start")

    say("1  milk, an EAN-13, starts the sale")
    shopper.scan(MILK, "]E0")
    shopper.look("first-item")
    say("2  chewing gum, an EAN-8")
    shopper.scan(GUM, "]E4")
    say("3  cheese with a price label from the counter's scale")
    shopper.scan(CHEESE, "]E0")
    say("4  minced meat with a weight label")
    shopper.scan(MINCED_MEAT, "]E0")
    say("5  chicken, a GS1 DataMatrix with batch and expiry")
    shopper.scan(CHICKEN, "]d2")
    shopper.look("five-items")

    say("6  bananas, picked by picture and weighed")
    shopper.press("Frukt og grønt")
    shopper.wait_for_screen(Screen.LOOKUP)
    shopper.look("produce")
    shopper.press("Bananer")
    shopper.wait_for_screen(Screen.WEIGH)
    shopper.look("scale-empty")
    store.far_end("scale").call("put_on", BANANAS_G)
    view = shopper.wait_for("a steady weight", _steady)
    shopper.look("weigh")
    assert view.weigh is not None
    assert view.weigh.price_minor is not None
    shopper.press(f"Legg til {kroner(view.weigh.price_minor)} kr")
    shopper.wait_for_screen(Screen.SCAN)
    store.far_end("scale").call("take_off")
    shopper.look("bananas-added")

    say("   and the gum goes back on the shelf")
    shopper.press(GUM_NAME)
    shopper.press("Fjern")
    shopper.wait_for("five lines", lambda v: len(v.lines) == 5)
    shopper.look("removed")

    say(f"   Betal: no bag, and {payer.words}")
    shopper.press("Betal")
    shopper.wait_for_screen(Screen.BAGS)
    shopper.look("bags")
    shopper.press("Betal uten pose")
    shopper.wait_for_screen(Screen.PAY)
    shopper.look("pay")
    payer.pay(shopper)
    shopper.look("receipt-choice")
    shopper.press("På papir")
    shopper.wait_for("the paper", lambda v: bool(v.thanks and not v.thanks.printing))
    shopper.look("thanks")
    shopper.press("Ferdig")
    shopper.wait_for_screen(Screen.START)


def _steady(view: View) -> bool:
    return view.weigh is not None and view.weigh.state is WeighState.STEADY


def kroner(minor: int) -> str:
    """Write an amount as the screen does, e.g. 22,65."""
    return f"{minor // 100},{minor % 100:02d}"
