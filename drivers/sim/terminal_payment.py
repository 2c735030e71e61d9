"""One payment on the simulated terminal's screen, and what the screen says meanwhile."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from drivers.sim.terminal_cards import TestCard

TEXTS = {
    "TENDER_CREATED": "Vis kort",
    "INSERT_CARD": "Sett inn kort",
    "WAIT_FOR_PIN": "Tast PIN",
    "WRONG_PIN": "Feil PIN",
    "PIN_ENTERED": "Vennligst vent",
    "CARD_PRESENTED": "Vennligst vent",
    "CARD_INSERTED": "Vennligst vent",
    "REMOVE_CARD": "Ta ut kortet",
    "APPROVED": "Godkjent",
    "DECLINED": "Avvist",
}


@dataclass
class Payment:
    """One payment on the terminal's screen."""

    header: dict[str, Any]
    sale: dict[str, str]
    amount: Decimal
    currency: str
    refund: bool = False
    waiting_for: str = "card"
    card: TestCard | None = None
    entry_mode: str = ""
    wrong_pins: int = 0
    body: dict[str, Any] | None = None
    lost: bool = False
    key: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.key = (self.header["SaleID"], self.header["ServiceID"])

    @property
    def over(self) -> bool:
        """Whether it has an end, or was lost with a reboot."""
        return self.body is not None or self.lost
