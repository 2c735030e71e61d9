"""What one version of a file differs from another by, and the other made of it again.

A delta is a Zstandard frame whose prefix is the old file (`zstd --patch-from` makes the same). It
gives back the new file byte for byte, so who takes it holds the result against the very SHA-256
that is signed for the whole: there is nothing to merge, and nothing in it can be half right. Two
imports of the same price list have nearly the same pages, so a day's prices are some kilobytes.

Reference:
    RFC 8878 (Zstandard); zstd(1), "--patch-from".
"""

import sys
from typing import Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BYTES_MAX: Final = 32 * 1024 * 1024
"""Of each of the two files: both are in memory at once, and a kiosk has not much of it."""
WINDOW_LOG: Final = 26
"""2^26 bytes: the old file stays in sight until the end of the new one."""
LEVEL: Final = 3


class BadDelta(Exception):
    """It does not make what was announced of what is here."""


def difference(base: bytes, target: bytes) -> bytes:
    """Return what makes `target` of `base`.

    Raises:
        ValueError: one of them is longer than BYTES_MAX, or the old one shorter than 8 bytes.
    """
    if max(len(base), len(target)) > BYTES_MAX:
        raise ValueError(f"at most {BYTES_MAX} bytes have a delta")
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: LEVEL,
        zstd.CompressionParameter.window_log: WINDOW_LOG,
        # Finds long runs that moved, as pages of a database do when rows come before them.
        zstd.CompressionParameter.enable_long_distance_matching: 1,
    }
    return zstd.compress(target, options=options, zstd_dict=_prefix(base))


def patched(base: bytes, delta: bytes, size_bytes: int) -> bytes:
    """Return what `delta` makes of `base`: `size_bytes`, and not one more is ever unpacked.

    Raises:
        BadDelta: it is none, belongs to another base, or makes another length.
    """
    if max(len(base), size_bytes) > BYTES_MAX:
        raise BadDelta(f"at most {BYTES_MAX} bytes have a delta")
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: WINDOW_LOG}
    try:
        unpacking = zstd.ZstdDecompressor(zstd_dict=_prefix(base), options=options)
        made = unpacking.decompress(delta, max_length=size_bytes + 1)
    except (zstd.ZstdError, ValueError) as error:
        raise BadDelta(str(error)) from error
    if len(made) != size_bytes or not unpacking.eof:
        raise BadDelta(f"it does not make {size_bytes} bytes")
    return made


def _prefix(base: bytes) -> tuple[zstd.ZstdDict, int]:
    return zstd.ZstdDict(base, is_raw=True).as_prefix
