"""What a technician does with the machine after `deploy/install`, by the words of deploy/README.md.

Names for the devices, `kiosk setup` with every device tried, secrets, a catalog, staff; then it
sells. What differs from a shop: the sample catalog, a screen that can be looked into (`[bench]`),
and more time for somebody whose machine is emulated.
"""

import re
import secrets
from dataclasses import dataclass
from typing import Final

from tests.appliance.machine import HEIGHT_PX, WIDTH_PX
from tests.appliance.patience import until
from tests.appliance.shop import HOST, POI_ID, SERIAL_LINES, Counter, FarEnds
from tests.appliance.wire import Ran, Refused

CONFIG: Final = "/etc/kiosk/kiosk.toml"
GUIDE: Final = "/opt/selvkasse/current/deploy"
PYTHON: Final = "/opt/selvkasse/current/venv/bin/python"
SCANNER: Final = "/dev/input/by-id/usb-QEMU_QEMU_USB_Keyboard_SCAN1-event-kbd"
ANYTHING: Final = "7038010001659"
GLASS_MM: Final = "268"
"""21.5 inches, of fewer pixels than usual."""
PATIENCE_S: Final = 900.0
DROP_IN: Final = "/etc/systemd/system/kiosk.service.d/emulated.conf"
MORE_TIME: Final = "[Service]\nTimeoutStartSec=15min\nWatchdogSec=60\n"
"""As `systemctl edit kiosk` would write it, where a processor is emulated; 120 and 15 s else."""
MORE: Final = """
[selling]
approved_scale = true
idle_s = 900
receipt_s = 600
thanks_s = 600

[bench]
socket = "/run/kiosk/look-in.sock"
"""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the technician saw."""

    named: tuple[str, ...]
    """The devices that have a name that stays."""
    said: str
    """What `kiosk setup` said."""


def set_up(counter: Counter, shop: FarEnds) -> SetUp:
    """Bring the machine from `deploy/install` to where it sells."""
    agent = counter.machine.agent
    named = [_name(counter, name) for name in ("scanner", *SERIAL_LINES)]
    agent.write("/etc/kiosk/terminal-root.pem", shop.ca_file.read_bytes())
    for name, text in (("terminal", shop.passphrase), ("signing-key", secrets.token_hex(16))):
        agent.write(f"/etc/kiosk/secrets/{name}", text, "600")
    said = _kiosk_setup(counter, shop)
    config = agent.read(CONFIG).decode()
    light = '\n[devices.light]\nprotocol = "serial-light"\nurl = "/dev/kiosk-light"\n'
    agent.write(CONFIG, config + MORE + light, "640")
    agent.sh(f"chgrp kiosk {CONFIG}")
    if counter.machine.emulated:
        agent.sh(f"mkdir -p {DROP_IN.rpartition('/')[0]}")
        agent.write(DROP_IN, MORE_TIME)
        agent.sh("systemctl daemon-reload")
    sample = "from pathlib import Path; from kiosk.catalog.sample import build_sample; "
    catalog = "/var/lib/kiosk/catalog.sqlite"
    agent.sh(f"""runuser -u kiosk -- {PYTHON} -c "{sample}build_sample(Path('{catalog}'))" """)
    agent.sh("systemctl start selvkasse.target")
    return SetUp(tuple(named), said.out)


def _name(counter: Counter, name: str) -> str:
    """`name-device`, with the node that the device has at this moment."""
    serial = SERIAL_LINES.get(name)
    link = f"/dev/serial/by-id/*{serial}*" if serial else SCANNER
    agent = counter.machine.agent
    node = until(f"the {name}'s node", lambda: _or_nothing(counter, f"readlink -f {link}"))
    agent.sh(f"test -e {node} && {GUIDE}/name-device {name} {node}")
    return name


def _or_nothing(counter: Counter, script: str) -> str:
    try:
        return counter.machine.agent.sh(script)
    except Refused:
        return ""


def _kiosk_setup(counter: Counter, shop: FarEnds) -> Ran:
    """Answer its questions; meanwhile hold something to the scanner, and sugar to the scale."""
    agent, scale = counter.machine.agent, shop["scale"]
    pid = agent.start("kiosk", "setup", typed="\n".join(_answers(shop)) + "\n")

    def tried() -> Ran | None:
        counter.far_end("scanner").call("scan", ANYTHING)
        scale.call("put_on", 0 if scale.state()["load_g"] else 1000)
        return agent.peek(pid)

    ran = until("kiosk setup", tried, patience_s=PATIENCE_S, every_s=3.0)
    scale.call("take_off")
    assert ran is not None
    if ran.code:
        raise Refused(f"kiosk setup ended with {ran.code}: {ran.out}")
    return ran


def _answers(shop: FarEnds) -> list[str]:
    url = f"https://{HOST}:{shop.terminal_port}/nexo"
    return [
        "NT-0477-03", "3",
        "Nærmat Torshov", "Nærmat Torshov AS", "Eksempelgata 1, 0477 Oslo", "999999999",
        str(WIDTH_PX), str(HEIGHT_PX), GLASS_MM,
        "y", "evdev-scanner", 'vendor_id = "0627"', 'model_id = "0001"', 'serial = "SCAN1"',
        "suffix = cr", "half_code_ms = 10000", "",
        "y", "toledo-8217", "/dev/kiosk-scale", "",
        "y", "escpos", "/dev/kiosk-printer", "", "y",
        "y", "nexo-json", url, POI_ID, "NT-0477-03", "kiosk", "/etc/kiosk/secrets/terminal",
        "environment = test", "ca_file = /etc/kiosk/terminal-root.pem", "health_interval_s = 5.0",
        "",
    ]  # fmt: skip


def version(agent_said: str) -> str:
    """Return the version in what `kiosk update status` says."""
    found = re.search(r"^current +(\S+)", agent_said, re.MULTILINE)
    return found[1] if found else ""
