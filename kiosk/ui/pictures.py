"""Signs from the atlas and pictures of products, with mipmaps so that they are sharp when small."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from kiosk.ui import kivy_setup  # noqa: F401  (before Kivy)

from kivy.core.image import Image as CoreImage  # isort: skip
from kivy.graphics.texture import Texture  # isort: skip

ASSETS = Path(__file__).parent / "assets"


@lru_cache(maxsize=1)
def _atlas() -> dict[str, Texture]:
    sheets: dict[str, dict[str, list[int]]] = json.loads((ASSETS / "signs/signs.atlas").read_text())
    found = {}
    for file_name, places in sheets.items():
        texture = CoreImage(str(ASSETS / "signs" / file_name), mipmap=True).texture
        for name, (x, y, width, height) in places.items():
            found[name] = texture.get_region(x, y, width, height)
    return found


def sign(name: str) -> Texture:
    """Return a sign, white.

    Raises:
        KeyError: if the atlas has no such sign; add it to assets/signs/make_signs.py.
    """
    return _atlas()[name]


def has_sign(name: str) -> bool:
    """Return whether the atlas has a sign of this name."""
    return name in _atlas()


def load_all() -> Iterator[str]:
    """Load the products' pictures one by one, so that no scan waits for a file."""
    for path in sorted((ASSETS / "pictures").glob("*.png")):
        picture(path.stem)
        yield path.stem


@lru_cache(maxsize=400)
def picture(name: str) -> Texture | None:
    """Return a product's picture or an illustration by its name, None when there is none."""
    for folder in ("pictures", "illustrations"):
        path = ASSETS / folder / f"{name}.png"
        if name and path.exists():
            return CoreImage(str(path), mipmap=True).texture
    return None


@lru_cache(maxsize=8)
def shadow(name: str) -> Texture:
    """Return a nine-patch shadow."""
    return CoreImage(str(ASSETS / "shadows" / f"{name}.png")).texture


@lru_cache(maxsize=4)
def picture_file(path: str) -> Texture:
    """Return a picture from a path: a shop's own mark."""
    return CoreImage(path, mipmap=True).texture
