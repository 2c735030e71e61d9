"""A simulated card terminal: nexo JSON over HTTPS, a reader, a PIN pad, and known ways to fail.

    sim = NexoTerminalSim(directory=tmp, passphrase="...")
    sim.start(); ...; sim.wait_for("card"); sim.tap_card(); sim.books()

`books()` is the truth about money and outlives every crash, the simulator's own too. As its own
process: `python -m drivers.sim.terminal --directory DIR --passphrase-file FILE --control SOCKET`.
"""

import argparse
from pathlib import Path
from typing import Any, ClassVar, Final

from drivers.sim.control import run_far_end
from drivers.sim.terminal_books import Books
from drivers.sim.terminal_desk import TerminalSim
from drivers.sim.terminal_display import DisplayPoster
from drivers.sim.terminal_server import Reply, TerminalServer
from drivers.sim.terminal_wire import TerminalCrypto, make_certificates, read_json, write_json

SEAL_VERBS: Final = (
    "answer_with_false_hmac",
    "answer_in_the_clear",
    "answer_with_other_header_outside",
)


class NexoTerminalSim(TerminalSim):
    """A terminal of the JSON dialect, sealed and over HTTPS."""

    VERBS: ClassVar[tuple[str, ...]] = (*TerminalSim.VERBS, *SEAL_VERBS)
    PATH: ClassVar[str] = "/nexo"

    def __init__(
        self,
        *,
        directory: str | Path,
        passphrase: str,
        key_identifier: str = "kiosk",
        key_version: int = 1,
        poi_id: str = "S1F2-000158213606123",
        host: str = "127.0.0.1",
        port: int = 0,
        display_url: str = "",
        certificate_name: str = "",
        contactless_limit_minor: int = 50_000,
        card_timeout_s: float = 120.0,
    ) -> None:
        directory = Path(directory)
        self.ca_file, certificate = make_certificates(
            directory, certificate_name or f"{poi_id}.test.terminal.adyen.com"
        )
        crypto = TerminalCrypto(passphrase, key_identifier, key_version)
        super().__init__(
            poi_id=poi_id,
            books=Books(directory / "terminal-books.jsonl"),
            display=DisplayPoster(display_url, poi_id, crypto),
            server=TerminalServer(host, port, self._answer, certificate=certificate),
            host=host,
            contactless_limit_minor=contactless_limit_minor,
            card_timeout_s=card_timeout_s,
        )
        self._crypto = crypto

    # --- faults of this dialect -------------------------------------------------------------------

    def answer_with_false_hmac(self) -> None:
        """The next answer was changed on its way."""
        self._next["hmac"] = True

    def answer_in_the_clear(self) -> None:
        """The next answer is not encrypted."""
        self._next["clear"] = True

    def answer_with_other_header_outside(self) -> None:
        """The next answer's clear header is not the sealed one."""
        self._next["outside"] = True

    # --- the wire ---------------------------------------------------------------------------------

    def _answer(self, raw: bytes) -> Reply:
        try:
            outside = read_json(raw)["SaleToPOIRequest"]
            inside = read_json(self._crypto.open(outside))["SaleToPOIRequest"]
            header = inside["MessageHeader"]
            if header != outside["MessageHeader"] or header["POIID"] != self.poi_id:
                raise ValueError("header")
        except (KeyError, ValueError, TypeError):
            return Reply(b"", 400)
        return self._heard_message(header, inside)

    def _written(self, header: dict[str, Any], name: str, body: dict[str, Any]) -> bytes:
        spoil = name in ("PaymentResponse", "ReversalResponse")
        if spoil and self._take("clear"):
            clear = {"SaleToPOIResponse": {"MessageHeader": header, name: body}}
            return write_json(clear).encode()
        message = self._crypto.seal("SaleToPOIResponse", header, {name: body})
        outer = message["SaleToPOIResponse"]
        if spoil and self._take("outside"):
            outer["MessageHeader"] = {**header, "ServiceID": "OTHER00003"}
        if spoil and self._take("hmac"):
            hmac = outer["SecurityTrailer"]["Hmac"]
            outer["SecurityTrailer"]["Hmac"] = ("B" if hmac[0] == "A" else "A") + hmac[1:]
        return write_json(message).encode()


def main() -> None:
    """Run one terminal as its own process, steered over a control socket."""
    parser = argparse.ArgumentParser(description="A simulated nexo terminal")
    parser.add_argument("--directory", required=True, help="for certificates and books")
    parser.add_argument("--passphrase-file", required=True)
    parser.add_argument("--control", required=True, help="path of the Unix socket for verbs")
    parser.add_argument("--key-identifier", default="kiosk")
    parser.add_argument("--poi-id", default="S1F2-000158213606123")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--display-url", default="")
    given = parser.parse_args()
    sim = NexoTerminalSim(
        directory=given.directory,
        passphrase=Path(given.passphrase_file).read_text().removesuffix("\n"),
        key_identifier=given.key_identifier,
        poi_id=given.poi_id,
        port=given.port,
        display_url=given.display_url,
    )
    sim.start()
    try:
        run_far_end(sim, given.control)
    finally:
        sim.stop()


if __name__ == "__main__":
    main()
