"""Who asks, and what they may: every route names one of these as its dependency.

Raises everywhere:
    Refused: 401 not signed in, 403 not allowed or no CSRF token, 404 not there (or not theirs: an
    attendant of one store learns nothing of another's kiosks), 429 too often.
"""

import asyncio
import hmac
import re
from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends, Request

from kiosk.fleet.access.rights import (
    Caller,
    NotAllowed,
    check_command,
    may_see,
    stores_of,
)
from kiosk.fleet.api.types import ID, CommandKind, KioskKey, Role
from kiosk.fleet.server import Fleet

COOKIE: Final = "__Host-selvkasse"
COOKIE_PLAIN: Final = "selvkasse"
"""Its name without TLS, where browsers refuse the prefix: on 127.0.0.1 only."""
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Refused(Exception):
    """A request that is not answered; becomes a `Problem`."""

    def __init__(self, status: int, code: str, detail: str = "", retry_after_s: int = 0) -> None:
        super().__init__(detail or code)
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after_s = retry_after_s


def the_fleet(request: Request) -> Fleet:
    """Return the server's parts."""
    fleet: Fleet = request.app.state.fleet
    return fleet


TheFleet = Annotated[Fleet, Depends(the_fleet)]


def address_of(request: Request) -> str:
    """Return where the request comes from, for rate limits and the audit log."""
    return request.client.host if request.client else ""


def is_secure(request: Request) -> bool:
    """Return whether the browser speaks TLS with us, or with the proxy before us."""
    return request.url.scheme == "https"


def token_of(request: Request) -> str:
    """Return the session's token, "" for none.

    Over TLS only the name with the prefix counts: a neighbour under the same domain, or somebody
    on an unencrypted line, can plant a cookie by any other name, and with it a session of theirs.
    """
    return request.cookies.get(COOKIE if is_secure(request) else COOKIE_PLAIN, "")


def maybe_caller(request: Request, fleet: TheFleet) -> Caller | None:
    """Return who asks, None when nobody is signed in; refuses a change without its CSRF token."""
    caller = fleet.sessions.find(token_of(request), address_of(request))
    if caller is None:
        return None
    if request.method not in SAFE_METHODS:
        given = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(given.encode(), caller.csrf_token.encode()):
            raise Refused(403, "csrf", "The page is older than the session. Load it again.")
    return caller


MaybeCaller = Annotated[Caller | None, Depends(maybe_caller)]


def needs(role: Role) -> Callable[..., Caller]:
    """Return a dependency that lets `role` and those above it pass."""

    def check(caller: MaybeCaller, fleet: TheFleet) -> Caller:
        if caller is None:
            raise Refused(401, "not_signed_in", "Sign in first.")
        if not caller.has(role):
            raise Refused(403, "not_allowed", f"This is for {role.value} and above.")
        wait_s = fleet.limits.requests.take(caller.user.name)
        if wait_s:
            raise Refused(429, "too_many", "Too many requests.", wait_s)
        return caller

    return check


Viewer = Annotated[Caller, Depends(needs(Role.VIEWER))]
Attendant = Annotated[Caller, Depends(needs(Role.ATTENDANT))]
"""Of the stores that the route then looks at."""
Operator = Annotated[Caller, Depends(needs(Role.OPERATOR))]
Admin = Annotated[Caller, Depends(needs(Role.ADMIN))]


def of_all_stores(caller: Operator) -> Caller:
    """Return an operator who is not limited to some stores: what follows reaches all of them."""
    if stores_of(caller.user) is not None:
        raise Refused(403, "not_allowed", "This reaches every store, and yours are some.")
    return caller


OperatorOfAll = Annotated[Caller, Depends(of_all_stores)]


def kiosk_key(tenant: str, store: str, kiosk: str) -> KioskKey:
    """Return the key from the address's three parts; 404 when they cannot be one."""
    if not all(re.fullmatch(ID, part) for part in (tenant, store, kiosk)):
        raise Refused(404, "no_such_kiosk")
    return f"{tenant}/{store}/{kiosk}"


def seen_kiosk(
    tenant: str, store: str, kiosk: str, fleet: TheFleet, caller: MaybeCaller
) -> KioskKey:
    """Return the key of a kiosk that exists and that the caller may see."""
    if caller is None:
        raise Refused(401, "not_signed_in", "Sign in first.")
    key = kiosk_key(tenant, store, kiosk)
    if not may_see(caller.user, key) or not fleet.picture.knows(key):
        raise Refused(404, "no_such_kiosk")
    return key


SeenKiosk = Annotated[KioskKey, Depends(seen_kiosk)]


async def check(fleet: Fleet, caller: Caller, kind: CommandKind, key: KioskKey) -> None:
    """Refuse a command that the caller may not give to this kiosk; the try is in the audit log."""
    try:
        check_command(caller.user, kind, key)
    except NotAllowed as error:
        await asyncio.to_thread(fleet.desk.note_refused, key, kind, caller)
        raise Refused(403, "not_allowed", str(error)) from error
