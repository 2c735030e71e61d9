"""The JSON dialect: our requests against the published description, and odd answers."""

import contextlib
import copy
import json
import random
from decimal import Decimal
from pathlib import Path

import pytest

from drivers import json_strict
from drivers.errors import ProtocolError
from drivers.sim.terminal_batch import end_day
from drivers.sim.terminal_books import Books
from drivers.sim.terminal_cards import CARDS, approval
from drivers.terminal import nexo_card, nexo_json
from drivers.terminal import nexo_model as m

SPEC = Path(__file__).parents[4] / "shared/data/payments/specs/adyen-TerminalAPI-v1.yaml"
SALE = m.TransactionId(id="sale-1", at="2026-07-01T10:00:00+00:00")
REFERENCE = m.Reference(
    category=m.Category.PAYMENT, service_id="0000000001", sale_id="KIOSK-01", poi_id="S1F2-1"
)
REQUESTS = [
    m.PaymentRequest(sale=SALE, currency="NOK", amount_minor=14_990, digits=2),
    m.ReversalRequest(sale=SALE, original=SALE, reason="Malfunction"),
    m.AbortRequest(reference=REFERENCE, reason="MerchantAbort"),
    m.StatusRequest(reference=REFERENCE),
    m.DiagnosisRequest(),
    m.ReconciliationRequest(),
]


def header(category="Payment"):
    return m.Header(category=category, service_id="1", sale_id="K", poi_id="P")


def payment(**result):
    return {
        "PaymentResponse": {
            "Response": {"Result": "Success"},
            "POIData": {"POITransactionID": {"TransactionID": "T", "TimeStamp": "now"}},
            **result,
        }
    }


@pytest.fixture(scope="module")
def schemas():
    if not SPEC.exists():
        pytest.skip(f"{SPEC} is not here")
    yaml = pytest.importorskip("yaml", reason="no YAML parser")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(SPEC.read_text(), Loader=loader)["components"]["schemas"]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: type(request).__name__)
def test_every_request_is_as_the_published_description_has_it(schemas, request_):
    name, body = nexo_json.body_to_json(request_)
    assert violations(json.loads(json_strict.dump(body)), schemas[name], schemas, name) == []


def test_the_header_is_as_the_published_description_has_it(schemas):
    fields = nexo_json.header_to_json(header())
    assert violations(fields, schemas["MessageHeader"], schemas, "MessageHeader") == []


def test_the_check_against_the_description_can_fail(schemas):
    wrong = {"SaleData": {}, "PaymentTransaction": {"AmountsReq": {"Currency": "kr"}}, "More": 1}
    found = violations(wrong, schemas["PaymentRequest"], schemas, "P")
    assert any("SaleTransactionID" in each for each in found)
    assert any("Currency" in each for each in found)
    assert any("More" in each for each in found)


def test_the_far_ends_end_of_day_is_as_the_published_description_has_it(schemas, tmp_path):
    books = Books(tmp_path / "books.jsonl")
    books.write("approved", transaction_id="T1", amount_minor=14_990, currency="NOK")
    body = json.loads(json_strict.dump(end_day(books, sale_id="K", poi_id="S1F2-1")))
    books.close()
    name = "ReconciliationResponse"
    assert violations(body, schemas[name], schemas, name) == []
    assert violations({**body, "TransactionTotals": [{}]}, schemas[name], schemas, name) != []


def violations(value, schema, schemas, where):
    """The part of JSON Schema that the description uses, unknown keys refused as well."""
    import re

    if "$ref" in schema:
        return violations(value, schemas[schema["$ref"].rpartition("/")[2]], schemas, where)
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r} is not in the enumeration")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += [
            f"{where}: {key} is missing" for key in schema.get("required", ()) if key not in value
        ]
        for key, item in value.items():
            if key not in known:
                found.append(f"{where}: {key} is unknown")
            else:
                found += violations(item, known[key], schemas, f"{where}.{key}")
    elif isinstance(value, list):
        if schema.get("type") != "array":
            return [f"{where}: no list wanted"]
        for number, item in enumerate(value):
            found += violations(item, schema["items"], schemas, f"{where}[{number}]")
    elif isinstance(value, str):
        if schema.get("type") not in ("string", None) or not re.search(
            schema.get("pattern", ""), value
        ):
            found.append(f"{where}: {value!r} does not fit")
    elif isinstance(value, bool):
        found += [] if schema.get("type") == "boolean" else [f"{where}: no boolean wanted"]
    elif schema.get("type") not in ("number", "integer"):
        found.append(f"{where}: no number wanted")
    return found


def test_an_amount_leaves_with_all_its_digits():
    _, body = nexo_json.body_to_json(REQUESTS[0])
    assert b'"RequestedAmount":149.90' in json_strict.dump(body)


@pytest.mark.parametrize("condition", [c for c in m.Condition if c])
def test_every_published_condition_is_read(condition):
    body = payment(Response={"Result": "Failure", "ErrorCondition": condition.value})
    answer = nexo_json.answer_of(header(), body, digits=2)
    assert answer.verdict == m.Verdict(result=m.Result.FAILURE, condition=condition)


def test_the_published_conditions_are_all_of_ours(schemas):
    assert set(schemas["ErrorCondition"]["enum"]) == {c.value for c in m.Condition if c}


