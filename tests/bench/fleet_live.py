"""The fleet with many kiosks: how long a call and an answer take, what it weighs, and a storm.

Server, broker and kiosks are processes of their own, over TLS. One more kiosk is ours: its calls
are timed to the frame in which the attendant's board shows them, in a real Chromium where there is
one, and the touch there to the moment at which the kiosk has the signed order.
"""

import queue
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from paho.mqtt.client import Client, MQTTMessage
from playwright.sync_api import Page, sync_playwright

from kiosk.app.at_the_board import AtTheBoard
from kiosk.app.broker import mosquitto
from kiosk.app.own_fleet import SIMULATOR, OwnFleet
from kiosk.app.page_album import chromium
from kiosk.fleet.broker import new_client
from kiosk.fleet.config import load
from kiosk.telemetry import messages as m
from kiosk.telemetry.topics import Address, Channel
from tests.bench.budget import Figure, percentile, spread
from tests.fleet.web.conftest import CHROMIUM

CONNECTED = 1_000
MANY = 2_000
TURNS = 60
PATIENCE_S = 600.0
OURS = Address("probe", "torshov", "kasse-1")
# Resolves with the time, by the wall clock, of the frame that shows so many cards.
SHOWN = """(count) => new Promise((done) => {
    const cards = () => document.querySelectorAll("[aria-labelledby=waiting-title] > li").length;
    const look = () => cards() === count
        ? requestAnimationFrame(() => done(Date.now())) : requestAnimationFrame(look);
    look();
})"""
# Touches the card's yes, once it may be touched; returns when.
TOUCHED = """() => new Promise((done) => {
    const look = () => {
        const yes = document.querySelector("[aria-labelledby=waiting-title] > li .no");
        if (yes && yes.getAttribute("aria-disabled") !== "true") {
            const at = Date.now();
            yes.click();
            done(at);
        } else requestAnimationFrame(look);
    };
    look();
})"""


def live_figures(out: Path) -> Iterator[Figure]:
    """Measure with `CONNECTED` kiosks, then with `MANY`; nothing where there is no broker."""
    if mosquitto() is None:
        return
    with TemporaryDirectory(dir=out) as name, OwnFleet(Path(name), neighbours=1) as fleet:
        fleet.settle()
        with _kiosks(fleet, CONNECTED) as kiosks:
            kiosks.until_online(CONNECTED)
            if chromium() is not None:
                yield from _board(fleet)
    with TemporaryDirectory(dir=out) as name, OwnFleet(Path(name), neighbours=1) as fleet:
        fleet.settle()
        with _kiosks(fleet, MANY) as kiosks:
            yield from _many(fleet, kiosks)


# --- a call, and the answer to it ----------------------------------------------------------------


def _board(fleet: OwnFleet) -> Iterator[Figure]:
    with ExitStack() as running:
        ours = running.enter_context(_ours(fleet))
        who = running.enter_context(AtTheBoard(fleet, "amir"))
        page = running.enter_context(_page(fleet, who))
        up, down = zip(*(_call(ours, page, turn) for turn in range(TURNS)), strict=True)
    about = f"{CONNECTED:,} kiosks connected, headless Chromium, TLS"
    yield _figure("a call at a kiosk, to the attendant's screen, p50", percentile(up, 50), 250, "")
    yield _figure("the same, p99", percentile(up, 99), 1000, f"{spread(up)}; {about}")
    yield _figure("a touch on the board, to the kiosk, p50", percentile(down, 50), 250, "")
    yield _figure("the same, p99", percentile(down, 99), 1000, spread(down))


def _figure(what: str, value: float, budget: float, detail: str, unit: str = "ms") -> Figure:
    return Figure(what=what, value=value, unit=unit, budget=budget, detail=detail)


