"""Signing in by password, and the one-time code of the first start."""

import hmac
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from kiosk.fleet.access.audit import record
from kiosk.fleet.access.limits import Limits
from kiosk.fleet.access.lockout import Lockout, place_of
from kiosk.fleet.access.passwords import matches, matches_nobody
from kiosk.fleet.access.people import People, UserExists
from kiosk.fleet.access.rights import Caller
from kiosk.fleet.access.sessions import Sessions
from kiosk.fleet.api.types import FirstStart, NewUser, Role, User
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import us_of

CODE_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH: Final = 12
"""31^12: some 59 bits."""


class WrongPassword(Exception):
    """Name, password or code is wrong; it is not said which."""


class SamePassword(Exception):
    """The new password is the old one."""


class Locked(Exception):
    """Too many wrong tries."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"wait {wait_s} s")
        self.wait_s = wait_s


class SignIn:
    """Lets people in."""

    def __init__(
        self,
        database: Database,
        people: People,
        sessions: Sessions,
        limits: Limits,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._people = people
        self._sessions = sessions
        self._limits = limits
        self._lockout = Lockout(database, now)
        self._now = now
        self._code = ""
        self._lock = threading.Lock()

    def first_code(self) -> str:
        """Make the one-time code of this start; "" when there is somebody already."""
        if not self._people.none_yet():
            return ""
        drawn = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        self._code = "-".join(drawn[i : i + 4] for i in range(0, CODE_LENGTH, 4))
        return self._code

    def first(self, asked: FirstStart, address: str) -> tuple[Caller, str]:
        """Make the first admin and sign in.

        Raises:
            WrongPassword: wrong code, or there is somebody already.
            Locked: too many tries from this address.
        """
        who = f"code at {place_of(address)}"
        self._try_once(who)
        with self._lock:
            given = asked.code.strip().upper()
            if not self._code or not hmac.compare_digest(given.encode(), self._code.encode()):
                raise WrongPassword
            new = NewUser(
                name=asked.name,
                display_name=asked.display_name,
                role=Role.ADMIN,
                of_age=asked.of_age,
                password=asked.password,
            )
            try:
                user = self._people.add(new, only_first=True)
            except UserExists as error:
                raise WrongPassword from error
            self._code = ""
        self._lockout.right(who)
        self._record("sign_in", user.name, address)
        return self._sessions.open(user, address)

    def by_password(self, name: str, password: str, address: str) -> tuple[Caller, str]:
        """Sign somebody in.

        Raises:
            WrongPassword: nobody by that name, not active, or another password.
            Locked: too many wrong tries for that name, or from that address.
        """
        place = place_of(address)
        who, limits = f"{name} at {place}", self._limits
        if wait_s := limits.sign_ins_of_address.take(place):
            raise Locked(wait_s)
        self._try_once(who)
        if wait_s := limits.sign_ins_of_name.take(name):
            raise Locked(wait_s)
        found = self._people.find(name)
        if found is None:
            matches_nobody(password)
        if found is None or not matches(found[1], password) or not found[0].active:
            # What nobody is called is not written down: it may be a password in the wrong field.
            self._record("sign_in_refused", found[0].name if found else "", address)
            raise WrongPassword
        user: User = found[0]
        self._lockout.right(who)
        self._record("sign_in", user.name, address)
        return self._sessions.open(user, address)

    def change_password(self, caller: Caller, current: str, new: str) -> tuple[Caller, str]:
        """Replace the caller's own password, end all sessions of that person, and begin a new one.

        A wrong one counts as a wrong try to sign in: who has found an open session gets no more
        tries at the password than a stranger.

        Raises:
            WrongPassword: `current` is another, or the person was changed meanwhile.
            SamePassword: the new one is the old one.
            Locked: too many wrong tries for that name at that address.
        """
        name, address = caller.user.name, caller.address
        who = f"{name} at {place_of(address)}"
        self._try_once(who)
        if wait_s := self._limits.sign_ins_of_name.take(name):
            raise Locked(wait_s)
        found = self._people.find(name)
        if found is None or not matches(found[1], current):
            self._record("password_refused", name, address)
            raise WrongPassword
        self._lockout.right(who)
        if current == new:
            raise SamePassword
        if not self._people.replace_password(found[1], new, by=caller):
            raise WrongPassword
        self._sessions.forget()
        return self._sessions.open(found[0], address)

    def out(self, caller: Caller, token: str) -> None:
        """Sign somebody out."""
        self._sessions.end(token)
        self._record("sign_out", caller.user.name, caller.address)

    def _try_once(self, who: str) -> None:
        if wait_s := self._lockout.try_once(who):
            raise Locked(wait_s)

    def _record(self, action: str, name: str, address: str) -> None:
        with self._database.write() as db:
            record(db, us_of(self._now()), action, name, actor=name, address=address)
