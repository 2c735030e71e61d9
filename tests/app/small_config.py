"""A configuration with what a kiosk must have and nothing more."""

from pathlib import Path

GOOD = """\
[kiosk]
id = "NT-0477-03"
till = "3"
data_dir = "/var/lib/kiosk"

[shop]
name = "Nærmat Torshov"
legal_name = "Nærmat Torshov AS"
address = "Eksempelgata 1, 0477 Oslo"
org_number = "999999999"

[devices.scanner]
protocol = "serial-scanner"
url = "/dev/kiosk-scanner"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return path
