"""What the simulated ZVT terminal says: one command at a time, on its own thread.

The other half, hands and cables, is ZvtTerminalSim. All that changes does so under `_changed`,
which is notified. The books are the truth about money; `last` in them is what 06 20 repeats.
"""

import queue
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from drivers.sim.terminal_books import Books
from drivers.sim.terminal_cards import TestCard
from drivers.sim.zvt_terminal_faults import ZvtFaults
from drivers.sim.zvt_terminal_packets import (
    card_fields,
    payment_fields,
    receipt_packets,
    show_packet,
    totals_fields,
)
from drivers.sim.zvt_terminal_wire import (
    Packet,
    Port,
    bcd,
    digits_length,
    read_fields,
    write_packet,
)

ACK: Final = (b"\x80\x00", b"")
SAY_AGAIN: Final = b"\x00\x00"
"""No command: our own hands are in the line of commands too."""
GOODS_FAILED: Final = b"\x84\x66"
MORE_TIME: Final = b"\x84\x9c"
WAIT, ABORTED, NOTHING_THERE, ALREADY_REVERSED = 0x9C, 0x6C, 0x83, 0xB4
BRANDS: Final = {"visa": "VISA", "mc": "Mastercard", "bankaxept": "BankAxept"}


@dataclass
class ZvtPayment:
    """One payment on the terminal's screen."""

    amount_minor: int
    currency: int
    goods_questions: int
    goods_wait_s: float
    waiting_for: str = "card"
    card: TestCard | None = None
    entry_mode: int = 0
    wrong_pins: int = 0
    result: int | None = None
    lost: bool = False
    is_aborted: bool = False
    shows: list[int] = field(default_factory=list)
    booked: dict[str, Any] | None = None

    @property
    def over(self) -> bool:
        """Whether it has an end, or was lost with a reboot."""
        return self.result is not None or self.lost


