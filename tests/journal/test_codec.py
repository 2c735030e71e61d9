import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.journal import codec
from kiosk.journal.codec import KINDS, CodecError, UnknownVersion, decode, encode
from kiosk.sale import events as e

from .samples import AT, EVERY_EVENT, EVERY_REGISTER_EVENT

st.register_type_strategy(int, st.integers(-(2**53), 2**53))


def test_there_is_a_sample_of_every_kind_of_event() -> None:
    samples = (*EVERY_EVENT, *EVERY_REGISTER_EVENT)
    assert {type(event) for event in samples} == set(KINDS.values())


@pytest.mark.parametrize(
    "event", [*EVERY_EVENT, *EVERY_REGISTER_EVENT], ids=lambda event: type(event).__name__
)
def test_an_event_comes_back_as_it_was(event: e.Event) -> None:
    assert decode(*encode(event)) == event


@given(st.sampled_from(sorted(KINDS)).flatmap(lambda kind: st.from_type(KINDS[kind])))
def test_any_event_comes_back_as_it_was(event: e.Event) -> None:
    assert decode(*encode(event)) == event


def test_a_class_that_is_no_event_of_the_sale_is_refused() -> None:
    class Stranger(e.Event):
        pass

    with pytest.raises(CodecError, match="Stranger"):
        encode(Stranger(at_utc=AT))
    with pytest.raises(CodecError, match="Event"):
        encode(e.Event(at_utc=AT))


def test_a_body_without_a_later_added_field_gets_its_default() -> None:
    kind, version, body = encode(EVERY_EVENT[1])
    old = msgspec.json.decode(body)
    for added_later in ("promotions", "actor", "attendant_id"):
        del old[added_later]
    event = decode(kind, version, msgspec.json.encode(old))
    assert isinstance(event, e.ItemAdded)
    assert event.promotions == ()
    assert event.actor is e.Actor.SHOPPER


@pytest.mark.parametrize(("kind", "version"), [("SaleGifted", 1), ("SaleClosed", 2)])
def test_what_a_newer_program_wrote_is_named_as_such(kind: str, version: int) -> None:
    with pytest.raises(UnknownVersion, match=kind):
        decode(kind, version, b'{"at_utc":""}')


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"at_utc":7}', b'{"at_utc":"\xff"}'])
def test_a_body_that_does_not_fit_is_refused_with_the_kind(body: bytes) -> None:
    with pytest.raises(CodecError, match="SaleClosed"):
        decode("SaleClosed", 1, body)


def test_an_old_version_is_lifted_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def rename(body: codec.Body) -> codec.Body:
        return {"at_utc": body["when"], "reason": body["why"]}

    def add_amount(body: codec.Body) -> codec.Body:
        return {**body, "amount_minor": 0}

    monkeypatch.setattr(codec, "VERSIONS", {"SaleAborted": 3})
    monkeypatch.setattr(
        codec, "UPCASTERS", {("SaleAborted", 1): rename, ("SaleAborted", 2): add_amount}
    )
    old = msgspec.json.encode({"when": AT, "why": "left"})
    assert decode("SaleAborted", 1, old) == e.SaleAborted(at_utc=AT, reason="left", amount_minor=0)
    assert encode(EVERY_EVENT[-2])[1] == 3


def test_every_old_version_has_an_upcaster() -> None:
    for kind, version in codec.VERSIONS.items():
        for step in range(1, version):
            assert (kind, step) in codec.UPCASTERS, f"{kind} {step} cannot be read any more"
