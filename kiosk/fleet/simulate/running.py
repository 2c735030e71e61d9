"""Starts simulated kiosks, takes power from stores, cuts everybody off, and shows how it goes."""

import asyncio
import resource
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from rich.live import Live
from rich.table import Table

from kiosk.fleet.broker import tls_context
from kiosk.fleet.config import FleetConfig
from kiosk.fleet.keys import PUBLIC_NAME
from kiosk.fleet.simulate.kiosk import SimulatedKiosk
from kiosk.fleet.simulate.wire import Wire
from kiosk.fleet.times import utc_now
from kiosk.telemetry.signing import Trust, load_public
from kiosk.telemetry.topics import Address

STORE_NAMES: Final = ("torshov", "bryggen", "solsiden", "tromso", "sentrum", "havna")
STARTS_A_SECOND: Final = 400
"""New connections: more at once than a broker answers in time are only tried again."""
FILES_EACH: Final = 2
POWER_CUT_S: Final = (20.0, 120.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be played."""

    kiosks: int
    stores: int
    tenant: str
    speed: float = 1.0
    seconds: float = 0.0
    power_cuts_an_hour: float = 0.0
    storm_every_s: float = 0.0
    seed: int = 1
    shoppers: bool = True
    """False: kiosks are there and answer, and nobody buys."""
    patience_s: tuple[float, float] = (15.0, 90.0)
    """Between which a shopper waits until an attendant walks over."""


def addresses(plan: Plan) -> list[Address]:
    """Return the kiosks' places: spread evenly over the stores."""
    found = []
    for place in range(plan.kiosks):
        store = place % plan.stores
        name = STORE_NAMES[store] if store < len(STORE_NAMES) else f"butikk-{store + 1}"
        found.append(Address(plan.tenant, name, f"kasse-{place // plan.stores + 1}"))
    return found


def wire_of(config: FleetConfig, plan: Plan, counts: Counter[str]) -> Wire:
    """Return what the kiosks share: the broker's place and the fleet's public key."""
    broker = config.broker.made()
    public = Path(config.data_dir) / PUBLIC_NAME
    trust = None
    if public.exists():
        trust = Trust([load_public(public.read_bytes(), str(public))])
    return Wire(
        host=broker.host,
        port=broker.port,
        tls=tls_context(broker) if broker.ca else None,
        trust=trust,
        now=utc_now,
        speed=plan.speed,
        counts=counts,
        patience_s=plan.patience_s,
    )


def run_simulation(config: FleetConfig, plan: Plan) -> int:
    """Play until the time is over or Ctrl-C; return the exit code."""
    allow_files(plan.kiosks * FILES_EACH + 200)
    counts: Counter[str] = Counter()
    kiosks = make_kiosks(wire_of(config, plan, counts), plan)
    with suppress(KeyboardInterrupt):
        asyncio.run(_play_and_show(kiosks, plan, counts))
    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    if not counts["connected"]:
        where = f"{config.broker.host}:{config.broker.port}"
        print(f"No kiosk reached the broker at {where}: see [broker] in the file.", file=sys.stderr)
        return 1
    return 0


def make_kiosks(wire: Wire, plan: Plan) -> list[SimulatedKiosk]:
    """Return the kiosks of a plan; the same seed gives the same lives."""
    return [SimulatedKiosk(place, wire, f"{plan.seed} {place}") for place in addresses(plan)]


async def play(kiosks: list[SimulatedKiosk], plan: Plan) -> None:
    """Let kiosks live until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        if plan.power_cuts_an_hour:
            tasks.create_task(_power_cuts(kiosks, plan))
        if plan.storm_every_s:
            tasks.create_task(_storms(kiosks, plan.storm_every_s))
        for place, kiosk in enumerate(kiosks, 1):
            tasks.create_task(kiosk.run(shoppers=plan.shoppers))
            if place % (STARTS_A_SECOND // 20) == 0:
                await asyncio.sleep(0.05)


async def _play_and_show(kiosks: list[SimulatedKiosk], plan: Plan, counts: Counter[str]) -> None:
    playing = asyncio.create_task(play(kiosks, plan))
    end = asyncio.get_running_loop().time() + plan.seconds if plan.seconds else None
    before: Counter[str] = Counter()
    with Live(refresh_per_second=2, transient=True) as live:
        while not playing.done() and (end is None or asyncio.get_running_loop().time() < end):
            await asyncio.sleep(1.0)
            live.update(_table(kiosks, counts, before))
            before = Counter(counts)
    playing.cancel()
    with suppress(asyncio.CancelledError):
        await playing


async def _power_cuts(kiosks: list[SimulatedKiosk], plan: Plan) -> None:
    random = Random(plan.seed)
    stores = sorted({kiosk.address.store for kiosk in kiosks})
    while True:
        await asyncio.sleep(random.expovariate(plan.power_cuts_an_hour / 3600))
        store = random.choice(stores)
        hit = [kiosk for kiosk in kiosks if kiosk.address.store == store]
        for kiosk in hit:
            kiosk.cut(dark=True)
        await asyncio.sleep(random.uniform(*POWER_CUT_S))
        for kiosk in hit:
            kiosk.cut(dark=False)


async def _storms(kiosks: list[SimulatedKiosk], every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        for kiosk in kiosks:
            kiosk.drop()


def _table(kiosks: list[SimulatedKiosk], counts: Counter[str], before: Counter[str]) -> Table:
    table = Table(box=None, show_header=False)
    table.add_row("kiosks online", f"{counts['online']} of {len(kiosks)}")
    table.add_row("messages a second", str(counts["sent"] - before["sent"]))
    table.add_row("journal rows", str(counts["rows"]))
    table.add_row("connections made, lost", f"{counts['connected']}, {counts['lost']}")
    table.add_row("waiting for staff", str(sum(len(kiosk.calls) for kiosk in kiosks)))
    return table


def allow_files(wanted: int) -> None:
    """Let this process open so many files, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
