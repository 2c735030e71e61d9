"""What the engine knows of the bag scale: weights that outlive sales, and the bag of this one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.sale.bagging import Bag, Figures, Finding, Learnt


def _forget(_learnt: dict[str, Learnt]) -> None:
    """Keep nothing: for kiosks that learn anew each day, and tests."""


@dataclass(slots=True)
class BagWatch:
    """What is known of the bags of one kiosk. Weights outlive sales; the bag does not."""

    learnt: dict[str, Learnt] = field(default_factory=dict)
    keep: Callable[[dict[str, Learnt]], None] = _forget
    """Takes all that is learnt after a sale that was paid, and writes it down somewhere."""
    figures: Figures = Figures()
    sale_id: str = ""
    begun: bool = False
    """Whether it is known what lay on the scale when the sale began."""
    bag: Bag = Bag()
    counted: dict[int, int] = field(default_factory=dict)
    """Pieces of each line that the bag knows of."""
    weight_g: int | None = None
    finding: Finding = Finding.AS_EXPECTED
    since_ns: int = 0
    asked: bool = False
    skipped: int = 0
    settled: set[str] = field(default_factory=set)
    """Calls whose answer has been taken."""
    found: set[str] = field(default_factory=set)
    """Calls at which a look over found something that was not in the sale: none of them false."""
    fresh: dict[str, list[float]] = field(default_factory=dict)
    """Weights of this sale, learnt for good only when it is paid."""

    def changed(self, changed: dict[str, Learnt]) -> None:
        """Take what was learnt, and have it kept."""
        self.learnt.update(changed)
        self.keep(self.learnt)

    def begin(self, sale_id: str) -> None:
        """Start on another sale: what lies on the scale now is nobody's fault."""
        self.sale_id = sale_id
        self.bag = Bag(accepted_g=self.weight_g or 0)
        self.begun = self.weight_g is not None
        self.counted = {}
        self.finding = Finding.AS_EXPECTED
        self.asked = False
        self.skipped = 0
        self.settled = set()
        self.found = set()
        self.fresh = {}
