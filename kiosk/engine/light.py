"""Which lamp shines over the till: derived from the same list of interventions as all the rest.

| Lamp | When |
|---|---|
| dark | closed or paused, and nobody is here |
| red | the kiosk cannot sell |
| red, blinking | a shopper stands and waits: nothing goes on before somebody comes |
| amber, blinking | help was asked for |
| amber | somebody must come before payment, or a device needs a hand; shopping goes on |
| amber | money of a sale that is over could not go back; shopping goes on |
| green | all is well |

While an attendant is at the kiosk nothing blinks: who was called has come.
"""

from collections.abc import Iterable

from drivers.light.contract import Lamp, Signal
from kiosk.engine.place import screen_of
from kiosk.engine.till import Till
from kiosk.engine.view import Screen
from kiosk.sale.events import Interest, Policy
from kiosk.sale.state import Intervention

_WAITS_ON = (Screen.NEEDS_STAFF, Screen.IN_DOUBT)


def signal_now(till: Till) -> Signal:
    """Return what the light of a till shows at this moment."""
    return signal_of(
        screen_of(till),
        till.sale.interventions,
        help_called=bool(till.session.help_id),
        attended=till.staff is not None and till.staff.signed_in,
        unsettled=bool(till.unsettled),
    )


def signal_of(
    screen: Screen,
    calls: Iterable[Intervention],
    *,
    help_called: bool,
    attended: bool,
    unsettled: bool = False,
) -> Signal:
    """Return what the light shows."""
    waiting = [call for call in calls if call.open]
    kinds = {call.kind for call in waiting}
    if screen is Screen.CLOSED:
        return Signal(Lamp.DARK)
    if screen is Screen.OUT_OF_ORDER:
        return Signal(Lamp.RED)
    stands = screen in _WAITS_ON or (screen is Screen.BAG_WEIGHT and Interest.WEIGHT in kinds)
    if stands or Interest.PAYMENT_IN_DOUBT in kinds:
        return Signal(Lamp.RED, blinking=not attended)
    if help_called or Interest.HELP in kinds:
        return Signal(Lamp.AMBER, blinking=not attended)
    before_payment = any(call.policy is not Policy.NOTED for call in waiting)
    if before_payment or Interest.DEVICE in kinds or unsettled:
        return Signal(Lamp.AMBER)
    return Signal(Lamp.GREEN)
