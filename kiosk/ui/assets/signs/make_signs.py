"""Make the atlas of signs from Phosphor's bold icons (MIT): white, 96 px, tinted when drawn.

By hand, when a sign is added (the results are committed):
    npm pack @phosphor-icons/core && tar xzf phosphor-icons-core-*.tgz
    pip install cairosvg pillow
    python kiosk/ui/assets/signs/make_signs.py package/assets/bold
"""

import io
import json
import sys
from pathlib import Path

import cairosvg  # type: ignore[import-not-found]
from PIL import Image

HERE = Path(__file__).parent
SIZE_PX = 96
GAP_PX = 16
"""Room between signs, so that mipmaps do not mix neighbours."""
COLUMNS = 9
SIGNS = [
    "apple-logo",
    "arrow-clockwise",
    "arrow-counter-clockwise",
    "arrow-down",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "arrows-clockwise",
    "backspace",
    "barcode",
    "basket",
    "bell-ringing",
    "bread",
    "caret-down",
    "caret-left",
    "caret-right",
    "caret-up",
    "carrot",
    "chat",
    "check",
    "check-circle",
    "clock",
    "contactless-payment",
    "credit-card",
    "device-mobile",
    "dots-nine",
    "dots-three",
    "envelope-simple",
    "eye",
    "fish",
    "gear",
    "gift",
    "globe",
    "hand",
    "hand-palm",
    "hand-pointing",
    "house",
    "identification-card",
    "info",
    "keyboard",
    "leaf",
    "lightning",
    "list",
    "lock",
    "magnifying-glass",
    "minus",
    "money",
    "moon",
    "numpad",
    "orange",
    "package",
    "paper-plane-tilt",
    "pause",
    "pencil-simple",
    "phone",
    "plus",
    "power",
    "printer",
    "prohibit",
    "qr-code",
    "question",
    "receipt",
    "recycle",
    "scales",
    "scan",
    "shopping-bag",
    "shopping-bag-open",
    "sign-out",
    "snowflake",
    "speaker-high",
    "storefront",
    "tag",
    "text-aa",
    "timer",
    "trash",
    "user",
    "user-check",
    "user-circle",
    "bag",
    "chat-circle-text",
    "wallet",
    "warning",
    "warning-circle",
    "wifi-slash",
    "wine",
    "wrench",
    "x",
    "x-circle",
    "cheese",
    "cookie",
    "cow",
    "drop",
    "beer-bottle",
    "baby",
    "egg",
    "dots-three-vertical",
    "person-simple-run",
    "arrow-elbow-down-left",
    "plugs",
    "paint-roller",
    "text-aa",
    "translate",
    "circle-half",
    "arrow-line-down",
    "wind",
    "number-circle-one",
    "hash",
    "tote",
    "credit-card",
    "calculator",
    "cake",
    "pepper",
    "plant",
    "popcorn",
    "sparkle",
    "paw-print",
    "list-checks",
    "identification-badge",
    "percent",
    "ticket",
    "lock-simple",
    "graduation-cap",
    "hourglass-medium",
]


def draw(svg: Path) -> Image.Image:
    """Return one sign as a white picture with its shape as alpha."""
    text = svg.read_text().replace("currentColor", "#ffffff")
    png = cairosvg.svg2png(bytestring=text.encode(), output_width=SIZE_PX, output_height=SIZE_PX)
    alpha = Image.open(io.BytesIO(png)).convert("RGBA").getchannel("A")
    white = Image.new("RGBA", (SIZE_PX, SIZE_PX), (255, 255, 255, 0))
    white.putalpha(alpha)
    return white


def main(folder: Path) -> None:
    """Write signs.png and signs.atlas beside this file."""
    names = sorted({name for name in SIGNS if (folder / f"{name}-bold.svg").exists()})
    for missing in sorted(set(SIGNS) - set(names)):
        print(f"no such sign: {missing}")
    pitch = SIZE_PX + GAP_PX
    rows = -(-len(names) // COLUMNS)
    sheet = Image.new("RGBA", (COLUMNS * pitch, rows * pitch), (255, 255, 255, 0))
    places = {}
    for index, name in enumerate(names):
        x, y = (index % COLUMNS) * pitch + GAP_PX // 2, (index // COLUMNS) * pitch + GAP_PX // 2
        sheet.paste(draw(folder / f"{name}-bold.svg"), (x, y))
        # Kivy's atlas counts y from the bottom.
        places[name] = [x, sheet.height - y - SIZE_PX, SIZE_PX, SIZE_PX]
    sheet.save(HERE / "signs.png", optimize=True)
    (HERE / "signs.atlas").write_text(json.dumps({"signs.png": places}, indent=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
