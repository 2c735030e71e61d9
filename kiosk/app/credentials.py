"""The till's secrets, for whoever tries a device by hand as root.

systemd hands the till each file of /etc/kiosk/secrets as a credential, `secret_NAME`, and nobody
else. A technician who tries the terminal is not started by systemd: for that time this lends the
process the same names, as links, so that one configuration is right for both.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PREFIX: Final = "secret_"
"""LoadCredential=secret:FOLDER in the till's unit: a file NAME there becomes secret_NAME."""
DIRECTORY: Final = "CREDENTIALS_DIRECTORY"
SOURCE: Final = "credential:"


def secrets_beside(config: Path) -> Path:
    """Return where the secrets of this configuration file lie."""
    return config.parent / "secrets"


def as_credential(value: object, folder: Path) -> object:
    """Return how the till must read what was given as a path of a secret; all else unchanged."""
    if isinstance(value, str) and Path(value).parent == folder:
        return f"{SOURCE}{PREFIX}{Path(value).name}"
    return value


@contextmanager
def lent(folder: Path) -> Iterator[None]:
    """Let `credential:secret_NAME` be the file NAME in `folder` meanwhile.

    Changes nothing for a process that has credentials, or that may not read the folder.
    """
    try:
        names = [] if os.environ.get(DIRECTORY) else [path.name for path in folder.iterdir()]
    except OSError:
        names = []
    if not names:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="kiosk-") as place:
        for name in names:
            (Path(place) / f"{PREFIX}{name}").symlink_to(folder.absolute() / name)
        os.environ[DIRECTORY] = place
        try:
            yield
        finally:
            del os.environ[DIRECTORY]
