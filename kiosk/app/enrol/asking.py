"""Asks the store's authority for a certificate: by a code the first time, then by the old one.

The first time nobody is known yet. The authority's certificate comes over a line that proves
nothing, and is held against the fingerprint in the code; what is secret goes over the next line,
whose other end must have a certificate of that very authority.
"""

import hmac
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

import httpx
import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from kiosk.telemetry.enrolment import (
    ANSWER_BYTES_MAX,
    AUTHORITY_PATH,
    ENROL_PATH,
    PORT,
    RENEW_PATH,
    EnrolCode,
    EnrolRequest,
    Refusal,
    RenewRequest,
    ThisAuthority,
    Welcome,
    pin_of,
)
from kiosk.telemetry.pairs import name_in, request_for
from kiosk.telemetry.signing import BadKey, load_public

TIMEOUT_S: Final = 30.0
CLOCK_OFF_MAX: Final = timedelta(minutes=2)
"""Orders of the store live for minutes only."""
_NOT_YET_VALID: Final = 9
_EXPIRED: Final = 10
_OTHER_HOST: Final = (62, 64)
"""X509_V_ERR_* of OpenSSL: what a certificate is refused for."""
ADVICE: Final = {
    "wrong_code": "Make one on the server: kiosk fleet authority enrol-code",
    "code_expired": "Make a new one: kiosk fleet authority enrol-code",
    "code_replaced": "Use that one.",
    "code_used": "If that was not you, revoke that certificate. Make a new code.",
    "other_kiosk": "Make a code for this one, or mend [kiosk] id.",
    "revoked": "sudo kiosk enrol",
}

T = TypeVar("T")


class EnrolFailed(Exception):
    """There is no new certificate, and nothing was changed. The message says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the authority's service is."""

    url: str

    @classmethod
    def parse(cls, typed: str) -> "Server":
        """Return it as it was typed: the scheme and the port may be left out.

        Raises:
            EnrolFailed: it is no address, or not https.
        """
        text = typed.strip().rstrip("/")
        try:
            url = httpx.URL(text if "://" in text else f"https://{text}")
        except httpx.InvalidURL as error:
            raise EnrolFailed(f"{typed!r} is no address: {error}") from error
        if url.scheme != "https" or not url.host or url.path not in ("", "/"):
            raise EnrolFailed(f"{typed!r}: expected https://host or https://host:{PORT}")
        port = url.port or PORT
        return cls(str(url.copy_with(port=port, path="/")).rstrip("/"))


def enrol(
    server: Server, code: EnrolCode, kiosk: str, key_pem: bytes, now: Callable[[], datetime]
) -> Welcome:
    """Return the certificate for our key, and all that comes with it, checked.

    Raises:
        EnrolFailed: another server, a refused code, clocks that do not agree, a broken line.
    """
    known = _authority(server, code)
    asked = EnrolRequest(
        code=str(code), request=request_for(key_pem, kiosk or "kiosk"), kiosk=kiosk
    )
    context = ssl.create_default_context(cadata=known.authority)
    clocks = f"The server's clock says {known.at_utc}, this one's {_text(now())}."
    welcome = _post(server.url + ENROL_PATH, asked, context, clocks)
    _demand_ours(welcome, key_pem, known.authority, now(), clocks)
    return welcome


def renew(
    server: Server,
    authority: Path,
    pair: tuple[Path, Path],
    key_pem: bytes,
    now: Callable[[], datetime],
) -> Welcome:
    """Return the next certificate, for a new key; the old pair says who asks.

    Raises:
        EnrolFailed: refused, not to be reached, or what came is not for us.
    """
    try:
        pem = authority.read_text("utf-8")
        name = name_in(x509.load_pem_x509_certificate(pair[0].read_bytes()))
        context = ssl.create_default_context(cadata=pem)
        context.load_cert_chain(*pair)
    except (OSError, ValueError) as error:
        raise EnrolFailed(f"the certificate in use cannot be read: {error}") from error
    asked = RenewRequest(request=request_for(key_pem, name))
    clocks = f"This kiosk's clock says {_text(now())}."
    welcome = _post(server.url + RENEW_PATH, asked, context, clocks)
    _demand_ours(welcome, key_pem, pem, now(), f"{clocks} The server's: {welcome.at_utc}.")
    came = f"{welcome.tenant}/{welcome.store}/{welcome.kiosk}"
    if came != name:
        raise EnrolFailed(f"the certificate that came is for {came}, and this kiosk is {name}")
    return welcome


