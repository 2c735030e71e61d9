"""Rounded rectangles as stretched textures, made once for each set of radii.

Kivy's SmoothRoundedRectangle triangulates and fringes each shape anew, and what it takes from the
driver is not given back when it is thrown away (16 kB each, measured on Mesa's llvmpipe with Kivy
2.3.1): a kiosk that repaints all day would grow until it fell. A nine-patch costs a fifth and
leaves nothing behind.
"""

from functools import lru_cache

from PIL import Image, ImageDraw

from kiosk.ui import kivy_setup  # noqa: F401  (before Kivy)

from kivy.graphics.texture import Texture  # isort: skip

FINE = 8
"""Each pixel of an edge is the mean of this many squared."""
CORE_PX = 2
"""The part between the corners, which is stretched."""
Radii = tuple[int, int, int, int]
"""In pixels: top left, top right, bottom right, bottom left."""
Border = tuple[int, int, int, int]
"""As Kivy's BorderImage wants it: bottom, right, top, left."""


@lru_cache(maxsize=256)
def patch(radii: Radii) -> tuple[Texture, Border]:
    """Return a white texture with these corners, and its border for a BorderImage."""
    top_left, top_right, bottom_right, bottom_left = radii
    left, right = max(top_left, bottom_left), max(top_right, bottom_right)
    top, bottom = max(top_left, top_right), max(bottom_left, bottom_right)
    size = (left + CORE_PX + right, top + CORE_PX + bottom)
    texture = Texture.create(size=size, colorfmt="rgba")
    texture.mag_filter = texture.min_filter = "linear"
    texture.wrap = "clamp_to_edge"
    white = Image.new("RGBA", size, (255, 255, 255, 0))
    white.putalpha(_coverage(size, radii))
    # Kivy's textures begin at the bottom.
    pixels = white.transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes()
    texture.blit_buffer(pixels, colorfmt="rgba", bufferfmt="ubyte")
    return texture, (bottom, right, top, left)


def _coverage(size: tuple[int, int], radii: Radii) -> Image.Image:
    """Return how much of each pixel the shape covers."""
    width, height = size[0] * FINE, size[1] * FINE
    shape = Image.new("L", (width, height), 255)
    for radius, at_right, at_bottom in (
        (radii[0], False, False),
        (radii[1], True, False),
        (radii[2], True, True),
        (radii[3], False, True),
    ):
        if radius:
            fine = radius * FINE
            # A quarter of a disc: the whole disc lies half outside this square.
            corner = Image.new("L", (fine, fine), 0)
            x, y = (-fine if at_right else 0), (-fine if at_bottom else 0)
            ImageDraw.Draw(corner).ellipse((x, y, x + 2 * fine - 1, y + 2 * fine - 1), fill=255)
            shape.paste(
                corner, (width - fine if at_right else 0, height - fine if at_bottom else 0)
            )
    return shape.resize(size, Image.Resampling.BOX)
