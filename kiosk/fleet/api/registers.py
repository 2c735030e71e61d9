"""What a kiosk asks over HTTPS, signed with its certificate: its own journal, its store's receipts.

No browser comes here, and no session counts: `kiosk.telemetry.credentials` says who asks.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import structlog
from fastapi import APIRouter, Depends, Query, Request
from fastapi import Path as PathPart
from fastapi.responses import Response

from kiosk.fleet.access.audit import record
from kiosk.fleet.api.callers import Refused, TheFleet
from kiosk.fleet.ingest.apply import Applier
from kiosk.fleet.ingest.received import Received
from kiosk.fleet.registers import NoSuchJournal, kept_journals, page
from kiosk.fleet.returns import hold, look
from kiosk.fleet.server import Fleet
from kiosk.telemetry.credentials import Authorities, BadCredentials, WrongClock
from kiosk.telemetry.messages import Events
from kiosk.telemetry.store_words import KeptJournals, ReceiptAsked, RowsTold
from kiosk.telemetry.topics import Address, Channel, Place

log = structlog.get_logger(__name__)
router = APIRouter(prefix="/api/kiosk", include_in_schema=False)

_encode = msgspec.json.Encoder().encode
JournalId = Annotated[str, PathPart(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
RegisterId = Annotated[str, Query(max_length=100)]
After = Annotated[int, Query(ge=0, le=2**53)]
T = TypeVar("T")


async def asking_kiosk(request: Request, fleet: TheFleet) -> Address:
    """Return which kiosk asks, by its certificate.

    Raises:
        Refused: 401 nobody of ours, or a clock that is wrong; 503 where the server has no authority
            to hold a certificate against.
    """
    broker = fleet.config.broker
    if not broker.ca:
        raise Refused(503, "no_authority", "This server has no [broker] ca: no kiosk is known.")
    body = await request.body()
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    try:
        known = Authorities.load(Path(broker.ca), Path(broker.revoked) if broker.revoked else None)
        return known.caller(request.headers, request.method, target, body, fleet.now())
    except WrongClock as error:
        fleet.counts["kiosk_clock_wrong"] += 1
        raise Refused(401, "clock", f"The kiosk's clock is wrong, or mine: {error}") from error
    except BadCredentials as error:
        fleet.counts["kiosk_refused"] += 1
        log.warning("a kiosk's request is refused", why=str(error))
        raise Refused(401, "not_known", "Not signed by a certificate that counts here.") from error
    except (OSError, ValueError) as error:
        log.error("the authority's files cannot be read", why=str(error))
        raise Refused(503, "no_authority", "The authority's files cannot be read.") from error


AskingKiosk = Annotated[Address, Depends(asking_kiosk)]


@router.get("/register")
def register(fleet: TheFleet, kiosk: AskingKiosk, register_id: RegisterId) -> Response:
    """Return what the server knows of this kiosk and of this register's id."""
    return answer(KeptJournals(journals=kept_journals(fleet.db, kiosk, register_id)))


@router.get("/journal/{journal_id}")
def rows(fleet: TheFleet, kiosk: AskingKiosk, journal_id: JournalId, after: After = 0) -> Response:
    """Return a page of the kiosk's own journal. That somebody begins to read it is audited."""
    if not after:
        with fleet.db.write() as db:
            record(db, fleet.now_us(), "journal_read", str(kiosk), journal_id=journal_id)
    try:
        return answer(page(fleet.db, kiosk, journal_id, after))
    except NoSuchJournal as error:
        raise Refused(404, "no_such_journal") from error


@router.post("/journal/{journal_id}")
async def told(
    fleet: TheFleet, kiosk: AskingKiosk, journal_id: JournalId, request: Request
) -> Response:
    """Keep rows of the kiosk's own journal, durable before the answer; once more is harmless."""
    said = read(await request.body(), RowsTold)
    await asyncio.to_thread(_keep, fleet, kiosk, journal_id, said)
    return answer({"kept": len(said.rows)})


def _keep(fleet: Fleet, kiosk: Address, journal_id: str, said: RowsTold) -> None:
    message = Events(at_utc=said.rows[-1].at_utc, journal_id=journal_id, rows=said.rows)
    place = Place(kiosk, Channel.EVENTS)
    Applier(fleet.db).apply([Received(place, message, fleet.now_us())])


@router.post("/receipt")
async def receipt(fleet: TheFleet, kiosk: AskingKiosk, request: Request) -> Response:
    """Find a receipt of the kiosk's own store, or hold it while goods of it come back."""
    asked = read(await request.body(), ReceiptAsked)
    if asked.into and not asked.sale_id:
        raise Refused(422, "invalid", "sale_id: which sale is to be held?")
    do = hold if asked.into else look
    return answer(await asyncio.to_thread(do, fleet.db, kiosk, asked))


def answer(content: Any) -> Response:
    """Return an answer as JSON."""
    return Response(_encode(content), media_type="application/json")


def read(body: bytes, kind: type[T], decode: Callable[..., T] = msgspec.json.decode) -> T:
    """Return what a body says; refused with 422 when it says something else."""
    try:
        return decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Refused(422, "invalid", str(error)[:300]) from error
