"""The XML dialect: the published samples, the order of elements, and XML that wants to do harm."""

import base64
import contextlib
import copy
import json
import random
import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from drivers.errors import ProtocolError
from drivers.sim.nexo_xml_answers import approval
from drivers.sim.nexo_xml_wire import read_xml, write_xml
from drivers.sim.terminal_cards import CARDS
from drivers.terminal import nexo_model as m
from drivers.terminal import nexo_xml_tree
from drivers.terminal.nexo_xml import XmlCodec, minor_of, receipt_facts

VECTORS = (
    Path(__file__).parents[4] / "shared/data/payments/vectors/swedbankpay-nexo31-samples.xml.txt"
)
CODEC = XmlCodec()
AT = "2026-07-01T10:00:00+02:00"
HEADER = m.Header(category="Payment", service_id="0000000001", sale_id="ECR1", poi_id="A-POIID")
REFERENCE = m.Reference(category=m.Category.PAYMENT, service_id="002131", sale_id="ECR1")
TRANSACTION = m.TransactionId(id="8778880381", at=AT)
REQUESTS = {
    "LoginRequest": m.LoginRequest(
        at=AT,
        language="no",
        capabilities=("CashierDisplay", "PrinterReceipt"),
        software_version="1",
    ),
    "LogoutRequest": m.LogoutRequest(maintenance_allowed=True),
    "PaymentRequest": m.PaymentRequest(
        sale=TRANSACTION, currency="NOK", amount_minor=14_990, digits=2
    ),
    "ReversalRequest": m.ReversalRequest(
        sale=TRANSACTION, original=TRANSACTION, reason="Malfunction"
    ),
    "AbortRequest": m.AbortRequest(reference=REFERENCE, reason="MerchantAbort"),
    "TransactionStatusRequest": m.StatusRequest(reference=REFERENCE),
}


def samples():
    """Every message of the file, by its root; the layout's empty elements filled in."""
    if not VECTORS.exists():
        pytest.skip(f"{VECTORS} is not here")
    found = re.findall(
        r"<SaleToPOI(?:Request|Response)>.*?</SaleToPOI(?:Request|Response)>",
        VECTORS.read_text(encoding="utf-8"),
        re.DOTALL,
    )
    assert len(found) == 16
    paid = next(text for text in found if "<PaymentResponse>" in text)
    header = re.search(r"<MessageHeader[^>]*/>", paid)[0]
    body = re.search(r"<PaymentResponse>.*</PaymentResponse>", paid, re.DOTALL)[0]
    return [text.replace("<MessageHeader/><PaymentResponse/>", header + body) for text in found]


def sample_of(name):
    """The published request with this body, as a tree; the fullest one where there are two."""
    roots = [ElementTree.fromstring(text) for text in samples()]
    bodies = [body for root in roots for body in [root[1]] if body.tag == name]
    return max(bodies, key=lambda body: len(list(body.iter())))


def read(text, digits=2):
    header, body = CODEC.open(text.encode() if isinstance(text, str) else text)
    return header, CODEC.read(header, body, digits=digits)


def sent(request):
    """Our message of this request, read by a parser that is not ours."""
    header = m.Header(
        category=m.category_of(request), service_id="1", sale_id="ECR1", poi_id="A-POIID"
    )
    return ElementTree.fromstring(CODEC.encode(header, request))


# --- against the samples --------------------------------------------------------------------------


def test_every_answer_of_the_published_samples_is_read():
    answers = [
        read(text)[1]
        for text in samples()
        if text.startswith("<SaleToPOIResponse") or "EventNotification" in text
    ]
    kinds = [type(answer).__name__ for answer in answers]
    assert kinds == [
        *("LoginResponse", "LoginResponse", "PaymentResponse", "StatusResponse"),
        *("ReversalResponse", "EventNotification", "LogoutResponse"),
    ]
    login, busy, paid, status, reversed_, event, logout = answers
    assert (login.serial_number, login.global_status) == ("1710000520", "OK")
    assert busy.verdict == m.Verdict(result=m.Result.FAILURE, condition=m.Condition.BUSY)
    assert (paid.amount_minor, paid.currency, paid.transaction.id) == (5_600, "SEK", "8778880185")
    assert (paid.card.brand, paid.card.last_four) == ("Mastercard", "9659")
    assert (paid.card.approval_code, paid.card.terminal_id) == ("611506", "877888")
    assert status.repeated == paid
    assert status.repeated_header.service_id == "3"
    assert reversed_.verdict.result is m.Result.SUCCESS
    assert event == m.EventNotification(event="SaleAdmin", maintenance_required=True)
    assert logout.verdict.result is m.Result.SUCCESS


def test_the_terminals_own_requests_of_the_samples_are_read():
    display, question = (
        next(read(text)[1] for text in samples() if f"<{name}>" in text)
        for name in ("DisplayRequest", "InputRequest")
    )
    assert display.text == "Message to be displayed may have several lines"
    assert isinstance(question, m.DeviceRequest)


