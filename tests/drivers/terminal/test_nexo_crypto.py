"""Adyen's encryption, held against messages that Adyen's own library made."""

import base64
import json
from pathlib import Path

import pytest

from drivers.errors import DeviceConfigError, ProtocolError
from drivers.sim.terminal_wire import TerminalCrypto
from drivers.terminal.nexo_crypto import NexoKey, seal, unseal
from drivers.terminal.nexo_sealed import SealedJson

SHARED = Path(__file__).parents[4] / "shared" / "data" / "payments"
VECTORS = SHARED / "vectors" / "adyen-nexo-crypto.json"
KEY = NexoKey.derive("mysupersecretpassphrase", identifier="mykey", version=1)
PLAIN = b'{"SaleToPOIResponse":{"MessageHeader":{"ServiceID":"1"},"X":1}}'


def vectors():
    if not VECTORS.exists():
        return [pytest.param(None, marks=pytest.mark.skip(f"{VECTORS} is not here"))]
    return json.loads(VECTORS.read_text())["vectors"]


def key_of(vector):
    security = vector["securityKey"]
    return NexoKey.derive(
        security["Passphrase"],
        identifier=security["KeyIdentifier"],
        version=security["KeyVersion"],
    )


def test_the_keys_of_a_known_passphrase_are_the_known_keys():
    # From the vectors, so that this much is checked wherever the tests run.
    assert KEY.hmac_key.hex().startswith("633651f2a778f91ef37ca2eae92d2f8e")
    assert KEY.cipher_key.hex().startswith("89b3399a5c77fc0c38762ba1529488d1")
    assert KEY.iv.hex() == "17be85c2e52ba327bdce1910f4c2c7de"


@pytest.mark.parametrize("vector", vectors())
def test_messages_of_the_reference_library_are_reproduced_to_the_byte(vector):
    key = key_of(vector)
    assert key.hmac_key.hex() == vector["derived"]["hmacKey"]
    assert key.cipher_key.hex() == vector["derived"]["cipherKey"]
    assert key.iv.hex() == vector["derived"]["iv"]
    nonce = base64.b64decode(vector["message"]["SecurityTrailer"]["Nonce"])
    sealed = seal(vector["plaintext"].encode(), key, nonce=lambda _: nonce)
    assert sealed["NexoBlob"] == vector["message"]["NexoBlob"]
    assert sealed["SecurityTrailer"] == vector["message"]["SecurityTrailer"]
    assert unseal(vector["message"], key) == vector["plaintext"].encode()


@pytest.mark.parametrize("vector", vectors())
def test_the_simulated_terminal_opens_the_same_messages_by_its_own_code(vector):
    security = vector["securityKey"]
    crypto = TerminalCrypto(
        security["Passphrase"], security["KeyIdentifier"], security["KeyVersion"]
    )
    assert crypto.open(vector["message"]) == vector["plaintext"].encode()


@pytest.mark.parametrize("passphrase", ["", "blåbærsyltetøy", "p\u00e6"])
def test_passphrases_on_which_libraries_disagree_are_refused(passphrase):
    with pytest.raises(DeviceConfigError, match="ASCII"):
        NexoKey.derive(passphrase, identifier="mykey", version=1)


def test_keys_do_not_show_in_a_repr():
    assert KEY.cipher_key.hex() not in repr(KEY)
    assert repr(KEY.cipher_key) not in repr(KEY)


def test_every_message_has_its_own_nonce():
    nonces = {seal(PLAIN, KEY)["SecurityTrailer"]["Nonce"] for _ in range(50)}
    assert len(nonces) == 50


@pytest.mark.parametrize("part", ["NexoBlob", "Nonce", "Hmac"])
def test_one_changed_bit_anywhere_is_noticed(part):
    sealed = seal(PLAIN, KEY)
    holder = sealed if part == "NexoBlob" else sealed["SecurityTrailer"]
    data = bytearray(base64.b64decode(holder[part]))
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 1
        holder[part] = base64.b64encode(changed).decode()
        with pytest.raises(ProtocolError):
            unseal(sealed, KEY)


@pytest.mark.parametrize(
    "spoil",
    [
        {"KeyIdentifier": "other"},
        {"KeyVersion": 2},
        {"AdyenCryptoVersion": 0},
        {"Nonce": ""},
        {"Nonce": "!!"},
        {"Hmac": None},
    ],
)
def test_another_key_or_a_broken_trailer_is_refused(spoil):
    sealed = seal(PLAIN, KEY)
    sealed["SecurityTrailer"].update(spoil)
    with pytest.raises(ProtocolError):
        unseal(sealed, KEY)


def test_a_header_in_the_clear_that_is_not_the_sealed_one_is_refused():
    sealed = seal(PLAIN, KEY)
    message = {"SaleToPOIResponse": {"MessageHeader": {"ServiceID": "2"}, **sealed}}
    with pytest.raises(ProtocolError, match="header"):
        SealedJson(KEY).open(json.dumps(message).encode())


def test_a_request_is_not_taken_for_a_response_of_the_same_content():
    sealed = seal(PLAIN, KEY)
    message = {"SaleToPOIRequest": {"MessageHeader": {"ServiceID": "1"}, **sealed}}
    with pytest.raises(ProtocolError):
        SealedJson(KEY).open(json.dumps(message).encode())
