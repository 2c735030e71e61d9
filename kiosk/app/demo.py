"""`kiosk demo`: three shoppers before one's eyes, and what they leave to look at afterwards."""

import shutil
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from drivers.sim.control import RemoteError
from kiosk.app.at_the_board import AtTheBoard
from kiosk.app.broker import mosquitto
from kiosk.app.demo_papers import Z_HEADING, export_day, look_back, verdict, write_summary
from kiosk.app.far_ends import STAFFED_TILL
from kiosk.app.own_fleet import OwnFleet, OwnFleetError
from kiosk.app.page_album import WHY_NONE, PageAlbum, chromium
from kiosk.app.scenes import after_hours, beer_and_pears, groceries
from kiosk.app.scenes.from_the_board import TheBoard
from kiosk.app.scenes.hours import selling_day
from kiosk.app.scenes.payers import PAYERS, Payer
from kiosk.app.shopper import LOOK_EVERY_S, PATIENCE_S, Shopper, ShopperLost
from kiosk.app.store import Store, StoreError
from kiosk.app.store_config import Sections
from kiosk.fiscal.saft.survey import ExportError

SCENES: Final = (groceries, beer_and_pears)
"""Those that end in a receipt, in their order."""
UNHURRIED: Final = "thanks_s = 60\n"
"""On a machine with much else to do, the thanks must not go before they have been photographed."""
NEIGHBOURS: Final = 2
"""Simulated kiosks in this store, and as many in two others, so that the pages are no desert."""
HASTE: Final = 6.0
"""They have some trade behind them when the operator's view is drawn, a minute later."""


def run_demo(out: Path, size: str, pay: str = "nexo-json") -> int:
    """Play all scenes; returns 0 when every shopper who bought was charged once, and printed for.

    Raises:
        KeyError: there is no such way to pay; `scenes.payers` has them.
    """
    payer = PAYERS[pay]
    shutil.rmtree(out, ignore_errors=True)
    (out / "screens").mkdir(parents=True)
    opened, closed = selling_day(datetime.now(UTC))
    print("Starting a kiosk, a scanner, two scales, a badge reader, a light, a card terminal")
    print(f"and a printer. In this store it is {opened:%d.%m.%Y, %H.%M} ...")
    try:
        with TemporaryDirectory(prefix="selvkasse-") as folder, ExitStack() as running:
            fleet = _fleet(Path(folder) / "fleet", running)
            store = Store(
                folder=Path(folder),
                size=size,
                far_ends=(*STAFFED_TILL, *payer.far_ends),
                terminal=payer.terminal,
                sections=Sections(
                    starts_at=opened.isoformat(),
                    selling=UNHURRIED,
                    more=fleet.kiosk_section() if fleet else "",
                ),
            )
            with store:
                board = _board(fleet, out, running) if fleet else None
                played = _play(Shopper(store, out / "screens"), payer, board, closed)
                _close_the_day(store, out)
                summary = look_back(store, out, payer, [scene.NAME for scene in SCENES])
            summary |= played | export_day(store, out)
    except (ShopperLost, StoreError, RemoteError, OwnFleetError, ExportError) as error:
        print(f"The demonstration stopped: {error}")
        return 1
    write_summary(summary, out)
    return verdict(summary, out)


def _fleet(folder: Path, running: ExitStack) -> OwnFleet | None:
    """Start the broker and the fleet's server, if there is a broker."""
    if mosquitto() is None:
        print("There is no broker (apt-get install mosquitto), so nobody helps from afar.")
        return None
    return running.enter_context(OwnFleet(folder, neighbours=NEIGHBOURS, haste=HASTE))


def _board(fleet: OwnFleet, out: Path, running: ExitStack) -> TheBoard:
    """Seat somebody at the board; what is drawn of it goes to `out`."""
    fleet.settle()
    program = chromium()
    print(f"Broker and fleet server run beside it: {fleet.board_url}")
    if program is None:
        print(WHY_NONE)
    album = running.enter_context(PageAlbum(program, out)) if program else None
    seat = {one.name: running.enter_context(AtTheBoard(fleet, one.name)) for one in fleet.people}
    return TheBoard(seat["ingrid"], seat["amir"], album)


def _play(
    shopper: Shopper, payer: Payer, board: TheBoard | None, closed: datetime
) -> dict[str, Any]:
    """Play every scene; return what only an onlooker could see."""
    for scene in SCENES:
        shopper.scene = scene.NAME
        print(f"\n{scene.TITLE}")
        scene.play(shopper, payer, board)
    if board is not None:
        board.look_back()
    latencies = shopper.store.glass.remote.call("latencies")
    shopper.store.restart_kiosk_at(closed.isoformat())
    shopper.scene = after_hours.NAME
    print(f"\n{after_hours.TITLE}, at {closed:%H.%M}")
    after_hours.play(shopper)
    return {
        "lights": shopper.lamps,
        "from_the_board": board.said if board else {},
        "scan_to_frame_ms": [round(ms, 1) for ms in latencies],
    }


def _close_the_day(store: Store, out: Path) -> None:
    """Have the Z report made and printed, and keep its paper."""
    print("\nThe day is closed: its Z report comes out of the printer")
    printer = store.far_end("printer")
    store.glass.close_day()
    deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
    while (number := _z_paper(printer.state()["receipts"])) is None:
        if deadline.passed():
            raise ShopperLost(f"Waited {PATIENCE_S:.0f} s for the Z report's paper.")
        ready((), LOOK_EVERY_S)
    picture, text = (out / name for name in ("z.png", "z.txt"))
    printer.call("save_receipt", str(picture.resolve()), str(text.resolve()), number)


def _z_paper(papers: list[str]) -> int | None:
    return next((number for number, text in enumerate(papers) if Z_HEADING in text), None)
