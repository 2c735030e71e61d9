"""The bag scale at work: follows the sale's lines, judges steady weights, asks, calls, forgives.

Nothing here holds up a scan. What the shopper is asked goes away by itself as soon as the scale
shows what it should; only "all is scanned" and a bag too heavy to be believed call somebody.
"""

from dataclasses import replace
from typing import Final

from drivers.contracts import DeviceKind, WeightRead
from kiosk.catalog.categories import BAGS
from kiosk.engine import attention
from kiosk.engine import staff_messages as m
from kiosk.engine.bag_watch import BagWatch
from kiosk.engine.messages import Message
from kiosk.engine.staff_view import BaggingView, BagState
from kiosk.engine.till import Till
from kiosk.engine.view import Screen, Tone
from kiosk.sale import bagging as model
from kiosk.sale.bagging import Finding, Learnt
from kiosk.sale.events import Entry, Interest
from kiosk.sale.product import Unit
from kiosk.sale.state import Line, Phase

PATIENCE_S: Final = {
    Finding.NOT_YET_PLACED: 20.0,
    Finding.TAKEN_AWAY: 6.0,
    Finding.SOMETHING_ELSE: 3.0,
}
"""How long a finding may stand before the shopper is asked about it: hands correct themselves."""
_STATES = {
    Finding.NOT_YET_PLACED: BagState.NOT_YET_PLACED,
    Finding.TAKEN_AWAY: BagState.TAKEN_AWAY,
    Finding.SOMETHING_ELSE: BagState.SOMETHING_ELSE,
}
_ASKED_ON = (Screen.SCAN, Screen.LOOKUP, Screen.CODE, Screen.PAY, Screen.BAGS)


def weighed(till: Till, reading: WeightRead) -> None:
    """Take a reading of the bag scale; one that is not steady says nothing."""
    till.bags.weight_g = reading.weight_g if reading.stable and not reading.error else None
    if reading.zero or reading.under_zero:
        till.bags.weight_g = 0


def handle(till: Till, message: Message) -> bool:
    """Take the shopper's answers; False when the message is about something else."""
    watch = till.bags
    match message:
        case m.OwnBagPressed() if watch.asked and watch.weight_g is not None:
            bag = model.own_bag(watch.bag, watch.weight_g)
            if bag is None:
                _call(till)
            else:
                watch.bag = bag
        case m.SkipBaggingPressed() if watch.asked:
            watch.bag = model.skipped(watch.bag)
            watch.skipped += 1
        case m.AllScannedPressed() if watch.asked:
            _call(till)
        case m.OwnBagPressed() | m.SkipBaggingPressed() | m.AllScannedPressed():
            pass
        case _:
            return False
    return True


def catch_up(till: Till) -> None:
    """Bring the bag in line with the sale, judge the weight, ask or forgive."""
    watch, sale = till.bags, till.sale
    if till.devices.bag_scale is None or not till.health.ready(DeviceKind.BAG_SCALE):
        watch.asked = False
        return
    if sale.id != watch.sale_id:
        watch.begin(sale.id)
    if sale.phase in (Phase.PAID, Phase.COMPLETED):
        _learn_for_good(watch)
    if sale.phase is not Phase.OPEN:
        watch.asked = False
        return
    _follow(till)
    _settle_called(till)
    if watch.weight_g is not None:
        if not watch.begun:
            watch.begun, watch.bag = True, model.begun(watch.bag, watch.weight_g)
        _judge(till, watch.weight_g)
    _ask_or_forgive(till)


def _follow(till: Till) -> None:
    """Make goods due, or let them leave, as the lines changed."""
    watch = till.bags
    now = {line.id: line for line in till.sale.live_lines}
    for line_id, line in now.items():
        more = line.quantity - watch.counted.get(line_id, 0)
        if more > 0:
            learnt = watch.learnt.get(line.product.id, Learnt())
            good = model.good_of(
                line_id, line.product.id, _sold_g(line), learnt, awaited=_awaited(line)
            )
            watch.bag = model.scanned(watch.bag, (good,) * more)
            watch.figures = replace(watch.figures, goods=watch.figures.goods + more)
    for line_id, pieces in watch.counted.items():
        left = now[line_id].quantity if line_id in now else 0
        if left < pieces:
            watch.bag = model.taken_out(watch.bag, line_id, pieces - left)
    watch.counted = {line_id: line.quantity for line_id, line in now.items()}


