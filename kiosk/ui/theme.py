"""Colours as the design names them: the light theme, high contrast, and a shop's own brand.

A shop may change its name, its mark and three greens. The rules of the design refuse a brand that
cannot be read: white on gran 7:1, skifer on multe 7:1, multe on gran 4.5:1.
Contrast is WCAG 2's: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

Rgba = tuple[float, float, float, float]


class BrandRefused(ValueError):
    """A brand's colours cannot be read. The message names each pair, what it is and must be."""


@lru_cache(maxsize=200)
def rgba(hex_colour: str, alpha: float = 1.0) -> Rgba:
    """Return #RRGGBB as four numbers from 0 to 1."""
    red, green, blue = (int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue, alpha


def luminance(hex_colour: str) -> float:
    """Return the relative luminance of #RRGGBB, 0 to 1."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = rgba(hex_colour)
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """What a shop may change. `mark` is a sign's name or the path of a PNG."""

    name: str = ""
    mark: str = "storefront"
    gran: str = "#0E3B2E"
    gran2: str = "#1A4E3E"
    gran3: str = "#0B5E42"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Every colour that is drawn, by the design's token."""

    high_contrast: bool = False
    sno: str = "#FFFFFF"
    rim: str = "#EEF2EC"
    skifer: str = "#10211B"
    skifer2: str = "#42524B"
    kant: str = "#75857D"
    linje: str = "#D3DCD5"
    gran: str = "#0E3B2E"
    gran2: str = "#1A4E3E"
    gran2_kant: str = "#7FB5A0"
    gran_ned: str = "#0A2C22"
    gran3: str = "#0B5E42"
    gran_lys: str = "#E1F1E8"
    paa_gran: str = "#FFFFFF"
    mint: str = "#CFE9DB"
    multe: str = "#FFC63F"
    multe_ned: str = "#EDB021"
    multe_lys: str = "#FFF3D1"
    multe_tekst: str = "#10211B"
    brun: str = "#5A3A00"
    tyttebaer: str = "#9B1127"
    tyttebaer_lys: str = "#FBE7E9"
    blaabaer: str = "#26368A"
    blaabaer_lys: str = "#E7EAFA"
    blaabaer9: str = "#1B2766"
    blaabaer2: str = "#2B3A8A"
    """A tool on staff mode's counter: white on it is 10.1."""
    blaabaer2_kant: str = "#9AA6E0"
    blaabaer_ned: str = "#141D4F"
    blaabaer9_svak: str = "#D9DEF8"
    """Second text on blaabaer9."""
    paa_blaabaer: str = "#FFFFFF"
    """Text on blaabaer, which is light in high contrast."""
    av_kant: str = "#5A907C"
    dimming: float = 0.72
    stroke: float = 3
    """Border of a control, in units."""
    mark: str = "storefront"

    def __getitem__(self, token: str) -> Rgba:
        """Return a token, or a literal #RRGGBB, as Kivy wants it."""
        return rgba(token if token.startswith("#") else getattr(self, token))


HIGH_CONTRAST = Theme(
    high_contrast=True,
    sno="#000000", rim="#000000", skifer="#FFFFFF", skifer2="#FFFFFF", kant="#FFFFFF",
    linje="#FFFFFF", gran="#000000", gran2="#000000", gran2_kant="#FFFFFF", gran_ned="#333333",
    gran3="#FFFFFF", gran_lys="#000000", paa_gran="#FFFFFF", mint="#FFFFFF", multe="#FFD500",
    multe_ned="#D9B500", multe_lys="#000000", multe_tekst="#000000", brun="#FFFFFF",
    tyttebaer="#FFFFFF", tyttebaer_lys="#000000", blaabaer="#FFFFFF", blaabaer_lys="#000000",
    blaabaer9="#000000", blaabaer2="#000000", blaabaer2_kant="#FFFFFF", blaabaer_ned="#333333",
    blaabaer9_svak="#FFFFFF", paa_blaabaer="#000000", av_kant="#FFFFFF", dimming=0.0, stroke=5,
)  # fmt: skip
"""Picture 14. It has no brand colours: what must be read comes before whose shop it is."""


def theme_of(brand: Brand) -> Theme:
    """Return the light theme in a shop's colours.

    Raises:
        BrandRefused: if a colour is not #RRGGBB or a pair is below the design's contrast.
    """
    for token in ("gran", "gran2", "gran3"):
        value = getattr(brand, token)
        if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
            raise BrandRefused(f"brand {token}: {value!r} is not a colour such as #0E3B2E")
    theme = Theme(gran=brand.gran, gran2=brand.gran2, gran3=brand.gran3, mark=brand.mark)
    wanted = (
        ("white on gran", theme.sno, theme.gran, 7.0),
        ("white on gran2", theme.sno, theme.gran2, 7.0),
        ("skifer on multe", theme.skifer, theme.multe, 7.0),
        ("multe on gran", theme.multe, theme.gran, 4.5),
        ("gran3 on gran-lys", theme.gran3, theme.gran_lys, 4.5),
        ("gran3 on white", theme.gran3, theme.sno, 7.0),
    )
    short = [
        f"{name} is {contrast(one, other):.1f}:1 and must be {least:g}:1"
        for name, one, other, least in wanted
        if contrast(one, other) < least
    ]
    if short:
        raise BrandRefused("brand colours cannot be read: " + "; ".join(short))
    if brand.gran != Brand().gran:
        # The pressed counter follows the shop's own green.
        theme = replace(theme, gran_ned=_darker(brand.gran))
    return theme


def _darker(hex_colour: str, by: float = 0.75) -> str:
    red, green, blue, _ = rgba(hex_colour)
    return "#" + "".join(f"{round(part * by * 255):02X}" for part in (red, green, blue))
