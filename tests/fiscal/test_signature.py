"""The chain repeats the tax authority's own vector and a chain checked with OpenSSL."""

import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from kiosk.fiscal.signature import (
    FIRST,
    HmacKey,
    KeyRefused,
    RsaSigner,
    amount_text,
    configured_signer,
    credential_path,
    load_signer,
    load_verifier,
    signed_text,
)

VECTORS = Path(__file__).parents[3] / "shared/data/saft/signature_vectors.json"

# Source: the help text of the tax authority's validator (validator.js).
OFFICIAL_SECRET = b"SkatteetatenSign"
OFFICIAL_TEXT = "0;2016-11-24;10:39:00;2;1.00;0.96"
OFFICIAL_SIGNATURE = "iHh68DWCU3G42eL/7vOGUMSkvMM="


def vectors() -> dict:
    if not VECTORS.exists():
        pytest.skip(f"{VECTORS} is not here")
    return json.loads(VECTORS.read_text(encoding="utf-8"))


def key_file(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "key"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def test_the_official_vector_is_reproduced() -> None:
    text = signed_text(FIRST, "2016-11-24", "10:39:00", "2", amount_text(100), amount_text(96))
    assert text == OFFICIAL_TEXT
    assert HmacKey(OFFICIAL_SECRET).sign(text) == OFFICIAL_SIGNATURE


def test_the_vectors_beside_the_official_one_are_reproduced_too() -> None:
    hmac = vectors()["hmac"]
    assert HmacKey(hmac["key_text"].encode()).sign(hmac["data"]) == hmac["signature"]


def test_the_rsa_chain_of_the_vectors_verifies_link_by_link(tmp_path: Path) -> None:
    found = vectors()["rsa"]
    verifier = load_verifier(key_file(tmp_path, found["public_pem"].encode(), 0o644))
    previous = FIRST
    for link in found["chain"]:
        assert link["data"].startswith(f"{previous};")
        assert verifier.verify(link["data"], link["signature"])
        assert not verifier.verify(link["data"] + "0", link["signature"])
        previous = link["signature"]


def test_rsa_signatures_have_128_bytes_and_are_checked_by_the_public_half() -> None:
    signer = RsaSigner(rsa_key(1024), "3")
    signature = signer.sign(OFFICIAL_TEXT)
    assert len(signature) == 172
    assert signer.verifier.verify(OFFICIAL_TEXT, signature)
    assert not signer.verifier.verify(OFFICIAL_TEXT.replace("1.00", "1.01"), signature)


@pytest.mark.parametrize("signature", ["", "not base64!", "iHh68DWCU3G42eL/7vOGUMSkvMM=", "ø"])
def test_nonsense_is_no_signature(signature: str) -> None:
    assert not RsaSigner(rsa_key(1024)).verifier.verify(OFFICIAL_TEXT, signature)
    assert not HmacKey(b"another secret 1").verify(OFFICIAL_TEXT, signature)


@pytest.mark.parametrize(
    ("minor", "text"),
    [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-1640, "-16.40"), (123456789, "1234567.89")],
)
def test_amounts_are_written_with_a_point_and_two_decimals(minor: int, text: str) -> None:
    assert amount_text(minor) == text


@pytest.mark.parametrize("amount", ["1", "1.0", "1,00", "1.000", "+1.00", " 1.00", "1 000.00", ""])
def test_another_way_to_write_an_amount_is_never_signed(amount: str) -> None:
    with pytest.raises(ValueError, match="is not written as"):
        signed_text(FIRST, "2026-01-01", "10:00:00", "1", amount, "1.00")


@pytest.mark.parametrize(
    "content", [OFFICIAL_SECRET, OFFICIAL_SECRET + b"\n", OFFICIAL_SECRET.hex().encode() + b"\n"]
)
def test_an_hmac_secret_is_read_raw_or_as_digits(tmp_path: Path, content: bytes) -> None:
    signer = load_signer(key_file(tmp_path, content), "2")
    assert signer.sign(OFFICIAL_TEXT) == OFFICIAL_SIGNATURE
    assert signer.key_version == "2"


def test_a_private_key_is_read_from_pem(tmp_path: Path) -> None:
    key = rsa_key(1024)
    signer = load_signer(key_file(tmp_path, pem(key), 0o400), "7")
    assert RsaSigner(key).verifier.verify("text", signer.sign("text"))
    assert signer.key_version == "7"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_a_key_that_others_can_touch_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(KeyRefused, match=r"is open to others \(mode .*chmod 600"):
        load_signer(key_file(tmp_path, OFFICIAL_SECRET, mode), "1")


def test_systemd_guards_its_own_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_file(tmp_path, OFFICIAL_SECRET, 0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    path = credential_path("key", {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert load_signer(path, "1").sign(OFFICIAL_TEXT) == OFFICIAL_SIGNATURE
    with pytest.raises(KeyRefused, match="CREDENTIALS_DIRECTORY is not set"):
        credential_path("key", {})


def test_a_key_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = key_file(tmp_path, OFFICIAL_SECRET)
    user = os.geteuid()
    if user == 0:
        os.chown(path, 65534, 65534)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: user + 1)
    with pytest.raises(KeyRefused, match="belongs to another user"):
        load_signer(path, "1")


def test_a_configuration_names_a_file_a_credential_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = key_file(tmp_path, OFFICIAL_SECRET)
    folder = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert configured_signer("", "1", {}) is None
    for setting in (str(path), "credential:key"):
        signer = configured_signer(setting, "4", folder)
        assert signer is not None
        assert (signer.sign(OFFICIAL_TEXT), signer.key_version) == (OFFICIAL_SIGNATURE, "4")
    with pytest.raises(KeyRefused):
        configured_signer("credential:none", "1", folder)


def test_a_link_a_folder_and_nothing_are_refused(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(key_file(tmp_path, OFFICIAL_SECRET))
    for path in (link, tmp_path, tmp_path / "none"):
        with pytest.raises(KeyRefused, match=r"cannot be read|is not a file"):
            load_signer(path, "1")


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 15, b"-----BEGIN NOTHING-----\n"])
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(KeyRefused):
        load_signer(key_file(tmp_path, content), "1")


def test_a_longer_rsa_key_is_refused_because_nobody_would_accept_its_signatures(
    tmp_path: Path,
) -> None:
    with pytest.raises(KeyRefused, match="needs a key of 1024 bits, this one has 2048"):
        load_signer(key_file(tmp_path, pem(rsa_key(2048))), "1")


def test_a_secret_never_shows_in_a_log() -> None:
    assert "Skatteetaten" not in repr(HmacKey(OFFICIAL_SECRET))
