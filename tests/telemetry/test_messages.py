"""Words on the wire: what is read, what is passed over, what is dropped."""

import random

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.telemetry import messages as w
from kiosk.telemetry.signing import BadSignature, OrderSigner, Trust, key_id
from kiosk.telemetry.topics import Address, BadTopic, Channel, filters, place_of

AT = "2026-03-02T09:00:00.000000+00:00"
STATE = w.State(at_utc=AT, since_at=AT, item_count=3)


def test_what_was_said_is_what_is_heard() -> None:
    assert w.decode(Channel.STATE, w.encode(STATE)) == STATE


def test_a_newer_minor_version_may_say_more() -> None:
    newer = {**msgspec.to_builtins(STATE), "type": "state", "v": "1.9", "mood": ["happy"]}
    newer["mode"] = "dancing"
    heard = w.decode(Channel.STATE, msgspec.json.encode(newer))
    assert isinstance(heard, w.State)
    assert (heard.item_count, heard.mode, heard.v) == (3, "dancing", "1.9")


@pytest.mark.parametrize("v", ["2.0", "0.9", "9999.1"])
def test_another_major_version_is_told_apart_from_junk(v: str) -> None:
    other = {**msgspec.to_builtins(STATE), "type": "state", "v": v}
    with pytest.raises(w.OtherMajor):
        w.decode(Channel.STATE, msgspec.json.encode(other))
    with pytest.raises(w.OtherMajor):
        w.decode(Channel.STATE, msgspec.json.encode({"v": v, "all": "else"}))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{}",
        b"\x00" * 100,
        b'{"type":"health"}',
        w.encode(STATE).replace(b'"item_count":3', b'"item_count":-3'),
        w.encode(STATE).replace(b'"item_count":3', b'"item_count":1e400'),
        w.encode(STATE).replace(b'"item_count":3', b'"item_count":99999999999999999999'),
        w.encode(STATE).replace(AT.encode(), b"yesterday"),
        w.encode(STATE).replace(b'"1.0"', b'"1"'),
        w.encode(STATE)[:-1],
        b'{"a":' * 200_000,
        b" " * (w.PAYLOAD_BYTES_MAX + 1),
    ],
)
def test_what_is_no_message_is_junk(payload: bytes) -> None:
    with pytest.raises(w.Junk):
        w.decode(Channel.STATE, payload)


def test_random_damage_never_gets_past_as_an_accident() -> None:
    seed = 5
    chance = random.Random(seed)
    good = w.encode(STATE)
    for turn in range(3000):
        spoilt = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        for channel in Channel:
            try:
                w.decode(channel, bytes(spoilt))
            except (w.Junk, w.OtherMajor):
                continue
            except Exception as error:
                pytest.fail(f"seed {seed}, turn {turn}, {channel}: {error!r}")


def test_a_topic_says_who_and_what() -> None:
    kiosk = Address("naermat", "torshov", "kasse-3")
    for channel in Channel:
        if channel is not Channel.INTERVENTION:
            place = place_of(kiosk.topic(channel))
            assert (place.address, place.channel) == (kiosk, channel)
    place = place_of(kiosk.intervention("call-1"))
    assert (place.channel, place.intervention_id) == (Channel.INTERVENTION, "call-1")
    assert Address.parse(str(kiosk)) == kiosk


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "selvkasse",
        "selvkasse/v2/t/s/k/state",
        "selvkasse/v1/t/s/k/dance",
        "selvkasse/v1/t/s/k/state/more",
        "selvkasse/v1/t/s/K/state",
        "selvkasse/v1/t/+/k/state",
        "selvkasse/v1/t/s/k/intervention",
        "selvkasse/v1/t/s/k/intervention/a b",
        "selvkasse/v1//s/k/state",
        "selvkasse/v1/t/s/announce",
    ],
)
def test_any_other_topic_is_not_ours(topic: str) -> None:
    with pytest.raises(BadTopic):
        place_of(topic)


def test_an_address_fits_into_a_certificate() -> None:
    with pytest.raises(BadTopic):
        Address("a" * 30, "b" * 30, "c" * 30)


def test_workers_share_what_comes_from_every_kiosk() -> None:
    shared = filters(share="ingest")
    assert "$share/ingest/selvkasse/v1/+/+/+/events" in shared
    assert "$share/ingest/selvkasse/v1/+/+/+/intervention/+" in shared
    assert not any("command" in one or "announce" in one for one in shared)


def test_two_keys_count_while_one_takes_over_and_no_third() -> None:
    old, new, stranger = (OrderSigner(Ed25519PrivateKey.generate()) for _ in range(3))
    order = w.Order(
        id="0123456789abcdef", kind="pause", actor="12", tenant="t", store="s", kiosk="k",
        issued_at=AT, expires_at=AT,
    )  # fmt: skip
    trust = Trust([old.public_key, new.public_key])
    assert trust.order(old.command(order)) == trust.order(new.command(order)) == order
    with pytest.raises(BadSignature):
        trust.order(stranger.command(order))
    posing = msgspec.structs.replace(stranger.command(order), key_id=key_id(old.public_key))
    with pytest.raises(BadSignature):
        trust.order(posing)


def test_who_ordered_is_an_id_and_never_an_address_of_mail() -> None:
    facts = {
        "id": "0123456789abcdef", "kind": "pause", "actor": "kari@example.no", "tenant": "t",
        "store": "s", "kiosk": "k", "issued_at": AT, "expires_at": AT,
    }  # fmt: skip
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(facts, w.Order)