class ZvtTalk(ZvtFaults):
    """Answers commands. `second_s` is how long a second of its time-outs lasts."""

    _port: Port

    def __init__(self, *, books: Books, terminal_id: str, second_s: float, card_s: float) -> None:
        super().__init__()
        self.terminal_id = terminal_id
        self._books = books
        self._second_s = second_s
        self._card_s = card_s
        self._changed = threading.Condition()
        self._current: ZvtPayment | None = None
        self._heard: list[str] = []
        self._answers: queue.Queue[Packet] = queue.Queue()
        self._commands: queue.Queue[Packet | None] = queue.Queue()
        self._at_work = False
        self._is_ending = False
        """It said the last word of a command: the till may begin the next."""
        self.words: list[str] = []
        self._closed_items = 0
        """How many transactions its last end of day has closed."""
        self._config_byte = 0
        self._talker = threading.Thread(target=self._talk, name="sim-zvt-talk", daemon=True)
        self._talker.start()

    # --- the wire's thread ------------------------------------------------------------------------

    def _hear(self, packet: Packet) -> None:
        control, _ = packet
        if control[0] in (0x80, 0x84):
            self._answers.put(packet)
            return
        with self._changed:
            self._heard.append(control.hex())
            self._changed.notify_all()
            current, at_work = self._current, self._at_work and not self._is_ending
        if control == b"\x06\xb0":
            self._abort(current)
        elif at_work or self.is_busy:
            self._send(bytes([0x84, WAIT]), b"")
        else:
            with self._changed:
                self._at_work = True
            self._commands.put(packet)

    def _abort(self, payment: ZvtPayment | None) -> None:
        if self.swallows_aborts:
            return
        self._acknowledge()
        with self._changed:
            waits_for_host = payment is not None and payment.waiting_for == "host"
            if payment is None or payment.over or self.ignores_aborts or waits_for_host:
                return
            payment.is_aborted = True
            self._finish(payment, ABORTED)

    # --- the talker's thread ----------------------------------------------------------------------

    def _talk(self) -> None:
        while (packet := self._commands.get()) is not None:
            try:
                self._obey(*packet)
            finally:
                with self._changed:
                    self._at_work = False
                    self._changed.notify_all()

    def _obey(self, control: bytes, data: bytes) -> None:
        self._is_ending = False
        commands = {
            b"\x06\x00": self._register,
            b"\x05\x01": self._enquire,
            b"\x06\x01": self._pay,
            b"\x06\x20": self._repeat,
            b"\x06\x30": self._reverse,
            b"\x06\x31": self._refund,
            b"\x06\x50": self._end_day,
            b"\x06\x70": self._diagnose,
            SAY_AGAIN: self._say_again,
        }
        command = commands.get(control)
        if command is None:
            self._send(b"\x84\x00" if "enquiry_unknown" in self.habits else b"\x84\x83", b"")
            return
        command(data)

    def _register(self, data: bytes) -> None:
        self._config_byte = data[3]
        self._acknowledge()
        tid = bcd(int(self.terminal_id), 4)
        self._tell(b"\x06\x0f", b"\x19\x00\x29" + tid + b"\x49" + data[4:6])

    def _enquire(self, _: bytes) -> None:
        if "enquiry_refused" in self.habits:
            self._send(b"\x84\x83", b"")
        elif "enquiry_unknown" in self.habits:
            self._send(b"\x84\x00", b"")
        else:
            self._acknowledge()
            version = b"SIM 1.0"
            state = bytes([self.refuses_with])
            if "enquiry_by_status" in self.habits:
                self._tell(b"\x04\x0f", b"\x27" + state)
                self._tell(b"\x06\x0f", b"")
            else:
                head = digits_length(len(version), 3)
                self._tell(b"\x06\x0f", head + version + state)

    # --- payment ----------------------------------------------------------------------------------

    def _pay(self, data: bytes) -> None:
        refusal = self._take("refuse")
        if refusal:
            self._send(bytes([0x84, refusal]), b"")
            return
        asked = read_fields(data)
        goods = 0 if "ignores_goods" in self.habits else asked.get(2, 0)
        payment = ZvtPayment(
            asked[4], asked.get(0x49, 578), goods, asked.get(1, 5) * self._second_s
        )
        self._acknowledge()
        if self.refuses_with or self._take("card_left_in"):
            self._end_command(self.refuses_with or 0xDC)
            return
        if self._take("old_status"):
            self._tell_status(self._books.entries("last")[-1])
        with self._changed:
            self._current = payment
            self._show(payment, 0x0A)
        self._show_until_over(payment)
        if not payment.lost:
            self._settle(payment)
        elif payment.booked is not None and goods:
            self._take_back(payment.booked)
        with self._changed:
            self._current = None

    def _show_until_over(self, payment: ZvtPayment) -> None:
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: payment.shows or payment.over, self._card_s):
                    self._finish(payment, ABORTED)
                shows, payment.shows = payment.shows, []
            for status in shows:
                self._tell(b"\x04\xff", show_packet(status))
            if not shows and payment.over:
                return

    def _settle(self, payment: ZvtPayment) -> None:
        if payment.is_aborted and self._take("silent_after_abort"):
            return
        if late := self._take("late"):
            with self._changed:
                self._changed.wait_for(lambda: payment.lost, late)
        if self._take("silent"):
            if payment.booked is not None and payment.goods_questions:
                self._take_back(payment.booked)
            return
        if self._take("skip_status"):
            self._tell(b"\x06\x0f", b"")
            return
        if self._take("garbage"):
            self._port.send(b"\xff" * 64)
        if self._take("lose"):
            self._port.drop()
        facts = payment.booked or {"result": payment.result}
        if payment.booked is None:
            self._tell_status(facts)
            self._end_command(payment.result or ABORTED, with_status=True)
        elif not self._word_for(payment, payment.booked) or self._take("take_back"):
            self._take_back(payment.booked)
            self._end_command(0x05)
        else:
            self._print(payment.booked)
            self._complete()

    def _word_for(self, payment: ZvtPayment, booked: dict[str, Any]) -> bool:
        """Ask whether the goods were issued; whether the payment stands."""
        questions = max(1, payment.goods_questions)
        twice = self._take("twice")
        for _ in range(questions):
            answer = self._tell_status(booked, payment.goods_wait_s)
            if payment.lost:
                break
            if answer is not None and self._take("lose_word"):
                self._port.drop()
                answer = None
            if answer is None or answer[0] == MORE_TIME:
                continue
            if answer[0] == GOODS_FAILED and payment.goods_questions:
                return "keeps_refused_goods" in self.habits
            if twice:
                self._tell_status(booked, payment.goods_wait_s)
                self._next["complete_twice"] = True
            if self._take("lose_after_word"):
                self._port.drop()
            return True
        return not payment.goods_questions

    def _complete(self) -> None:
        self._tell(b"\x06\x0f", b"")
        if self._take("complete_twice"):
            self._tell(b"\x06\x0f", b"")

    def _end_command(self, error: int, *, with_status: bool = False) -> None:
        if with_status and "ends_refusal_with_completion" in self.habits:
            self._tell(b"\x06\x0f", b"")
        else:
            self._tell(b"\x06\x1e", bytes([error]))

    def _take_back(self, booked: dict[str, Any]) -> None:
        self._books.write("reversed", transaction_id=booked["transaction_id"])
        if "repeats_payment_after_reversal" not in self.habits:
            self._book_last({**booked, **self._numbers(), "original_trace": booked["trace"]})
        with self._changed:
            self._changed.notify_all()

    # --- the last transaction, and money back -----------------------------------------------------

    def _repeat(self, _: bytes) -> None:
        self._acknowledge()
        last = self._books.entries("last")
        if "repeats_nothing" in self.habits:
            self._tell(b"\x06\x0f", b"")
        elif not last or self.is_forgetful:
            self._tell(b"\x06\x1e", bytes([NOTHING_THERE]))
        else:
            self._tell_status(last[-1])
            self._tell(b"\x06\x0f", b"")

    def _reverse(self, data: bytes) -> None:
        self._acknowledge()
        receipt = read_fields(data[3:]).get(0x87)
        refusal = self._take("refuse_reversal")
        found = [item for item in self._books.transactions() if item["receipt"] == receipt]
        if refusal or not found:
            self._end_command(refusal or 0xB5)
        elif found[-1]["reversed"]:
            self._end_command(ALREADY_REVERSED)
        else:
            self._take_back(found[-1])
            if self._take("lose_reversal"):
                self._port.drop()
            self._tell_status(self._books.entries("last")[-1])
            self._tell(b"\x06\x0f", b"")

    def _refund(self, data: bytes) -> None:
        self._acknowledge()
        asked = read_fields(data[3:])
        facts = {"amount_minor": asked[4], "currency": asked.get(0x49, 578), **self._numbers()}
        self._books.write("refunded", **facts)
        self._book_last(facts)
        self._tell_status(facts)
        self._tell(b"\x06\x0f", b"")

    def _end_day(self, _: bytes) -> None:
        self._acknowledge()
        all_items = self._books.transactions()
        batch = all_items[self._closed_items :]
        self._closed_items = len(all_items)
        standing = [item for item in batch if not item["reversed"]]
        total = sum(item["amount_minor"] for item in standing)
        receipts = [item["receipt"] for item in standing]
        self._tell(b"\x04\x0f", totals_fields(total, len(standing), receipts))
        self._tell(b"\x06\xd1", b"\x40KASSENSCHNITT")
        self._tell(b"\x06\x0f", b"")
        self.refuses_with = 0

    def _diagnose(self, _: bytes) -> None:
        self._acknowledge()
        self.refuses_with = 0
        self._complete()

    def say_again(self) -> None:
        """Say the last 04 0F once more, unasked; the till's word for it goes to `words`."""
        self._commands.put((SAY_AGAIN, b""))

    def _say_again(self, _: bytes) -> None:
        answer = self._tell_status(self._books.entries("last")[-1], 5.0)
        with self._changed:
            self.words.append(answer[0].hex() if answer else "")
            self._changed.notify_all()

    # --- packets ----------------------------------------------------------------------------------

    def _tell_status(self, facts: dict[str, Any], wait_s: float | None = None) -> Packet | None:
        data = b"\x27" + bytes([facts.get("result") or 0]) + b"\x29" + bcd(int(self.terminal_id), 4)
        data += payment_fields(facts)
        if "brand" in facts:
            data += self._card_fields(facts)
        return self._tell(b"\x04\x0f", data, wait_s, long=bool(self._take("long")))

    def _card_fields(self, facts: dict[str, Any]) -> bytes:
        whole = bool(self._take("pan"))
        if whole:
            self._next["pan_on_paper"] = True
        return card_fields(facts, with_whole_number=whole)

    def _print(self, booked: dict[str, Any]) -> None:
        if self._config_byte & 0x80:
            whole = bool(self._take("pan_on_paper"))
            for control, data in receipt_packets(booked, with_whole_number=whole):
                self._tell(control, data)

    def _tell(
        self, control: bytes, data: bytes, wait_s: float | None = None, *, long: bool = False
    ) -> Packet | None:
        """Say something and wait for its answer (T3, 5 s); None when none came."""
        while not self._answers.empty():
            self._answers.get_nowait()
        if control in (b"\x06\x0f", b"\x06\x1e"):
            self._is_ending = True
        raw = write_packet(control, data, long=long)
        half = len(raw) // 2 if long else 0
        heard = (not half or self._port.send(raw[:half])) and self._port.send(raw[half:])
        try:
            t3_s = 5 * self._second_s
            return self._answers.get(timeout=t3_s if wait_s is None or not heard else wait_s)
        except queue.Empty:
            return None

    def _acknowledge(self) -> None:
        self._send(b"\x84\x00" if "acknowledges_with_84" in self.habits else b"\x80\x00", b"")
        if "waits_for_ack_of_ack" in self.habits:
            try:
                self._answers.get(timeout=5 * self._second_s)
            except queue.Empty:
                return

    def _send(self, control: bytes, data: bytes) -> bool:
        return self._port.send(write_packet(control, data))

    # --- what changes -----------------------------------------------------------------------------

    def _show(self, payment: ZvtPayment, status: int) -> None:
        payment.shows.append(status)
        self._changed.notify_all()

    def _finish(self, payment: ZvtPayment, result: int) -> None:
        if not payment.over:
            payment.result = result
            payment.waiting_for = ""
            self._changed.notify_all()

    def _book(self, payment: ZvtPayment) -> dict[str, Any]:
        assert payment.card is not None
        numbers = self._numbers()
        facts = {
            "amount_minor": self._take("amount") or payment.amount_minor,
            "currency": self._take("currency") or payment.currency,
            "transaction_id": f"{numbers['trace']:06d}-{numbers['receipt']:04d}",
            "brand": BRANDS[payment.card.brand],
            "last_four": payment.card.masked_pan[-4:],
            "aid": payment.card.aid,
            "approval_code": payment.card.approval_code,
            "entry_mode": payment.entry_mode,
            **numbers,
        }
        self._books.write("approved", **facts)
        self._book_last(facts)
        return facts

    def _book_last(self, facts: dict[str, Any]) -> None:
        self._books.write("last", **{key: facts[key] for key in facts if key != "kind"})
        self.is_forgetful = False

    def _numbers(self) -> dict[str, Any]:
        last = self._books.entries("last")
        trace = last[-1]["trace"] + 1 if last else 470
        now = datetime.now()
        return {
            "trace": trace,
            "receipt": trace % 10_000,
            "time": now.strftime("%H%M%S"),
            "date": now.strftime("%m%d"),
        }
