"""What every shopper does in the same way: weighs, pays, takes the receipt, signs somebody in."""

from kiosk.app.scenes.payers import Payer
from kiosk.app.shopper import Shopper
from kiosk.app.store_staff import Colleague
from kiosk.engine.view import Screen, View, WeighState


def weigh(shopper: Shopper, name: str, grams: int) -> None:
    """From the pictures on LOOKUP: choose `name`, lay it on the scale, add it, bag it."""
    scale = shopper.store.far_end("scale")
    shopper.press(name)
    shopper.wait_for_screen(Screen.WEIGH)
    shopper.look("scale-empty")
    scale.call("put_on", grams)
    view = shopper.wait_for("a steady weight", _steady)
    shopper.look("weigh")
    assert view.weigh is not None
    assert view.weigh.price_minor is not None
    shopper.press(f"Legg til {kroner(view.weigh.price_minor)} kr")
    shopper.wait_for_screen(Screen.SCAN)
    scale.call("take_off")
    if shopper.bag is not None:
        shopper.bag.put(name, grams)
        shopper.wait_for_bag()


def pay_and_leave(shopper: Shopper, payer: Payer) -> None:
    """From the list to the next start screen: no bag, paid, and the receipt on paper."""
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
    if shopper.bag is not None:
        shopper.bag.clear()
    shopper.press("Ferdig")
    shopper.wait_for_screen(Screen.START)


def type_number_and_pin(shopper: Shopper, who: Colleague) -> None:
    """Sign somebody in on staff mode's keys, which stand already."""
    shopper.look("staff-keys")
    shopper.press_each(who.number)
    shopper.look("staff-number")
    shopper.confirm_keys()
    shopper.wait_for_text("Tast PIN")
    shopper.press_each(who.pin)
    shopper.look("staff-pin")
    shopper.confirm_keys()
    wait_for_desk(shopper, who)


def hold_badge(shopper: Shopper, who: Colleague) -> None:
    """Sign somebody in with a badge, which opens staff mode from any screen."""
    shopper.store.far_end("badge").call("scan", who.badge)
    wait_for_desk(shopper, who)


def wait_for_desk(shopper: Shopper, who: Colleague) -> None:
    """Wait until staff mode stands under this person's name."""
    shopper.wait_for("the desk", lambda v: v.staff is not None and v.staff.name == who.name)


def kroner(minor: int) -> str:
    """Write an amount as the screen does, e.g. 22,65."""
    return f"{minor // 100},{minor % 100:02d}"


def _steady(view: View) -> bool:
    return view.weigh is not None and view.weigh.state is WeighState.STEADY
