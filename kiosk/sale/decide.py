"""What a command makes of a sale: events, or a refusal. Pure; nothing happens here.

One `match` for all commands. The rules of each are in `decide_lines` (what is bought),
`decide_price` (what staff and coupons take off), `decide_payment` (money) and `decide_receipt`
(number, paper, the end); who must be asked is in `intervention`.
"""

from kiosk.sale import capture
from kiosk.sale import commands as c
from kiosk.sale import decide_lines as lines
from kiosk.sale import decide_payment as payment
from kiosk.sale import decide_price as price
from kiosk.sale import decide_receipt as receipt
from kiosk.sale import decide_staff as staff
from kiosk.sale import events as e
from kiosk.sale.commands import Reason, Rejected
from kiosk.sale.decide_return import decide_return
from kiosk.sale.phases import refuse_unless_open
from kiosk.sale.return_commands import ReturnCommand
from kiosk.sale.state import Phase, Sale

_DEFAULT_LIMITS = c.Limits()


def decide(
    sale: Sale, command: c.Command, limits: c.Limits = _DEFAULT_LIMITS
) -> tuple[e.Event, ...]:
    """Return the events that `command` causes; none at all where it changes nothing.

    Raises:
        Rejected: with the reason, when the sale does not allow it. Nothing has changed.
    """
    if sale.phase is Phase.NONE and not isinstance(command, c.StartSale):
        raise Rejected(Reason.NO_SALE)
    match command:
        case c.StartSale():
            return _start(sale, command)
        case c.AddItem():
            return lines.add_item(sale, command, limits)
        case c.ChangeQuantity():
            return lines.change_quantity(sale, command, limits)
        case c.RemoveLine():
            return lines.remove_line(sale, command)
        case c.ChangePrice():
            return price.change_price(sale, command)
        case c.GiveDiscount():
            return price.give_discount(sale, command)
        case c.TakeCoupon():
            return price.take_coupon(sale, command)
        case c.RestoreLine():
            return lines.restore_line(sale, command, limits)
        case c.LookUpPrice():
            return _look_up_price(sale, command)
        case c.RaiseIntervention():
            return staff.raise_intervention(sale, command)
        case c.ResolveIntervention():
            return staff.resolve_intervention(sale, command)
        case c.AnswerBags():
            refuse_unless_open(sale)
            return () if sale.bags_answered else (e.BagsAnswered(at_utc=command.at_utc),)
        case c.RequestPayment():
            return payment.request_payment(sale, command)
        case c.AbortPayment():
            return payment.abort_payment(sale, command)
        case c.SettlePayment():
            return payment.settle_payment(sale, command)
        case c.RequestReversal():
            return payment.request_reversal(sale, command)
        case c.SettleReversal():
            return payment.settle_reversal(sale, command)
        case c.SettleCapture():
            return capture.settle(sale, command)
        case c.CompleteSale():
            return receipt.complete_sale(sale, command)
        case c.GiveProvisional():
            return receipt.give_provisional(sale, command)
        case ReturnCommand():
            return decide_return(sale, command)
        case c.AnswerReceipt():
            return receipt.answer_receipt(sale, command)
        case c.StartPrint():
            return receipt.start_print(sale, command)
        case c.SettlePrint():
            return receipt.settle_print(sale, command)
        case c.AbortSale():
            return receipt.abort_sale(sale, command)
        case c.GiveUpSale():
            return receipt.give_up_sale(sale, command)
        case c.MarkResumed():
            return receipt.mark_resumed(sale, command)
        case c.CloseSale():
            return receipt.close_sale(sale, command)
    raise TypeError(f"no such command: {type(command).__name__}")


def _start(sale: Sale, command: c.StartSale) -> tuple[e.Event, ...]:
    if sale.phase is not Phase.NONE:
        raise Rejected(Reason.SALE_IS_OVER)
    return (
        e.SaleStarted(
            at_utc=command.at_utc,
            sale_id=command.sale_id,
            kiosk_id=command.kiosk_id,
            currency=command.currency,
            training=command.training,
            resumes=command.resumes,
            resumed_from=command.resumed_from,
            attendant_id=command.attendant_id,
        ),
    )


def _look_up_price(sale: Sale, command: c.LookUpPrice) -> tuple[e.Event, ...]:
    refuse_unless_open(sale)
    return (
        e.PriceLookedUp(
            at_utc=command.at_utc,
            product_id=command.product.id,
            article_group=command.product.article_group,
            price_minor=command.product.unit_price_minor,
        ),
    )
