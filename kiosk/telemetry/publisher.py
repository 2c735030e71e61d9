"""The kiosk's voice: one thread between the kiosk and the broker, and nothing that waits for it.

The engine leaves its newest view in a slot and goes on; devices leave their state. This thread
takes what is there, reads the journal through a connection of its own, and talks. When the broker
is away, it tries again later and later, and forgets nothing, because nothing is kept here that is
not in the journal or on the glass. Whatever goes wrong in it is logged and begun anew: it is never
a reason to stop selling.
"""

import logging
import random
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from kiosk.engine.clock import NS_PER_S, Clock, utc_text
from kiosk.telemetry.board import Board, Outgoing
from kiosk.telemetry.commands import CommandDesk
from kiosk.telemetry.connection import Connection
from kiosk.telemetry.feed import EventFeed
from kiosk.telemetry.health import Gauges, report
from kiosk.telemetry.link import (
    Acknowledged,
    Arrived,
    Connected,
    Endpoint,
    Happening,
    Lost,
)
from kiosk.telemetry.messages import (
    Announce,
    Birth,
    Command,
    Health,
    Junk,
    Message,
    Mode,
    OtherMajor,
    Reply,
    ShelfAnswer,
    decode,
    encode,
)
from kiosk.telemetry.shelf import FleetShelf
from kiosk.telemetry.slot import Answer, Slot
from kiosk.telemetry.topics import Address, Channel

logger = logging.getLogger(__name__)

HEALTH_EVERY_S: Final = 30.0
IDLE_S: Final = 1.0
"""Longest wait: paho looks at its keep-alive that often."""
UNTOLD_MAX: Final = 16
"""States and interventions under way; while there are so many, no newer ones are sent."""
REPLIES_MAX: Final = 32
"""Replies that wait for a connection; the oldest go first, since who asked has given up."""
FAREWELL_S: Final = 2.0
STOP_S: Final = 6.0
AFTER_TROUBLE_S: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """This kiosk, as it introduces itself."""

    address: Address
    endpoint: Endpoint
    data_dir: Path
    """On the disk that the journal needs."""
    birth: Callable[[], Birth]
    """Made anew for each connection: versions change."""
    gauges: Gauges = field(default_factory=Gauges)


