"""The people who may sign in. There is no account before the first one is made."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from kiosk.fleet.access.audit import record
from kiosk.fleet.access.passwords import hashed
from kiosk.fleet.access.rights import Caller
from kiosk.fleet.api.types import NewUser, Role, User, UserChange
from kiosk.fleet.store.database import Database
from kiosk.fleet.store.tables import person, session
from kiosk.fleet.times import us_of

_ADMINS: Final = select(func.count()).where(person.c.role == Role.ADMIN.value, person.c.active)


class UserExists(Exception):
    """The name is taken."""


class NoSuchUser(Exception):
    """Nobody has that name."""


class People:
    """Adds, changes and lists people."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self.names: dict[str, str] = {}
        """Names shown, by user name: for calls and decisions, which carry only ids."""

    def none_yet(self) -> bool:
        """Return whether there is no admin yet, and so nobody who could make one here."""
        with self._database.read() as db:
            return not db.execute(_ADMINS).scalar_one()

    def all(self) -> list[User]:
        """Return everybody, by name."""
        with self._database.read() as db:
            return [user_of(row) for row in db.execute(select(person).order_by(person.c.name))]

    def load_names(self) -> None:
        """Learn everybody's name; later changes in this process are noted as they come."""
        self.names.update((user.name, user.display_name) for user in self.all())

    def find(self, name: str) -> tuple[User, str] | None:
        """Return a person and the hash of the password."""
        with self._database.read() as db:
            row = db.execute(select(person).where(person.c.name == name)).one_or_none()
        return (user_of(row), row.password) if row else None

    def add(self, new: NewUser, *, by: Caller | None = None, only_first: bool = False) -> User:
        """Add somebody.

        Raises:
            UserExists: the name is taken; with `only_first` also when there is an admin.
            ValueError: an attendant without a store, an admin with some.
        """
        user = User(**new.model_dump(exclude={"password"}))
        _check(user)
        secret = hashed(new.password)
        at_us = us_of(self._now())
        with self._database.write() as db:
            taken = db.execute(select(person.c.name).where(person.c.name == user.name)).all()
            if taken or (only_first and db.execute(_ADMINS).scalar_one()):
                raise UserExists(f"{user.name} is there already")
            values = user.model_dump(mode="json")
            db.execute(insert(person).values(**values, password=secret, created_us=at_us))
            record(
                db,
                at_us,
                "user_added",
                user.name,
                by=by,
                role_given=user.role.value,
                stores=user.stores,
                of_age=user.of_age,
            )
        self.names[user.name] = user.display_name
        return user

    def change(self, name: str, change: UserChange, *, by: Caller | None = None) -> User:
        """Change somebody and end their sessions.

        Raises:
            NoSuchUser: nobody has that name.
            ValueError: an attendant without a store, or the last active admin would be gone.
        """
        values = change.model_dump(mode="json", exclude_none=True)
        if "password" in values:
            values["password"] = hashed(values["password"])
        with self._database.write() as db:
            row = db.execute(select(person).where(person.c.name == name)).one_or_none()
            if row is None:
                raise NoSuchUser(name)
            if values:
                db.execute(update(person).where(person.c.name == name).values(**values))
            changed = db.execute(select(person).where(person.c.name == name)).one()
            _check(user_of(changed))
            _check_admins(db)
            db.execute(delete(session).where(session.c.name == name))
            told = {field: value for field, value in values.items() if field != "password"}
            at_us, fields = us_of(self._now()), sorted(values)
            record(db, at_us, "user_changed", name, by=by, fields=fields, to=told)
        self.names[name] = changed.display_name
        return user_of(changed)

    def replace_password(self, before: str, password: str, *, by: Caller) -> bool:
        """Give somebody the own new password and end all sessions of that person.

        `before` is the hash that the old password was held against. Returns False, and nothing has
        changed, when it is not that person's any more, or the person may not sign in any more.
        """
        name, secret = by.user.name, hashed(password)
        same = (person.c.name == name, person.c.password == before, person.c.active)
        with self._database.write() as db:
            done = db.execute(update(person).where(*same).values(password=secret))
            if not done.rowcount:
                return False
            db.execute(delete(session).where(session.c.name == name))
            record(db, us_of(self._now()), "password_changed", name, by=by)
        return True


def user_of(row: Row[tuple[object, ...]]) -> User:
    """Return the person in a row."""
    return User(
        name=row.name,
        display_name=row.display_name,
        role=Role(row.role),
        stores=row.stores,
        of_age=row.of_age,
        active=row.active,
        language=row.language,
    )


def _check(user: User) -> None:
    if user.role is Role.ATTENDANT and not user.stores:
        raise ValueError("an attendant needs at least one store")
    if user.role is Role.ADMIN and user.stores:
        # Who adds people can add one without limits.
        raise ValueError("an admin is one of all stores: leave the stores out")


def _check_admins(db: Connection) -> None:
    if not db.execute(_ADMINS).scalar_one():
        raise ValueError("the last active admin stays an active admin")
