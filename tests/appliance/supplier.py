"""A supplier's web server with a signed release, over HTTPS, as slow as it is told to be."""

import ipaddress
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PIECE: Final = 1 << 20


class Supplier:
    """Serves a folder; a context manager."""

    def __init__(self, folder: Path, address: str, scratch: Path) -> None:
        self.ca_file, key_file = _certificate(address, scratch)
        self.pause_s = 0.0
        """Between two mebibytes: so long that somebody can pull a plug in between."""
        self.sent = 0
        """Bytes of packages that went out."""
        handler = partial(_Handler, self, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.ca_file, key_file)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, name="supplier")
        self.url = f"https://{address}:{self._server.server_port}"

    def __enter__(self) -> "Supplier":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    """Whole files and the rest of one (`Range: bytes=N-`)."""

    def __init__(self, supplier: Supplier, *arguments: object, directory: str) -> None:
        self._supplier = supplier
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        size = path.stat().st_size
        asked = self.headers.get("Range", "")
        at = int(asked.removeprefix("bytes=").partition("-")[0]) if asked else 0
        self.send_response(206 if asked else 200)
        if asked:
            self.send_header("Content-Range", f"bytes {at}-{size - 1}/{size}")
        self.send_header("Content-Length", str(size - at))
        self.end_headers()
        with path.open("rb") as file:
            file.seek(at)
            self._send(file)

    def _send(self, file: BinaryIO) -> None:
        while piece := file.read(PIECE):
            try:
                self.wfile.write(piece)
            except OSError:
                return  # whoever asked has no power any more
            self._supplier.sent += len(piece)
            time.sleep(self._supplier.pause_s)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _certificate(address: str, folder: Path) -> tuple[Path, Path]:
    """Write a certificate for an address, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "releases")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    ca_file, key_file = folder / "releases.pem", folder / "releases.key"
    ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.touch(mode=0o600)
    pem, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, pem, plain))
    return ca_file, key_file
