"""ZVT's TLV containers: tag, length, value, nested.

A tag whose low five bits are all set goes on in the next byte, and further while bit 80 is set.
Bit 20 of the first byte says that the value is made of TLVs again. The length is one byte up to
7F, `81 nn`, or `82 hi lo`: high byte first here, unlike the APDU's.

Source: ZVT PA00P015, chapter "TLV container".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from drivers.errors import ProtocolError

TAG_BYTES_MAX: Final = 3
DEPTH_MAX: Final = 8
CONSTRUCTED: Final = 0x20


@dataclass(frozen=True, slots=True)
class Tlv:
    """One tag with its value as it stands on the wire."""

    tag: bytes
    value: bytes = field(repr=False)
    length_bytes: int = 0
    """How many bytes the length took (1 to 3) where the sender took more than were needed."""

    @property
    def is_constructed(self) -> bool:
        """Whether the value is made of TLVs."""
        return bool(self.tag[0] & CONSTRUCTED)

    def encode(self) -> bytes:
        """Return the bytes on the wire."""
        return self.tag + encode_length(len(self.value), self.length_bytes) + self.value


def of(tag: str, value: bytes | Iterable[Tlv]) -> Tlv:
    """Return a TLV of a tag in hexadecimal, of plain bytes or of other TLVs."""
    return Tlv(bytes.fromhex(tag), value if isinstance(value, bytes) else encode(value))


def parse(data: bytes) -> tuple[Tlv, ...]:
    """Split `data` into its TLVs; the values of constructed ones stay as they are.

    Raises:
        ProtocolError: a tag or a length that ends too early. What came is not in the message.
    """
    found: list[Tlv] = []
    at = 0
    while at < len(data):
        tag_end = _tag_end(data, at)
        length, start = read_length(data, tag_end)
        if start + length > len(data):
            raise ProtocolError(f"terminal: TLV {data[at:tag_end].hex()} is longer than its place")
        shortest = len(encode_length(length))
        length_bytes = start - tag_end
        found.append(
            Tlv(
                data[at:tag_end],
                data[start : start + length],
                length_bytes if length_bytes != shortest else 0,
            )
        )
        at = start + length
    return tuple(found)


def encode(tlvs: Iterable[Tlv]) -> bytes:
    """Return the bytes of several TLVs, one behind the other."""
    return b"".join(tlv.encode() for tlv in tlvs)


def walk(data: bytes, *, depth: int = DEPTH_MAX) -> Iterator[Tlv]:
    """Every TLV in `data`, each constructed one before what it is made of.

    What is not TLV inside a constructed tag is passed over; outside it raises like `parse`.
    """
    for tlv in parse(data):
        yield tlv
        if tlv.is_constructed and depth > 1:
            try:
                inner = list(walk(tlv.value, depth=depth - 1))
            except ProtocolError:
                continue
            yield from inner


def first(data: bytes, tag: str) -> bytes | None:
    """Return the value of the first TLV with this tag, at any depth; None when there is none.

    A container that cannot be read is one without tags: it never stops a payment.
    """
    wanted = bytes.fromhex(tag)
    try:
        return next((tlv.value for tlv in walk(data) if tlv.tag == wanted), None)
    except ProtocolError:
        return None


def encode_length(length: int, length_bytes: int = 0) -> bytes:
    """Return a length in the fewest bytes, or in `length_bytes` of them where that is more."""
    needed = 1 if length < 0x80 else 2 if length < 0x100 else 3
    size = max(needed, length_bytes)
    if length > 0xFFFF or size > 3:
        raise ValueError(f"{length} is too long for a TLV")
    return (b"", b"", b"\x81", b"\x82")[size] + length.to_bytes(max(1, size - 1), "big")


def read_length(data: bytes, at: int) -> tuple[int, int]:
    """Return the length that stands at `at`, and where the value starts.

    Raises:
        ProtocolError: it ends too early, or has a form that ZVT does not know.
    """
    head = data[at : at + 1]
    if head and head[0] < 0x80:
        return head[0], at + 1
    size = {b"\x81": 1, b"\x82": 2}.get(head, 0)
    if not size or len(data) < at + 1 + size:
        raise ProtocolError(f"terminal: no TLV length at byte {at} of {len(data)}")
    return int.from_bytes(data[at + 1 : at + 1 + size], "big"), at + 1 + size


def _tag_end(data: bytes, at: int) -> int:
    end = at + 1
    if data[at] & 0x1F == 0x1F:
        while end < len(data) and data[end] & 0x80:
            end += 1
        end += 1
    if end > len(data) or end - at > TAG_BYTES_MAX:
        raise ProtocolError(f"terminal: no TLV tag at byte {at} of {len(data)}")
    return end
