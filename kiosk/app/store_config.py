"""What the demonstration store is made of: its far ends, its terminals, its configuration file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

SIGNING_KEY = "signing-key"
"""The store's own key lies in its data folder: the chain of signatures goes on as long as that."""
PX_PER_MM = {"1280x800": 3.87}
"""Of panels that are not the design's 21.5 inches, e.g. 15.4 inches at 1280 x 800."""


@dataclass(frozen=True, slots=True)
class FarEndSpec:
    """How one far end is started: its module and its own arguments."""

    module: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TerminalSpec:
    """A card terminal of the demonstration: its far end, and its section of the configuration."""

    far_end: FarEndSpec
    section: str


FAR_ENDS: Mapping[str, FarEndSpec] = MappingProxyType(
    {
        "scanner": FarEndSpec("drivers.sim.scanner", ("--link", "{folder}/dev-scanner")),
        "scale": FarEndSpec("drivers.sim.scale", ("--link", "{folder}/dev-scale")),
        "printer": FarEndSpec("drivers.sim.printer", ("--link", "{folder}/dev-printer")),
    }
)
_DIRECTORY = ("--directory", "{folder}/terminal", "--port", "{terminal_port}")
_DISPLAY = ("--display-url", "http://{display}/")
TERMINALS: Mapping[str, TerminalSpec] = MappingProxyType(
    {
        "nexo-json": TerminalSpec(
            FarEndSpec(
                "drivers.sim.terminal",
                (*_DIRECTORY, *_DISPLAY, "--passphrase-file", "{folder}/passphrase"),
            ),
            """\
environment = "test"
poi_id = "S1F2-000158213606123"
sale_id = "NT-0477-03"
key_identifier = "kiosk"
passphrase_file = "{folder}/passphrase"
ca_file = "{folder}/terminal/terminal-root.pem"
listen = "{display}"
health_interval_s = 5.0
""",
        ),
        "nexo-xml": TerminalSpec(
            FarEndSpec("drivers.sim.nexo_xml_terminal", (*_DIRECTORY, *_DISPLAY)),
            """\
environment = "test"
poi_id = "NT-0477-03"
sale_id = "NT-0477-03"
listen = "{display}"
health_interval_s = 5.0
""",
        ),
        "zvt": TerminalSpec(
            FarEndSpec("drivers.sim.zvt_terminal", _DIRECTORY),
            """\
state_file = "{folder}/zvt-state.json"
health_interval_s = 5.0
""",
        ),
    }
)


def store_config(folder: Path, data: Path, size: str, terminal: str, selling: str = "") -> str:
    """The configuration of the demonstration store, as a technician would write it.

    `terminal` is the whole section of the card terminal, `selling` further lines of [selling]. It
    declares its simulated scale as approved: nothing is sold here but an impression.
    """
    width, _, height = size.partition("x")
    return f"""\
[kiosk]
id = "NT-0477-03"
till = "3"
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
{selling}
[fiscal]
signing_key = "{data}/{SIGNING_KEY}"

[bench]
socket = "{folder}/kiosk.sock"

[devices.scanner]
protocol = "serial-scanner"
profile = "datalogic"
url = "{folder}/dev-scanner"

[devices.scale]
protocol = "toledo-8217"
url = "{folder}/dev-scale"

[devices.printer]
protocol = "escpos"
url = "{folder}/dev-printer"

[devices.terminal]
{terminal}"""
