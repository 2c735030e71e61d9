"""From the sale and the session to the one `View` that the screen draws.

A view is built after every message, so it must be cheap: rows of the list are kept by the
identity of their line (frozen values that did not change are the same object), and what the
catalog gives is kept until another catalog is opened. Two equal views are one: `build` returns
the old one, and nothing is published.
"""

from dataclasses import replace
from typing import Any

from drivers.contracts import DeviceKind
from kiosk.catalog import Catalog
from kiosk.engine import bagging, payment_views, sending, staff_builder, tender_views
from kiosk.engine.line_views import LineViews
from kiosk.engine.lookup import steady_weight, weigh_state
from kiosk.engine.place import is_practice, screen_of
from kiosk.engine.session import NeedsWeighing, PriceCheck
from kiosk.engine.till import Till
from kiosk.engine.time_left import seconds_left
from kiosk.engine.view import (
    BagView,
    CategoryView,
    LookupView,
    Notice,
    Overlay,
    PriceCheckView,
    Screen,
    TileView,
    ToastView,
    TotalsView,
    View,
    WeighView,
)
from kiosk.engine.waiting_views import is_called, waiting
from kiosk.payments.attempts import doubt_code
from kiosk.sale.attempts import in_doubt
from kiosk.sale.intervention import blocking
from kiosk.sale.money import price_of_weight
from kiosk.sale.product import Product
from kiosk.sale.state import Phase, Sale
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
        closed_hour = session.notice is Notice.ALCOHOL_HOURS
        fields: dict[str, Any] = {
            "screen": screen,
            "overlay": self._overlay(),
            "settings": session.settings,
            "totals": self._sums(),
            "toast": self._toast(),
            "notice": session.notice,
            "notice_limit": session.notice_limit,
            "code": session.code,
            "seconds_left": seconds_left(session.answer_by_ns, till.now_ns()),
            "help_called": is_called(till),
            "help_reason": session.help_reason,
            "opens_at": till.opens_at if screen is Screen.CLOSED else "",
            "paused": till.paused and not till.closing,
            "sold_again": till.hours.opens_today() if closed_hour else "",
            "seen_by": till.seen_by,
            "waiting": waiting(till),
            "sale_id": "" if sale.phase is Phase.NONE else sale.id,
            "bagging": bagging.view(till),
            "staff": staff_builder.build(till),
            "tone": session.tone,
            "tone_seq": session.tone_seq,
            **self._of_kiosk(),
            **self._of_list(sale),
            **self._of_screen(screen),
        }
        changed = {
            name: value
            for name, value in fields.items()
            if (was := getattr(previous, name)) is not value and was != value
        }
        if not changed:
            return previous
        # The time of a scan is told with its own view; that it is over is no change.
        scan_at_ns = session.scan_at_monotonic_ns
        return replace(previous, **changed, scan_at_monotonic_ns=scan_at_ns, seq=previous.seq + 1)

    def _of_kiosk(self) -> dict[str, Any]:
        """Return what is the same in every view of this kiosk."""
        config = self._till.config
        return {
            "shop_name": config.shop.name,
            "till": config.till,
            "training": is_practice(self._till),
            "test_money": config.test_money,
            "undeclared": not config.shop.declared,
            "staffed": self._till.door is not None,
            "volume_percent": self._till.volume_percent,
            "touch": self._till.touch,
            "scanner_lost": self._till.health.gone(DeviceKind.SCANNER),
            "has_light": self._till.health.ready(DeviceKind.LIGHT),
            "languages": config.languages,
            "methods_offered": config.methods,
            "categories": self._categories[: config.categories_shown],
        }

    def _of_list(self, sale: Sale) -> dict[str, Any]:
        """Return the rows, and which of them are open, new, or waited for."""
        session = self._till.session
        rows = self._lines.of(sale)
        live = {row.line_id for row in rows if not row.came_back}
        newest = max(live, default=None)
        doubtful = in_doubt(sale) or payment_views.not_given_back(sale)
        waited_for = blocking(sale)
        return {
            "lines": rows,
            "open_line_id": session.open_line_id if session.open_line_id in live else newest,
            "added_line_id": session.added_line_id if session.added_line_id in live else None,
            "doubt_code": doubt_code(doubtful.service_id) if doubtful else "",
            "waiting_line_id": waited_for.line_id if waited_for else None,
        }

    def _of_screen(self, screen: Screen) -> dict[str, Any]:
        """Return the parts that belong to one screen each; the others have none."""
        till, sums = self._till, self._totals()
        paying = screen is Screen.TERMINAL
        by_phone = screen in (Screen.WALLET, Screen.WALLET_KEYS)
        broken = screen is Screen.OUT_OF_ORDER
        return {
            "lookup": self._lookup() if screen is Screen.LOOKUP else None,
            "weigh": self._weigh() if screen is Screen.WEIGH else None,
            "price_check": self._price_check() if screen is Screen.PRICE_CHECK else None,
            "bags": self._bag_question() if screen is Screen.BAGS else (),
            "methods": (
                payment_views.methods(till, sums) if screen in (Screen.PAY, Screen.START) else ()
            ),
            "terminal": payment_views.terminal(till) if paying else None,
            "wallet": payment_views.wallet(till) if by_phone else None,
            "tenders": tender_views.of(till, sums),
            "receipt": payment_views.receipt(till, sums) if screen is Screen.RECEIPT else None,
            "thanks": payment_views.thanks(till, sums) if screen is Screen.THANKS else None,
            "send_link": payment_views.send_link(till) if screen in sending.KEYS else None,
            "out_of_order": payment_views.out_of_order(till) if broken else None,
        }

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
            page=1,
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
            page=page + 1,
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

    def _bag_question(self) -> tuple[BagView, ...]:
        wanted = dict(self._till.session.bags)
        return tuple(
            BagView(tile=shown, quantity=wanted.get(product_id, 0))
            for product_id, shown in self._bags
        )


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
