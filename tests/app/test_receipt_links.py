"""The kiosk's own key for links to receipts, and what the configuration may say of them."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.app.receipt_links import KEY_NAME, LinkMaker, ReceiptsSection, check, link_key
from kiosk.telemetry.receipt_links import checked, public_key, public_text
from kiosk.telemetry.topics import Address

HERE = Address("naermat", "torshov", "kasse-3")
AT = "2026-11-21T13:32:41.000000+00:00"
AT_S = 1_795_267_961


def test_the_key_is_made_once_and_is_closed_to_others(tmp_path: Path) -> None:
    first = link_key(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_NAME).stat().st_mode) == 0o600
    assert public_text(link_key(tmp_path)) == public_text(first)


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_key_that_cannot_be_used_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_NAME).write_bytes(content)
    made = link_key(tmp_path)
    assert public_text(link_key(tmp_path)) == public_text(made)


def test_a_link_names_its_sale_and_lasts_as_long_as_it_says(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    section = ReceiptsSection(base="https://kvittering.example/", days=2)
    maker = LinkMaker(section, HERE, key, lambda: True)
    link = maker.link("a" * 32, AT)
    assert link == maker.link("a" * 32, AT)  # the same view twice is one view
    assert len(link) < 240  # a code that a phone reads at arm's length
    base, _, token = link.rpartition("/r/")
    assert base == "https://kvittering.example"
    said = checked(token, public_key(maker.public_key), AT_S)
    assert (said.address, said.sale_id, said.expires_s) == (HERE, "a" * 32, AT_S + 2 * 86_400)


def test_it_is_offered_only_while_the_server_hears_of_sales() -> None:
    there = [False]
    maker = LinkMaker(
        ReceiptsSection(base="https://x"), HERE, Ed25519PrivateKey.generate(), lambda: there[0]
    )
    assert not maker.offered()
    there[0] = True
    assert maker.offered()


@pytest.mark.parametrize(
    ("section", "where"),
    [
        (ReceiptsSection(base="http://kvittering.example"), "receipts.base"),
        (ReceiptsSection(base="kvittering.example"), "receipts.base"),
        (ReceiptsSection(base="https://x", days=0), "receipts.days"),
        (ReceiptsSection(base="https://x", days=400), "receipts.days"),
    ],
)
def test_what_cannot_be_meant_is_told(section: ReceiptsSection, where: str) -> None:
    told: list[str] = []
    check(section, lambda place, _what: told.append(place))
    assert told == [where]
