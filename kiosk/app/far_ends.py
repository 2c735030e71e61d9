"""The far ends of the demonstration store: one table of what can be started beside the kiosk.

A row says how its process is started, and what the kiosk's configuration says of it. To add a
device: write its far end (`drivers.sim`, a `main` that ends in `run_far_end`), and add a row to
`WALLETS`, or to `FAR_ENDS` when it is no way to pay.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class FarEnd:
    """How one far end is started, and how the kiosk is told of it.

    In `arguments`, `section` and `config` stand {folder} (of the store), {display} (host and port
    at which the kiosk listens for the terminal's words) and {terminal_port}; in `section` and
    `config` also {url}, which is what the running far end's own `state()` says.
    """

    module: str
    """Run as `python -m module arguments --control SOCKET`."""
    arguments: tuple[str, ...] = ()
    section: str = ""
    """What stands under `[devices.NAME]` of the kiosk's configuration; none without it."""
    config: str = ""
    """Whole sections of the configuration beside that, e.g. which method it is for."""


FAR_ENDS: Final[Mapping[str, FarEnd]] = MappingProxyType(
    {
        "scanner": FarEnd(
            module="drivers.sim.scanner",
            arguments=("--link", "{folder}/dev-scanner"),
            section="""\
protocol = "serial-scanner"
profile = "datalogic"
url = "{folder}/dev-scanner"
""",
        ),
        "badge": FarEnd(
            module="drivers.sim.scanner",
            arguments=("--link", "{folder}/dev-badge", "--no-aim"),
            section="""\
protocol = "serial-scanner"
role = "badge"
profile = "datalogic"
url = "{folder}/dev-badge"
""",
        ),
        "scale": FarEnd(
            module="drivers.sim.scale",
            arguments=("--link", "{folder}/dev-scale"),
            section="""\
protocol = "toledo-8217"
url = "{folder}/dev-scale"
""",
        ),
        "bag_scale": FarEnd(
            module="drivers.sim.scale",
            arguments=("--link", "{folder}/dev-bag-scale", "--interval", "5"),
            section="""\
protocol = "toledo-8217"
role = "bag"
url = "{folder}/dev-bag-scale"
""",
        ),
        "light": FarEnd(
            module="drivers.sim.light",
            arguments=("--link", "{folder}/dev-light"),
            section="""\
protocol = "serial-light"
url = "{folder}/dev-light"
""",
        ),
        "printer": FarEnd(
            module="drivers.sim.printer",
            arguments=("--link", "{folder}/dev-printer"),
            section="""\
protocol = "escpos"
url = "{folder}/dev-printer"
""",
        ),
    }
)
_DIRECTORY = ("--directory", "{folder}/terminal", "--port", "{terminal_port}")
_DISPLAY = ("--display-url", "http://{display}/")
TERMINALS: Final[Mapping[str, FarEnd]] = MappingProxyType(
    {
        "nexo-json": FarEnd(
            module="drivers.sim.terminal",
            arguments=(*_DIRECTORY, *_DISPLAY, "--passphrase-file", "{folder}/passphrase"),
            section="""\
protocol = "nexo-json"
url = "{url}"
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
        "nexo-xml": FarEnd(
            module="drivers.sim.nexo_xml_terminal",
            arguments=(*_DIRECTORY, *_DISPLAY),
            section="""\
protocol = "nexo-xml"
url = "{url}"
environment = "test"
poi_id = "NT-0477-03"
sale_id = "NT-0477-03"
listen = "{display}"
health_interval_s = 5.0
""",
        ),
        "zvt": FarEnd(
            module="drivers.sim.zvt_terminal",
            arguments=_DIRECTORY,
            section="""\
protocol = "zvt"
url = "{url}"
state_file = "{folder}/zvt-state.json"
health_interval_s = 5.0
""",
        ),
    }
)
"""By protocol. The one that is chosen runs under the name "terminal"."""


def _wallet(name: str, section: str) -> FarEnd:
    """A provider whose far end lays down the key file of a merchant of its own.

    It is asked every half second: the providers themselves want 2 s between two questions.
    """
    return FarEnd(
        module=f"drivers.sim.{name}",
        arguments=("--directory", f"{{folder}}/{name}", "--keys-file", f"{{folder}}/{name}.keys"),
        section=f"""\
protocol = "{name}"
url = "{{url}}"
environment = "test"
keys_file = "{{folder}}/{name}.keys"
poll_s = 0.5
health_interval_s = 5.0
{section}""",
    )


def _issuer(protocol: str, prefix: str) -> FarEnd:
    """An issuer of gift cards, or the machine for empties: one far end, two sets of books."""
    return FarEnd(
        module="drivers.sim.giftcard",
        arguments=(
            "--directory", f"{{folder}}/{protocol}", "--keys-file", f"{{folder}}/{protocol}.keys",
        ),
        section=f"""\
protocol = "{protocol}"
url = "{{url}}"
environment = "test"
keys_file = "{{folder}}/{protocol}.keys"
code_prefixes = ["{prefix}"]
health_interval_s = 5.0
""",
    )  # fmt: skip


WALLETS: Final[Mapping[str, FarEnd]] = MappingProxyType(
    {
        "giftcard": _issuer("gift-card", "6338"),
        "voucher": _issuer("deposit-voucher", "980"),
        "vipps": _wallet("vipps", 'merchant_serial_number = "123456"\nfirst_poll_s = 1.0\n'),
        "klarna": _wallet("klarna", 'notes_file = "{folder}/klarna-notes.jsonl"\n'),
        # The agreement of this shop lets a phone bill carry 500 kr; the service code is nobody's.
        "strex": _wallet(
            "strex", 'merchant_id = "sim_merchant"\nservice_code = "14002"\ncap_minor = 50000\n'
        ),
    }
)
"""Ways to pay beside the card, under the name that the kiosk's configuration gives the device."""

TILL: Final = ("scanner", "scale", "printer")
"""What no till is without, beside the card terminal."""
STAFFED_TILL: Final = (*TILL, "badge", "bag_scale", "light")
"""With what a shop puts beside it where staff look after several."""


def chosen(names: Iterable[str], terminal: str) -> dict[str, FarEnd]:
    """Return the far ends of these names, and the terminal that speaks the protocol `terminal`.

    Raises:
        KeyError: there is no far end of such a name.
    """
    known = {**FAR_ENDS, **WALLETS}
    return {name: known[name] for name in names} | {"terminal": TERMINALS[terminal]}