class Publisher:
    """Tells the broker, and hears from it. `start` it once; `stop` says goodbye.

    The kiosk leaves what is to be told in `slot`; nothing else is called from other threads.
    """

    def __init__(
        self,
        who: Who,
        slot: Slot,
        board: Board,
        feed: EventFeed,
        desk: CommandDesk,
        clock: Clock,
        *,
        announced: Callable[[Announce], None] | None = None,
        shelf: FleetShelf | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self._who = who
        self._board = board
        self._feed = feed
        self._desk = desk
        self._clock = clock
        self._announced = announced or _nobody_fetches
        self._shelf = shelf
        self._connection = Connection(
            who.endpoint, str(who.address), clock, chance or random.Random()
        )
        self._slot = slot
        self._replies: deque[Reply] = deque(maxlen=REPLIES_MAX)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telemetry", daemon=True)
        self._health_ns = 0
        self._untold: dict[int, str] = {}
        """Messages of the board under way: number to the intervention that it clears, or ""."""
        self._started_ns = clock.monotonic_ns()
        self.junk_count = 0

    @property
    def connected(self) -> bool:
        """Whether the broker has let us in. Any thread."""
        return self._connection.is_in

    def start(self) -> None:
        """Begin to talk."""
        self._thread.start()

    def stop(self) -> None:
        """Say goodbye and end; waits a few seconds at most. May be called twice."""
        self._stopping.set()
        self._slot.wake.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOP_S)

    # --- the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.step(IDLE_S)
            except Exception:
                # Not the program's end, unlike any other thread's: selling does not need this one.
                logger.exception("telemetry: in trouble, begun anew in %.0f s", AFTER_TROUBLE_S)
                self._drop("in trouble", again_s=AFTER_TROUBLE_S)
                self._slot.wake.clear()
                self._stopping.wait(AFTER_TROUBLE_S)
        self.farewell()

    def step(self, wait_s: float) -> None:
        """Turn once: wait for something at most so long, then do what is due."""
        self._connection.open_when_due(
            self._who.address.topic(Channel.STATE),
            lambda: encode(self._board.last_words(Mode.LOST, self._now())),
        )
        self._wait(wait_s)
        self._take_what_happened()
        while self._slot.answers:
            self._hear(self._slot.answers.popleft())
        for reply in self._desk.overdue():
            self._replies.append(reply)
        if self.connected:
            self._talk()
        elif self._connection.is_late:
            self._drop("the broker does not answer")

    def farewell(self) -> None:
        """Tell that the program ends in order, write the place down, and close the connection."""
        until_ns = self._in(FAREWELL_S)
        if self.connected and (link := self._connection.link) is not None:
            while self._replies:
                self._send(Channel.REPLY, self._replies.popleft())
            last = self._board.last_words(Mode.STOPPED, self._now())
            mid = link.publish(self._who.address.topic(Channel.STATE), encode(last), retain=True)
            self._untold[mid] = ""
            while self.connected and mid in self._untold and self._clock.monotonic_ns() < until_ns:
                self._slot.wake.clear()
                link.wait(FAREWELL_S / 4, self._slot.wake)
                self._take_what_happened()
            if self._connection.link is not None:
                link.close()
        self._feed.note_place()
        self._connection.forget()

    def _wait(self, wait_s: float) -> None:
        due = [self._desk.due_ns(), self._connection.due_ns]
        if self.connected:
            due += [self._health_ns, self._board.due_ns(), self._feed.due_ns()]
        first_ns = min(one for one in due if one is not None)
        left_s = (first_ns - self._clock.monotonic_ns()) / NS_PER_S
        seconds = min(wait_s, max(0.0, left_s))
        if self._connection.link is not None:
            self._connection.link.wait(seconds, self._slot.wake)
        else:
            self._slot.wake.wait(seconds)
        self._slot.wake.clear()  # before anything is looked at: what comes now ends the next wait

    # --- the connection ------------------------------------------------------------------------

    def _drop(self, why: str, *, again_s: float | None = None) -> None:
        self._connection.drop(why, again_s=again_s)
        self._untold.clear()
        if self._shelf is not None:
            self._shelf.lost()

    def _take_what_happened(self) -> None:
        # Looked up each time: what is taken may have ended the link.
        while (link := self._connection.link) is not None and link.happened:
            self._take(link.happened.popleft())

    def _take(self, happening: Happening) -> None:
        match happening:
            case Connected():
                self._begin()
            case Lost(reason):
                self._drop(reason)
            case Acknowledged():
                self._acknowledged(happening)
            case Arrived(topic, payload):
                self._arrived(topic, payload)

    def _begin(self) -> None:
        """Introduce this kiosk to a broker that may know nothing of it."""
        link = self._connection.link
        if link is None:
            return
        logger.info("telemetry: the broker has let %s in", self._who.address)
        self._connection.let_in()
        address = self._who.address
        link.subscribe((address.topic(Channel.COMMAND), *address.announcements()))
        birth = msgspec.structs.replace(self._who.birth(), capabilities=self._desk.capabilities)
        if self._shelf is not None:
            link.subscribe((address.topic(Channel.SHELF_ANSWER),))
            self._shelf.let_in()
        link.publish(address.topic(Channel.BIRTH), encode(birth), retain=True)
        self._board.begin()
        self._feed.begin()
        self._slot.look_again()
        self._health_ns = 0

    def _acknowledged(self, word: Acknowledged) -> None:
        if self._feed.acknowledged(word.mid, word.refused, unheard=word.unheard):
            return
        if self._shelf is not None and (word.refused or word.unheard):
            self._shelf.unheard(word.mid)
        cleared = self._untold.pop(word.mid, "")
        if word.refused:
            logger.error("telemetry: the broker refuses a message: %s", word.refused)
        elif cleared:
            self._board.cleared(cleared)

    # --- talking -------------------------------------------------------------------------------

    def _talk(self) -> None:
        while self._replies and self.connected:
            self._send(Channel.REPLY, self._replies.popleft())
        self._ask_the_shelf()
        self._tell_what_stands()
        if self._clock.monotonic_ns() >= self._health_ns:
            self._health_ns = self._in(HEALTH_EVERY_S)
            self._send(Channel.HEALTH, self._health(), qos=0)
        topic = self._who.address.topic(Channel.EVENTS)
        while (link := self._connection.link) and (
            payload := self._feed.next_payload()
        ) is not None:
            self._feed.sent(link.publish(topic, payload))

    def _ask_the_shelf(self) -> None:
        topic = self._who.address.topic(Channel.SHELF)
        while (
            (shelf := self._shelf) is not None
            and (link := self._connection.link) is not None
            and (request := shelf.next_request()) is not None
        ):
            shelf.sent(request.id, link.publish(topic, encode(request)))

    def _tell_what_stands(self) -> None:
        due_ns = self._board.due_ns()
        is_due = due_ns is not None and self._clock.monotonic_ns() >= due_ns
        if len(self._untold) >= UNTOLD_MAX or not (self._slot.changed or is_due):
            return
        if self._slot.take_changed():
            self._feed.look_soon()
        if (view := self._slot.view) is None:
            return
        for outgoing in self._board.changes(view, self._slot.devices, self._slot.paper):
            self._tell(outgoing)

    def _tell(self, outgoing: Outgoing) -> None:
        if (link := self._connection.link) is None:
            return
        mid = link.publish(outgoing.topic, outgoing.payload, retain=outgoing.retain)
        self._untold[mid] = "" if outgoing.payload else outgoing.topic.rpartition("/")[2]

    def _send(self, channel: Channel, message: Message, qos: int = 1) -> None:
        if (link := self._connection.link) is not None:
            link.publish(self._who.address.topic(channel), encode(message), qos=qos)

    def _health(self) -> Health:
        who = self._who
        waiting = self._feed.waiting()
        figures = report(
            who.data_dir, who.endpoint.certificate, who.birth(), who.gauges, self._slot, self._now()
        )
        return msgspec.structs.replace(
            figures,
            journal_seq=self._feed.heard_seq + waiting,
            outbox_waiting=waiting,
            junk_count=self.junk_count,
            refused_count=self._desk.refused_count,
            uptime_s=(self._clock.monotonic_ns() - self._started_ns) // NS_PER_S,
        )

    # --- listening -----------------------------------------------------------------------------

    def _arrived(self, topic: str, payload: bytes) -> None:
        """Take what the broker brings; what is no message of ours is counted, and that is all."""
        address = self._who.address
        try:
            if topic == address.topic(Channel.COMMAND):
                command = decode(Channel.COMMAND, payload)
                if isinstance(command, Command):
                    self._reply(self._desk.take(command))
            elif topic == address.topic(Channel.SHELF_ANSWER):
                answer = decode(Channel.SHELF_ANSWER, payload)
                if isinstance(answer, ShelfAnswer) and self._shelf is not None:
                    self._shelf.answered(answer)
            elif topic in address.announcements() and payload:
                announce = decode(Channel.ANNOUNCE, payload)
                if isinstance(announce, Announce):
                    self._announced(announce)
        except (Junk, OtherMajor) as error:
            self.junk_count += 1
            logger.warning("telemetry: dropped a message: %s", error)

    def _hear(self, answer: Answer) -> None:
        if isinstance(answer, Reply):
            self._reply(self._desk.finish(answer))
        else:
            self._reply(self._desk.answered(answer))

    def _reply(self, reply: Reply | None) -> None:
        if reply is not None:
            self._replies.append(reply)

    # --- time ----------------------------------------------------------------------------------

    def _now(self) -> str:
        return utc_text(self._clock.utc_now())

    def _in(self, seconds: float) -> int:
        return self._clock.monotonic_ns() + round(seconds * NS_PER_S)


def _nobody_fetches(announce: Announce) -> None:
    """Stand in where nothing is fetched."""
    logger.info("telemetry: an announcement signed by %s is not taken up here", announce.key_id)
