"""What a shopper's phone opens: the receipt of a signed link, as a page and as PDF.

Nobody signs in. Who has the link may see it, so nothing may pass it on: no referrer, no search
engine, no copy in a shared cache. Requests are counted, addresses are not written down.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from kiosk.fiscal.electronic import STYLE_HASH, receipt_page, receipt_pdf, word_page
from kiosk.fiscal.receipt import Receipt
from kiosk.fleet.receipts import NoReceipt, NotYet, receipt_of
from kiosk.fleet.server import Fleet
from kiosk.fleet.store.database import DatabaseDown
from kiosk.telemetry.receipt_links import TOKEN_CHARS_MAX, BadLink, LinkExpired

router = APIRouter(include_in_schema=False)

HEADERS: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src {STYLE_HASH}; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
AGAIN_S: Final = 4
Token = Annotated[str, Path(max_length=TOKEN_CHARS_MAX)]


@router.get("/r/{token}/kvittering.pdf")
def as_pdf(token: Token, request: Request) -> Response:
    """The receipt as PDF, under a name that says which it is."""
    found = _found(request, token)
    if isinstance(found, Response):
        return found
    name = f"kvittering-{found.number_text}-{found.at_local:%Y-%m-%d}.pdf"
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(receipt_pdf(found), media_type="application/pdf", headers=headers)


@router.get("/r/{token}")
def as_page(token: Token, request: Request) -> Response:
    """The receipt as a page."""
    found = _found(request, token)
    if isinstance(found, Response):
        return found
    return HTMLResponse(receipt_page(found, pdf=f"{token}/kvittering.pdf"), headers=HEADERS)


def _found(request: Request, token: str) -> Receipt | Response:
    fleet: Fleet = request.app.state.fleet
    try:
        found = receipt_of(fleet.db, token, fleet.now())
    except LinkExpired:
        return _word(410, "Lenken er utløpt", "Spør i butikken om du trenger kvitteringen.")
    except NotYet:
        words = "Den er på vei hit fra kassen. Siden prøver igjen av seg selv."
        return _word(503, "Et øyeblikk, så kommer kvitteringen", words, AGAIN_S)
    except (BadLink, NoReceipt):
        return _word(404, "Her er det ingen kvittering", "Skann koden i kassen en gang til.")
    except DatabaseDown:
        words = "Serveren er opptatt. Siden prøver igjen av seg selv."
        return _word(503, "Et øyeblikk", words, AGAIN_S)
    fleet.counts["receipts_shown"] += 1
    return found


def _word(status: int, title: str, words: str, again_s: int = 0) -> HTMLResponse:
    headers = HEADERS | ({"Retry-After": str(again_s)} if again_s else {})
    return HTMLResponse(word_page(title, words, again_s=again_s), status, headers=headers)
