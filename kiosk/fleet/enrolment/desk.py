"""Lets kiosks in, and renews: what the routes ask, without a route."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.fleet.access.limits import Buckets
from kiosk.fleet.access.lockout import place_of
from kiosk.fleet.authority import Authority, AuthorityError
from kiosk.fleet.certificates import asked_key
from kiosk.fleet.enrolment.codes import CodeBook, CodeRefused
from kiosk.fleet.enrolment.told import Teller
from kiosk.telemetry.enrolment import BadCode, EnrolCode, EnrolRequest, RenewRequest, Welcome
from kiosk.telemetry.pairs import name_in
from kiosk.telemetry.topics import Address, BadTopic

TRIES_AT_ONCE: Final = 30
TRIES_A_SECOND: Final = 1 / 30
"""Of one place: 120 an hour, of the 8.5e11 secrets there are."""
RENEWALS_AT_ONCE: Final = 10
RENEWALS_A_SECOND: Final = 1 / 600
STATUS: Final = {"wrong_code": 403, "code_expired": 410, "code_replaced": 410}


class Refused(Exception):
    """No certificate is given: the status of the answer, the reason's name, its words."""

    def __init__(self, status: int, code: str, words: str, wait_s: int = 0) -> None:
        super().__init__(words)
        self.status = status
        self.code = code
        self.wait_s = wait_s


class EnrolmentDesk:
    """Decides who gets a certificate. Callable from several threads."""

    def __init__(
        self,
        authority: Authority,
        teller: Teller,
        *,
        broker: tuple[str, int],
        server: str = "",
        fleet_keys: tuple[Path, ...],
        life: timedelta,
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        """`broker` and `server` are where kiosks find them; `life` is that of a certificate."""
        self.authority = authority
        self.now = now
        self._book = CodeBook(authority, now)
        self._teller = teller
        self._broker = broker
        self._server = server
        self._fleet_keys = fleet_keys
        self._life = life
        self._tries = Buckets(burst=TRIES_AT_ONCE, per_second=TRIES_A_SECOND, clock=clock)
        self._renewals = Buckets(burst=RENEWALS_AT_ONCE, per_second=RENEWALS_A_SECOND, clock=clock)

    def enrol(self, asked: EnrolRequest, address: str) -> Welcome:
        """Let a kiosk in by its code; `address` is where it comes from.

        Raises:
            Refused: the code, the request, or the number of tries.
        """
        self._demand_calm(self._tries.take(place_of(address)))
        keys = self._keys()
        try:
            code = EnrolCode.parse(asked.code)
        except BadCode as error:
            raise Refused(422, "no_code", f"That is no code: {error}.") from error
        request = asked.request.encode()
        try:
            key = asked_key(request).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            who, certificate, is_new = self._book.certificate_for(
                code,
                hashlib.sha256(key).hexdigest(),
                asked.kiosk,
                lambda who: self.authority.sign_request(request, who, self._life),
            )
        except CodeRefused as error:
            self._teller.tell("enrolment_refused", asked.kiosk, address=address, why=error.code)
            raise Refused(STATUS.get(error.code, 409), error.code, str(error)) from error
        except AuthorityError as error:
            raise Refused(422, "bad_request", str(error)) from error
        if is_new:
            self._teller.tell("kiosk_enrolled", str(who), address=address, **_facts(certificate))
        return self._welcome(who, certificate, keys)

    def renew(self, asked: RenewRequest, peer_der: bytes | None, address: str) -> Welcome:
        """Give a kiosk the next certificate, by the one that TLS has just seen and believed.

        Raises:
            Refused: no certificate came, or one that was struck off, or is no kiosk's.
        """
        if peer_der is None:
            raise Refused(401, "no_certificate", "A certificate is renewed by showing the old one.")
        peer = x509.load_der_x509_certificate(peer_der)
        name = name_in(peer)
        try:
            who = Address.parse(name)
        except BadTopic as error:
            raise Refused(403, "no_kiosk", f"{name} is no kiosk's name.") from error
        self._demand_calm(self._renewals.take(name))
        if not self.authority.is_good(peer):
            self._teller.tell("renewal_refused", name, address=address, why="revoked")
            words = f"The certificate of {name} was struck off. Let it in anew by a code."
            raise Refused(403, "revoked", words)
        keys = self._keys()
        try:
            certificate = self.authority.sign_request(asked.request.encode(), who, self._life)
        except AuthorityError as error:
            raise Refused(422, "bad_request", str(error)) from error
        self._teller.tell("certificate_renewed", name, address=address, **_facts(certificate))
        return self._welcome(who, certificate, keys)

    def _demand_calm(self, wait_s: int) -> None:
        if wait_s:
            raise Refused(429, "too_many", f"Too many tries: wait {wait_s} s.", wait_s)

    def _keys(self) -> list[str]:
        try:
            return [path.read_text("utf-8") for path in self._fleet_keys]
        except OSError as error:
            words = f"The key of orders is missing ({error}). Start the fleet's server once."
            raise Refused(503, "not_ready", words) from error

    def _welcome(self, who: Address, certificate: bytes, keys: list[str]) -> Welcome:
        host, port = self._broker
        return Welcome(
            certificate=certificate.decode(),
            authority=self.authority.ca_path.read_text("utf-8"),
            tenant=who.tenant,
            store=who.store,
            kiosk=who.kiosk,
            broker_host=host,
            broker_port=port,
            fleet_keys=keys,
            at_utc=self.now().isoformat(timespec="seconds"),
            server=self._server,
        )


def _facts(certificate_pem: bytes) -> dict[str, str]:
    certificate = x509.load_pem_x509_certificate(certificate_pem)
    return {
        "serial": f"{certificate.serial_number:x}",
        "ends_at": certificate.not_valid_after_utc.isoformat(),
    }
