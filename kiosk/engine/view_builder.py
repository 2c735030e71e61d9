"""From the sale and the session to the one `View` that the screen draws.

A view is built after every message, so it must be cheap: rows of the list are kept by the
identity of their line (frozen values that did not change are the same object), and what the
catalog gives is kept until another catalog is opened. Two equal views are one: `build` returns
the old one, and nothing is published.
"""

from dataclasses import replace

from kiosk.catalog import Catalog
from kiosk.engine.line_views import LineViews
from kiosk.engine.lookup import steady_weight, weigh_state
from kiosk.engine.place import can_close, fault_of, screen_of, unavailable
from kiosk.engine.session import NeedsWeighing, PriceCheck
from kiosk.engine.till import Till
from kiosk.engine.time_left import seconds_left
from kiosk.engine.view import (
    BagView,
    CategoryView,
    LookupView,
    MethodView,
    OutOfOrderView,
    Overlay,
    PriceCheckView,
    ReceiptView,
    Screen,
    TerminalView,
    ThanksView,
    TileView,
    ToastView,
    TotalsView,
    View,
    WaitingView,
    WeighView,
)
from kiosk.payments.attempts import doubt_code
from kiosk.sale.attempts import counts, in_doubt, to_give_back, with_terminal
from kiosk.sale.events import Interest
from kiosk.sale.intervention import blocking
from kiosk.sale.money import price_of_weight
from kiosk.sale.product import Product
from kiosk.sale.state import Attempt, Sale
from kiosk.sale.totals import Totals, totals


