"""What a simulated kiosk writes into its journal: rows of a sale, numbered and chained. Pure.

The bodies have the fields of the real events, so that what reads them cannot tell the difference.
"""

import hashlib
from random import Random
from typing import Any, Final

import msgspec

from kiosk.telemetry.messages import LineBrief, Row

GOODS: Final = (
    ("7038010000010", "Lettmelk 1 l", 2390, 0),
    ("7044610000012", "Cola uten sukker 1,5 l", 2990, 0),
    ("7037150000015", "Kneippbrød 750 g", 3490, 0),
    ("7035620000018", "Yoghurt blåbær 150 g", 1490, 0),
    ("7020097000011", "Oppvaskmiddel 500 ml", 3690, 0),
    ("7025110000013", "Norvegia 500 g", 8990, 0),
    ("7039610000014", "Kaffe 250 g", 5490, 0),
    ("7022060000017", "Pilsner 0,5 l", 3290, 18),
)
"""GTIN, name, price in øre, age limit."""
OFTEN: Final = (20, 12, 18, 20, 6, 10, 10, 1)


class Diary:
    """A journal in memory: rows wait here until the broker has them."""

    def __init__(self, journal_id: str) -> None:
        self.journal_id = journal_id
        self.rows: list[Row] = []
        self.sent = 0
        self._hash = hashlib.sha256(journal_id.encode()).digest()

    @property
    def waiting(self) -> list[Row]:
        """Rows that the broker does not have yet."""
        return self.rows[self.sent :]

    def write(self, sale_id: str, sale_seq: int, kind: str, at_utc: str, /, **body: Any) -> None:
        """Add one row."""
        content = msgspec.json.encode({"at_utc": at_utc, **body})
        self._hash = hashlib.sha256(self._hash + content).digest()
        self.rows.append(
            Row(
                seq=len(self.rows) + 1,
                sale_id=sale_id,
                sale_seq=sale_seq,
                kind=kind,
                version=1,
                body=msgspec.Raw(content),
                at_utc=at_utc,
                hash=self._hash.hex(),
            )
        )

    def resend(self, after_seq: int) -> None:
        """Send again what follows a row."""
        self.sent = min(self.sent, max(0, after_seq))


class Sale:
    """One shopper's sale, written into a diary as it happens."""

    def __init__(self, diary: Diary, kiosk_id: str, random: Random) -> None:
        self.id = f"{random.getrandbits(128):032x}"
        self.lines: list[LineBrief] = []
        self.calls = 0
        self.of_age = False
        self._diary = diary
        self._kiosk_id = kiosk_id
        self._random = random
        self._seq = 0

    @property
    def total_minor(self) -> int:
        """What is to be paid."""
        return sum(line.amount_minor for line in self.lines)

    def note(self, kind: str, at_utc: str, /, **body: Any) -> None:
        """Write an event."""
        self._seq += 1
        self._diary.write(self.id, self._seq, kind, at_utc, **body)

    def begin(self, at_utc: str) -> None:
        """Write that a shopper began."""
        self.note(
            "SaleStarted",
            at_utc,
            sale_id=self.id,
            kiosk_id=self._kiosk_id,
            currency="NOK",
            training=False,
            resumes="",
        )

    def scan(self, at_utc: str) -> int:
        """Scan something; return its age limit."""
        gtin, name, price_minor, age = self._random.choices(GOODS, OFTEN)[0]
        line_id = len(self.lines) + 1
        self.lines.append(LineBrief(line_id=line_id, name=name, amount_minor=price_minor))
        self.note(
            "ItemAdded",
            at_utc,
            line_id=line_id,
            product={"id": gtin, "name": name, "price_minor": price_minor, "age_limit": age},
            quantity=1,
            price_minor=price_minor,
            entry="scanned",
            code=gtin,
        )
        return age

    def call(self, at_utc: str, kind: str, reason: str) -> str:
        """Write that somebody is needed; return the call's id."""
        self.calls += 1
        call_id = f"{self.id}-{self.calls}"
        policy = "before_payment" if kind == "age" else "blocks_now"
        self.note(
            "InterventionRaised",
            at_utc,
            intervention_id=call_id,
            kind=kind,
            policy=policy,
            line_id=len(self.lines),
            detail=reason,
        )
        return call_id

    def pay(self, at_utc: str) -> str:
        """Write that money is asked for; return the attempt's id."""
        attempt_id = f"{self._random.getrandbits(64):016x}"
        method = self._random.choices(("card", "vipps", "gift_card"), (80, 18, 2))[0]
        self.note(
            "PaymentRequested",
            at_utc,
            attempt_id=attempt_id,
            method=method,
            amount_minor=self.total_minor,
            currency="NOK",
            service_id=attempt_id[:10],
        )
        return attempt_id
