"""The journal's rows over a real broker: in order, each at least once, whatever is killed."""

from collections.abc import Callable

from kiosk.journal import Journal
from kiosk.journal.chain import first_hash, row_hash
from tests.telemetry.conftest import sell
from tests.telemetry.far_end import Store, Voice

MakeVoice = Callable[..., Voice]


def test_rows_come_in_order_as_they_stand_in_the_journal(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    for number in range(30):
        sell(journal, f"sale-{number}", 10)
    voice = make_voice()
    voice.until(lambda: len(store.rows()) == 300, "all rows")
    assert store.seqs() == list(range(1, 301))
    before = first_hash(journal.journal_id)
    for row in store.rows():
        before = row_hash(
            before, row.seq, row.sale_id, row.sale_seq, row.kind, row.version,
            bytes(row.body), row.at_utc,
        )  # fmt: skip
        assert before.hex() == row.hash, f"row {row.seq} is not as it was written"


def test_what_is_sold_while_the_voice_talks_follows(
    store: Store, journal: Journal, make_voice: MakeVoice
) -> None:
    sell(journal, "sale-1")
    voice = make_voice()
    voice.until(lambda: len(store.rows()) == 2, "the first sale")
    sell(journal, "sale-2")
    voice.slot.show(voice.slot.view)
    voice.until(lambda: len(store.rows()) == 4, "the second sale")
    assert store.seqs() == [1, 2, 3, 4]
