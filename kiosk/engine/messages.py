"""What may lie in the engine's inbox: the finger's intents, beside the devices' events.

Intents say what the finger did; the engine decides what it means. All are frozen and serialisable.
"""

from dataclasses import dataclass, field

from drivers.contracts import DeviceEvent
from drivers.contracts.gateway import LinkSent
from kiosk.engine.elsewhere import WishAnswered as WishAnswered
from kiosk.engine.remote_messages import RemoteOrder as RemoteOrder
from kiosk.engine.shelf import ShelfAnswered as ShelfAnswered
from kiosk.engine.staff_messages import PauseKiosk as PauseKiosk
from kiosk.engine.staff_messages import RemoteDecision as RemoteDecision
from kiosk.engine.staff_messages import StaffIntent
from kiosk.engine.staff_messages import StaffSeen as StaffSeen
from kiosk.engine.tender_messages import TenderIntent
from kiosk.engine.tender_messages import TenderRemoved as TenderRemoved
from kiosk.engine.tender_messages import ValueConfirmed as ValueConfirmed
from kiosk.engine.tender_messages import ValueDigitTyped as ValueDigitTyped
from kiosk.sale.events import Method, ReceiptChoice


@dataclass(frozen=True, slots=True)
class Touched:
    """Somebody touched the screen where nothing is: a sign of life."""


@dataclass(frozen=True, slots=True)
class LanguagePressed:
    """The language button of the strip: opens the choice; again closes it."""


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """A language by its code: nb, nn, en. Starts scanning from the start screen."""

    code: str


@dataclass(frozen=True, slots=True)
class AdjustPressed:
    """The adjust button: opens or closes the panel."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One setting of the panel by name: large_text, high_contrast, lower_controls, less_motion."""

    setting: str
    on: bool


@dataclass(frozen=True, slots=True)
class HelpPressed:
    """Help, from anywhere."""


@dataclass(frozen=True, slots=True)
class HelpReasonChosen:
    """One of barcode, price, payment, other."""

    reason: str


@dataclass(frozen=True, slots=True)
class HelpCancelled:
    """No help needed after all."""


@dataclass(frozen=True, slots=True)
class StartPressed:
    """Begin without a scan (start screen, or "start here without card")."""


@dataclass(frozen=True, slots=True)
class LookupPressed:
    """Open the pictures of a category ("" for all, most bought first)."""

    category: str = ""


@dataclass(frozen=True, slots=True)
class LetterTyped:
    """One character of the name, or "\\b" for delete."""

    letter: str


@dataclass(frozen=True, slots=True)
class NextPagePressed:
    """More pictures; after the last page the first again."""


@dataclass(frozen=True, slots=True)
class ProductPicked:
    """A picture was tapped."""

    product_id: str


@dataclass(frozen=True, slots=True)
class CodePressed:
    """Open the number keys."""


@dataclass(frozen=True, slots=True)
class DigitTyped:
    """One digit of a code, or "\\b" for delete."""

    digit: str


@dataclass(frozen=True, slots=True)
class CodeConfirmed:
    """The check key."""


@dataclass(frozen=True, slots=True)
class PriceCheckPressed:
    """The next scan shows a price and sells nothing; again ends it."""


@dataclass(frozen=True, slots=True)
class PriceCheckBuyPressed:
    """Buy what the price check showed."""


@dataclass(frozen=True, slots=True)
class WeighConfirmed:
    """Add for what stands on the screen.

    `weight_g` is the weight that stood there when the finger came down: a reading that changed
    meanwhile is not what the shopper agreed to. 0 is not told.
    """

    weight_g: int = 0


@dataclass(frozen=True, slots=True)
class LinePressed:
    """A line was tapped: its controls open (or close)."""

    line_id: int


@dataclass(frozen=True, slots=True)
class QuantityPressed:
    """Plus or minus: the quantity that is wanted now. 0 removes."""

    line_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class RemovePressed:
    """Remove a line."""

    line_id: int


@dataclass(frozen=True, slots=True)
class UndoPressed:
    """Angre in the toast."""


@dataclass(frozen=True, slots=True)
class PayPressed:
    """The next step from the list."""


@dataclass(frozen=True, slots=True)
class BagPressed:
    """Wanted number of one kind of carrier bag on the bag question."""

    product_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class BagsConfirmed:
    """On to payment with the bags chosen (or none)."""


