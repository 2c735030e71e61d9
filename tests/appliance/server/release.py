"""From the server's page to an installed release: one till takes up what its store rolls out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.appliance.image import ROOT
from tests.appliance.patience import until
from tests.appliance.server.machines import KEY, Store
from tests.appliance.server.tills import until_online
from tests.appliance.table import Proofs

TENANT: Final = KEY.partition("/")[0]
STEP_S: Final = 1500.0
"""It is fetched, built, and waits for a quiet minute, beside whatever else this machine does."""


def prove_release(proofs: Proofs, store: Store) -> None:
    """Upload, roll out, and look on: nobody touches the till."""
    before = str(store.page().row(KEY)["software"])
    version = ""
    with proofs.proof("release", "uploaded on the pages, as its supplier signed it"):
        version = _upload(store)
    with proofs.proof("release", "rolled out, it is announced to the till") as said:
        asked = {"kind": "software", "version": version, "tenant": TENANT}
        store.page().post("/api/rollouts", {**asked, "groups": ["*"], "soak_minutes": 0})
        _until_so(store, f"grep -q '{version}' /var/lib/kiosk/update/announced.json")
        said.append(before)
    with proofs.proof("release", "its path unit starts the fetching, that the building") as said:
        _until_so(store, f"grep -q '\"waiting\": \"{version}' /opt/selvkasse/update.json "
                         f"|| test $(readlink /opt/selvkasse/current) = '{version}'")  # fmt: skip
        said.append(_results(store))
    with proofs.proof("release", "the till makes room for it when nobody shops, and runs it") as s:
        _until_so(store, f"test $(readlink /opt/selvkasse/current) = '{version}'")
        row = until("the new version on the pages", lambda: until_online(store),
                    lambda row: row["software"] == version, patience_s=STEP_S)  # fmt: skip
        s.append(f"{before} to {row['software']}")
    with proofs.proof("release", "it is well after its trial, and the roll-out is done"):
        _until_so(store, f"grep -q '{version}' /var/lib/kiosk/update/healthy")
        until("the end of the roll-out", lambda: store.page().get("/api/rollouts")[0],
              lambda rollout: rollout["state"] == "done", patience_s=STEP_S)  # fmt: skip
        events = store.sql("SELECT kind FROM event WHERE kind = 'SoftwareUpdated'")
        assert events == ["SoftwareUpdated"], f"the journal says {events} (13007 in the SAF-T file)"
        store.until_all_is_told()


def _upload(store: Store) -> str:
    """Make the one file, by the README's command, and give it to the pages."""
    (manifest,) = store.trees.release.glob("*.json")
    (package,) = store.trees.release.glob("*.zip")
    version = package.name.removeprefix("selvkasse-").rpartition("-")[0]
    assert version in json.dumps(json.loads(manifest.read_text())), manifest
    bundle = store.folder / f"selvkasse-{version}-x86_64.release"
    command = [
        Path(sys.executable).parent / "kiosk",
        "release",
        "bundle",
        manifest,
        "--out",
        bundle,
    ]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, cwd=ROOT)
    store.page().post(f"/api/catalogs?kind=software&version={version.replace('+', '%2B')}",
                      bundle.read_bytes())  # fmt: skip
    return version


def _until_so(store: Store, script: str) -> None:
    until(script, lambda: store.till.so(script), patience_s=STEP_S, every_s=1.0)


def _results(store: Store) -> str:
    """Return how the two units of an update ended."""
    units = ("kiosk-update-fetch", "kiosk-update")
    told = [store.till.sh(f"systemctl show -p Result --value {unit}") for unit in units]
    assert told == ["success", "success"], told
    return store.till.sh("journalctl -u kiosk-update -o cat --no-pager | tail -3")
