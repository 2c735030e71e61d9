"""The fleet beside the demonstration store: made on the spot, and known again in a kept folder."""

import stat
from pathlib import Path

import httpx
import pytest

from kiosk.app.at_the_board import AtTheBoard
from kiosk.app.broker import mosquitto
from kiosk.app.own_fleet import HERE, STORE_KEY, OwnFleet
from kiosk.app.store_config import PLAIN, store_config

pytestmark = pytest.mark.skipif(mosquitto() is None, reason="mosquitto is not installed")


def test_people_of_a_kept_folder_sign_in_again(tmp_path: Path) -> None:
    with OwnFleet(tmp_path / "fleet") as fleet:
        fleet.settle()
        first = fleet.people
    cards = tmp_path / "fleet" / "people.json"
    assert stat.S_IMODE(cards.stat().st_mode) == 0o600
    with OwnFleet(tmp_path / "fleet") as fleet:
        fleet.settle()
        assert fleet.people == first
        with AtTheBoard(fleet, "ingrid") as ingrid:
            user = ingrid.get("/api/session")["user"]
            assert (user["role"], user["stores"]) == ("attendant", [STORE_KEY])
            with pytest.raises(httpx.HTTPStatusError, match="403"):
                ingrid.get("/api/users")


def test_the_kiosk_that_it_knows_is_the_one_of_the_demonstration(tmp_path: Path) -> None:
    text = store_config(tmp_path, tmp_path, "1080x1920", PLAIN, "")
    kiosk_id = next(line for line in text.splitlines() if line.startswith("id = "))
    assert kiosk_id == f'id = "{HERE.kiosk.upper()}"'
