"""Make the two nine-patch shadows: the counter's (40 px, 16 %) and the sheet's (soft, 5 %).

By hand (the results are committed): python kiosk/ui/assets/shadows/make_shadows.py
"""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

HERE = Path(__file__).parent
INK = (16, 33, 27)


def make(name: str, *, reach: int, radius: int, strength: float) -> None:
    """Write a shadow of a rounded rectangle that reaches `reach` px out on every side."""
    border = 2 * reach + radius
    side = 2 * border + 8
    shape = Image.new("L", (side, side), 0)
    ImageDraw.Draw(shape).rounded_rectangle(
        (reach, reach, side - reach - 1, side - reach - 1), radius, fill=round(255 * strength)
    )
    picture = Image.new("RGBA", (side, side), (*INK, 0))
    picture.putalpha(shape.filter(ImageFilter.GaussianBlur(reach / 2)))
    picture.save(HERE / f"{name}.png", optimize=True)
    print(f"{name}: {side} px, border {border} px, reach {reach} px")


if __name__ == "__main__":
    make("counter", reach=40, radius=56, strength=0.16)
    make("sheet", reach=40, radius=40, strength=0.06)
