"""The routes, as bytes: what is too large, no JSON, or asked without a certificate."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from .serving import Serving, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("enrolment")) as running:
        yield running


@pytest.fixture
def client(server: Serving) -> Iterator[httpx.Client]:
    known = ssl.create_default_context(cafile=str(server.authority.ca_path))
    with httpx.Client(base_url=server.url, verify=known, trust_env=False, timeout=60) as made:
        yield made


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/enrol", b"", 422),
        ("/enrol", b"{}", 422),
        ("/enrol", b'{"code": "' + b"A" * 200 + b'", "request": ""}', 422),
        ("/enrol", b'{"code": "\xff", "request": ""}', 422),
        ("/enrol", b"x" * 100_000, 413),
        ("/renew", b'{"request": ""}', 401),
        ("/api/users", b"{}", 404),
    ],
)
def test_what_is_not_as_described_is_refused(
    client: httpx.Client, path: str, body: bytes, status: int
) -> None:
    answer = client.post(path, content=body)
    assert answer.status_code == status, answer.text
    assert "AAAA" not in answer.text, "what was sent is never said again"


def test_it_says_who_gives_certificates_out_and_lets_nobody_keep_it(
    client: httpx.Client, server: Serving
) -> None:
    answer = client.get("/authority")
    assert answer.json()["authority"] == server.authority.ca_path.read_text()
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_tls_is_refused(server: Serving) -> None:
    context = ssl.create_default_context(cafile=str(server.authority.ca_path))
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(httpx.HTTPError), httpx.Client(verify=context) as old:
        old.get(f"{server.url}/authority")


def test_the_services_own_certificate_is_renewed_while_it_serves(server: Serving) -> None:
    url = httpx.URL(server.url)
    before = ssl.get_server_certificate((url.host, url.port))
    own = Path(server.authority.folder, "enrolment.pem")
    assert own.read_text().strip() == before.strip()
    server.authority.revoke("enrolment")  # what is struck off is not shown on
    server.parts.reread._before()
    assert server.parts.reread.look()
    after = ssl.get_server_certificate((url.host, url.port))
    assert after != before
    assert own.read_text().strip() == after.strip()
