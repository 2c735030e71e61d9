"""The supplier's server, asked as a till asks: over HTTPS with its certificate, and for a rest."""

import ssl
from pathlib import Path

import httpx

from tests.appliance.supplier import Supplier


def test_it_serves_files_and_the_rest_of_one_to_who_knows_its_certificate(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/package.zip").write_bytes(b"0123456789")
    with Supplier(tmp_path / "dist", "127.0.0.1", tmp_path) as supplier:
        known = ssl.create_default_context(cafile=str(supplier.ca_file))
        with httpx.Client(verify=known, timeout=60, trust_env=False) as client:
            whole = client.get(f"{supplier.url}/package.zip")
            rest = client.get(f"{supplier.url}/package.zip", headers={"Range": "bytes=4-"})
            none = client.get(f"{supplier.url}/other.zip")
    assert (whole.status_code, whole.content) == (200, b"0123456789")
    assert (rest.status_code, rest.content) == (206, b"456789")
    assert rest.headers["Content-Range"] == "bytes 4-9/10"
    assert none.status_code == 404
