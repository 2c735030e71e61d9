"""Simulated kiosks in a process of their own, for the bench: says how many are connected.

    python -m tests.bench.many_kiosks CONFIG KIOSKS

Writes a line with the number of kiosks online, every tenth of a second in which it changed. A line
that it reads cuts everybody off at once: they come back as real ones do, each after a wait of its
own.
"""

import asyncio
import sys
from collections import Counter
from pathlib import Path

from kiosk.fleet.config import load
from kiosk.fleet.simulate.running import Plan, allow_files, make_kiosks, play, wire_of

KIOSKS_OF_A_STORE = 10
TENANT = "bench"
LOOK_S = 0.1


async def _play(config: Path, count: int) -> None:
    counts: Counter[str] = Counter()
    plan = Plan(kiosks=count, stores=max(1, count // KIOSKS_OF_A_STORE), tenant=TENANT)
    kiosks = make_kiosks(wire_of(load(config), plan, counts), plan)
    loop = asyncio.get_running_loop()

    def cut_off() -> None:
        if not sys.stdin.readline():
            playing.cancel()
            return
        for kiosk in kiosks:
            kiosk.drop()

    playing = asyncio.create_task(play(kiosks, plan))
    loop.add_reader(sys.stdin, cut_off)
    told = -1
    while not playing.done():
        if counts["online"] != told:
            told = counts["online"]
            print(told, flush=True)
        await asyncio.sleep(LOOK_S)


if __name__ == "__main__":
    number = int(sys.argv[2])
    allow_files(2 * number + 200)
    asyncio.run(_play(Path(sys.argv[1]), number))
