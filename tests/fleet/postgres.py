"""A PostgreSQL of one's own for tests: Debian's, in a temporary folder, on a socket there.

PostgreSQL refuses to run as root; then it runs as the account that Debian's package made.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import create_engine, text

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
ACCOUNT = "postgres"


def binaries() -> Path | None:
    """Where initdb and pg_ctl are; None when PostgreSQL is not installed."""
    found = next((place for place in PLACES if (place / "initdb").exists()), None)
    if found is None or (os.geteuid() == 0 and not _account()):
        return None
    return found


def why_not() -> str:
    """What is missing, in words for a skipped test."""
    return "PostgreSQL is not installed (Debian: postgresql)" if binaries() is None else ""


def _account() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None


@contextmanager
def running(*, durable: bool = False) -> Iterator[str]:
    """Run a server and give the URL of its first database, `postgres`; gone afterwards.

    Not `durable` it runs without fsync: the tests kill workers and brokers, never this machine.
    """
    place = binaries()
    assert place is not None, why_not()
    folder = Path(mkdtemp(prefix="pg-", dir="/tmp"))
    user = None
    if os.geteuid() == 0:
        account = _account()
        assert account is not None
        user = account.pw_uid
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, log = folder / "data", folder / "log"
    calm = {"cwd": folder, "user": user, "check": True, "capture_output": True}
    # Only a socket in the folder: no port that somebody else may have.
    options = f"-k {folder} -c listen_addresses='' -c max_connections=60"
    if not durable:
        options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    try:
        subprocess.run(
            [
                place / "initdb",
                "-D",
                data,
                "-U",
                "fleet",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
            **calm,
        )
        start = [place / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"]
        subprocess.run(start, **{**calm, "capture_output": False, "stdout": subprocess.DEVNULL})
        yield f"postgresql://fleet@/postgres?host={folder}"
    finally:
        subprocess.run(
            [place / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"],
            **{**calm, "check": False},
        )
        shutil.rmtree(folder, ignore_errors=True)


def emptied(url: str, tables: Iterable[str]) -> None:
    """Empty tables, their numbers beginning anew; who is still connected is thrown out first."""
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    with engine.connect() as db:
        db.execute(text(f"{others} WHERE datname = current_database() AND pid <> pg_backend_pid()"))
        db.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
    engine.dispose()


def fresh(url: str, name: str, like: str = "template1") -> str:
    """Make a database on the server, empty or a copy of another, and return its URL."""
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as db:
        db.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        db.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
    engine.dispose()
    return url.replace("/postgres?", f"/{name}?")