def clock_warning(welcome: Welcome, now: datetime) -> str:
    """Return words when the clocks are further apart than orders live; "" when they agree."""
    off = datetime.fromisoformat(welcome.at_utc) - now
    if abs(off) <= CLOCK_OFF_MAX:
        return ""
    return (
        f"The server's clock says {welcome.at_utc}, this one's {_text(now)}: orders from the store "
        "will not be believed until they agree (timedatectl)."
    )


def _authority(server: Server, code: EnrolCode) -> ThisAuthority:
    anybody = ssl.create_default_context()
    anybody.check_hostname = False
    anybody.verify_mode = ssl.CERT_NONE
    body = _answer("GET", server.url + AUTHORITY_PATH, b"", anybody, "")
    try:
        known = msgspec.json.decode(body, type=ThisAuthority)
        pin = pin_of(x509.load_pem_x509_certificate(known.authority.encode()))
    except (msgspec.MsgspecError, ValueError) as error:
        raise EnrolFailed(
            f"{server.url} answers, but is no enrolment service of Selvkasse. Its port is {PORT} "
            "where nobody changed it."
        ) from error
    if not hmac.compare_digest(pin, code.pin):
        raise EnrolFailed(
            f"The code was not made by the server at {server.url}: another authority answers "
            "there. Is it the right address? If it is, somebody stands between. The code was not "
            "sent."
        )
    return known


def _post(url: str, asked: msgspec.Struct, context: ssl.SSLContext, clocks: str) -> Welcome:
    body = _answer("POST", url, msgspec.json.encode(asked), context, clocks)
    try:
        return msgspec.json.decode(body, type=Welcome)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise EnrolFailed(f"{url}: the answer cannot be read: {error}") from error


def _answer(method: str, url: str, body: bytes, context: ssl.SSLContext, clocks: str) -> bytes:
    """Return the body of a good answer."""
    headers = {"Content-Type": "application/json"} if body else {}
    come = b""
    try:
        with (
            httpx.Client(verify=context, timeout=TIMEOUT_S, trust_env=False) as client,
            client.stream(method, url, content=body, headers=headers) as answer,
        ):
            for part in answer.iter_bytes():
                come += part
                if len(come) > ANSWER_BYTES_MAX:
                    raise EnrolFailed(f"{url}: the answer is too long")
            status = answer.status_code
    except (httpx.HTTPError, ssl.SSLError, OSError) as error:
        raise EnrolFailed(_why(url, error, clocks)) from error
    if status != httpx.codes.OK:
        raise EnrolFailed(_refusal(url, status, come))
    return come


def _refusal(url: str, status: int, body: bytes) -> str:
    try:
        said = msgspec.json.decode(body, type=Refusal)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return f"{url}: the server answers {status}"
    return f"{said.detail or said.code} {ADVICE.get(said.code, '')}".strip()


def _why(url: str, error: BaseException, clocks: str) -> str:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        if cause.verify_code in (_NOT_YET_VALID, _EXPIRED):
            return f"One of the two clocks is wrong: set it (timedatectl). {clocks}"
        if cause.verify_code in _OTHER_HOST:
            return (
                f"{url}: the server is ours, but its certificate is not for this name. Use the "
                "name in its [enrolment] names, or add this one there and start it again."
            )
        return f"{url}: {cause.verify_message}"
    if isinstance(cause, ssl.SSLError):
        return f"{url}: no TLS with what answers there ({cause.reason}). {clocks}".strip()
    return f"{url} cannot be reached: {error or type(error).__name__}"


def _demand_ours(
    welcome: Welcome, key_pem: bytes, authority_pem: str, now: datetime, clocks: str
) -> None:
    """Refuse what could not be used: another's certificate, wrong dates, keys that are none."""
    try:
        certificate = x509.load_pem_x509_certificate(welcome.certificate.encode())
        certificate.verify_directly_issued_by(
            x509.load_pem_x509_certificate(authority_pem.encode())
        )
        for number, key in enumerate(welcome.fleet_keys):
            load_public(key.encode(), f"the fleet's key {number + 1}")
    except (ValueError, TypeError, InvalidSignature, BadKey) as error:
        raise EnrolFailed(f"what came cannot be used: {error!r}") from error
    own = load_pem_private_key(key_pem, None).public_key()
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if own.public_bytes(*form) != certificate.public_key().public_bytes(*form):
        raise EnrolFailed("the certificate that came is for another key")
    if name_in(certificate) != f"{welcome.tenant}/{welcome.store}/{welcome.kiosk}":
        raise EnrolFailed(f"the certificate that came is for {name_in(certificate)!r}")
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise EnrolFailed(f"One of the two clocks is wrong: set it (timedatectl). {clocks}")


def _text(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
