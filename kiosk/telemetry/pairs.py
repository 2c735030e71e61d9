"""A certificate and its key, changed together: both are new after a power cut, or both are old.

In a folder lie `kiosk.pem` and `kiosk.key`, links into `kiosk.pair`, which is a link to the
folder of the pair in use. That last link is replaced by one rename.
"""

import os
import shutil
import ssl
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

RENEWED_AT: Final = 2 / 3
"""Of a certificate's life: a third of it is left for tries."""
KEY_MODE: Final = 0o600


def new_key() -> bytes:
    """Return a new private key, P-256, PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def request_for(key_pem: bytes, name: str) -> str:
    """Return the request (PKCS #10, PEM) for a certificate of this key.

    Raises:
        ValueError: the key cannot be read.
    """
    key = load_pem_private_key(key_pem, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("it is no key of an elliptic curve")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return made.public_bytes(Encoding.PEM).decode()


def name_in(certificate: x509.Certificate) -> str:
    """Return the common name; "" without one."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def is_due(certificate: x509.Certificate, now: datetime) -> bool:
    """Whether so much of its life has gone that the next one is to be had."""
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return now >= begins + (ends - begins) * RENEWED_AT


def fit_together(certificate: Path, key: Path) -> bool:
    """Whether the two files are a pair that TLS takes.

    Raises:
        OSError: they are there, and must not be read by us.
    """
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(certificate, key)
    except (ssl.SSLError, FileNotFoundError, ValueError):
        return False
    return True


def switch_pair(
    folder: Path, stem: str, certificate: bytes, key: bytes, *, mode: int = KEY_MODE, gid: int = -1
) -> None:
    """Make this pair the one in use: `stem`.pem and `stem`.key, both or neither.

    Raises:
        OSError: the pair before stands.
    """
    fingerprint = x509.load_pem_x509_certificate(certificate).fingerprint(hashes.SHA256()).hex()
    target = folder / f"{stem}.pair-{fingerprint[:12]}"
    _adopt_plain_files(folder, stem)
    link = folder / f"{stem}.pair"
    if link.is_symlink() and str(link.readlink()) == target.name:
        return
    shutil.rmtree(target, ignore_errors=True)
    _make_folder(target)
    write_whole(target / "certificate.pem", certificate, 0o644)
    write_whole(target / "key.pem", key, mode, gid=gid)
    _link(link, target.name)
    for end, name in (("pem", "certificate.pem"), ("key", "key.pem")):
        _link(folder / f"{stem}.{end}", f"{stem}.pair/{name}")
    sync(folder)
    for old in folder.glob(f"{stem}.pair-*"):
        if old != target:
            shutil.rmtree(old, ignore_errors=True)


def write_whole(path: Path, body: bytes, mode: int, *, gid: int = -1) -> None:
    """Write a file durably, the old one or the new one; as root for whom the folder belongs to."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        _belong_as(path.parent, file.fileno())
        if gid >= 0:
            os.fchown(file.fileno(), -1, gid)
        os.fchmod(file.fileno(), mode)
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Make a folder's list of names durable."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _belong_as(folder: Path, what: Path | int) -> None:
    """Give what root made to the owner of its folder, who must be able to read and replace it."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(what, owner.st_uid, owner.st_gid)


def _make_folder(path: Path) -> None:
    """Make a folder through which each reader comes to its own file, whatever the umask."""
    path.mkdir()
    path.chmod(0o755)
    # Before there is a file in it, which belongs to whom the folder belongs to.
    _belong_as(path.parent, path)


def _adopt_plain_files(folder: Path, stem: str) -> None:
    """Turn a pair of plain files into one behind links, without a moment of two halves."""
    certificate, key = folder / f"{stem}.pem", folder / f"{stem}.key"
    if certificate.is_symlink() or not (certificate.is_file() and key.is_file()):
        return
    kept = folder / f"{stem}.pair-before"
    shutil.rmtree(kept, ignore_errors=True)
    _make_folder(kept)
    facts = key.stat()
    write_whole(kept / "certificate.pem", certificate.read_bytes(), 0o644)
    write_whole(kept / "key.pem", key.read_bytes(), facts.st_mode & 0o777, gid=facts.st_gid)
    _link(folder / f"{stem}.pair", kept.name)
    _link(certificate, f"{stem}.pair/certificate.pem")
    _link(key, f"{stem}.pair/key.pem")
    sync(folder)


def _link(path: Path, to: str) -> None:
    if path.is_symlink() and str(path.readlink()) == to:
        return
    draft = path.with_name(path.name + ".new")
    with suppress(FileNotFoundError):
        draft.unlink()
    draft.symlink_to(to)
    draft.replace(path)
