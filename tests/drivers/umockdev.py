"""Runs tests of input devices a second time in a process where umockdev makes up /dev and /sys.

A module whose tests need that marks them with `needs_umockdev` and calls `rerun(__file__)` from one
test of its own, which fails with the inner run's output when an inner test fails.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.sim.keyboard import available

REPOSITORY = Path(__file__).parents[2]
INSIDE = available()
needs_umockdev = pytest.mark.skipif(not INSIDE, reason="runs inside the umockdev process only")
needs_wrapper = pytest.mark.skipif(
    INSIDE or shutil.which("umockdev-wrapper") is None,
    reason="umockdev is not installed (Debian packages umockdev, libumockdev-dev)",
)


def rerun(module: str, *arguments: str) -> None:
    """Run the tests of `module` inside umockdev, and fail unless they pass."""
    command = [
        "umockdev-wrapper",
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
    ]
    inner = subprocess.run(
        [*command, *arguments, module],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if "PYTEST" not in name},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    assert inner.returncode == 0, f"inside umockdev:\n{inner.stdout}\n{inner.stderr}"
    assert " passed" in inner.stdout, f"nothing ran inside umockdev:\n{inner.stdout}"
