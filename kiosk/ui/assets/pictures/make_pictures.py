"""Render the pictures of products: `python make_pictures.py icons.json [contact-sheet.png]`.

Run by hand; its tools are not dependencies: resvg-py 0.5, Pillow, and `icons.json` of the npm
package @iconify-json/noto 1.2.9, which holds Noto Emoji as vectors. What Noto Emoji lacks is drawn
in `drawn/`. Some are turned to another hue: a red onion is an onion.
"""

import colorsys
import io
import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

import resvg_py  # type: ignore[import-not-found]
from PIL import Image

FOLDER = Path(__file__).parent
SIZE_PX = 256
COLOURS = 192
"""Of the palette with transparency: looks like full colour, in a third of the bytes."""


class Look(NamedTuple):
    """Where a picture comes from, and how its colours are turned."""

    source: str
    hue: float = 0.0
    """Turn of the hue in degrees."""
    saturation: float = 1.0
    lightness: float = 1.0
    keep: tuple[int, int] = (0, 0)
    """Hues in degrees, from and to, that stay: those of leaves and stems."""


SAME_NAME = """
avocado baby baby_bottle bacon bagel banana basket battery beans blueberries bread broccoli broom
brown_mushroom bucket burrito butter candle candy canned_food carrot cherries chestnut coconut
cookie croissant cucumber cupcake custard doughnut egg eggplant fish flatbread garlic grapes
green_apple herb hot_dog hot_pepper ice ice_cream jar leafy_green lemon light_bulb lime lollipop
mango meat_on_bone melon newspaper olive onion peach peanuts pear pill pineapple pizza popcorn
potato poultry_leg pretzel razor red_apple rose salt shrimp soap spaghetti sponge strawberry taco
tomato toothbrush tulip waffle watermelon
"""
NOTO = {name: Look(name.replace("_", "-")) for name in SAME_NAME.split()} | {
    "baguette": Look("baguette-bread"),
    "beer": Look("beer-mug"),
    "bell_pepper": Look("bell-pepper", hue=-90, saturation=1.6, keep=(50, 70)),
    "bell_pepper_green": Look("bell-pepper"),
    "bell_pepper_yellow": Look(
        "bell-pepper", hue=-42, saturation=1.9, lightness=1.08, keep=(50, 70)
    ),
    "cake": Look("shortcake"),
    "cat": Look("cat-face"),
    "cereal": Look("bowl-with-spoon"),
    "cheese": Look("cheese-wedge"),
    "chocolate": Look("chocolate-bar"),
    "clementine": Look("tangerine", hue=-7, keep=(70, 170)),
    "coffee": Look("hot-beverage"),
    "corn": Look("ear-of-corn"),
    "dish_soap": Look("lotion-bottle"),
    "dog": Look("dog-face"),
    "fries": Look("french-fries"),
    "ginger": Look("ginger-root"),
    "grapes_green": Look("grapes", hue=-198, saturation=1.3, lightness=1.1, keep=(60, 80)),
    "honey": Look("honey-pot"),
    "juice": Look("beverage-box"),
    "kiwi": Look("kiwi-fruit"),
    "lotion": Look("lotion-bottle", hue=150, saturation=0.8),
    "meat": Look("cut-of-meat"),
    "milk": Look("glass-of-milk"),
    "nectarine": Look("peach", hue=-12, saturation=1.1, lightness=0.85, keep=(70, 170)),
    "orange": Look("tangerine"),
    "pan": Look("shallow-pan-of-food"),
    "paper_roll": Look("roll-of-paper"),
    "peas": Look("pea-pod"),
    "red_onion": Look("onion", hue=-52, saturation=0.62, lightness=0.68),
    "rice": Look("cooked-rice"),
    "soda": Look("cup-with-straw"),
    "soft_ice": Look("soft-ice-cream"),
    "sweet_potato": Look("roasted-sweet-potato"),
    "tea": Look("teacup-without-handle"),
    "wheat": Look("sheaf-of-rice"),
}
DRAWN = {
    "bun": Look("bun"),
    "chewing_gum": Look("chewing_gum"),
    "ciabatta": Look("ciabatta"),
    "cider": Look("can", hue=-130, saturation=0.8, lightness=1.2),
    "cinnamon_bun": Look("cinnamon_bun"),
    "cream": Look("carton"),
    "crisps": Look("crisps"),
    "custard_bun": Look("custard_bun"),
    "energy_drink": Look("can"),
    "oil": Look("bottle", hue=-158, saturation=1.3),
    "paper_bag": Look("paper_bag"),
    "plastic_bag": Look("plastic_bag"),
    "roll": Look("roll"),
    "sugar": Look("sack"),
    "water": Look("bottle"),
    "yoghurt": Look("cup"),
}

_HEX = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")


def recoloured(svg: str, look: Look) -> str:
    """Return the drawing with every colour turned as `look` says."""

    def turn(match: re.Match[str]) -> str:
        digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
        red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
        hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
        if look.keep[0] < 360 * hue < look.keep[1]:
            return match[0]
        turned = colorsys.hls_to_rgb(
            (hue + look.hue / 360) % 1,
            min(lightness * look.lightness, 1.0),
            min(saturation * look.saturation, 1.0),
        )
        return "#" + "".join(f"{round(255 * part):02x}" for part in turned)

    return svg if look[1:4] == (0.0, 1.0, 1.0) else _HEX.sub(turn, svg)


def rendered(svg: str) -> Image.Image:
    """Draw at four times the size and shrink: smooth edges whatever the renderer does."""
    drawn = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=4 * SIZE_PX, height=4 * SIZE_PX))
    big = Image.open(io.BytesIO(drawn)).convert("RGBa")  # premultiplied: no dark edges
    return big.resize((SIZE_PX, SIZE_PX), Image.Resampling.LANCZOS).convert("RGBA")


def make_all(icons: Path, contact_sheet: Path | None) -> None:
    """Write every picture beside this file."""
    bodies = json.loads(icons.read_text(encoding="utf-8"))["icons"]
    pictures: dict[str, Image.Image] = {}
    for name, look in NOTO.items():
        body = bodies[look.source]["body"]
        frame = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        svg = f'{frame} viewBox="0 0 128 128">{body}</svg>'
        pictures[name] = rendered(recoloured(svg, look))
    for name, look in DRAWN.items():
        svg = (FOLDER / "drawn" / f"{look.source}.svg").read_text(encoding="utf-8")
        pictures[name] = rendered(recoloured(svg, look))
    for name, picture in pictures.items():
        small = picture.quantize(
            COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        )
        small.save(FOLDER / f"{name}.png", optimize=True)
    if contact_sheet:
        _contact_sheet(dict(sorted(pictures.items()))).save(contact_sheet)


def _contact_sheet(pictures: dict[str, Image.Image]) -> Image.Image:
    from PIL import ImageDraw

    columns, side = 14, 110
    sheet = Image.new("RGB", (columns * side, -(-len(pictures) // columns) * side), "#FFFFFF")
    pen = ImageDraw.Draw(sheet)
    for place, name in enumerate(pictures):
        x, y = place % columns * side, place // columns * side
        with Image.open(FOLDER / f"{name}.png") as saved:
            small = saved.convert("RGBA").resize((88, 88), Image.Resampling.LANCZOS)
        sheet.paste(small, (x + 10, y + 2), small)
        pen.text((x + 4, y + 94), name, fill="#10211B")
    return sheet


if __name__ == "__main__":
    make_all(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