def test_every_published_request_of_a_till_is_understood_by_the_far_end():
    ours = [text for text in samples() if any(f"<{name}" in text for name in REQUESTS)]
    assert len(ours) == 7
    categories = {read_xml(text.encode())[0]["MessageCategory"] for text in ours}
    assert categories == {m.category_of(request) for request in REQUESTS.values()}


@pytest.mark.parametrize("name", REQUESTS)
def test_our_requests_have_the_shape_of_the_published_ones(name):
    ours = sent(REQUESTS[name])
    assert [child.tag for child in ours] == ["MessageHeader", name]
    assert differences(ours[1], sample_of(name)) == []


@pytest.mark.parametrize("name", REQUESTS)
def test_the_far_end_refuses_our_requests_in_any_other_order(name):
    """The check of the order can fail, for each element with two children."""
    ours = sent(REQUESTS[name])
    read_xml(ElementTree.tostring(ours))
    places = [place for place in ours.iter() if len(place) > 1]
    assert places
    for number in range(len(places)):
        other = copy.deepcopy(ours)
        place = [place for place in other.iter() if len(place) > 1][number]
        place[:] = place[::-1]
        with pytest.raises((ValueError, KeyError)):
            read_xml(ElementTree.tostring(other))


def differences(ours, theirs, where=""):
    """What of ours the sample has not: attributes, elements, or the order of elements."""
    where = f"{where}/{ours.tag}"
    found = [f"{where}: attribute {name}" for name in ours.attrib if name not in theirs.attrib]
    order = [child.tag for child in theirs]
    tags = [child.tag for child in ours]
    if [tag for tag in order if tag in tags] != tags:
        return [*found, f"{where}: {tags}, expected {order}"]
    for child in ours:
        found += differences(child, theirs.find(child.tag), where)
    return found


def test_the_check_against_the_samples_can_fail():
    wrong = sent(REQUESTS["AbortRequest"])[1]
    wrong[:] = wrong[::-1]
    assert differences(wrong, sample_of("AbortRequest"))


def test_an_empty_status_request_asks_for_the_last_one():
    assert ElementTree.tostring(sent(m.StatusRequest())[1]) == b"<TransactionStatusRequest />"


def test_a_refund_is_a_payment_of_another_type():
    refund = m.PaymentRequest(
        sale=TRANSACTION, currency="NOK", amount_minor=100, digits=2, refund=True
    )
    assert sent(refund).find(".//PaymentData").attrib == {"PaymentType": "Refund"}


@pytest.mark.parametrize(
    ("minor", "digits", "text"),
    [(14_990, 2, "149.90"), (1, 2, "0.01"), (500, 0, "500"), (100, 2, "1.00")],
)
def test_fault_50_amounts_leave_as_exact_decimals_and_come_back_the_same(minor, digits, text):
    request = m.PaymentRequest(sale=TRANSACTION, currency="NOK", amount_minor=minor, digits=digits)
    amounts = sent(request).find(".//AmountsReq").attrib
    assert amounts == {"Currency": "NOK", "RequestedAmount": text}
    assert minor_of(text, digits) == minor


@pytest.mark.parametrize(
    "text", ["", "149,90", "149.905", "-1", "1e3", "0x10", " 1", "NaN", "1.", ".5", "9" * 9, None]
)
def test_fault_50_an_amount_that_is_none_is_refused(text):
    with pytest.raises(ProtocolError):
        minor_of(text, 2)


# --- receipts -------------------------------------------------------------------------------------


def receipt(copies):
    text = base64.b64encode(json.dumps(copies).encode()).decode()
    return {"PaymentReceipt": [{"OutputContent": {"OutputText": [{"Text": text}]}}]}


def test_of_a_receipt_only_the_allowed_facts_are_read():
    facts = receipt_facts(
        receipt(
            {
                "Cardholder": {
                    "Mandatory": {
                        "CardDetails": {
                            "ApplicationIdentifier": "A0000000031010",
                            "PrimaryAccountNumber": "4999990000000007",
                        },
                        "Outcome": {"ApprovalCode": "083152"},
                    },
                    "Optional": {"ReceiptString": ["4999990000000007"]},
                }
            }
        )
    )
    assert facts == {"aid": "A0000000031010", "authCode": "083152"}


@pytest.mark.parametrize(
    "text",
    ["", "%%%", "bm9wZQ==", base64.b64encode(b"[]").decode(), base64.b64encode(b"{" * 99).decode()],
)
def test_a_receipt_that_cannot_be_read_costs_no_more_than_its_facts(text):
    fields = {"PaymentReceipt": [{"OutputContent": {"OutputText": [{"Text": text}]}}, "junk"]}
    assert receipt_facts(fields) == {}


