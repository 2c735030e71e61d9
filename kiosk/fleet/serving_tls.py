"""A server's certificate, read anew when its file changes: nobody is cut off for a renewal."""

import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger(__name__)

LOOK_S: Final = 60.0
CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2; the server library's own default leaves only CBC with SHA-1. TLS 1.3 has its own."""


class Reread:
    """Looks at the files of a server's certificate every so often, in a thread of its own."""

    def __init__(
        self,
        context: ssl.SSLContext,
        certificate: Path,
        key: Path,
        *,
        before: Callable[[], object] = lambda: None,
        every_s: float = LOOK_S,
    ) -> None:
        """`before` is done before each look: it may renew what is looked at."""
        self._context = context
        self._certificate = certificate
        self._key = key
        self._before = before
        self._every_s = every_s
        self._seen = self._facts()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="certificate", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def look(self) -> bool:
        """Look once; return whether a new certificate was taken up. The next to connect see it."""
        facts = self._facts()
        if facts == self._seen:
            return False
        try:
            self._context.load_cert_chain(self._certificate, self._key)
        except (OSError, ValueError) as error:
            log.warning("the new certificate cannot be used", why=str(error))
            return False
        self._seen = facts
        log.info("a new certificate is shown", file=str(self._certificate))
        return True

    def _facts(self) -> tuple[int, int] | None:
        try:
            facts = self._certificate.stat()
        except OSError:
            return None
        return facts.st_ino, facts.st_mtime_ns

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            try:
                self._before()
                self.look()
            except Exception as error:  # the next look may do better, and the server goes on
                log.warning("no look at the certificate", why=repr(error)[:300])
