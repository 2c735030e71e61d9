"""Klarna in store over the wire: what is sent, what the shopper sees, what the books say."""

import json
from dataclasses import replace
from pathlib import Path

from drivers.contracts import DeviceState, PaymentOutcome, WalletStep
from tests.drivers.wallet.desk import LINES


def sent(sim):
    return [e.request.json for e in sim.exchanges() if e.request.path.endswith("v1/sessions")]


def test_a_scanned_and_completed_session_is_an_order_that_is_taken_at_hand_over(klarna):
    result = klarna.pay()
    assert result.outcome is PaymentOutcome.APPROVED
    assert (result.amount_minor, result.currency, result.brand) == (14_990, "NOK", "Klarna")
    assert klarna.sim.books()[0]["captured"] == 0
    assert klarna.capture(result).done
    assert klarna.sim.state()["order"] == "CAPTURED"


def test_the_code_is_the_payment_link_and_the_screen_follows_the_phone(klarna):
    klarna.charge()
    shown = klarna.shown(WalletStep.SCAN_QR)
    assert shown.qr_text == klarna.sim.scan()
    assert not shown.can_push
    klarna.shown(WalletStep.OPENED)
    klarna.sim.approve()
    assert klarna.result().outcome is PaymentOutcome.APPROVED


def test_lines_are_whole_pieces_that_add_up_to_the_amount_and_its_tax(klarna):
    klarna.pay(lines=LINES)
    body = sent(klarna.sim)[-1]
    assert [line["name"] for line in body["order_lines"]] == [
        "Jarlsberg 27 %",
        "Bananer 1.782 kg",
    ]
    assert [line["quantity"] for line in body["order_lines"]] == [1, 1]
    assert sum(line["total_amount"] for line in body["order_lines"]) == body["order_amount"]
    assert body["order_tax_amount"] == 1_303 + 652


def test_an_offer_is_a_discount_of_the_line(klarna):
    line = replace(LINES[0], quantity="3", unit_price_minor=3_990, total_minor=9_990)
    klarna.pay(9_990, lines=(line,))
    (told,) = sent(klarna.sim)[-1]["order_lines"]
    assert (told["quantity"], told["unit_price"], told["total_discount_amount"]) == (
        3,
        3_990,
        1_980,
    )


def test_a_part_of_a_sale_is_one_line(klarna):
    klarna.pay(10_000, lines=LINES)
    (line,) = sent(klarna.sim)[-1]["order_lines"]
    assert (line["name"], line["total_amount"]) == ("Kjøp i selvkasse", 10_000)


def test_cancelled_on_the_phone_or_not_distributed_is_cancelled_and_leaves_no_session(klarna):
    for end in ("decline", "fail_distribution"):
        klarna.begin(service_id=end[:4], attempt_id=f"attempt-{end}")
        getattr(klarna.sim, end)()
        assert klarna.result().outcome is PaymentOutcome.CANCELLED
    assert klarna.sim.state()["open_sessions"] == 0


def test_an_order_that_is_still_looked_at_waits_and_a_rejected_one_is_declined(klarna):
    klarna.sim.next_fraud_status("PENDING")
    klarna.begin()
    klarna.sim.approve()
    heard = klarna.sim.heard("GET /ordermanagement")
    klarna.sim.wait_until(lambda: klarna.sim.heard("GET /ordermanagement") > heard + 1)
    klarna.sim.decide_fraud("REJECTED")
    result = klarna.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.DECLINED, "Rejected")


def test_a_session_is_noted_on_disk_before_its_code_is_shown(klarna, klarna_options):
    klarna.begin()
    notes = Path(klarna_options().notes_file).read_text(encoding="utf-8")
    (noted,) = [json.loads(line) for line in notes.splitlines()]
    assert set(noted) == {"attempt", "session", "result_path"}, "no link, no number"


def test_a_torn_note_is_of_a_session_that_nobody_saw(make_klarna, klarna_options):
    first = make_klarna()
    first.wait_for_state(DeviceState.READY)
    first.wallet.stop()
    with Path(klarna_options().notes_file).open("ab") as file:
        file.write(b'{"attempt": "0f8fad5bd9cb469fa165708677')
    assert make_klarna().ask().reason == "NotFound"


def test_without_its_notes_an_earlier_life_stays_in_doubt(make_klarna, tmp_path):
    first = make_klarna()
    first.begin()
    first.wallet.stop()
    result = make_klarna(notes_file=str(tmp_path / "another")).ask()
    assert (result.outcome, result.reason) == (PaymentOutcome.UNKNOWN, "NotesLost")


def test_notes_that_cannot_be_written_are_a_fault_and_nothing_is_shown(make_klarna, tmp_path):
    klarna = make_klarna(notes_file=str(tmp_path / "nowhere" / "notes"))
    assert "notes" in klarna.wait_for_state(DeviceState.FAULT).reason
    klarna.charge()
    result = klarna.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.CANCELLED, "NotesLost")
    assert sent(klarna.sim) == []


def test_a_result_address_elsewhere_gets_no_password(klarna, monkeypatch):
    created = klarna.sim._create

    def elsewhere(request):
        reply = created(request)
        reply.body["distribution"]["result_url"] = "http://127.0.0.1:9/result"
        return reply

    monkeypatch.setattr(klarna.sim, "_create", elsewhere)
    klarna.charge()
    result = klarna.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.CANCELLED, "ProtocolError")
