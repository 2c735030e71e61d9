"""The key that signs what kiosks are told."""

import os
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from kiosk.telemetry.signing import OrderSigner, load_signer

KEY_NAME: Final = "commands.key"
PUBLIC_NAME: Final = "commands.pub"


def signer_in(folder: Path, key_file: str = "") -> OrderSigner:
    """Return the signer of a key file, or of `folder`, where a key is made when there is none.

    `commands.pub` beside it is what kiosks are given to trust.

    Raises:
        kiosk.telemetry.signing.BadKey: the file holds no Ed25519 key.
        OSError: it cannot be read or made.
    """
    path = Path(key_file) if key_file else folder / KEY_NAME
    if not key_file and not path.exists():
        _make(folder)
    return load_signer(path.read_bytes(), str(path))


def _make(folder: Path) -> None:
    key = Ed25519PrivateKey.generate()
    folder.mkdir(parents=True, exist_ok=True)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / PUBLIC_NAME).write_bytes(public)
    # Enrolment, a user of its own, gives it to kiosks.
    (folder / PUBLIC_NAME).chmod(0o644)
    draft = folder / f"{KEY_NAME}.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / KEY_NAME)
