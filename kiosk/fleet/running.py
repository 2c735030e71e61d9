"""Runs the server or a worker until it is told to end."""

import os
import signal
import ssl
import sys
import threading
from collections import Counter
from pathlib import Path

import uvicorn

from kiosk.fleet.config import FleetConfig
from kiosk.fleet.ingest.worker import Worker
from kiosk.fleet.metrics import serve_counts
from kiosk.fleet.serving_tls import CIPHERS, Reread
from kiosk.fleet.store.database import Database, DatabaseDown
from kiosk.fleet.times import us_of, utc_now
from kiosk.telemetry.signing import BadKey

STOP_S = 5


def run_server(config: FleetConfig) -> int:
    """Serve until SIGTERM or Ctrl-C; return the exit code."""
    # What it writes (people, sessions, keys) is for nobody else on this machine.
    os.umask(0o077)
    from kiosk.fleet.api.app import make_app
    from kiosk.fleet.server import Fleet

    try:
        fleet = Fleet(config)
        fleet.db.migrate()
        code = fleet.sign_in.first_code()
    except (DatabaseDown, BadKey, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Selvkasse fleet: {config.public_url}")
    if not (config.http.certificate or config.http.proxies or _is_here(config.http.host)):
        words = (
            "Everybody on the way can read passwords and sessions: set [http] certificate and key."
        )
        print(f"{config.http.host} is served without TLS. {words}", file=sys.stderr, flush=True)
    if code:
        # To the terminal only, never to the log.
        print(f"Nobody may sign in yet. One-time code for the first admin: {code}", flush=True)
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(fleet),
            host=config.http.host,
            port=config.http.port,
            ssl_certfile=config.http.certificate or None,
            ssl_keyfile=config.http.key or None,
            ssl_version=ssl.PROTOCOL_TLS_SERVER,
            ssl_ciphers=CIPHERS,
            # Lines go where ours go, through the allow-list, not to handlers of its own.
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(config.http.proxies),
            forwarded_allow_ips=config.http.proxies,
            timeout_graceful_shutdown=STOP_S,
            h11_max_incomplete_event_size=64 * 1024,
        )
    )
    reread = _reread(server, config)
    server.run()
    if reread is not None:
        reread.stop()
    return 0 if server.started else 1


def _reread(server: uvicorn.Server, config: FleetConfig) -> Reread | None:
    """Take up a renewed certificate without a new start; None without TLS."""
    server.config.load()
    if server.config.ssl is None:
        return None
    reread = Reread(server.config.ssl, Path(config.http.certificate), Path(config.http.key))
    reread.start()
    return reread


def _is_here(host: str) -> bool:
    return host == "localhost" or host == "::1" or host.startswith("127.")


def run_worker(config: FleetConfig, name: str, metrics_port: int = 0) -> int:
    """Ingest until SIGTERM or Ctrl-C; return the exit code."""
    database = Database(config.database_url)
    try:
        database.migrate()
    except DatabaseDown as error:
        print(error, file=sys.stderr)
        return 1
    counts: Counter[str] = Counter()
    if metrics_port:
        serve_counts(counts, metrics_port)
    worker = Worker(database, config.broker.made(), name, lambda: us_of(utc_now()), counts)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    thread = worker.start()
    while not stop.wait(1.0) and thread.is_alive():
        pass
    worker.stop()
    thread.join(STOP_S)
    database.close()
    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    return 0 if stop.is_set() else 1
