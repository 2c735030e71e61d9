"""The fixtures of the desk."""

from tests.drivers.terminal.desk import (
    desk,
    make_desk,
    make_options,
    options,
    passphrase_file,
    sim,
)

__all__ = ["desk", "make_desk", "make_options", "options", "passphrase_file", "sim"]
