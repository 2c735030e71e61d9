"""A badge reader that types, beside a scanner that types: the drivers' own events, the real engine.

The keyboards are made up by umockdev below the real evdev drivers, since containers have no
/dev/uinput; what each types must reach its own role and no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from drivers.contracts import BarcodeScanned, DeviceState
from drivers.reader import Backoff
from drivers.scanner.evdev_scanner import LAYOUTS, EvdevScanner, EvdevScannerOptions
from drivers.sim.keyboard import KeyboardScannerSim, strokes
from kiosk.engine import staff_messages as s
from kiosk.engine.view import Notice
from kiosk.sale.state import Phase
from tests.drivers.inbox import Inbox
from tests.drivers.umockdev import INSIDE, needs_wrapper, rerun
from tests.engine.bench import INGRID, MILK, Bench

FAST = Backoff(first_s=0.02, limit_s=0.05)
SCANNER, BADGE = "S20145", "B77001"

if INSIDE:

    @dataclass
    class Counter:
        """Two keyboards on one kiosk, and the kiosk's engine behind their drivers."""

        bench: Bench
        inbox: Inbox
        scanner: KeyboardScannerSim
        badge: KeyboardScannerSim
        heard: int = 0

        def hear(self, count: int = 1) -> None:
            """Hand the engine the next codes that the drivers have read."""
            self.heard += count
            codes = self.inbox.wait_for(BarcodeScanned, self.heard)
            self.bench.send(*codes[self.heard - count : self.heard])

    @pytest.fixture
    def counter(staffed: Bench) -> Iterator[Counter]:
        far_ends = [
            KeyboardScannerSim(serial=serial, port=port)
            for serial, port in ((SCANNER, "1-1"), (BADGE, "1-2"))
        ]
        inbox = Inbox()
        drivers = [
            EvdevScanner(EvdevScannerOptions(name=name, serial=serial), backoff=FAST)
            for name, serial in (("scanner-1", SCANNER), ("badge-1", BADGE))
        ]
        for driver in drivers:
            driver.enable()
            driver.start(inbox.post)
        inbox.wait_for_state(DeviceState.READY, count=2)
        yield Counter(staffed, inbox, *far_ends)
        for one in drivers:
            one.stop()
        for one in far_ends:
            one.close()

    def test_a_badge_that_is_typed_opens_the_desk_over_the_shoppers_sale(counter: Counter) -> None:
        counter.scanner.scan(MILK)
        counter.hear()
        counter.badge.scan(INGRID)
        counter.hear()
        assert counter.bench.desk.name == "Ingrid"
        counter.bench.send(s.StaffLeavePressed())
        assert [line.name for line in counter.bench.view.lines] == ["Lettmelk 1 l"]

    def test_goods_at_the_badge_reader_are_not_sold_and_let_nobody_in(counter: Counter) -> None:
        counter.badge.scan(MILK)
        counter.hear()
        staff = counter.bench.view.staff
        assert staff is None or not staff.name
        assert counter.bench.sale.phase is Phase.NONE

    def test_a_badge_at_the_scanner_is_an_unknown_code_and_written_nowhere(
        counter: Counter,
    ) -> None:
        counter.scanner.scan(INGRID)
        counter.hear()
        assert counter.bench.view.notice in (Notice.UNKNOWN_CODE, Notice.BAD_CODE)
        assert counter.bench.view.staff is None
        assert INGRID not in repr(counter.bench.record()) + repr(counter.bench.published)

    def test_keys_of_both_in_turn_stay_two_codes(counter: Counter) -> None:
        ingrid = list(strokes(f"{INGRID}\r", LAYOUTS["us"]))
        milk = list(strokes(f"{MILK}\r", LAYOUTS["us"]))
        for at in range(0, max(len(ingrid), len(milk)), 6):
            counter.badge.type_keys(ingrid[at : at + 6])
            counter.scanner.type_keys(milk[at : at + 6])
        counter.hear(2)
        read = {code.device: code.text for code in counter.inbox.of(BarcodeScanned)}
        assert read == {"badge-1": INGRID, "scanner-1": MILK}
        assert counter.bench.desk.name == "Ingrid"

else:

    @needs_wrapper
    def test_keyboards_of_staff_and_shopper_inside_umockdev() -> None:
        rerun(__file__)
