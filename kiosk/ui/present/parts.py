"""Parts that several screens share: frame, prompt's slot, total, chips and tiles (picture 25)."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.engine.view import TileView, View
from kiosk.sale.product import Unit
from kiosk.ui.i18n import Translator, money


class Kind(StrEnum):
    """The four kinds of chip and banner; each has its tint, and always a sign and a word."""

    DONE = "done"
    WAITING = "waiting"
    FAILED = "failed"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameModel:
    """The top bar and the utility strip."""

    shop_name: str
    till: str
    training: str
    """Empty unless the kiosk is in training mode."""
    help: str
    help_short: str
    """For a narrow button."""
    help_called: bool
    language: str
    """The language in use, by its own short name."""
    adjust: str
    staff: str
    """The way into staff mode, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipModel:
    """A sign and a word, tinted by kind."""

    kind: Kind
    sign: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptModel:
    """What to do now: a sign that guides the eye, and one sentence."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BannerModel:
    """A sentence that says why something did not happen, in the prompt's slot."""

    kind: Kind
    sign: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToastModel:
    """What happened, with Angre, in the prompt's slot."""

    picture: str
    category: str
    text: str
    undo: str


SlotModel = PromptModel | BannerModel | ToastModel


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountModel:
    """An amount whose figures and unit have different sizes: "213,95" and "kr"."""

    figures: str
    unit: str = "kr"

    @property
    def text(self) -> str:
        """Figures and unit as one line."""
        return f"{self.figures} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalModel:
    """The sum, large, and the small lines beside it; empty where there is nothing to say."""

    label: str
    amount: AmountModel
    deposit: str
    saved: str
    saved_short: str
    paid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TileModel:
    """A product as a picture to tap, with its price and unit."""

    product_id: str
    name: str
    picture: str
    category: str
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryModel:
    """The next step. Not enabled, it is outlined with a clock and says what we wait for."""

    text: str
    enabled: bool = True


def present_frame(view: View, words: Translator) -> FrameModel:
    """Return the top bar and the strip of every screen."""
    return FrameModel(
        shop_name=view.shop_name,
        till=_till(view, words),
        training=words("frame.training") if view.training else "",
        help=words("frame.help_coming" if view.help_called else "frame.help"),
        help_short=words("frame.help_coming_short" if view.help_called else "frame.help"),
        help_called=view.help_called,
        language=words("language.short"),
        adjust=words("frame.adjust"),
        staff=words("staff.enter") if view.staffed else "",
    )


def _till(view: View, words: Translator) -> str:
    """Return the till's number, and that its money is none where that is so."""
    if not view.till:
        return ""
    return words("frame.till_test" if view.test_money else "frame.till", till=view.till)


def present_total(view: View, words: Translator) -> TotalModel:
    """Return the sum that stands on the counter. What has been paid is already taken off it."""
    totals, part_paid = view.totals, bool(view.tenders.paid)
    to_pay = view.tenders.left_minor if part_paid else totals.to_pay_minor
    return TotalModel(
        label=words("total.left" if part_paid else "total.to_pay"),
        amount=AmountModel(figures=money(to_pay)),
        deposit=_amount_line(words, "total.deposit", totals.deposit_minor),
        saved=_amount_line(words, "total.saved", totals.saved_minor),
        saved_short=_amount_line(words, "total.saved_short", totals.saved_minor),
        paid=_paid_line(view, words),
    )


def _paid_line(view: View, words: Translator) -> str:
    """Return what is paid, or else what the vouchers that were scanned will pay."""
    if view.totals.paid_minor:
        return _amount_line(words, "total.paid", view.totals.paid_minor)
    return _amount_line(words, "total.vouchers", view.tenders.vouchers_minor)


def present_tile(tile: TileView, words: Translator) -> TileModel:
    """Return a product's tile."""
    return TileModel(
        product_id=tile.product_id,
        name=tile.name,
        picture=tile.picture,
        category=tile.category,
        price=unit_price(tile.unit, tile.unit_price_minor, words),
    )


def unit_price(unit: Unit, minor: int, words: Translator) -> str:
    """Return a price with what it is for: "26,90 kr/kg" or "22,90 kr/stk"."""
    return words.per_kilogram(minor) if unit is Unit.KILOGRAM else words.per_piece(minor)


def localised(names: tuple[tuple[str, str], ...], words: Translator) -> str:
    """Return a name from the catalog in this language, else in bokmål, else the first there is."""
    by_code = dict(names)
    return by_code.get(words.code) or by_code.get("nb") or next(iter(by_code.values()), "")


def sentence(text: str) -> str:
    """Return the text with its first letter large; the rest stays, as names need."""
    return text[:1].upper() + text[1:]


def _amount_line(words: Translator, key: str, minor: int) -> str:
    return words(key, amount=money(minor)) if minor else ""
