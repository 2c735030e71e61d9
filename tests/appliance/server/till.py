"""A till as a technician sets it up, with devices that are programs and a screen without glass."""

import secrets
from typing import Final

from tests.appliance.server.container import Container
from tests.appliance.server.install import INSTALL

PYTHON: Final = "/opt/selvkasse/current/venv/bin/python"
DROP_IN: Final = "/etc/systemd/system/kiosk.service.d/no-glass.conf"
FAR_ENDS: Final = {
    "scanner": "--link /run/far-scanner/line",
    "printer": "--link /run/far-printer/line",
    "zvt_terminal": "--directory /run/far-zvt_terminal --port 20007",
}
"""Simulated devices, by the name of their module, and where they are found."""
FAR_END: Final = """\
[Service]
User=kiosk
RuntimeDirectory=far-{name}
ExecStart={python} -m drivers.sim.{name} {where} --control /run/far-{name}/control
Restart=always
[Install]
WantedBy=multi-user.target
"""
SAMPLE: Final = (
    "from pathlib import Path; from kiosk.catalog.sample import build_sample; "
    "build_sample(Path('/var/lib/kiosk/catalog.sqlite'))"
)
CONFIG: Final = """\
[kiosk]
id = "NT-0477-03"
till = "3"
data_dir = "/var/lib/kiosk"

[shop]
name = "Nærmat Torshov"
legal_name = "Nærmat Torshov AS"
address = "Eksempelgata 1, 0477 Oslo"
org_number = "999999999"

[screen]
width_px = 720
height_px = 1280
px_per_mm = 2.69

[selling]
limit_lines = 200

[fiscal]
signing_key = "credential:secret_signing-key"

[update]
quiet_min = 1

[devices.scanner]
protocol = "serial-scanner"
profile = "datalogic"
url = "/run/far-scanner/line"

[devices.printer]
protocol = "escpos"
url = "/run/far-printer/line"

[devices.terminal]
protocol = "zvt"
url = "tcp://127.0.0.1:20007"
state_file = "/var/lib/kiosk/zvt-state.json"
"""
NO_GLASS: Final = """\
[Service]
StandardInput=null
TTYPath=/dev/null
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
Environment=SDL_VIDEODRIVER=offscreen
TimeoutStartSec=15min
WatchdogSec=60
"""
"""As `systemctl edit kiosk` would write it; more time, for this machine may be doing much else."""


def set_up(till: Container) -> None:
    """Install, write the configuration, take a catalog; the devices are there already."""
    till.sh(INSTALL)
    till.write("/etc/kiosk/kiosk.toml", CONFIG, "640")
    till.sh(f"chgrp kiosk /etc/kiosk/kiosk.toml; mkdir -p {DROP_IN.rpartition('/')[0]}")
    till.write(DROP_IN, NO_GLASS)
    till.write("/etc/kiosk/secrets/signing-key", secrets.token_hex(16), "600")
    till.sh(f'runuser -u kiosk -- {PYTHON} -c "{SAMPLE}"')
    for name, where in FAR_ENDS.items():
        unit = FAR_END.format(name=name, python=PYTHON, where=where)
        till.write(f"/etc/systemd/system/far-{name}.service", unit)
    names = " ".join(f"far-{name}" for name in FAR_ENDS)
    till.sh(f"systemctl daemon-reload && systemctl enable --now {names}")
