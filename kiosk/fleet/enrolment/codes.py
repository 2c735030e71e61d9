"""One-time codes: made by a person, good for one kiosk, for an hour, once.

`codes.json` in the authority's folder has of each code what cannot be turned back into it. A code
that is over stays known for a month, so that whoever types it late is told why it does not work.
"""

import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.fleet.authority import Authority
from kiosk.telemetry.enrolment import LETTERS, SECRET_LETTERS, EnrolCode, pin_of
from kiosk.telemetry.pairs import write_whole
from kiosk.telemetry.topics import Address

LIFE: Final = timedelta(hours=1)
LIFE_MAX: Final = timedelta(days=7)
KNOWN_FOR: Final = timedelta(days=30)
"""After its end."""
_FILE: Final = "codes.json"


class CodeRefused(Exception):
    """The code lets nobody in. `code` names the reason, the message explains it."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class KeptCode:
    """What is known of a code."""

    kept: str
    """`EnrolCode.kept`."""
    name: str
    """tenant/store/kiosk."""
    made_by: str
    ends_at: str
    used_at: str = ""
    used_key: str = ""
    """SHA-256 of the key that was let in; it may ask again when the answer got lost."""
    certificate: str = ""
    replaced: bool = False
    """A newer code was made for the same kiosk."""


class CodeBook:
    """The codes of one authority."""

    def __init__(self, authority: Authority, now: Callable[[], datetime]) -> None:
        self._authority = authority
        self._now = now
        self._pin = pin_of(authority.certificate)

    def make(self, address: Address, *, by: str, life: timedelta = LIFE) -> EnrolCode:
        """Return a new code for this kiosk; one that was made for it before is over."""
        secret = "".join(secrets.choice(LETTERS) for _ in range(SECRET_LETTERS))
        code = EnrolCode(secret, self._pin)
        ends_at = (self._now() + min(life, LIFE_MAX)).isoformat(timespec="seconds")
        made = KeptCode(code.kept(), str(address), by, ends_at)
        with self._authority.alone():
            others = [
                replace(one, replaced=True) if one.name == made.name and not one.used_at else one
                for one in self._read()
            ]
            self._write([*others, made])
        return code

    def certificate_for(
        self, code: EnrolCode, key_sha256: str, kiosk: str, issue: Callable[[Address], bytes]
    ) -> tuple[Address, bytes, bool]:
        """Return who comes, the certificate that `issue` gives, and whether it is new.

        The same key with the same code gets the same certificate again, as long as the code lives.

        Raises:
            CodeRefused: the code is unknown, over, used by another key, or for another kiosk.
            kiosk.fleet.authority.AuthorityError: from `issue`; the code stays good.
        """
        # Before the lock: it takes its time, and nobody else is to wait for it.
        kept = code.kept()
        with self._authority.alone():
            known = self._read()
            found = next((one for one in known if hmac.compare_digest(one.kept, kept)), None)
            if found is None:
                raise CodeRefused("wrong_code", "The server does not know this code.")
            address = Address.parse(found.name)
            self._demand_good(found, key_sha256, kiosk)
            if found.used_at:
                return address, found.certificate.encode(), False
            certificate = issue(address)
            used = replace(
                found,
                used_at=self._now().isoformat(timespec="seconds"),
                used_key=key_sha256,
                certificate=certificate.decode(),
            )
            self._write([used if one == found else one for one in known])
        return address, certificate, True

    def _demand_good(self, found: KeptCode, key_sha256: str, kiosk: str) -> None:
        is_again = bool(found.used_at) and found.used_key == key_sha256
        if found.used_at and not is_again:
            words = f"This code was used at {found.used_at} already, by another key."
            raise CodeRefused("code_used", words)
        if found.replaced:
            raise CodeRefused("code_replaced", f"A newer code was made for {found.name}.")
        if datetime.fromisoformat(found.ends_at) <= self._now():
            raise CodeRefused("code_expired", f"This code ended at {found.ends_at}.")
        if kiosk and kiosk != found.name.rpartition("/")[2]:
            words = f"This code is for {found.name}, and this kiosk is {kiosk}."
            raise CodeRefused("other_kiosk", words)

    def _read(self) -> list[KeptCode]:
        path = self._path
        if not path.exists():
            return []
        since = self._now() - KNOWN_FOR
        known = [KeptCode(**one) for one in json.loads(path.read_bytes())]
        return [one for one in known if datetime.fromisoformat(one.ends_at) > since]

    def _write(self, known: list[KeptCode]) -> None:
        write_whole(
            self._path, json.dumps([asdict(one) for one in known], indent=1).encode(), 0o600
        )

    @property
    def _path(self) -> Path:
        return self._authority.folder / _FILE