@dataclass(frozen=True, slots=True)
class MethodChosen:
    """How to pay."""

    method: Method


@dataclass(frozen=True, slots=True)
class AbortPaymentPressed:
    """Avbryt betalingen."""


@dataclass(frozen=True, slots=True)
class WalletDigitTyped:
    """One digit of a phone number or of a code that came to a phone, or "\\b" for delete."""

    digit: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WalletConfirmed:
    """The check key under such digits, or "yes, this is my number"."""


@dataclass(frozen=True, slots=True)
class WalletPhonePressed:
    """Type a number: in place of the scan, or in place of one that was wrong."""


@dataclass(frozen=True, slots=True)
class WalletScanPressed:
    """Show the code again instead of waiting for the app."""


@dataclass(frozen=True, slots=True)
class BackPressed:
    """Back to where one came from: out of look-up, code, weighing, bags, pay, help."""


@dataclass(frozen=True, slots=True)
class ReceiptChosen:
    """Paper, phone or none."""

    choice: ReceiptChoice


@dataclass(frozen=True, slots=True)
class SendLinkPressed:
    """Få lenken på SMS, or e-post: opens the number keys, or the letters."""


@dataclass(frozen=True, slots=True)
class LinkDigitTyped:
    """One key of the number or address that the link goes to, or "\\b" for delete."""

    digit: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LinkConfirmed:
    """The check key under them: send it."""


@dataclass(frozen=True, slots=True)
class DonePressed:
    """Ferdig on the thank-you screen."""


@dataclass(frozen=True, slots=True)
class StillHerePressed:
    """Ja, jeg er her."""


@dataclass(frozen=True, slots=True)
class LeavePressed:
    """Avslutt uten å betale; also cancels an empty sale."""


Intent = (
    Touched
    | LanguagePressed
    | LanguageChosen
    | AdjustPressed
    | Adjusted
    | HelpPressed
    | HelpReasonChosen
    | HelpCancelled
    | StartPressed
    | LookupPressed
    | LetterTyped
    | NextPagePressed
    | ProductPicked
    | CodePressed
    | DigitTyped
    | CodeConfirmed
    | PriceCheckPressed
    | PriceCheckBuyPressed
    | WeighConfirmed
    | LinePressed
    | QuantityPressed
    | RemovePressed
    | UndoPressed
    | PayPressed
    | BagPressed
    | BagsConfirmed
    | MethodChosen
    | AbortPaymentPressed
    | WalletDigitTyped
    | WalletConfirmed
    | WalletPhonePressed
    | WalletScanPressed
    | BackPressed
    | ReceiptChosen
    | SendLinkPressed
    | LinkDigitTyped
    | LinkConfirmed
    | DonePressed
    | StillHerePressed
    | LeavePressed
    | TenderIntent
    | StaffIntent
)


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has moved: deadlines are looked at. Posted by the loop itself."""


@dataclass(frozen=True, slots=True)
class CatalogSwapped:
    """A new catalog file is in place: open it between two messages."""


@dataclass(frozen=True, slots=True)
class OpenKiosk:
    """Staff or the schedule opens the kiosk."""


@dataclass(frozen=True, slots=True)
class CloseKiosk:
    """Close after the running sale; `opens_at` is local "HH.MM" for the screen, may be empty."""

    opens_at: str = ""


@dataclass(frozen=True, slots=True)
class DiskFilling:
    """The journal's disk has little room left (on), or enough again: said again and again."""

    on: bool


@dataclass(frozen=True, slots=True)
class CloseDay:
    """Make the Z report now, before its hour. Refused while a sale is open."""


@dataclass(frozen=True, slots=True)
class StaffSettled:
    """An attendant's word on an intervention or an attempt in doubt (staff mode and remote)."""

    intervention_id: str
    approved: bool
    attendant_id: str
    where: str = "kiosk"
    reason: str = ""
    decision_id: str = ""


Message = (
    Intent
    | DeviceEvent
    | LinkSent
    | Tick
    | CatalogSwapped
    | OpenKiosk
    | CloseKiosk
    | CloseDay
    | PauseKiosk
    | DiskFilling
    | StaffSettled
    | StaffSeen
    | RemoteDecision
    | ShelfAnswered
    | WishAnswered
    | RemoteOrder
)
