"""The store: a server and a till on one cable, each installed as deploy/README.md says.

What differs from a shop: the till has no glass (SDL draws to memory), its devices are programs, and
it has the sample catalog.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.appliance import image
from tests.appliance.patience import until
from tests.appliance.server.container import Container, Plan
from tests.appliance.server.people import Person
from tests.appliance.server.trees import Trees
from tests.appliance.server.wire import network_of_its_own
from tests.appliance.wire import Refused

SERVER: Final = "fleet.store.test"
TILL: Final = "till.store.test"
KEY: Final = "naermat/torshov/nt-0477-03"
PYTHON: Final = "/opt/selvkasse/current/venv/bin/python"
JOURNAL: Final = "/var/lib/kiosk/journal.sqlite"
GOODS: Final = "7038010001659"
OFFLINE: Final = {
    # apt asks for news first, in vain: once is enough, and nobody's name server is asked.
    "etc/apt/apt.conf.d/99offline": 'Acquire::Retries "0";\n',
    "etc/resolv.conf": "nameserver 127.0.0.1\n",
    # A disk that somebody else keeps busy makes minutes of dpkg's many flushes.
    "etc/dpkg/dpkg.cfg.d/hasty": "force-unsafe-io\n",
}
SCAN: Final = """\
import sys
from drivers.sim.control import Remote
remote = Remote("/run/far-scanner/control", timeout_s=60.0)
remote.call("scan", sys.argv[1])
"""


ROWS: Final = """\
import sqlite3, sys
journal = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
rows = journal.execute("SELECT seq || ':' || lower(hex(hash)) FROM event ORDER BY seq")
print(*(row for row, in rows))
"""


@dataclass(slots=True)
class Store:
    """Both machines, and who has signed in on the server's pages."""

    server: Container
    till: Container
    trees: Trees
    folder: Path
    admin: Person | None = None

    def page(self) -> Person:
        """Return the admin's session.

        Raises:
            AssertionError: nobody was made admin yet.
        """
        assert self.admin is not None, "nobody has signed in"
        return self.admin

    def scan(self, times: int = 1) -> None:
        """Hold a carton of milk to the till's scanner, and again, as a shopper would, until the
        till has written it down.
        """
        for _ in range(times):
            before = len(self.rows_at_the_till())
            until("the till to write it down", self._scanned, lambda rows, n=before: rows > n,
                  every_s=1.0)  # fmt: skip

    def _scanned(self) -> int:
        ran = self.till.run(PYTHON, "-c", SCAN, GOODS)
        assert ran.code == 0, ran.out
        return len(self.rows_at_the_till())

    def rows_at_the_till(self) -> list[str]:
        """Return each row of the till's journal, as `number:hash`."""
        ran = self.till.run("runuser", "-u", "kiosk", "--", "python3", "-c", ROWS, JOURNAL)
        assert ran.code == 0, ran.out
        return ran.out.split()

    def rows_at_the_server(self) -> list[str]:
        """Return each row that PostgreSQL has of that journal; none while it does not answer."""
        try:
            return self.sql("SELECT seq || ':' || encode(hash, 'hex') FROM event ORDER BY seq")
        except Refused:
            return []

    def until_all_is_told(self) -> int:
        """Wait until the server has every row, each as it was written; return how many."""
        wanted = self.rows_at_the_till()
        until("all rows in PostgreSQL", self.rows_at_the_server, lambda seen: seen == wanted)
        return len(wanted)

    def sql(self, query: str) -> list[str]:
        """Ask PostgreSQL as the server's own user; return its lines."""
        asked = f'runuser -u selvkasse-fleet -- psql -h /run/postgresql -AtX fleet -c "{query}"'
        return self.server.sh(asked).splitlines()


@contextmanager
def two_machines(trees: Trees, commit: str, folder: Path) -> Iterator[Store]:
    """Switch both on, bare but for what lies there to be installed."""
    server = Plan(SERVER, 2, trees.lower, folder / "server")
    till = Plan(TILL, 3, trees.lower, folder / "till")
    for plan in (server, till):
        image.clone(commit, plan.upper / image.SOURCE, trees.public_key)
        for name, text in OFFLINE.items():
            path = plan.upper / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    with network_of_its_own(), ExitStack() as running:
        machines = Container(server, (till,)), Container(till, (server,))
        for machine in machines:
            running.enter_context(machine)
        yield Store(*machines, trees, folder)
