"""Receipts for phones, as far as this kiosk is concerned: a key of its own that signs their links.

The key is made at the first start, in the kiosk's own folder, and never leaves it. The store's
server learns its public half from the kiosk's birth, over the connection that the broker vouches
for. New hardware has a new key: links of the old one end then, and the paper copy is still there.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from kiosk.telemetry.receipt_links import ReceiptLink, public_text, token_of
from kiosk.telemetry.topics import Address

logger = logging.getLogger(__name__)

KEY_NAME: Final = "receipt-links.key"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptsSection:
    """Receipts for phones. Without a base there are none, and the screen does not offer them."""

    base: str
    """Where the store's server is for the public, e.g. "https://kvittering.naermat.no"; the link
    is this and "/r/" and 200 characters."""
    days: int = 30
    """How long a link works. Not longer than the server keeps events (`events_days`)."""


def check(section: ReceiptsSection, wrong: Callable[[str, str], None]) -> None:
    """Tell what is wrong with the section beyond the kinds of its values."""
    if not section.base.startswith("https://") and not section.base.startswith("http://127.0.0.1"):
        wrong("receipts.base", f'{section.base!r} is not safe. Expected "https://...".')
    if not 1 <= section.days <= 90:
        wrong("receipts.days", f"{section.days} is out of bounds. Expected 1 to 90.")


class LinkMaker:
    """Makes the links of one kiosk. `reached` says whether the server hears of its sales now."""

    def __init__(
        self,
        section: ReceiptsSection,
        address: Address,
        key: Ed25519PrivateKey,
        reached: Callable[[], bool],
    ) -> None:
        self._base = section.base.rstrip("/")
        self._lasts = timedelta(days=section.days)
        self._address = address
        self._key = key
        self._reached = reached

    @property
    def public_key(self) -> str:
        """What the server is told."""
        return public_text(self._key)

    def offered(self) -> bool:
        """Whether a phone will find its receipt: the server hears of sales as they are made."""
        return self._reached()

    def link(self, sale_id: str, at_utc: str) -> str:
        """Return the address of the receipt of a sale that was completed at `at_utc`."""
        ends = datetime.fromisoformat(at_utc) + self._lasts
        link = ReceiptLink(address=self._address, sale_id=sale_id, expires_s=int(ends.timestamp()))
        return f"{self._base}/r/{token_of(link, self._key)}"


def link_key(folder: Path) -> Ed25519PrivateKey:
    """Return the key in `folder`; made there, closed to others, when there is none.

    A file that cannot be used is replaced: the key protects no past, only links of some weeks.
    """
    path = folder / KEY_NAME
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
        if isinstance(key, Ed25519PrivateKey):
            return key
        logger.error("receipts: %s holds another kind of key, so a new one is made", path)
    except FileNotFoundError:
        pass
    except ValueError as error:
        logger.error("receipts: %s cannot be used, so a new key is made: %s", path, error)
    made = Ed25519PrivateKey.generate()
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return made