def _sold_g(line: Line) -> int | None:
    """Return what a line that was sold by weight should weigh; None for pieces.

    A label with a price has no weight in it: the price by the price of a kilogram gives it back.
    """
    by_price = line.product.unit is Unit.KILOGRAM and line.unit_price_minor > 0
    if line.weight_g is not None or not by_price:
        return line.weight_g
    return round(line.price_minor * 1000 / line.unit_price_minor)


def _awaited(line: Line) -> bool:
    return line.product.category != BAGS and line.entry is not Entry.STAFF


def _judge(till: Till, steady_g: int) -> None:
    watch = till.bags
    judged = model.judge(watch.bag, steady_g)
    watch.bag = judged.bag
    if judged.learnt is not None:
        product_id, grams = judged.learnt
        watch.fresh.setdefault(product_id, []).append(grams)
    if judged.finding is not watch.finding:
        watch.finding, watch.since_ns = judged.finding, till.now_ns()


def _ask_or_forgive(till: Till) -> None:
    watch = till.bags
    if watch.finding is Finding.AS_EXPECTED:
        watch.asked = False
        _forgive(till)
        return
    due = not watch.asked and till.now_ns() >= _ask_at_ns(till)
    if due and till.session.screen in _ASKED_ON:
        watch.asked = True
        watch.figures = replace(watch.figures, asked=watch.figures.asked + 1)


def _ask_at_ns(till: Till) -> int:
    watch = till.bags
    # Who goes to pay has put everything down that will be.
    if till.session.screen in (Screen.PAY, Screen.BAGS):
        return watch.since_ns
    return watch.since_ns + round(PATIENCE_S[watch.finding] * 1e9)


def _call(till: Till) -> None:
    line = _last_line(till)
    detail = _STATES.get(till.bags.finding, BagState.SOMETHING_ELSE).value
    attention.call_staff(till, Interest.WEIGHT, detail, line_id=line.id if line else None)
    till.sound(Tone.HELP_SENT)
    till.bags.figures = replace(till.bags.figures, called=till.bags.figures.called + 1)


def _forgive(till: Till) -> None:
    """Resolve what was called for: the scale shows what it should."""
    for call in till.sale.interventions:
        if call.open and call.kind is Interest.WEIGHT:
            attention.resolved_itself(till, call.id, "weight_right")


def _settle_called(till: Till) -> None:
    """Go on from what an attendant found in order."""
    watch = till.bags
    calls = [call for call in till.sale.interventions if call.kind is Interest.WEIGHT]
    if not calls or watch.weight_g is None:
        return
    last = calls[-1]
    if last.approved and last.where != "itself" and last.id not in watch.settled:
        watch.settled.add(last.id)
        if last.id not in watch.found:
            taught = model.taught(watch.bag, watch.weight_g)
            if taught is not None:
                watch.fresh.setdefault(taught[0], []).append(taught[1])
            watch.figures = replace(watch.figures, false_calls=watch.figures.false_calls + 1)
        watch.bag = model.accepted(watch.bag, watch.weight_g)


def _learn_for_good(watch: BagWatch) -> None:
    changed = {}
    for product_id, weights in watch.fresh.items():
        known = watch.learnt.get(product_id, Learnt())
        for grams in weights:
            known = known.after(grams)
        changed[product_id] = known
    watch.fresh = {}
    if changed:
        watch.changed(changed)


def _last_line(till: Till) -> Line | None:
    lines = till.sale.live_lines
    return lines[-1] if lines else None


def view(till: Till) -> BaggingView | None:
    """Return what BAG_WEIGHT shows."""
    watch = till.bags
    if not is_asked(till):
        return None
    line = _last_line(till)
    called = any(call.open and call.kind is Interest.WEIGHT for call in till.sale.interventions)
    return BaggingView(
        state=_STATES.get(watch.finding, BagState.SOMETHING_ELSE),
        line_id=line.id if line else None,
        name=line.product.name if line else "",
        picture=line.product.picture if line else "",
        category=line.product.category if line else "",
        called=called,
    )


def is_asked(till: Till) -> bool:
    """Return whether the shopper is asked about the bag."""
    return till.bags.asked and till.sale.phase is Phase.OPEN


def deadlines_ns(till: Till) -> list[int]:
    """Return when a finding has stood long enough to be asked about."""
    watch = till.bags
    quiet = watch.finding is Finding.AS_EXPECTED or watch.asked
    if quiet or till.sale.phase is not Phase.OPEN or till.session.screen not in _ASKED_ON:
        return []
    due_ns = _ask_at_ns(till)
    return [due_ns] if due_ns > till.now_ns() else []
