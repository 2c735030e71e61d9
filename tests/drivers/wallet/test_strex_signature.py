"""Our signatures against calls that the provider's own SDK made."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from drivers.errors import DeviceConfigError
from drivers.wallet.strex_api import Signer, read_private_key, text_to_sign

VECTORS = Path(__file__).parents[4] / "shared/data/payments/vectors/target365-ecdsa.json"
BASE = "http://127.0.0.1:4050"


@pytest.fixture(scope="module")
def vectors():
    if not VECTORS.exists():
        pytest.skip("the recorded calls are not beside this repository")
    return json.loads(VECTORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def key(vectors):
    return ec.derive_private_key(int(vectors["private_key_hex"], 16), ec.SECP256R1())


def parts_of(call):
    scheme, _, rest = call["headers"]["Authorization"].partition(" ")
    assert scheme == "ECDSA"
    name, at, nonce, signature = rest.split(":")
    return name, at, nonce, base64.b64decode(signature)


def verify(key, raw, text):
    assert len(raw) == 64
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.public_key().verify(der, text, ec.ECDSA(hashes.SHA256()))


def test_the_recorded_calls_are_signed_over_the_same_text(vectors, key):
    for call in vectors["calls"]:
        _, at, nonce, raw = parts_of(call)
        text = text_to_sign(
            call["method"], BASE + call["path"], at, nonce, call["body"].encode() or None
        )
        assert text.decode() == call["signed_message"]
        verify(key, raw, text)


def test_our_own_signature_of_a_recorded_call_has_its_form_and_verifies(vectors, key):
    for call in vectors["calls"]:
        name, at, nonce, _ = parts_of(call)
        signer = Signer(name, key, unix_time=lambda at=at: float(at), nonce=lambda n=nonce: n)
        body = call["body"].encode() or None
        header = signer.header(call["method"], BASE + call["path"], body)
        ours = parts_of({"headers": {"Authorization": header}})
        assert ours[:3] == (name, at, nonce)
        verify(key, ours[3], call["signed_message"].encode())


def test_a_key_is_read_from_pem_and_from_base64_and_nothing_else(key):
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()
    der = base64.b64encode(
        key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    ).decode()
    for text in (pem, der):
        assert read_private_key(text, "keys").private_numbers() == key.private_numbers()
    for text in ("", "AAAA", der[:40], pem.replace("EC", "RSA")):
        with pytest.raises(DeviceConfigError, match="P-256"):
            read_private_key(text, "keys")


def test_a_key_on_another_curve_is_refused_without_a_word_of_it():
    pem = (
        ec.generate_private_key(ec.SECP384R1())
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )
    with pytest.raises(DeviceConfigError) as caught:
        read_private_key(pem, "keys")
    assert pem.splitlines()[1] not in str(caught.value)
