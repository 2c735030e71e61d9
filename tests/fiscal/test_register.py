"""The register in its journal: what it signs, when it closes, what a crash leaves."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.fiscal.events import (
    REGISTER,
    ClockWentBack,
    RegisterStarted,
    RegisterStopped,
    SaleSigned,
    SoftwareUpdated,
)
from kiosk.fiscal.register import Register, RegisterFacts, ZRefused
from kiosk.fiscal.signature import FIRST, HmacKey, amount_text, signed_text
from kiosk.fiscal.zreport import ZDue
from kiosk.journal import JournalUnwritable
from kiosk.sale.events import SaleAborted, SaleCompleted

from .sales import SHOP
from .weeks import KEY, OSLO, Shop, utc


@pytest.fixture
def shop(tmp_path: Path):
    opened = Shop(tmp_path)
    yield opened
    opened.close()


def signed(shop: Shop) -> list[SaleSigned]:
    return [event for event in shop.journal.events_of(REGISTER) if isinstance(event, SaleSigned)]


def check_chain(found: list[SaleSigned], key: HmacKey = KEY) -> None:
    previous = FIRST
    for number, one in enumerate(found, 1):
        assert one.number == number
        text = signed_text(
            previous,
            one.date,
            one.time,
            str(number),
            amount_text(one.gross_minor),
            amount_text(one.net_minor),
        )
        assert key.verify(text, one.signature)
        previous = one.signature


def test_every_sale_is_signed_in_order_and_nothing_else(shop: Shop) -> None:
    paid = [shop.sell(), shop.sell(training=True)]
    shop.sell(end="left")
    paid.append(shop.sell())
    found = signed(shop)
    assert [one.sale_id for one in found] == paid
    check_chain(found)
    assert shop.register.sign_due(utc(shop.now)) == 0


def test_what_is_signed_is_the_sale_in_local_time(shop: Shop) -> None:
    sale_id = shop.sell()
    done = next(e for e in shop.journal.events_of(sale_id) if isinstance(e, SaleCompleted))
    one = signed(shop)[0]
    local = datetime.fromisoformat(done.at_utc).astimezone(OSLO)
    assert f"{one.date}T{one.time}" == local.strftime("%Y-%m-%dT%H:%M:%S")
    assert one.gross_minor == done.total_minor
    assert 0 < one.net_minor < one.gross_minor


def test_a_crash_before_the_signature_is_made_good_at_the_next_start(shop: Shop) -> None:
    shop.sell()
    unsigned = [shop.sell(sign=False), shop.sell(sign=False)]
    assert len(signed(shop)) == 1
    shop.restart()
    assert [one.sale_id for one in signed(shop)[1:]] == unsigned
    check_chain(signed(shop))


def test_a_disk_that_fails_in_between_loses_no_signature(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise JournalUnwritable("full")

    shop.sell(sign=False)
    shop.sell(sign=False)
    with monkeypatch.context() as patch:
        patch.setattr(shop.journal, "append", full)
        with pytest.raises(JournalUnwritable):
            shop.register.sign_due(utc(shop.now))
        with pytest.raises(JournalUnwritable):
            shop.register.make_z(utc(shop.now))
    assert shop.register.sign_due(utc(shop.now)) == 2
    check_chain(signed(shop))
    assert shop.register.make_z(utc(shop.now)).figures.receipts == 2


def test_without_a_key_nothing_is_signed_and_a_key_signs_it_all_later(tmp_path: Path) -> None:
    shop = Shop(tmp_path, signer=None)
    shop.sell()
    shop.sell()
    assert signed(shop) == []
    shop.signer = KEY
    shop.restart()
    check_chain(signed(shop))
    assert len(signed(shop)) == 2
    shop.close()


def test_a_new_key_continues_the_chain_of_the_old_one(shop: Shop) -> None:
    shop.sell()
    new = HmacKey(b"another secret 2", "2")
    shop.signer = new
    shop.restart()
    shop.sell()
    first, second = signed(shop)
    assert (first.key_version, second.key_version) == ("1", "2")
    text = signed_text(
        first.signature,
        second.date,
        second.time,
        "2",
        amount_text(second.gross_minor),
        amount_text(second.net_minor),
    )
    assert new.verify(text, second.signature)


def test_a_clock_that_went_back_is_written_down_and_the_chain_goes_on(shop: Shop) -> None:
    shop.sell()
    shop.now -= timedelta(hours=3)
    shop.sell()
    kinds = [type(event) for event in shop.journal.events_of(REGISTER)]
    assert kinds == [RegisterStarted, SaleSigned, ClockWentBack, SaleSigned]
    check_chain(signed(shop))


def test_starts_stops_and_updates_are_in_the_record(shop: Shop) -> None:
    shop.register.stop(utc(shop.now))
    shop.facts = RegisterFacts(shop=SHOP, software_version="1.3.0")
    shop.restart()
    started, stopped, again, updated = shop.journal.events_of(REGISTER)
    assert isinstance(started, RegisterStarted)
    assert isinstance(stopped, RegisterStopped)
    assert isinstance(again, RegisterStarted)
    assert started.org_number == SHOP.org_number
    assert updated == SoftwareUpdated(
        at_utc=utc(shop.now), from_version="1.2.3", to_version="1.3.0"
    )


def test_a_z_is_refused_during_a_sale_and_due_after_it(shop: Shop) -> None:
    sale_id = shop.sell(end="nothing")
    shop.wait(days=1)
    assert shop.register.z_due(utc(shop.now)) is ZDue.AFTER_SALE
    with pytest.raises(ZRefused, match="A sale is open"):
        shop.register.make_z(utc(shop.now))
    length = shop.journal.length_of(sale_id)
    aborted = SaleAborted(at_utc=utc(shop.now), reason="left", amount_minor=0)
    shop.journal.append(sale_id, length + 1, [aborted])
    assert shop.register.z_due(utc(shop.now)) is ZDue.NOW
    assert shop.register.make_z(utc(shop.now)).business_day == "2026-10-23"


def test_a_kiosk_that_was_off_for_three_days_closes_its_last_day_at_the_next_start(
    shop: Shop,
) -> None:
    shop.sell()
    shop.wait(days=3)
    shop.restart()
    shop.tick()
    shop.tick()
    assert [(z.number, z.business_day) for z in shop.z] == [(1, "2026-10-23")]
    assert shop.z[0].at_local.startswith("2026-10-26T")


def test_each_day_with_sales_gets_its_z_over_both_changes_of_the_clock(tmp_path: Path) -> None:
    for name, start in (("spring", (2026, 3, 28)), ("autumn", (2026, 10, 24))):
        folder = tmp_path / name
        folder.mkdir()
        shop = Shop(folder, at=datetime(*start, 9, tzinfo=OSLO))
        for _ in range(3):
            shop.sell()
            for _ in range(24 * 4):
                shop.wait(minutes=15)
                shop.tick()
        first = datetime(*start).date()
        assert [z.business_day for z in shop.z] == [
            (first + timedelta(days=day)).isoformat() for day in range(3)
        ]
        shop.close()


def test_no_sale_is_left_unsigned_behind_a_z(shop: Shop) -> None:
    shop.sell(sign=False)
    shop.wait(days=1)
    shop.register.make_z(utc(shop.now))
    kinds = [type(event).__name__ for event in shop.journal.events_of(REGISTER)]
    assert kinds == ["RegisterStarted", "SaleSigned", "ZReportMade"]


def test_a_z_that_is_in_the_journal_is_known_to_another_life(shop: Shop) -> None:
    shop.sell()
    shop.wait(days=1)
    shop.register.make_z(utc(shop.now))
    again = Register(shop.journal, shop.facts, KEY)
    assert again.z_due(utc(shop.now)) is ZDue.NOTHING
    shop.sell()
    shop.wait(days=1)
    assert again.make_z(utc(shop.now)).number == 2
