"""From what a scanner read or a finger typed to the command that adds it, or why it cannot be.

Nothing is guessed: a code that is not whole and right is refused, and so is one that the catalog
does not know.
"""

from dataclasses import dataclass

from kiosk.catalog.codes import read_code
from kiosk.engine.session import NeedsWeighing
from kiosk.engine.till import Till
from kiosk.engine.view import Notice
from kiosk.sale.barcode import ElementCode, LabelCode, ProductCode
from kiosk.sale.commands import AddItem
from kiosk.sale.events import Entry
from kiosk.sale.product import Product, Restriction, Unit

_CODE_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class NotFound:
    """No product stands behind the code; `notice` says why."""

    notice: Notice


Found = AddItem | NeedsWeighing | NotFound


def of_scan(till: Till, text: str, aim_id: str, entry: Entry = Entry.SCANNED) -> Found:
    """Return what a whole code stands for."""
    match read_code(text, aim_id, till.config.label_templates):
        case ProductCode(gtin=gtin, count=count):
            return _of_product(till, till.catalog.by_code(gtin), entry, gtin, quantity=count)
        case LabelCode() as label:
            return _of_label(till, label)
        case ElementCode() as element:
            return _of_elements(till, element, entry)
        case _:
            return NotFound(Notice.BAD_CODE)


def of_typed(till: Till, digits: str) -> Found:
    """Return what typed digits stand for: a whole barcode, or a short PLU or article number."""
    if len(digits) in _CODE_LENGTHS:
        return of_scan(till, digits, "", Entry.TYPED)
    return _of_product(till, till.catalog.by_code(digits), Entry.TYPED, digits)


def of_picture(till: Till, product_id: str) -> Found:
    """Return what a tapped picture stands for."""
    product = till.catalog.by_id(product_id)
    return _of_product(till, product, Entry.PICKED, product_id)


def of_weight(till: Till, product: Product, weight_g: int) -> AddItem:
    """Return the command that adds a weighed product."""
    return _add(till, product, Entry.PICKED, product.id, weight_g=weight_g)


def _of_product(
    till: Till, product: Product | None, entry: Entry, code: str, quantity: int = 1
) -> Found:
    if product is None:
        return NotFound(Notice.UNKNOWN_CODE)
    if product.unit is Unit.KILOGRAM:
        return NeedsWeighing(product)
    return _add(till, product, entry, code, quantity=quantity)


def _of_label(till: Till, label: LabelCode) -> Found:
    product = till.catalog.by_code(label.item_reference)
    by_weight = product is not None and product.unit is Unit.KILOGRAM
    # A weight says nothing about the price of pieces: such a label belongs to another item.
    if product is None or (label.price_minor is None and not by_weight):
        return NotFound(Notice.UNKNOWN_CODE)
    return _add(
        till,
        product,
        Entry.LABEL,
        label.item_reference,
        weight_g=label.weight_g,
        label_price_minor=label.price_minor,
    )


def _of_elements(till: Till, element: ElementCode, entry: Entry) -> Found:
    product = till.catalog.by_code(element.gtin)
    if product is None or element.currency not in ("", till.config.currency):
        return NotFound(Notice.UNKNOWN_CODE)
    by_weight = product.unit is Unit.KILOGRAM
    if by_weight and element.weight_g is None and element.price_minor is None:
        return NeedsWeighing(product)
    measured = element.price_minor is not None or (by_weight and element.weight_g is not None)
    return _add(
        till,
        product,
        Entry.LABEL if measured else entry,
        element.gtin,
        quantity=1 if by_weight else element.count or 1,
        weight_g=element.weight_g if by_weight else None,
        label_price_minor=element.price_minor,
        batch=element.batch,
        best_before=element.best_before,
        expiry=element.expiry,
    )


def _add(
    till: Till,
    product: Product,
    entry: Entry,
    code: str,
    *,
    quantity: int = 1,
    weight_g: int | None = None,
    label_price_minor: int | None = None,
    batch: str = "",
    best_before: str = "",
    expiry: str = "",
) -> AddItem:
    today = till.today()
    return AddItem(
        at_utc=till.now_utc(),
        product=product,
        quantity=quantity,
        weight_g=weight_g,
        label_price_minor=label_price_minor,
        entry=entry,
        code=code,
        batch=batch,
        best_before=best_before,
        expiry=expiry,
        promotions=till.catalog.promotions_of(product.id, today),
        today=today,
        alcohol_closed=Restriction.ALCOHOL in product.restrictions and till.alcohol_closed(),
    )
