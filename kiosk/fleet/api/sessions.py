"""Signing in and out, the first start, and the people who may."""

from fastapi import APIRouter, Request, Response

from kiosk.fleet.access.people import NoSuchUser, UserExists
from kiosk.fleet.access.sign_in import Locked, SamePassword, WrongPassword
from kiosk.fleet.api.callers import (
    COOKIE,
    COOKIE_PLAIN,
    Admin,
    MaybeCaller,
    Refused,
    TheFleet,
    Viewer,
    address_of,
    is_secure,
    token_of,
)
from kiosk.fleet.api.types import (
    FirstStart,
    NewUser,
    PasswordChange,
    Session,
    SignIn,
    User,
    UserChange,
)

router = APIRouter(prefix="/api", tags=["people"])


@router.get("/session")
def session(caller: MaybeCaller, fleet: TheFleet) -> Session:
    """Who is signed in; never refused."""
    if caller is None:
        return Session(first_start=fleet.people.none_yet())
    return Session(user=caller.user, csrf_token=caller.csrf_token, expires_at=caller.expires_at)


@router.post("/session")
def sign_in(asked: SignIn, request: Request, response: Response, fleet: TheFleet) -> Session:
    """Sign in: sets a new session's cookie (HttpOnly, SameSite=Strict, Secure); an old one ends."""
    before = token_of(request)
    try:
        caller, token = fleet.sign_in.by_password(asked.name, asked.password, address_of(request))
    except Locked as error:
        raise Refused(429, "locked", "Too many attempts.", error.wait_s) from error
    except WrongPassword as error:
        raise Refused(401, "wrong_password", "Name or password is wrong.") from error
    if before:
        fleet.sessions.end(before)
    _set_cookie(request, response, token, fleet)
    return Session(user=caller.user, csrf_token=caller.csrf_token, expires_at=caller.expires_at)


@router.delete("/session", status_code=204)
def sign_out(caller: MaybeCaller, request: Request, response: Response, fleet: TheFleet) -> None:
    """Sign out; harmless when nobody was signed in."""
    if caller is not None:
        fleet.sign_in.out(caller, token_of(request))
    for name in (COOKIE, COOKIE_PLAIN):
        response.delete_cookie(name, path="/", secure=name == COOKIE, httponly=True)


@router.post("/session/password")
def change_password(
    asked: PasswordChange, caller: Viewer, request: Request, response: Response, fleet: TheFleet
) -> Session:
    """Change one's own password: every session of that person ends, and this one begins anew.

    The answer has a new `csrf_token`, and a new cookie comes with it. 403 `wrong_password` when
    `current` is wrong, 409 `same_password` when the new one is the old one, 429 `locked` after as
    many wrong tries as at signing in.
    """
    try:
        again, token = fleet.sign_in.change_password(caller, asked.current, asked.new)
    except Locked as error:
        raise Refused(429, "locked", "Too many attempts.", error.wait_s) from error
    except WrongPassword as error:
        raise Refused(403, "wrong_password", "The password now is another.") from error
    except SamePassword as error:
        raise Refused(409, "same_password", "The new password is the old one.") from error
    _set_cookie(request, response, token, fleet)
    return Session(user=again.user, csrf_token=again.csrf_token, expires_at=again.expires_at)


@router.post("/first-start")
def first_start(
    asked: FirstStart, request: Request, response: Response, fleet: TheFleet
) -> Session:
    """Make the first admin with the one-time code that the server printed, and sign in."""
    try:
        caller, token = fleet.sign_in.first(asked, address_of(request))
    except Locked as error:
        raise Refused(429, "locked", "Too many attempts.", error.wait_s) from error
    except WrongPassword as error:
        raise Refused(403, "wrong_code", "The code is wrong, or was used.") from error
    _set_cookie(request, response, token, fleet)
    return Session(user=caller.user, csrf_token=caller.csrf_token, expires_at=caller.expires_at)


@router.get("/users")
def users(caller: Admin, fleet: TheFleet) -> list[User]:  # noqa: ARG001 - the right to ask
    """Everybody who may sign in."""
    return fleet.people.all()


@router.post("/users", status_code=201)
def add_user(asked: NewUser, caller: Admin, fleet: TheFleet) -> User:
    """Add somebody; 409 when the name is taken, 422 for an attendant without a store."""
    try:
        return fleet.people.add(asked, by=caller)
    except UserExists as error:
        raise Refused(409, "name_taken", str(error)) from error
    except ValueError as error:
        raise Refused(422, "invalid", str(error)) from error


@router.patch("/users/{name}")
def change_user(name: str, asked: UserChange, caller: Admin, fleet: TheFleet) -> User:
    """Change somebody; their sessions end. The last active admin stays one (409)."""
    try:
        changed = fleet.people.change(name, asked, by=caller)
    except NoSuchUser as error:
        raise Refused(404, "no_such_user") from error
    except ValueError as error:
        raise Refused(409, "invalid", str(error)) from error
    fleet.sessions.forget()
    return changed


def _set_cookie(request: Request, response: Response, token: str, fleet: TheFleet) -> None:
    secure = is_secure(request)
    response.set_cookie(
        COOKIE if secure else COOKIE_PLAIN,
        token,
        max_age=fleet.config.session_hours * 3600,
        path="/",
        secure=secure,
        httponly=True,
        samesite="strict",
    )
