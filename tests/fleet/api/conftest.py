"""A server with a real broker and a few simulated kiosks behind it."""

import asyncio
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from kiosk.app.broker import Broker
from kiosk.fleet.authority import Authority
from kiosk.fleet.broker import BrokerConfig
from kiosk.fleet.config import Broker as BrokerTable
from kiosk.fleet.config import FleetConfig
from kiosk.fleet.simulate.kiosk import SimulatedKiosk
from kiosk.fleet.simulate.running import Plan, make_kiosks, play, wire_of
from kiosk.fleet.simulate.wire import Wire
from tests.fleet.serving import Serving, serving
from tests.fleet.words import until

QUIET = Plan(kiosks=4, stores=2, tenant="naermat", shoppers=False, patience_s=(3600.0, 3600.0))
"""Four kiosks in two stores at which only what a test does happens, and nothing by itself."""

ConfigOf = Callable[[str], FleetConfig]


@pytest.fixture
def config_of(
    authority: Authority, broker: Broker, sqlite_migrated: Path, tmp_path: Path
) -> ConfigOf:
    (tmp_path / "fleet").mkdir()
    shutil.copyfile(sqlite_migrated, tmp_path / "fleet" / "fleet.sqlite")

    def of(name: str) -> FleetConfig:
        table = BrokerTable(
            host="localhost",
            port=broker.fleet_port,
            ca=str(authority.ca_path),
            certificate=str(authority.folder / f"{name}.pem"),
            key=str(authority.folder / f"{name}.key"),
        )
        return FleetConfig(data_dir=str(tmp_path / "fleet"), broker=table)

    return of


@pytest.fixture
def server(config_of: ConfigOf) -> Iterator[Serving]:
    with serving(config_of("fleet")) as found:
        assert found.fleet.watcher.connected.wait(90)
        yield found


class Playing:
    """Simulated kiosks in a thread of their own."""

    def __init__(
        self, config: FleetConfig, plan: Plan, changed: Callable[[Wire], Wire] = lambda wire: wire
    ) -> None:
        self._changed = changed
        self.counts: Counter[str] = Counter()
        self.plan = plan
        self.kiosks: list[SimulatedKiosk] = []
        self._config = config
        self.loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def run(self) -> None:
        async def main() -> None:
            self.loop = asyncio.get_running_loop()
            self.kiosks = make_kiosks(
                self._changed(wire_of(self._config, self.plan, self.counts)), self.plan
            )
            self._task = asyncio.create_task(play(self.kiosks, self.plan))
            with suppress(asyncio.CancelledError):
                await self._task

        asyncio.run(main())

    def do(self, what: Callable[[], object]) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(what)

    def stop(self) -> None:
        if self.loop is not None and self._task is not None:
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self._task.cancel)


@pytest.fixture
def simulated(server: Serving, config_of: ConfigOf) -> Iterator[Playing]:
    """Four kiosks in two stores, who the server knows."""
    with playing(config_of("simulator"), QUIET) as found:
        until(lambda: len(server.fleet.picture.rows()) == 4, "four kiosks known")
        until(lambda: server.fleet.db and _in_database(server) == 4, "four kiosks stored")
        yield found


def _in_database(server: Serving) -> int:
    from sqlalchemy import func, select

    from kiosk.fleet.store.tables import kiosk

    with server.fleet.db.read() as db:
        return db.execute(select(func.count()).select_from(kiosk)).scalar_one()


@contextmanager
def playing(
    config: FleetConfig, plan: Plan, changed: Callable[[Wire], Wire] = lambda wire: wire
) -> Iterator[Playing]:
    """Let kiosks of a plan live; `changed` may give them another clock."""
    found = Playing(config, plan, changed)
    thread = threading.Thread(target=found.run, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.stop()
        thread.join(15)


__all__ = ["BrokerConfig", "Playing", "playing"]