# --- XML that wants to do harm --------------------------------------------------------------------

ENTITIES = """<?xml version="1.0"?><!DOCTYPE SaleToPOIResponse [{}]>
<SaleToPOIResponse><MessageHeader ServiceID="&x;"/></SaleToPOIResponse>"""


@pytest.mark.parametrize(
    "text",
    [
        ENTITIES.format('<!ENTITY x SYSTEM "file:///etc/passwd">'),
        ENTITIES.format('<!ENTITY x "inside">'),
        ENTITIES.format('<!ENTITY % d SYSTEM "http://192.0.2.1/x.dtd"> %d;'),
        '<!DOCTYPE a SYSTEM "http://192.0.2.1/x.dtd"><SaleToPOIResponse/>',
        "<!DOCTYPE SaleToPOIResponse><SaleToPOIResponse/>",
        '<SaleToPOIResponse a="&undefined;"/>',
        "",
        "{}",
        "<SaleToPOIResponse>",
        "<SaleToPOIResponse a='1' a='2'/>",
        "<Other/>",
        "<a>" * 5_000,
        "<SaleToPOIResponse>" + "<a/>" * 2_001 + "</SaleToPOIResponse>",
        "<SaleToPOIResponse><!-- " + "x" * 300_000 + " --></SaleToPOIResponse>",
        "<SaleToPOIResponse a='1'><a/></SaleToPOIResponse>",
    ],
)
def test_fault_43_what_is_no_harmless_message_is_refused(text):
    with pytest.raises(ProtocolError):
        CODEC.open(text.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "iso-8859-1", "utf-7"])
def test_fault_43_a_document_type_in_another_encoding_is_refused_too(encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    with pytest.raises(ProtocolError):
        nexo_xml_tree.parse(text.encode(encoding))


def test_fault_43_entities_that_multiply_do_not_even_begin():
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(ProtocolError, match="document type"):
        nexo_xml_tree.parse(f"<!DOCTYPE x [{entities}]><x>&i;</x>".encode())


def whole(category="Payment"):
    """An answer of the far end's, as an object of its own writer."""
    body = approval(
        CARDS["visa"],
        sale={"TransactionID": "sale-1", "TimeStamp": AT},
        transaction={"TransactionID": "T", "TimeStamp": AT},
        amount=Decimal("149.90"),
        currency="NOK",
        entry_mode="ICC",
        poi_id="",
        partial=False,
    )
    header = {"MessageCategory": category, "MessageType": "Response", "ServiceID": "1"}
    return {"MessageHeader": header, "PaymentResponse": body}


def test_fault_43_junk_in_any_place_is_refused_or_read_past():
    """Every attribute and element of an approval is taken out, doubled, emptied and spoilt."""
    good = write_xml("SaleToPOIResponse", whole())
    assert read(good)[1].amount_minor == 14_990
    count = len(list(ElementTree.fromstring(good).iter()))
    for number in range(count):
        for spoil in (clear, double, empty, fill):
            root = ElementTree.fromstring(good)
            spoil(root, list(root.iter())[number])
            with contextlib.suppress(ProtocolError):
                read(ElementTree.tostring(root))


def clear(_root, element):
    element.clear()


def double(root, element):
    for parent in root.iter():
        if element in list(parent):
            parent.append(copy.deepcopy(element))
            return


def empty(_root, element):
    element[:] = []


def fill(_root, element):
    element.text = "4999990000000007" * 50
    for name in element.attrib:
        element.attrib[name] = "&<>\"' \t" * 40


PIECES = (
    *(b"<![CDATA[", b"]]>", b"&amp;", b"&#0;", b"&#xD800;", b"<?x y?>", b"xmlns:a='b'"),
    *(b"<a:b/>", b"\x00", b"{}x", b"<x xmlns='{'/>", b"<!-- -->", b"\xff"),
)


@pytest.mark.parametrize("seed", [7, 43])
def test_fault_43_whatever_the_line_does_to_a_message_it_is_read_or_refused(seed):
    good = write_xml("SaleToPOIResponse", whole())
    dice = random.Random(seed)
    read_all = 0
    for _ in range(1_500):
        data = bytearray(good)
        for _ in range(dice.choice([1, 2, 10])):
            place = dice.randrange(len(data))
            match dice.randrange(4):
                case 0:
                    data[place] = dice.randrange(256)
                case 1:
                    del data[place : place + dice.randrange(40)]
                case 2:
                    data[place:place] = data[dice.randrange(len(data)) :][: dice.randrange(200)]
                case 3:
                    data[place:place] = dice.choice(PIECES)
            data = data or bytearray(b"<")
        with contextlib.suppress(ProtocolError):
            read(bytes(data))
            read_all += 1
    assert 0 < read_all < 1_500, f"seed {seed}: nothing was tried"
