"""A whole fleet server on a free port, with people of every role, for tests."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import httpx
import uvicorn
from argon2 import PasswordHasher

from kiosk.fleet import desk as desk_module
from kiosk.fleet.access import people as people_module
from kiosk.fleet.api.app import make_app
from kiosk.fleet.api.types import NewUser, Role
from kiosk.fleet.config import FleetConfig
from kiosk.fleet.server import Fleet
from tests.fleet.words import until

PATIENCE_S = 90.0
PASSWORD = "en lang nok setning"
PEOPLE = {
    "vidar": (Role.VIEWER, []),
    "ingrid": (Role.ATTENDANT, ["naermat/torshov"]),
    "bjorn": (Role.ATTENDANT, ["naermat/bryggen"]),
    "olga": (Role.OPERATOR, []),
    "admin": (Role.ADMIN, []),
}


@dataclass
class Serving:
    """The server, and clients that are signed in."""

    fleet: Fleet
    url: str
    clients: list[httpx.Client] = field(default_factory=list)

    def anybody(self) -> httpx.Client:
        client = httpx.Client(base_url=self.url, timeout=2 * PATIENCE_S)
        self.clients.append(client)
        return client

    def signed_in(self, name: str) -> httpx.Client:
        client = self.anybody()
        answer = client.post("/api/session", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return client


QUICK: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""A hash names its own parameters, so what is hashed with these is looked at by the product's code
in a millisecond. That the product's own are as slow as they should be has a test of its own."""

hash_once = cache(QUICK.hash)


@contextmanager
def serving(config: FleetConfig, *, people: bool = True) -> Iterator[Serving]:
    fleet = Fleet(config)
    fleet.db.migrate()
    # One quick hash for everybody: Argon2 is slow on purpose.
    people_module.hashed = hash_once
    # Whoever asks waits for the kiosk's answer, however busy this machine is.
    desk_module.WAIT_S = PATIENCE_S  # type: ignore[misc]
    for name, (role, stores) in PEOPLE.items() if people else ():
        fleet.people.add(
            NewUser(
                name=name,
                display_name=name.capitalize(),
                role=role,
                stores=stores,
                of_age=True,
                password=PASSWORD,
            )
        )
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(fleet),
            log_level="error",
            timeout_graceful_shutdown=1,
            # A busy test must not meet a connection in the moment in which it is closed as idle.
            timeout_keep_alive=3600,
        )
    )
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True
    )
    thread.start()
    until(lambda: server.started, "the server started")
    found = Serving(fleet, f"http://127.0.0.1:{listening.getsockname()[1]}")
    try:
        yield found
    finally:
        for client in found.clients:
            client.close()
        fleet.stopping = True
        server.should_exit = True
        thread.join(15)
        listening.close()
