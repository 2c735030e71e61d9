"""The description of the wire is what the types say, and another program can read it."""

import json
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from kiosk.telemetry import asyncapi
from kiosk.telemetry.messages import BY_CHANNEL, VERSION, CommandKind, Verdict
from kiosk.telemetry.topics import FROM_KIOSK, Channel

HERE = Path(__file__).parent
PUBLISHED = Path(asyncapi.__file__).with_suffix(".json")
NODE_MODULES = HERE.parent / "node_modules"


def test_the_published_document_is_what_the_types_say_now() -> None:
    written = PUBLISHED.read_text(encoding="utf-8")
    assert written == asyncapi.text(), (
        "kiosk telemetry asyncapi --out kiosk/telemetry/asyncapi.json"
    )


def test_every_channel_says_who_sends_how_often_and_how_safely() -> None:
    told = asyncapi.document()
    assert set(told["channels"]) == {*(one.value for one in Channel), "storeAnnounce"}
    for channel in Channel:
        verb = "send" if channel in FROM_KIOSK else "receive"
        operation = told["operations"][f"{verb}{channel.capitalize()}"]
        assert operation["bindings"]["mqtt"]["qos"] == (0 if channel is Channel.HEALTH else 1)
    assert told["info"]["version"] == VERSION


def test_every_field_of_every_message_is_in_its_schema() -> None:
    schemas = asyncapi.document()["components"]["schemas"]
    for kind in BY_CHANNEL.values():
        fields = {field.encode_name for field in msgspec.structs.fields(kind)}
        assert fields | {"type"} == set(schemas[kind.__name__]["properties"]), kind.__name__


def test_codes_are_open_so_that_a_newer_kiosk_can_say_more() -> None:
    schemas = asyncapi.document()["components"]["schemas"]
    for schema, field in (("State", "mode"), ("Reply", "verdict"), ("Order", "kind")):
        assert "enum" not in schemas[schema]["properties"][field]
    assert (CommandKind.DECIDE, Verdict.TAKEN) == ("decide", "taken")


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed (Debian: nodejs)")
@pytest.mark.skipif(
    not (NODE_MODULES / "@asyncapi").is_dir(), reason="run `npm ci` in tests for the parser"
)
@pytest.mark.parametrize("broken", [False, True])
def test_the_asyncapi_parser_reads_it(broken: bool) -> None:
    text = asyncapi.text()
    if broken:
        text = text.replace('"#/components/messages/Birth"', '"#/components/messages/Death"')
    done = subprocess.run(
        ["node", str(HERE / "check_asyncapi.mjs")],
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    said = json.loads(done.stdout)
    serious = [one for one in said["diagnostics"] if one["severity"] < 2]
    if broken:
        assert serious, "a reference to nothing must be found"
        return
    assert serious == []
    assert (said["parsed"], said["channels"], said["messages"]) == (True, 11, 10)
