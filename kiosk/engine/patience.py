"""How long a driver may be silent about money: longer than its own longest wait.

Whoever says nothing for that long is not waited for any more. What it was to do is then "unknown",
or a reversal that was not made; never "not paid".
"""

from dataclasses import dataclass, field

from kiosk.engine import returning
from kiosk.engine.answers import give_up_reversal, settle_as_unknown
from kiosk.engine.till import Till
from kiosk.sale.effects import AskOutcome, AskPayBack, Charge, PayBack, Reverse
from kiosk.sale.events import Method

Awaited = Charge | Reverse | PayBack


@dataclass(slots=True)
class Patience:
    """Until when each driver may be silent about what it was sent."""

    till: Till
    until_ns: dict[Awaited, int] = field(default_factory=dict)

    def forget(self) -> None:
        """Wait for nobody: the sale is another one."""
        self.until_ns.clear()

    def begin(self, effect: Awaited) -> None:
        """Wait for the answer to what is sent now."""
        self.until_ns[effect] = patience_ends_ns(self.till, effect.method)

    def renew(self, attempt_id: str) -> None:
        """Wait anew: a driver that tells what happens is alive."""
        for effect in self.until_ns:
            if isinstance(effect, Charge) and effect.attempt_id == attempt_id:
                self.until_ns[effect] = patience_ends_ns(self.till, effect.method)

    def end(self, attempt_id: str, *kinds: type[Awaited]) -> None:
        """Wait no longer: the answer is there."""
        for effect in list(self.until_ns):
            if isinstance(effect, kinds) and effect.attempt_id == attempt_id:
                del self.until_ns[effect]

    def lose(self) -> None:
        """Take silence for "unknown" where a driver's own time-outs have long passed."""
        now_ns = self.till.now_ns()
        for effect in [one for one, until_ns in self.until_ns.items() if until_ns <= now_ns]:
            if self.until_ns.pop(effect, None) is None:
                continue  # the one before it has ended the sale, and all waiting with it
            if isinstance(effect, Reverse):
                give_up_reversal(self.till, effect.attempt_id, "no_answer")
            else:
                take_as_unknown(self.till, effect)


def patience_ends_ns(till: Till, method: Method) -> int:
    """Return until when the driver of this method may be silent from now on."""
    timings, of_card = till.config.timings, method is Method.CARD
    return till.after(timings.terminal_patience_s if of_card else timings.wallet_patience_s)


def take_as_unknown(till: Till, effect: Charge | PayBack | AskOutcome | AskPayBack) -> None:
    """Settle a charge or a refund as UNKNOWN: nobody who could know says anything."""
    if isinstance(effect, PayBack | AskPayBack):
        returning.settle_as_unknown(till, effect.attempt_id)
    else:
        settle_as_unknown(till, effect.attempt_id)