class ViewBuilder:
    """Builds the views of one till."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._lines = LineViews()
        self._totals_of: tuple[Sale, Totals] | None = None
        self._catalog: Catalog | None = None
        self._categories: tuple[CategoryView, ...] = ()
        self._bags: tuple[tuple[str, TileView], ...] = ()
        self._page: tuple[tuple[str, str, int], LookupView] | None = None

    def build(self, previous: View) -> View:
        """Return the view of this moment, or `previous` when nothing has changed."""
        self._renew_catalog()
        till, session, sale = self._till, self._till.session, self._till.sale
        screen = screen_of(till)
        lines = self._lines.of(sale)
        live = {line.line_id for line in lines}
        newest = lines[-1].line_id if lines else None
        doubtful, blocked = in_doubt(sale) or _not_given_back(sale), blocking(sale)
        view = replace(
            previous,
            screen=screen,
            overlay=self._overlay(),
            shop_name=till.config.shop.name,
            till=till.config.till,
            training=till.config.training,
            settings=session.settings,
            languages=till.config.languages,
            methods_offered=till.config.methods,
            lines=lines,
            open_line_id=session.open_line_id if session.open_line_id in live else newest,
            added_line_id=session.added_line_id if session.added_line_id in live else None,
            totals=self._sums(),
            toast=self._toast(),
            notice=session.notice,
            notice_limit=session.notice_limit,
            categories=self._categories[: till.config.categories_shown],
            lookup=self._lookup() if screen is Screen.LOOKUP else None,
            code=session.code,
            weigh=self._weigh() if screen is Screen.WEIGH else None,
            price_check=self._price_check() if screen is Screen.PRICE_CHECK else None,
            bags=self._bag_question() if screen is Screen.BAGS else (),
            methods=self._methods() if screen is Screen.PAY else (),
            terminal=self._terminal() if screen is Screen.TERMINAL else None,
            receipt=self._receipt() if screen is Screen.RECEIPT else None,
            thanks=self._thanks() if screen is Screen.THANKS else None,
            seconds_left=seconds_left(session.answer_by_ns, till.now_ns()),
            help_called=_is_called(till),
            help_reason=session.help_reason,
            waiting=tuple(
                WaitingView(id=one.id, kind=one.kind, line_id=one.line_id, raised_at=one.raised_at)
                for one in sale.interventions
                if one.open
            ),
            doubt_code=doubt_code(doubtful.service_id) if doubtful else "",
            waiting_line_id=blocked.line_id if blocked else None,
            out_of_order=self._out_of_order() if screen is Screen.OUT_OF_ORDER else None,
            opens_at=till.opens_at if screen is Screen.CLOSED else "",
            tone=session.tone,
            tone_seq=session.tone_seq,
            scan_at_monotonic_ns=session.scan_at_monotonic_ns,
        )
        # The time of a scan is told with its own view; that it is over is no change.
        told = replace(previous, scan_at_monotonic_ns=view.scan_at_monotonic_ns)
        return previous if view == told else replace(view, seq=previous.seq + 1)

    # --- the list --------------------------------------------------------------------------

    def _totals(self) -> Totals:
        sale = self._till.sale
        if self._totals_of is None or self._totals_of[0] is not sale:
            self._totals_of = (sale, totals(sale))
        return self._totals_of[1]

    def _sums(self) -> TotalsView:
        sums = self._totals()
        return TotalsView(
            item_count=sums.item_count,
            to_pay_minor=sums.total_minor,
            deposit_minor=sums.deposit_minor,
            saved_minor=sums.saved_minor,
            paid_minor=sums.paid_minor,
        )

    def _toast(self) -> ToastView | None:
        toast = self._till.session.toast
        line = next(
            (line for line in self._till.sale.lines if toast and line.id == toast.line_id), None
        )
        if toast is None or line is None:
            return None
        return ToastView(
            kind=toast.kind,
            name=line.product.name,
            picture=line.product.picture,
            category=line.product.category,
        )

    def _overlay(self) -> Overlay:
        session = self._till.session
        return Overlay.STILL_THERE if session.answer_by_ns is not None else session.overlay

    # --- finding ---------------------------------------------------------------------------

    def _renew_catalog(self) -> None:
        catalog = self._till.catalog
        if self._catalog is catalog:
            return
        self._catalog = catalog
        self._page = None
        self._categories = tuple(
            CategoryView(id=one.id, names=one.names, picture=one.picture)
            for one in catalog.categories()
            if one.shown
        )
        self._bags = tuple((product.id, tile(product)) for product in catalog.bags())

    def _lookup(self) -> LookupView:
        session = self._till.session
        key = (session.category, session.query, session.page)
        if self._page is None or self._page[0] != key:
            self._page = (key, self._found() if session.query.strip() else self._pictures())
        return self._page[1]

    def _found(self) -> LookupView:
        """Return what part of a name finds: the best match last, nearest the keys."""
        session = self._till.session
        found = self._till.catalog.search(
            session.query,
            category_id=session.category or None,
            limit=self._till.config.tiles_per_page,
        )
        return LookupView(
            category=self._category(),
            query=session.query,
            tiles=tuple(tile(product) for product in reversed(found)),
            page=0,
            pages=1,
        )

    def _pictures(self) -> LookupView:
        """Return one page of pictures; with more than one page the last place says "more"."""
        session, room = self._till.session, self._till.config.tiles_per_page
        category = session.category or None
        first, total = self._till.catalog.tiles(category, offset=0, limit=room)
        per_page = room if total <= room else room - 1
        pages = max(1, -(-total // per_page))
        page = session.page % pages
        if page or pages > 1:
            first, _ = self._till.catalog.tiles(category, offset=page * per_page, limit=per_page)
        return LookupView(
            category=self._category(),
            query=session.query,
            tiles=tuple(tile(product) for product in first),
            page=page,
            pages=pages,
        )

    def _category(self) -> CategoryView | None:
        wanted = self._till.session.category
        return next((one for one in self._categories if one.id == wanted), None)

    def _weigh(self) -> WeighView | None:
        product = self._till.session.weighing
        if product is None:
            return None
        weight_g = steady_weight(self._till)
        price = None if weight_g is None else price_of_weight(product.unit_price_minor, weight_g)
        return WeighView(
            tile=tile(product),
            state=weigh_state(self._till),
            weight_g=weight_g,
            price_minor=price,
        )

    def _price_check(self) -> PriceCheckView:
        check = self._till.session.price_check or PriceCheck()
        if check.found is None:
            return PriceCheckView(tile=None, known=check.known)
        product = check.found.product
        offers = () if isinstance(check.found, NeedsWeighing) else check.found.promotions
        shown = tile(product)
        if not isinstance(check.found, NeedsWeighing) and check.found.label_price_minor is not None:
            shown = replace(shown, unit_price_minor=check.found.label_price_minor)
        return PriceCheckView(
            tile=shown,
            deposit_minor=product.deposit_minor,
            offers=tuple(offer.title for offer in offers),
        )

    # --- paying ----------------------------------------------------------------------------

    def _bag_question(self) -> tuple[BagView, ...]:
        wanted = dict(self._till.session.bags)
        return tuple(
            BagView(tile=shown, quantity=wanted.get(product_id, 0))
            for product_id, shown in self._bags
        )

    def _methods(self) -> tuple[MethodView, ...]:
        left = self._totals().left_minor
        limits = self._till.config.method_limits_minor
        return tuple(
            MethodView(
                method=method,
                unavailable=unavailable(self._till, method, left),
                limit_minor=limits.get(method, 0),
            )
            for method in self._till.config.methods
        )

    def _terminal(self) -> TerminalView | None:
        sale, session = self._till.sale, self._till.session
        attempt = with_terminal(sale) or to_give_back(sale) or _paying(sale)
        if attempt is None:
            return None
        return TerminalView(
            amount_minor=attempt.amount_minor,
            step=session.step,
            text=session.step_text,
            direction=self._till.config.terminal_direction,
            aborting=attempt.abort_requested and attempt.outcome is None,
        )

    def _receipt(self) -> ReceiptView | None:
        attempt = _paying(self._till.sale)
        return ReceiptView(
            amount_minor=self._totals().total_minor,
            method=attempt.method if attempt else self._till.config.methods[0],
            last_four=attempt.card.last_four if attempt else "",
            seconds_left=seconds_left(self._till.session.choose_by_ns, self._till.now_ns()),
            paper=self._till.health.can_print(),
            may_decline=attempt is not None,
        )

    def _thanks(self) -> ThanksView:
        return ThanksView(
            saved_minor=self._totals().saved_minor,
            choice=self._till.sale.receipt_choice,
            printing=not can_close(self._till),
            seconds_left=seconds_left(self._till.session.thanks_until_ns, self._till.now_ns()),
        )

    def _out_of_order(self) -> OutOfOrderView | None:
        fault = fault_of(self._till)
        if fault is None:
            return None
        return OutOfOrderView(fault=fault.fault, works=fault.works, can_start=fault.can_start)


def tile(product: Product) -> TileView:
    """Return a product as a picture."""
    return TileView(
        product_id=product.id,
        name=product.name,
        picture=product.picture,
        category=product.category,
        unit=product.unit,
        unit_price_minor=product.unit_price_minor,
    )


def _is_called(till: Till) -> bool:
    """Return whether somebody is on the way: called by the shopper, or by the kiosk itself."""
    calls = (Interest.HELP, Interest.DEVICE, Interest.PAYMENT_IN_DOUBT)
    return bool(till.session.help_id) or any(
        call.open and call.kind in calls for call in till.sale.interventions
    )


def _not_given_back(sale: Sale) -> Attempt | None:
    """Return the attempt whose money should have gone back and did not."""
    return next((a for a in sale.attempts if a.reversed is False), None)


def _paying(sale: Sale) -> Attempt | None:
    """Return the attempt that paid, the last one where there were several."""
    return next((attempt for attempt in reversed(sale.attempts) if counts(attempt)), None)
