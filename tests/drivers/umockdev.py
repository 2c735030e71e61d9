"""Runs tests of input devices a second time in a process where umockdev makes up /dev and /sys.

A module with such tests calls `rerun(__file__)` from one test of its own, which runs outside only
and fails with the inner run's output when an inner test fails.
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
needs_wrapper = pytest.mark.skipif(
    INSIDE or shutil.which("umockdev-wrapper") is None,
    reason="umockdev is not installed (Debian packages umockdev, libumockdev0)",
)


def rerun(module: str) -> None:
    """Run the tests of `module` inside umockdev, and fail unless they pass."""
    inner = subprocess.run(
        [
            "umockdev-wrapper",
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-p",
            "no:cacheprovider",
            module,
        ],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if "PYTEST" not in name},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert inner.returncode == 0, f"inside umockdev:\n{inner.stdout}\n{inner.stderr}"
    assert " passed" in inner.stdout, f"nothing ran inside umockdev:\n{inner.stdout}"
