"""The demonstration store's configuration file, as a technician would write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.app.far_ends import FarEnd

SIGNING_KEY: Final = "signing-key"
"""The store's own key lies in its data folder: the chain of signatures goes on as long as that."""
PX_PER_MM: Final = {"1280x800": 3.87}
"""Of panels that are not the design's 21.5 inches, e.g. 15.4 inches at 1280 x 800."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """What differs from one demonstration to the next; lines of TOML where nothing else is said."""

    selling: str = ""
    """Further lines of [selling]."""
    starts_at: str = ""
    """Where the kiosk's own clock starts (`[bench] starts_at`); the machine's own without."""
    more: str = ""
    """Whole sections, after all others."""
    kiosk_id: str = "NT-0477-03"
    till: str = "3"


PLAIN: Final = Sections()


def store_config(folder: Path, data: Path, size: str, sections: Sections, devices: str) -> str:
    """The configuration of the demonstration store.

    `devices` is what `device_sections` returned. It declares its simulated scale as approved:
    nothing is sold here but an impression.
    """
    width, _, height = size.partition("x")
    return f"""\
[kiosk]
id = "{sections.kiosk_id}"
till = "{sections.till}"
data_dir = "{data}"

[shop]
name = "Nærmat Torshov"
legal_name = "Nærmat Torshov AS"
address = "Eksempelgata 1, 0477 Oslo"
org_number = "999999999"

[screen]
width_px = {int(width)}
height_px = {int(height)}
px_per_mm = {PX_PER_MM.get(size, 4.03)}
fullscreen = false

[selling]
approved_scale = true
{sections.selling}
[fiscal]
signing_key = "{data}/{SIGNING_KEY}"

[bench]
socket = "{folder}/kiosk.sock"
starts_at = "{sections.starts_at}"

{devices}
{sections.more}"""


def device_sections(
    far_ends: Mapping[str, FarEnd], places: Mapping[str, object], urls: Mapping[str, str]
) -> str:
    """Return the sections of all far ends, with their places and addresses filled in."""
    written = []
    for name, far_end in far_ends.items():
        filled = {**places, "url": urls.get(name, "")}
        if far_end.section:
            written.append(f"[devices.{name}]\n{far_end.section.format(**filled)}")
        if far_end.config:
            written.append(far_end.config.format(**filled))
    return "\n".join(written)
