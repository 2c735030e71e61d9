"""What the store has set from afar, laid over the kiosk's own file. See `kiosk.telemetry.settings`.

One file in `data_dir`, with its version, put in place by a rename. It belongs to the kiosk's user,
so it can never say more than the settable keys: they are looked at on every reading, not only when
it came. Settings that do not fit leave the kiosk with its own file alone, and selling.
"""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from drivers.errors import DeviceConfigError
from kiosk.app.config import Config, ConfigError, config_of, load, tables_in
from kiosk.app.payment import check_payment
from kiosk.sale.events import Interest
from kiosk.telemetry.settings import ONLY_HERE, SETTINGS_BYTES_MAX, parsed
from kiosk.ui.theme import Brand, BrandRefused, theme_of

logger = logging.getLogger(__name__)

NAME: Final = "store-settings.json"
ROOM_FOR_JSON: Final = 8
"""Times the text, at most, when every letter needs an escape."""


class SettingsRefused(Exception):
    """They cannot be used. The message lists every mistake, one a line."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """A version of the store's settings, as TOML."""

    version: str
    text: str


def kept_in(folder: Path) -> StoreSettings | None:
    """Return the settings in a kiosk's data folder; None without any.

    Raises:
        SettingsRefused: there is a file, and it cannot be read.
    """
    path = folder / NAME
    try:
        if path.stat().st_size > ROOM_FOR_JSON * SETTINGS_BYTES_MAX:
            raise SettingsRefused(f"{path}: too long")
        noted = json.loads(path.read_bytes())
        return StoreSettings(str(noted["version"]), str(noted["text"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsRefused(f"{path}: cannot be read ({type(error).__name__})") from error


def keep(folder: Path, settings: StoreSettings) -> None:
    """Put settings in place of those that are there, whole or not at all; raises OSError."""
    draft = folder / f"{NAME}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"version": settings.version, "text": settings.text}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / NAME)
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def laid_over(raw: Mapping[str, Any], settings: StoreSettings) -> dict[str, Any]:
    """Return the tables of the kiosk's own file with those of the store over them, key by key.

    Raises:
        SettingsRefused: with all that cannot be set from afar, or is of another kind.
    """
    tables, mistakes = parsed(settings.text)
    if mistakes:
        raise SettingsRefused("\n".join(mistakes))
    both = dict(raw)
    for section, table in tables.items():
        own = raw.get(section, {})
        both[section] = {**own, **table}
        if section == ONLY_HERE[0] and ONLY_HERE[1] in table:
            # Whoever stands at the kiosk has a say that nobody afar takes back.
            here = own.get(ONLY_HERE[1], [Interest.RANDOM_CHECK.value])
            both[section][ONLY_HERE[1]] = list(dict.fromkeys([*here, *table[ONLY_HERE[1]]]))
    return both


def with_settings(path: Path, settings: StoreSettings) -> Config:
    """Return the kiosk's own file with the store's settings over it.

    Raises:
        SettingsRefused: they do not fit: every mistake, one a line.
        ConfigError: the kiosk's own file cannot be read.
    """
    raw, _ = tables_in(path)
    name = f"store settings {settings.version}"
    try:
        made = config_of(laid_over(raw, settings), name)
        check_payment(made)
        theme_of(Brand(gran=made.brand.gran, gran2=made.brand.gran2, gran3=made.brand.gran3))
    except (ConfigError, DeviceConfigError, BrandRefused) as error:
        raise SettingsRefused(str(error)) from error
    return replace(made, source=path, settings_version=settings.version)


def load_all(path: Path) -> Config:
    """Read the kiosk's own file, and what the store has set over it.

    Settings that do not fit (any more) are told in the log and left out: the kiosk sells.

    Raises:
        ConfigError: the kiosk's own file cannot be used.
    """
    own = load(path)
    try:
        settings = kept_in(own.kiosk.data_dir)
        return with_settings(path, settings) if settings is not None else own
    except SettingsRefused as error:
        logger.error("what the store has set is left out: %s", error)
        return own
