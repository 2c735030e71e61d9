"""More than twenty thousand kiosks: listed, searched, streamed."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.fleet.config import Broker, FleetConfig
from tests.fleet.serving import Serving, serving
from tests.fleet.words import say_all

MANY = 21_000
STORES = 1_050
INGRIDS = "naermat/torshov/kasse-1"
KEYS = [f"naermat/butikk-{n % STORES}/kasse-{n // STORES}" for n in range(MANY - 1)] + [INGRIDS]


class Row(msgspec.Struct):
    key: str


class Page(msgspec.Struct):
    total: int
    kiosks: list[Row]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server without a broker, which has heard of all of them."""
    folder: Path = tmp_path_factory.mktemp("fleet")
    with serving(FleetConfig(data_dir=str(folder), broker=Broker(port=1))) as found:
        say_all(found.fleet.picture, KEYS)
        yield found


def test_every_kiosk_is_on_exactly_one_page(server: Serving) -> None:
    olga = server.signed_in("olga")
    seen: list[str] = []
    while True:
        asked = {"limit": 20_000, "offset": len(seen)}
        answer = olga.get("/api/kiosks", params=asked, headers={"Accept-Encoding": "identity"})
        page = msgspec.json.decode(answer.content, type=Page)
        seen += [row.key for row in page.kiosks]
        assert page.total == MANY
        if not page.kiosks:
            break
    assert sorted(seen) == sorted(KEYS)
    stores = olga.get("/api/stores").json()
    assert (len(stores), sum(one["kiosks"] for one in stores)) == (STORES + 1, MANY)


def test_a_search_finds_the_few_among_the_many(server: Serving) -> None:
    olga = server.signed_in("olga")
    found = olga.get("/api/kiosks", params={"search": "BUTIKK-1048 kasse-19"}).json()
    assert [row["key"] for row in found["kiosks"]] == ["naermat/butikk-1048/kasse-19"]
    store = olga.get("/api/kiosks", params={"store": "naermat/butikk-7", "limit": 100}).json()
    assert (store["total"], sum(store["counts"].values())) == (20, MANY)


def test_a_stream_tells_the_changes_of_all_of_them_to_who_may_see_them(server: Serving) -> None:
    olga, ingrid = server.signed_in("olga"), server.signed_in("ingrid")
    position = olga.get("/api/kiosks?limit=1").json()["position"]
    for key in KEYS:
        server.fleet.picture.set_fields(key, {"sales_today": 7})
    told: dict[str, int] = {}
    with olga.stream("GET", "/api/stream", params={"since": position}) as stream:
        for line in stream.iter_lines():
            if line.startswith("data: ["):
                told |= {one["key"]: one["sales_today"] for one in json.loads(line[6:])}
            if len(told) == MANY:
                break
    assert set(told) == set(KEYS)
    assert set(told.values()) == {7}
    with ingrid.stream("GET", "/api/stream", params={"since": position}) as stream:
        data = (line for line in stream.iter_lines() if line.startswith("data: ["))
        assert {one["key"] for one in json.loads(next(data)[6:])} == {INGRIDS}
