"""Goods that come back in the money simulation: staff find the receipt and give the money back."""

from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import StaffStep, Tool
from kiosk.engine.view import Screen
from kiosk.sale.events import Outcome, Series
from kiosk.sale.returning import refund_of
from kiosk.sale.state import Phase
from kiosk.sale.totals import totals
from tests.simulation.money_bench import KARI, MoneyBench
from tests.simulation.store import Store


class Returns(Store):
    """What an attendant does about returns, put before what shoppers do."""

    bench: MoneyBench  # type: ignore[assignment]

    def _step(self) -> None:
        sale = self.bench.sale
        if self.bench.view.staff is not None and self.random.random() < 0.7:
            self.bench.send(s.StaffLeavePressed())
        elif sale.returned and sale.phase is Phase.OPEN and totals(sale).left_minor < 0:
            self._give_back()
        elif sale.refunds and self.bench.view.screen is Screen.NEEDS_STAFF:
            self.bench.wait(self.random.choice((1, 5, 40, 300)))
            super()._step()
        else:
            super()._step()

    def _somebody_brings_goods_back(self) -> bool:
        """Nobody buys anything; the sale is over when the money is back, or all is called off.

        Whether there was a sale at all.
        """
        self._alive(self._take_back)
        begun = self.bench.sale.phase is not Phase.NONE
        self._until(lambda: self.bench.sale.phase is Phase.NONE)
        return begun

    def _take_back(self) -> None:
        """Come with a badge, find an old receipt, choose goods, and say why."""
        bench = self.bench
        bench.badge(KARI).send(s.ToolPressed(Tool.RETURN))
        staff = bench.view.staff
        if staff is None or staff.step is not StaffStep.ITEM:
            return
        newest = bench.journal.last_number(Series.SALE)
        bench.keys(str(self.random.randint(max(1, newest - 8), newest + 1)))
        staff = bench.view.staff
        if staff is None or staff.step is not StaffStep.RETURN or staff.returning is None:
            return
        if self.random.random() < 0.4:
            bench.send(s.ReturnAllPressed())
        else:
            for line in staff.returning.lines:
                wanted = self.random.randint(0, line.left)
                bench.send(s.ReturnQuantityPressed(line.line_id, wanted))
        bench.send(s.ReturnPressed(), s.ReasonChosen("regret"))
        if self.random.random() < 0.8:
            bench.send(s.RefundPressed(), s.RefundPressed())

    def _give_back(self) -> None:
        """Go on with a return whose money is still to go back, or call it off."""
        bench, chance = self.bench, self.random.random()
        bench.badge(KARI)
        if self.trouble and chance < 0.15:
            bench.send(s.ToolPressed(Tool.VOID_SALE), s.ReasonChosen("mistake"))
        elif chance < 0.9:
            bench.send(s.ToolPressed(Tool.RETURN), s.RefundPressed())
        if self.random.random() < 0.5:
            bench.send(s.StaffLeavePressed())
        bench.wait(self.random.choice((1, 5, 250)))

    def _truth_about(self, detail: str) -> bool:
        """Of a refund, too, the provider's own books say whether it was made."""
        refund = refund_of(self.bench.sale, detail)
        if refund is None:
            return super()._truth_about(detail)
        entry = self.bench.world.books.entries.get(refund.service_id)
        assert refund.outcome is Outcome.UNKNOWN
        return entry is not None and entry.state == "refunded"