@pytest.mark.parametrize(
    ("masked", "last_four"),
    [
        ("411111 **** 1111", "1111"),
        ("************0614", "0614"),
        ("4999990000000007", "0007"),  # a terminal that forgot to mask
        ("411111XXXXXXXXXX", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_of_a_card_number_four_digits_stay(masked, last_four):
    assert nexo_card.last_four(masked) == last_four


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("visa", "Visa"),
        ("VISA DEBIT", "Visa"),
        ("mc", "Mastercard"),
        ("Mastercard Debit", "Mastercard"),
        ("bankaxept", "BankAxept"),
        ("BANKAXEPT", "BankAxept"),
        ("amex", "American Express"),
        ("American Express", "American Express"),
        ("Kjedekortet", "Kjedekortet"),
        ("", ""),
    ],
)
def test_a_brand_is_shown_as_its_scheme_writes_it(said, shown):
    assert nexo_card.brand_of(said) == shown


def test_a_card_fact_of_the_wrong_form_is_dropped():
    body = payment(
        PaymentResult={
            "PaymentInstrumentData": {"CardData": {"PaymentBrand": "4999990000000007"}},
            "PaymentAcquirerData": {
                "ApprovalCode": "too long for a code",
                "AcquirerTransactionID": {"TransactionID": "ref-4999990000000007"},
            },
        }
    )
    assert nexo_json.answer_of(header(), body, digits=2).card == m.Card()


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("aid", "A0000000031010", True),
        ("aid", "D5780000021010", True),
        ("aid", "4999990000000007", False),
        ("terminal_id", "000158213606123", True),
        ("terminal_id", "S1F2-000158213606123", True),
        ("terminal_id", "4999990000000007", False),
        ("approval_code", "083152", True),
        ("approval_code", "4999990000000007", False),
        ("reference", "BV0q001643892070000.VK9DRSLLRCQ2WN82", True),
        ("reference", "x-4999990000000007-y", False),
        ("brand", "bankaxept", True),
        ("brand", "4999990000000007", False),
    ],
)
def test_fault_44_a_fact_stays_unless_it_may_be_a_card_number(name, value, kept):
    assert nexo_card._fact(name, value) == (value if kept else "")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"PaymentResponse": []},
        {"PaymentResponse": {}},
        {"PaymentResponse": {"Response": {"Result": "Perhaps"}}},
        {"PaymentResponse": {"Response": "Success"}},
        payment(PaymentResult={"AmountsResp": {"AuthorizedAmount": "149.90"}}),
        payment(POIData={"POITransactionID": {"TransactionID": "x" * 300}}),
    ],
)
def test_a_body_that_is_none_is_refused(body):
    with pytest.raises(ProtocolError):
        nexo_json.answer_of(header(), body, digits=2)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"nul",
        b"\xff",
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":1e99}',
        b"{" * 5000,
        b"[" * 100_000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_message_is_refused(data):
    with pytest.raises(ProtocolError):
        json_strict.parse(data)


@pytest.mark.parametrize("seed", range(300))
def test_a_damaged_message_is_refused_or_read_but_never_crashes(seed):
    chance = random.Random(seed)
    body = payment(PaymentResult={"AmountsResp": {"AuthorizedAmount": 149, "Currency": "NOK"}})
    data = bytearray(json.dumps(body).encode())
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        answer = nexo_json.answer_of(header(), json_strict.parse(bytes(data)), digits=2)
    except ProtocolError:
        return
    assert isinstance(answer, m.PaymentResponse), f"seed={seed}"


def test_a_text_of_the_terminal_can_be_shown_and_written():
    body = {
        "DisplayRequest": {
            "DisplayOutput": [
                {"OutputContent": {"OutputText": [{"Text": "Vis\n\x1bkort \ud800!"}]}}
            ]
        }
    }
    answer = nexo_json.answer_of(header("Display"), body, digits=2)
    assert answer.text == "Vis  kort  !"


JUNK = (None, True, 0, -1, 10**30, "", "&" * 150, "a=1&" * 40, "\ud800", [], [[]], {}, {"": {}})
WHOLE = {
    "Payment": {
        "PaymentResponse": approval(
            CARDS["visa"],
            sale={"TransactionID": "sale-1", "TimeStamp": "now"},
            transaction={"TransactionID": "T", "TimeStamp": "now"},
            amount=Decimal("149.90"),
            currency="NOK",
            entry_mode="ICC",
            poi_id="S1F2-1",
            partial=False,
        )
    },
    "Display": {
        "DisplayRequest": {
            "DisplayOutput": [
                {
                    "OutputContent": {
                        "PredefinedContent": {"ReferenceID": "event=WAIT_FOR_PIN"},
                        "OutputText": [{"Text": "Tast PIN"}],
                    }
                }
            ]
        }
    },
    "Diagnosis": {
        "DiagnosisResponse": {
            "Response": {"Result": "Success"},
            "POIStatus": {"GlobalStatus": "OK"},
            "HostStatus": [{"IsReachableFlag": True}],
        }
    },
}


def places(value):
    """Every (container, key) inside `value`."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield value, key
        if isinstance(item, dict | list):
            yield from places(item)


@pytest.mark.parametrize("category", WHOLE)
def test_fault_43_junk_in_any_place_is_refused_or_read_past(category):
    for number in range(len(list(places(WHOLE[category])))):
        for junk in JUNK:
            body = copy.deepcopy(WHOLE[category])
            container, key = list(places(body))[number]
            container[key] = junk
            with contextlib.suppress(ProtocolError):
                nexo_json.answer_of(header(category), body, digits=2)
