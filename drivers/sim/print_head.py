"""The inside of a simulated printer: sensors, style, and what reaches the paper."""

from collections import deque
from typing import Final

from drivers.sim.escpos_stream import Command, Glyphs
from drivers.sim.paper import Paper, QrMark, Span, TextMark

CODE_PAGES: Final = {0: "cp437", 2: "cp850", 5: "cp865", 13: "cp857", 16: "cp1252", 19: "cp858"}
ALIGNMENTS: Final = {0: "left", 1: "center", 2: "right", 48: "left", 49: "center", 50: "right"}
ERROR_LEVELS: Final = {48: "l", 49: "m", 50: "q", 51: "h"}
FIXED: Final = 0x12


class PrintHead:
    """Works off commands in order. `do` says whether one was done, or must wait for people."""

    def __init__(self, width_dots: int, *, proof: bool, auto_status: bool) -> None:
        self._width_dots = width_dots
        self._proof = proof
        self._knows_auto_status = auto_status
        self.paper = Paper(width_dots)
        self.cut: list[Paper] = []
        self.unknown: list[str] = []
        self.lines_printed = 0
        self.lines_left: int | None = None
        self.near_end = self.paper_end = self.cover_open = False
        self.cutter_jammed = self.cutter_error = self.broken = False
        self.forget()

    def forget(self) -> None:
        """Lose what only the memory held: the power went."""
        self.cutter_error = False
        self._auto_status = False
        self._told = b""
        self._replies: deque[bytes] = deque()
        self._reset()

    def _reset(self) -> None:
        self._line: list[Span] = []
        self._code_page = "cp437"
        self._bold = False
        self._width = self._height = 1
        self._align = "left"
        self._qr_data = ""
        self._qr_module = 3
        self._qr_error = "l"

    # --- condition --------------------------------------------------------------------------------

    def can_print(self) -> bool:
        """Whether nothing is in the way."""
        return not (self.paper_end or self.cover_open or self.cutter_error or self.broken)

    def recover(self) -> bool:
        """DLE ENQ: go on after a cutter error, if its cause is gone."""
        if not self.cutter_error or self.cutter_jammed:
            return False
        self.cutter_error = False
        return True

    def real_time_status(self, number: int) -> bytes:
        """The answer to DLE EOT."""
        offline, failed = not self.can_print(), self.cutter_error or self.broken
        bits = {
            1: 0x08 * offline,
            2: 0x04 * self.cover_open | 0x20 * self.paper_end | 0x40 * failed,
            3: 0x08 * self.cutter_error | 0x20 * self.broken,
            4: 0x0C * (self.near_end or self.paper_end) | 0x60 * self.paper_end,
        }
        return bytes([FIXED | bits[number]]) if number in bits else b""

    def status_change(self) -> bytes:
        """The four bytes of automatic status, when it is on and something has changed."""
        block = self._auto_block()
        if not self._auto_status or block == self._told:
            return b""
        self._told = block
        return block

    def _auto_block(self) -> bytes:
        first = 0x10 | 0x08 * (not self.can_print()) | 0x20 * self.cover_open
        third = 0x03 * (self.near_end or self.paper_end) | 0x0C * self.paper_end
        second = 0x08 * self.cutter_error | 0x20 * self.broken
        return bytes([first, second, third, 0])

    def take_replies(self) -> bytes:
        """What the last commands made the printer say."""
        said = b"".join(self._replies)
        self._replies.clear()
        return said

    # --- commands ---------------------------------------------------------------------------------

    def do(self, command: Glyphs | Command) -> bool:
        """Do one command; False when it could not be done and must be done again later."""
        if isinstance(command, Glyphs):
            text = command.data.decode(self._code_page, errors="replace")
            self._line.append(Span(text, self._width, self._height, self._bold))
            return True
        match command.name, command.parameters:
            case ("LF", _):
                return self._print_line()
            case ("ESC d", parameters):
                return self._feed(parameters[0])
            case ("GS V", _):
                return self._cut()
            case ("GS ( k", parameters) if parameters[:2] == b"1Q":
                return self._print_qr()
            case (name, parameters):
                self._set(name, parameters)
                return True

    def _set(self, name: str, parameters: bytes) -> None:
        value = parameters[0] if parameters else 0
        match name:
            case "ESC @":
                self._reset()
            case "ESC t":
                self._code_page = CODE_PAGES.get(value, "cp437")
            case "ESC !":
                self._bold = bool(value & 0x08)
                self._height = 2 if value & 0x10 else 1
                self._width = 2 if value & 0x20 else 1
            case "GS !":
                self._width, self._height = (value >> 4) + 1, (value & 0x0F) + 1
            case "ESC E" | "ESC G":
                self._bold = bool(value & 1)
            case "ESC a":
                self._align = ALIGNMENTS.get(value, self._align)
            case "GS ( k":
                self._set_qr(parameters)
            case _:
                self._report(name, parameters)

    def _report(self, name: str, parameters: bytes) -> None:
        match name, parameters:
            case ("GS a", flags) if self._knows_auto_status:
                self._auto_status = flags != b"\0"
                self._told = self._auto_block()
                self._replies.append(self._told if self._auto_status else b"")
            case ("GS r", b"\x01" | b"1"):
                self._replies.append(bytes([0x03 if self.near_end else 0x00]))
            case ("GS ( H", asked) if asked[:2] == b"00" and self._proof:
                self._replies.append(b"\x37\x22" + asked[2:6] + b"\0")
            case ("NUL" | "CR" | "GS a" | "GS ( H" | "ESC 2" | "ESC 3" | "ESC M" | "ESC R", _):
                pass
            case ("ESC -" | "ESC {" | "GS b" | "GS B", b"\0"):
                pass
            case _:
                self.unknown.append(f"{name} {parameters.hex()}".strip())

    def _set_qr(self, parameters: bytes) -> None:
        match parameters[:2], parameters[2:]:
            case b"1C", rest:
                self._qr_module = rest[0]
            case b"1E", rest:
                self._qr_error = ERROR_LEVELS.get(rest[0], "l")
            case b"1P", rest:
                self._qr_data = rest[1:].decode("utf-8", errors="replace")
            case b"1A", _:
                pass
            case _:
                self.unknown.append(f"GS ( k {parameters.hex()}")

    # --- paper ------------------------------------------------------------------------------------

    def _print_line(self) -> bool:
        if not self._advance():
            return False
        self.paper.marks.append(TextMark(tuple(self._line), self._align))
        self._line = []
        return True

    def _print_qr(self) -> bool:
        if not self._advance():
            return False
        mark = QrMark(self._qr_data, self._qr_module, self._qr_error, self._align)
        self.paper.marks.append(mark)
        return True

    def _feed(self, lines: int) -> bool:
        # Feeding is not printing: the paper behind the sensor is enough for the way to the cutter.
        if self._line and not self._print_line():
            return False
        self.paper.marks.extend([TextMark(())] * lines)
        return True

    def _cut(self) -> bool:
        if self.cutter_jammed:
            self.cutter_error = True
            self._replies.append(self.status_change())
            return False
        self.cut.append(self.paper)
        self.paper = Paper(self._width_dots)
        return True

    def _advance(self) -> bool:
        """Move the paper by a line; False when there is none left to print on."""
        if self.lines_left == 0:
            self.lines_left = None
            self.near_end = self.paper_end = True
            self._replies.append(self.status_change())
            return False
        if self.lines_left is not None:
            self.lines_left -= 1
        self.lines_printed += 1
        return True
