"""The part `server`: a store's server and a till, from a bare Debian to a release taken up."""

import tempfile
from pathlib import Path

from tests.appliance.server import faults, install, machines, release, tills
from tests.appliance.server.trees import Trees
from tests.appliance.table import Proofs


def prove_server(proofs: Proofs, made: Trees, commit: str) -> Proofs:
    """Prove all of it, on two machines that live through all of it; nothing is left running."""
    with (
        tempfile.TemporaryDirectory(prefix="store-") as folder,
        machines.two_machines(made, commit, Path(folder)) as store,
    ):
        install.prove_install(proofs, store)
        if not proofs.failed:  # else nothing after it could be right
            tills.prove_tills(proofs, store)
            release.prove_release(proofs, store)
            faults.prove_faults(proofs, store)
    return proofs
