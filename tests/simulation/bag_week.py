"""A week at the bag scale: how often it calls for nothing, and what it catches. Seeded, pure.

    python -m tests.simulation.bag_week --sales 10000 --seed 1

The noise, in words. Pieces of a product weigh their mean with a spread of 0.4 % (packed goods) to
3 % (bread, produce by the piece), normally distributed; 400 products, means from 20 g to 2 kg,
drawn once; a tenth of them change their mean by up to 4 % in the middle of the week (another
supplier). The scale reads whole 5 g with a spread of 2 g. A basket has 1 to 25 goods. One good in
six is put down together with the next one. One in forty is carried in the hand, and said so in half
the cases; in the others the shopper is asked before paying, and says it then. One shopper in ten
puts an own bag of 40 to 400 g down without saying so first and answers the question truly. One in
fifty leans on the scale for a moment. A question that the shopper does not solve becomes a call.

A theft counts as seen when somebody was called in that sale, whatever for: in about one theft in
fifty that is luck. Nothing is known of any product when the week begins: it is learnt on the way.

The thefts, in one sale of twenty, one each: swapped (another product lies in the bag than was
scanned), not scanned (one more good is put down), placed twice (two of a good, one scanned).
"""

import argparse
import random
from collections import Counter
from dataclasses import dataclass, field

from kiosk.sale import bagging as model
from kiosk.sale.bagging import Bag, Finding, Good, Learnt

PRODUCTS = 400
THEFTS = ("swapped", "not scanned", "placed twice")


@dataclass
class Shelf:
    """Products with their true weights."""

    source: random.Random
    means: list[float] = field(default_factory=list)
    spreads: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        for _ in range(PRODUCTS):
            mean = self.source.choice((40, 150, 400, 500, 750, 1000, 1500))
            self.means.append(mean * self.source.uniform(0.5, 1.35))
            self.spreads.append(self.source.choice((0.004, 0.004, 0.01, 0.03)))

    def change_suppliers(self) -> None:
        for product in range(0, PRODUCTS, 10):
            self.means[product] *= self.source.uniform(0.96, 1.04)

    def piece(self, product: int) -> float:
        return max(1.0, self.source.gauss(1, self.spreads[product]) * self.means[product])


@dataclass
class Week:
    """The figures of one run."""

    goods: int = 0
    false_calls: int = 0
    """Honest sales to which somebody was called."""
    false_questions: int = 0
    """Questions to honest shoppers, own bags and things in the hand included."""
    planted: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)

    @property
    def false_per_thousand(self) -> float:
        return 1000 * self.false_calls / self.goods

    @property
    def asked_per_thousand(self) -> float:
        return 1000 * self.false_questions / self.goods

    @property
    def missed_percent(self) -> float:
        planted = sum(self.planted.values())
        return 100 * (planted - sum(self.caught.values())) / planted


class Shopper:
    """One sale: goods are scanned and put down, with or without a theft."""

    def __init__(
        self, source: random.Random, shelf: Shelf, learnt: dict[int, Learnt], week: Week
    ) -> None:
        self.source, self.shelf, self.learnt, self.week = source, shelf, learnt, week
        self.bag, self.true_g, self.called = Bag(), 0.0, False
        self.theft = ""
        self.questions = 0
        self.fresh: list[tuple[int, float]] = []

    def shop(self, theft: str) -> bool:
        """Do the whole sale; return whether somebody was called."""
        self.theft = theft
        goods = [self._pick() for _ in range(self.source.randint(1, 25))]
        at = self.source.randrange(len(goods))
        if self.source.random() < 0.1:
            self.true_g += self.source.uniform(40, 400)
            self._ask_about_own_bag()
        waiting: list[float] = []
        for number, product in enumerate(goods):
            self._scan(number, product)
            if self.source.random() < 1 / 40:
                if self.source.random() < 0.5:
                    self.bag = model.skipped(self.bag)
                continue
            waiting.append(self._put(product, theft if number == at else ""))
            if self.source.random() < 1 / 6 and number + 1 < len(goods):
                continue
            self.true_g += sum(waiting)
            waiting = []
            if self.source.random() < 1 / 50:
                model.judge(self.bag, self._read() + 3000)  # leans, and is forgiven in time
            self._look()
        self.true_g += sum(waiting)
        if self._look() is Finding.NOT_YET_PLACED:
            self.questions += 1
        self.week.goods += len(goods)
        for product, grams in self.fresh:
            self.learnt[product] = self.learnt.get(product, Learnt()).after(grams)
        return self.called

    def _pick(self) -> int:
        return min(int(self.source.expovariate(1 / 60)), PRODUCTS - 1)

    def _scan(self, line_id: int, product: int) -> None:
        good: Good = model.good_of(line_id, str(product), None, self.learnt.get(product, Learnt()))
        self.bag = model.scanned(self.bag, (good,))

    def _put(self, product: int, theft: str) -> float:
        match theft:
            case "swapped":
                return self.shelf.piece(self.source.randrange(PRODUCTS))
            case "not scanned":
                return self.shelf.piece(product) + self.shelf.piece(self._pick())
            case "placed twice":
                return self.shelf.piece(product) + self.shelf.piece(product)
        return self.shelf.piece(product)

    def _read(self) -> int:
        return 5 * round((self.true_g + self.source.gauss(0, 2)) / 5)

    def _ask_about_own_bag(self) -> None:
        bag = model.own_bag(self.bag, self._read())
        self.questions += 1
        if bag is None:
            self._call()
        else:
            self.bag = bag

    def _look(self) -> Finding:
        judged = model.judge(self.bag, self._read())
        self.bag = judged.bag
        if judged.learnt is not None:
            self.fresh.append((int(judged.learnt[0]), judged.learnt[1]))
        if judged.finding in (Finding.SOMETHING_ELSE, Finding.TAKEN_AWAY):
            self.questions += 1
            self._call()
        return judged.finding

    def _call(self) -> None:
        self.called = True
        taught = model.taught(self.bag, self._read()) if not self.theft else None
        if taught is not None:
            product = int(taught[0])
            self.learnt[product] = self.learnt.get(product, Learnt()).after(taught[1])
        self.bag = model.accepted(self.bag, self._read())


def run(sales: int, seed: int) -> Week:
    """Let so many sales happen, a week of them."""
    source = random.Random(seed)
    shelf, learnt, week = Shelf(source), {}, Week()
    for number in range(sales):
        if number == sales // 2:
            shelf.change_suppliers()
        theft = source.choice(THEFTS) if source.random() < 0.05 else ""
        shopper = Shopper(source, shelf, learnt, week)
        called = shopper.shop(theft)
        if theft:
            week.planted[theft] += 1
            week.caught[theft] += called
        else:
            week.false_calls += called
            week.false_questions += shopper.questions
    return week


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sales", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    week = run(options.sales, options.seed)
    print(f"{options.sales} sales, {week.goods} goods, seed {options.seed}")
    print(f"sales with a false call: {week.false_per_thousand:.2f} for each thousand goods")
    print(f"honest shoppers asked: {week.asked_per_thousand:.2f} times for each thousand goods")
    for theft in THEFTS:
        print(f"{theft}: {week.caught[theft]} of {week.planted[theft]} caught")


if __name__ == "__main__":
    main()
