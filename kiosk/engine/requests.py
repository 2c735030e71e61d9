"""From what is owed to what a terminal or a wallet is asked for."""

from drivers.contracts import ChargeLine, ChargeRequest, ReversalRequest
from kiosk.engine.till import Till
from kiosk.fiscal.sold import SoldLine, sold_lines
from kiosk.sale.effects import AskOutcome, Charge, Reverse
from kiosk.sale.product import Unit
from kiosk.sale.state import Sale


def charge_request(till: Till, effect: Charge | AskOutcome) -> ChargeRequest:
    """Return the request of a charge, or of a question about one.

    A wallet that is charged also learns what is bought, for the receipt in its app, and how old
    the shopper must be for it. A card terminal is told nothing of the goods.
    """
    sale = till.sale
    for_app = isinstance(effect, Charge) and till.devices.wallet(effect.method) is not None
    return ChargeRequest(
        attempt_id=effect.attempt_id,
        service_id=effect.service_id,
        sale_id=sale.id,
        amount_minor=effect.amount_minor,
        currency=effect.currency,
        lines=charge_lines(sale) if for_app else (),
        min_age=min_age(sale) if for_app else 0,
    )


def question(sale_id: str, effect: AskOutcome) -> ChargeRequest:
    """Return the question what became of a payment, of any sale."""
    return ChargeRequest(
        attempt_id=effect.attempt_id,
        service_id=effect.service_id,
        sale_id=sale_id,
        amount_minor=effect.amount_minor,
        currency=effect.currency,
    )


def reversal_request(sale_id: str, effect: Reverse) -> ReversalRequest:
    """Return the request that gives all of an attempt back, of any sale."""
    return ReversalRequest(
        attempt_id=effect.attempt_id,
        service_id=effect.service_id,
        sale_id=sale_id,
        transaction_id=effect.transaction_id,
        transaction_at=effect.transaction_at,
        amount_minor=effect.amount_minor,
        currency=effect.currency,
    )


def min_age(sale: Sale) -> int:
    """Return the highest age limit of the goods, in years; 0 for none."""
    return max((line.product.age_limit for line in sale.live_lines), default=0)


def charge_lines(sale: Sale) -> tuple[ChargeLine, ...]:
    """Return the lines of the sale as its receipt counts them: after offers, deposits apart."""
    return tuple(
        _line(number, line) for number, line in enumerate(sold_lines(sale), 1) if line.gross_minor
    )


def _line(number: int, line: SoldLine) -> ChargeLine:
    whole, rest = divmod(line.quantity_milli, 1000)
    return ChargeLine(
        id=str(number),
        name=line.name,
        total_minor=line.gross_minor,
        tax_minor=line.tax_minor,
        tax_rate_bp=line.rate_bp,
        quantity=f"{whole}.{rest:03d}" if rest else str(whole),
        unit="KG" if line.unit is Unit.KILOGRAM else "PCS",
        unit_price_minor=line.unit_price_minor,
    )