class _Ours:
    """A kiosk that calls and obeys, and remembers when."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.orders: queue.Queue[tuple[float, m.Order]] = queue.Queue()
        client.on_message = self._heard

    def _heard(self, _client: object, _data: object, message: MQTTMessage) -> None:
        command = m.decode(Channel.COMMAND, bytes(message.payload))
        assert isinstance(command, m.Command)
        order = msgspec.json.decode(bytes(command.body), type=m.Order)
        self.orders.put((time.time() * 1000, order))
        reply = m.Reply(at_utc=_now(), id=order.id, verdict=m.Verdict.TAKEN, approved=True)
        self.client.publish(OURS.topic(Channel.REPLY), m.encode(reply), 1)

    def say(self, message: m.Intervention) -> None:
        self.client.publish(OURS.intervention(message.id), m.encode(message), 1, retain=True)


@contextmanager
def _ours(fleet: OwnFleet) -> Iterator[_Ours]:
    broker = load(fleet.folder / f"{SIMULATOR}.toml").broker.made()
    client = new_client(broker, "probe")
    ours = _Ours(client)
    client.connect(broker.host, broker.port)
    client.loop_start()
    client.subscribe(OURS.topic(Channel.COMMAND), 1)
    at = _now()
    born = m.Birth(at_utc=at, kiosk_id="PROBE", till="1", shop="Bench", started_at=at)
    client.publish(OURS.topic(Channel.BIRTH), m.encode(born), 1, retain=True)
    client.publish(OURS.topic(Channel.STATE), m.encode(m.State(at_utc=at, since_at=at)), 1)
    try:
        yield ours
    finally:
        client.disconnect()
        client.loop_stop()


@contextmanager
def _page(fleet: OwnFleet, who: AtTheBoard) -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=CHROMIUM)
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.set_default_timeout(PATIENCE_S * 1000)
        context.add_cookies(
            [{"name": n, "value": v, "url": fleet.url} for n, v in who.cookies.items()]
        )
        page = context.new_page()
        page.goto(f"{fleet.url}/board/{OURS.tenant}/{OURS.store}")
        page.locator(".tile").first.wait_for()
        yield page
        browser.close()


def _call(ours: _Ours, page: Page, turn: int) -> tuple[float, float]:
    """One call and its answer; return how long each took, in ms."""
    page.evaluate(SHOWN, 0)
    waiting = page.evaluate_handle(f"() => {{ window.shown = ({SHOWN})(1); }}")
    began_ms, at = time.time() * 1000, _now()
    call = m.Intervention(
        at_utc=at, id=f"call-{turn}", kind="help", raised_at=at, sale_id="s", may_refuse=False
    )
    ours.say(call)
    up_ms = page.evaluate("() => window.shown") - began_ms
    waiting.dispose()
    touched_ms = page.evaluate(TOUCHED)
    reached_ms, order = ours.orders.get(timeout=PATIENCE_S)
    assert order.args["intervention_id"] == call.id
    settled = m.Settled(approved=True, attendant_id="amir", where="remote", resolved_at=_now())
    ours.say(msgspec.structs.replace(call, at_utc=_now(), settled=settled))
    ours.client.publish(OURS.intervention(call.id), b"", 1, retain=True)
    return up_ms, reached_ms - touched_ms


# --- many ---------------------------------------------------------------------------------------


class _Kiosks:
    """The process of `many_kiosks`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.online = 0

    def until_online(self, count: int) -> None:
        self._until(lambda: self.online >= count)

    def cut_off(self) -> float:
        """Cut everybody off, wait until all are back; return how long it took, in s."""
        assert self.process.stdin is not None
        before = self.online
        began = time.monotonic()
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self._until(lambda: self.online < before // 2)
        self._until(lambda: self.online >= before)
        return time.monotonic() - began

    def _until(self, so: Callable[[], bool]) -> None:
        assert self.process.stdout is not None
        while not so():
            line = self.process.stdout.readline()
            assert line, "the kiosks ended"
            self.online = int(line)


@contextmanager
def _kiosks(fleet: OwnFleet, count: int) -> Iterator[_Kiosks]:
    config = str(fleet.folder / f"{SIMULATOR}.toml")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.many_kiosks", config, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield _Kiosks(process)
    finally:
        process.terminate()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def _many(fleet: OwnFleet, kiosks: _Kiosks) -> Iterator[Figure]:
    began = time.monotonic()
    kiosks.until_online(MANY)
    connected_s = time.monotonic() - began
    with AtTheBoard(fleet, "amir") as who:
        _until_known(who)
        server = fleet.process_ids[1]
        yield _figure(
            f"{MANY:,} kiosks connected, TLS",
            connected_s,
            60,
            "kiosks in one process, which takes most of it",
            "s",
        )
        yield _figure(f"memory of the server, {MANY:,} kiosks", _resident_mb(server), 400, "", "MB")
        about = f"{(_resident_mb(fleet.broker.pid) - 5) * 1000 / MANY:.0f} kB a kiosk"
        yield _figure(
            f"memory of the broker, {MANY:,} kiosks",
            _resident_mb(fleet.broker.pid),
            200,
            about,
            "MB",
        )
        storm_s = kiosks.cut_off()
        settled_s = _until_known(who)
        yield _figure(
            f"a storm: {MANY:,} kiosks cut off, until all are back",
            storm_s,
            60,
            f"known to the server {settled_s:.1f} s later; each waits up to 8 s of its own",
            "s",
        )


def _until_known(who: AtTheBoard) -> float:
    """Wait until the server has every kiosk as online; return for how long, in s."""
    began = time.monotonic()
    while time.monotonic() < began + PATIENCE_S:
        away = who.get("/api/kiosks?condition=offline&limit=1")["total"]
        if not away and who.get("/api/kiosks?limit=1")["total"] >= MANY:
            return time.monotonic() - began
        time.sleep(0.2)
    raise TimeoutError("the server does not know all kiosks")


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise ValueError("no VmRSS")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
