"""A far end: a receipt printer that speaks ESC/POS, driven by verbs of the physical world.

    printer = EscPosPrinterSim()            # on a pseudo-terminal; printer.url for the driver
    printer.paper_out_after(12)             # the roll ends after twelve more lines
    printer.load_paper()                    # it goes on by itself, as real ones do
    printer.receipts()[-1].text             # what stands on the paper that was cut off

Its own books are the paper: every strip that was cut, whatever the kiosk remembers of it. As an
own process: `python -m drivers.sim.printer --link PATH --control SOCKET`.
"""

import argparse
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from drivers.deadline import Flag, ready
from drivers.sim.control import run_far_end
from drivers.sim.escpos_stream import RealTime, RealTimeFilter, next_command
from drivers.sim.paper import Paper
from drivers.sim.print_head import PrintHead
from drivers.sim.printer_port import Port, PtyPort, TcpPort

STOP_TIMEOUT_S = 1.0
LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class Books:
    """What an onlooker would count."""

    receipts: tuple[str, ...]
    """The text of every strip that was cut off and is not blank, oldest first."""
    uncut: str
    """What stands on the paper that hangs out of the printer."""


class EscPosPrinterSim:
    """The printer. Verbs may be called from any thread and have happened when they return."""

    VERBS: ClassVar[tuple[str, ...]] = (
        "paper_low",
        "paper_out",
        "paper_out_after",
        "load_paper",
        "open_cover",
        "close_cover",
        "jam_cutter",
        "free_cutter",
        "break_down",
        "unplug",
        "plug_in",
        "lose_power",
        "power_on",
        "slow",
        "save_receipt",
    )

    def __init__(
        self,
        port: Port | None = None,
        *,
        width_dots: int = 576,
        proof: bool = True,
        auto_status: bool = True,
        buffer_bytes: int = 4096,
    ) -> None:
        self._port = port or PtyPort()
        self._buffer_bytes = buffer_bytes
        self._filter = RealTimeFilter()
        self._buffer = bytearray()
        self._head = PrintHead(width_dots, proof=proof, auto_status=auto_status)
        self._replies: deque[bytes] = deque()
        self._powered = True
        self._heard_host = False
        self._line_s = 0.0
        self._next_line_at = 0.0
        self._received_bytes = 0
        self._lock = threading.RLock()
        self._wake = Flag()
        self._stopping = Flag()
        self._thread = threading.Thread(target=self._run, name="sim-printer", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """What the driver's configuration says."""
        return self._port.url

    # --- verbs ------------------------------------------------------------------------------------

    def paper_low(self) -> None:
        """The roll is nearly used up."""
        self._change(near_end=True)

    def paper_out(self) -> None:
        """The paper ends here and now."""
        self._change(paper_end=True, near_end=True)

    def paper_out_after(self, lines: int) -> None:
        """The paper ends after so many more printed lines."""
        with self._lock:
            self._head.lines_left = lines
        self._wake.set()

    def load_paper(self) -> None:
        """A new roll; printing goes on where it stopped."""
        with self._lock:
            self._head.lines_left = None
        self._change(paper_end=False, near_end=False)

    def open_cover(self) -> None:
        """Somebody opens the cover."""
        self._change(cover_open=True)

    def close_cover(self) -> None:
        """The cover is closed again."""
        self._change(cover_open=False)

    def jam_cutter(self) -> None:
        """The next cut will stick."""
        with self._lock:
            self._head.cutter_jammed = True

    def free_cutter(self) -> None:
        """Somebody pulls the paper out of the cutter; the printer still waits to be told."""
        with self._lock:
            self._head.cutter_jammed = False

    def break_down(self) -> None:
        """A fault that only service can mend: it answers, and never prints again."""
        self._change(broken=True)

    def unplug(self) -> None:
        """Pull the data cable; printing of what is in the buffer goes on."""
        with self._lock:
            self._port.unplug()
            self._heard_host = False
            if not self._port.keeps_replies:
                self._replies.clear()
        self._wake.set()

    def plug_in(self) -> None:
        """Put the data cable back."""
        with self._lock:
            if self._powered:
                self._port.plug_in()
        self._wake.set()

    def lose_power(self) -> None:
        """Buffer, settings and unsent replies are gone; what is on the paper stays."""
        with self._lock:
            self.unplug()
            self._powered = False
            self._buffer.clear()
            self._replies.clear()
            self._filter.clear()
            self._head.forget()

    def power_on(self) -> None:
        """Switched on again, and found by the host."""
        with self._lock:
            self._powered = True
            self.plug_in()

    def slow(self, seconds_per_line: float) -> None:
        """Print like an old one; 0 is as fast as it can."""
        with self._lock:
            self._line_s = seconds_per_line
        self._wake.set()

    def save_receipt(self, picture: str, text: str, index: int = -1) -> None:
        """Write one of the receipts as PNG and as text, the newest by default."""
        paper = self.receipts()[index]
        paper.picture().save(picture)
        Path(text).write_text(paper.text, encoding="utf-8")

    # --- what an onlooker sees --------------------------------------------------------------------

    def receipts(self) -> list[Paper]:
        """The strips that were cut off and are not blank, oldest first."""
        with self._lock:
            return [paper for paper in self._head.cut if not paper.blank]

    def buffered(self) -> bytes:
        """What it has taken and not yet worked off."""
        with self._lock:
            return bytes(self._buffer)

    def books(self) -> Books:
        """Count what was physically printed."""
        with self._lock:
            cut = tuple(paper.text for paper in self._head.cut if not paper.blank)
            return Books(
                receipts=cut, uncut="" if self._head.paper.blank else self._head.paper.text
            )

    def state(self) -> dict[str, Any]:
        """The same as JSON, with the condition of the printer."""
        with self._lock:
            head, books = self._head, self.books()
            return {
                "url": self.url,
                "powered": self._powered,
                "paper": "out" if head.paper_end else "near_end" if head.near_end else "ok",
                "cover_open": head.cover_open,
                "cutter_error": head.cutter_error,
                "buffered_bytes": len(self._buffer),
                "received_bytes": self._received_bytes,
                "unknown_commands": list(head.unknown),
                "receipts": list(books.receipts),
                "uncut": books.uncut,
            }

    def close(self) -> None:
        """Take the printer away; idempotent."""
        self._stopping.set()
        self._thread.join(STOP_TIMEOUT_S)
        with self._lock:
            self._port.close()

    # --- the printer's own thread -----------------------------------------------------------------

    def _change(self, **what: bool) -> None:
        with self._lock:
            for name, value in what.items():
                setattr(self._head, name, value)
            self._say(self._head.status_change())
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                wait_s = self._step()
                room = self._buffer_bytes > len(self._buffer)
                sources = self._port.sources() if self._powered and room else []
            if not sources and self._port.keeps_replies:
                # A pseudo-terminal cannot be waited on for a host to open it. Asked once for both:
                # a host that hung up in between would never be heard again.
                wait_s = min(wait_s, LOOK_S)
            ready([*sources, self._wake, self._stopping], wait_s)
            self._wake.clear()

    def _step(self) -> float:
        """Take what came, work, answer; how long to wait for more, in seconds."""
        self._receive()
        self._work()
        self._answer()
        if self._head.can_print() and self._buffer:
            return max(0.0, self._next_line_at - time.monotonic()) if self._line_s else LOOK_S
        return 3600.0

    def _receive(self) -> None:
        if not self._powered:
            return
        if not self._port.hosted():
            self._heard_host = False
            if not self._port.keeps_replies:
                self._replies.clear()
        room = self._buffer_bytes - len(self._buffer)
        data = self._port.read(room) if room > 0 else b""
        self._heard_host = self._heard_host or bool(data)
        self._received_bytes += len(data)
        passed, real_time = self._filter.feed(data)
        self._buffer += passed
        for command in real_time:
            self._do_at_once(command)

    def _do_at_once(self, command: RealTime) -> None:
        if command.name == "DLE EOT":
            self._say(self._head.real_time_status(command.number))
        elif command.number in (1, 2) and self._head.recover():
            if command.number == 2:
                self._buffer.clear()
            self._say(self._head.status_change())

    def _work(self) -> None:
        while self._powered and self._head.can_print():
            if self._line_s and time.monotonic() < self._next_line_at:
                return
            lines = self._head.lines_printed
            before = bytes(self._buffer)
            command = next_command(self._buffer)
            if command is None:
                return
            if not self._head.do(command):
                # Stopped at this very command: it is done again when the cause is gone.
                self._buffer[:] = before
            self._say(self._head.take_replies())
            if self._head.lines_printed > lines and self._line_s:
                self._next_line_at = time.monotonic() + self._line_s

    def _say(self, reply: bytes) -> None:
        if reply:
            self._replies.append(reply)
            self._answer()

    def _answer(self) -> None:
        """Send replies. A host is there when it has spoken: opening a port throws input away."""
        while self._replies and self._heard_host:
            taken = self._port.write(self._replies[0])
            if taken < len(self._replies[0]):
                self._replies[0] = self._replies[0][taken:]
                return
            self._replies.popleft()


def main() -> None:
    """Run one printer as a process of its own until it is told to end."""
    parser = argparse.ArgumentParser(description="A simulated ESC/POS receipt printer.")
    parser.add_argument("--control", required=True, help="Unix socket for the verbs")
    parser.add_argument("--link", help="path of the serial line to offer")
    parser.add_argument("--tcp", type=int, help="TCP port to listen on instead, 0 for any")
    parser.add_argument("--width-dots", type=int, default=576, help="576 (80 mm) or 384 (58 mm)")
    parser.add_argument("--no-proof", action="store_true", help="a printer without GS ( H")
    options = parser.parse_args()
    port: Port = PtyPort(options.link) if options.tcp is None else TcpPort(options.tcp)
    printer = EscPosPrinterSim(port, width_dots=options.width_dots, proof=not options.no_proof)
    try:
        run_far_end(printer, options.control)
    finally:
        printer.close()


if __name__ == "__main__":
    main()
