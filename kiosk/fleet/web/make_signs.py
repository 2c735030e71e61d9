"""Make `signs.svg`, one symbol a sign, from Phosphor's bold icons (MIT; LICENSE beside the atlas).

By hand, when a sign is added (the result is committed):
    npm pack @phosphor-icons/core && tar xzf phosphor-icons-core-*.tgz
    python kiosk/fleet/web/make_signs.py package/assets/bold
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
SIGNS = [
    "arrow-down",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "arrows-clockwise",
    "barcode",
    "battery-charging",
    "bell-ringing",
    "bell-slash",
    "calendar-check",
    "caret-down",
    "caret-right",
    "caret-up",
    "chart-bar",
    "chat-circle-text",
    "check",
    "check-circle",
    "circle",
    "clock",
    "cloud-arrow-down",
    "credit-card",
    "cpu",
    "desktop",
    "device-mobile",
    "download-simple",
    "file-text",
    "globe",
    "hand-palm",
    "hard-drives",
    "heartbeat",
    "identification-card",
    "image",
    "info",
    "lightbulb",
    "list-bullets",
    "list-checks",
    "lock-simple",
    "lock-simple-open",
    "magnifying-glass",
    "megaphone",
    "monitor",
    "moon",
    "package",
    "pause",
    "percent",
    "play",
    "power",
    "prohibit",
    "qr-code",
    "question",
    "receipt",
    "scales",
    "scan",
    "seal-check",
    "shield-check",
    "shopping-bag",
    "sign-out",
    "spinner-gap",
    "speaker-high",
    "speaker-slash",
    "storefront",
    "sun",
    "tag",
    "thermometer-simple",
    "trash",
    "user",
    "user-check",
    "users-three",
    "warning",
    "warning-circle",
    "wifi-high",
    "wifi-slash",
    "x",
    "squares-four",
    "person-simple-walk",
    "plug",
    "flag-checkered",
    "stop-circle",
]


def main(folder: Path) -> None:
    """Write the sprite from the SVG files in `folder`."""
    symbols = []
    for name in sorted(SIGNS):
        drawing = (folder / f"{name}-bold.svg").read_text("utf-8")
        inside = re.fullmatch(r"<svg[^>]*>(.*)</svg>\s*", drawing, re.DOTALL)
        assert inside is not None, f"{name} is not a plain drawing"
        symbols.append(f'<symbol id="{name}" viewBox="0 0 256 256">{inside[1]}</symbol>')
    sprite = "\n".join(symbols)
    text = f'<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">\n{sprite}\n</svg>\n'
    (HERE / "signs.svg").write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
