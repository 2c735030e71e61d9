"""What the authority renews by itself: the list of revoked ones, and the servers' certificates.

Servers' certificates lie in `/etc/selvkasse/pki`. Each is renewed as it is: same name, same hosts,
same length of life, and a new key with the old one's mode and group, by which its reader reads it.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509

from kiosk.fleet.authority import Authority
from kiosk.fleet.certificates import BACKDATED, hosts_in
from kiosk.telemetry.pairs import fit_together, is_due, name_in, switch_pair, write_whole

CRL_AGE_MAX: Final = timedelta(days=7)
"""Of the 30 days after which brokers refuse everybody."""
RELOAD: Final = "broker-reload"
RESTART: Final = "broker-restart"
"""Stamps that units watch: the broker reads its files anew, or lets go of everybody as well."""


def renew_due(authority: Authority, pki: Path, now: datetime) -> list[str]:
    """Renew what is due and publish it in `pki`; return what was done, in words.

    Raises:
        OSError: something cannot be written; what was done before stands.
    """
    done = []
    if _is_old(authority.crl_path, now) or not (pki / "crl.pem").exists():
        authority.renew_crl()
        done.append("the list of revoked certificates")
    for path in sorted(pki.glob("*.pem")):
        if (before := _server_certificate(path, authority)) and _is_to_renew(path, before, now):
            renew_pair(authority, path, before)
            done.append(f"the certificate of {name_in(before)}")
    if publish(authority, pki) or done:
        stamp(pki, RELOAD, now)
    return done


def publish(authority: Authority, pki: Path) -> bool:
    """Copy what the broker and everybody else may read; return whether anything was new."""
    is_new_authority = _copy(authority.ca_path, pki / "ca.pem")
    return _copy(authority.crl_path, pki / "crl.pem") or is_new_authority


def stamp(pki: Path, name: str, now: datetime) -> None:
    """Let whoever watches know."""
    write_whole(pki / name, f"{now.isoformat()}\n".encode(), 0o644)


def renew_pair(authority: Authority, path: Path, before: x509.Certificate) -> None:
    """Put a new pair in the place of the one at `path` (and `.key` beside it)."""
    life = before.not_valid_after_utc - before.not_valid_before_utc - BACKDATED
    pair = authority.issue_for(name_in(before), hosts_in(before), life)
    facts = path.with_suffix(".key").stat()
    mode = facts.st_mode & 0o777
    switch_pair(path.parent, path.stem, pair.certificate, pair.key, mode=mode, gid=facts.st_gid)


def _server_certificate(path: Path, authority: Authority) -> x509.Certificate | None:
    """Return the certificate of a server of ours, if the file is one with its key."""
    if not path.with_suffix(".key").exists():
        return None
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    ours = certificate.issuer == authority.certificate.subject
    is_kiosk = name_in(certificate).count("/") == 2
    is_leaf = certificate.subject != certificate.issuer
    return certificate if ours and is_leaf and not is_kiosk else None


def _is_to_renew(path: Path, certificate: x509.Certificate, now: datetime) -> bool:
    return is_due(certificate, now) or not fit_together(path, path.with_suffix(".key"))


def _is_old(crl: Path, now: datetime) -> bool:
    try:
        made = x509.load_pem_x509_crl(crl.read_bytes()).last_update_utc + BACKDATED
    except (OSError, ValueError):
        return True
    return now - made >= CRL_AGE_MAX


def _copy(source: Path, target: Path) -> bool:
    body = source.read_bytes()
    if target.is_file() and target.read_bytes() == body:
        return False
    write_whole(target, body, 0o644)
    return True
