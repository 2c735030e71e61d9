"""The fleet beside the device bench: started, told of in the terminal, linked from the page."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kiosk.app.broker import mosquitto
from kiosk.app.own_fleet import OwnFleet

NEIGHBOURS = 2
"""Simulated kiosks on the store's board beside the real one."""


def start_fleet(folder: Path, running: ExitStack) -> OwnFleet | None:
    """Start broker and server with their files in `folder`; None where there is no broker."""
    if mosquitto() is None:
        return None
    return running.enter_context(OwnFleet(folder, neighbours=NEIGHBOURS))


def tell_of(fleet: OwnFleet | None) -> None:
    """Wait for the fleet's server, and print where it is and who may sign in there."""
    if fleet is None:
        print("There is no broker (apt-get install mosquitto), so there is no board.")
        return
    fleet.settle()
    print(f"The store's board: {fleet.board_url}   The operator's view: {fleet.url}/fleet")
    for one in fleet.people:
        print(f"  {one.role}: sign in as {one.name}, password {one.password}")


def fleet_facts(fleet: OwnFleet | None) -> dict[str, Any]:
    """Return the addresses of its pages and who may sign in there, for the page; JSON values."""
    if fleet is None:
        return {"board": "", "operator": "", "people": []}
    people = [
        {"name": one.name, "role": one.role, "password": one.password} for one in fleet.people
    ]
    return {"board": fleet.board_url, "operator": f"{fleet.url}/fleet", "people": people}
