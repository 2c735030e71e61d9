"""Receipt paper: what a thermal head has burnt into it, as text and as a picture."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFont

CHARACTER_DOTS: Final = 12
CHARACTER_HEIGHT_DOTS: Final = 24
LINE_GAP_DOTS: Final = 6
MARGIN_DOTS: Final = {576: 32, 384: 40}
"""80 mm paper is 640 dots wide and prints on 576; 58 mm paper 464 and 384 (8 dots per mm)."""
PAPER_COLOUR: Final = 255
FONTS: Final = (
    # Debian: fonts-dejavu-core. Others stand in where it is not installed.
    ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"),
    ("NotoSansMono-Regular.ttf", "NotoSansMono-Bold.ttf"),
    ("LiberationMono-Regular.ttf", "LiberationMono-Bold.ttf"),
)
FONT_FOLDERS: Final = (
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/truetype/noto"),
    Path("/usr/share/fonts/truetype/liberation"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of one style. Width and height are multiples of font A."""

    text: str
    width: int = 1
    height: int = 1
    bold: bool = False


@dataclass(frozen=True, slots=True)
class TextMark:
    """One printed line."""

    spans: tuple[Span, ...]
    align: str = "left"

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(span.text for span in self.spans)

    @property
    def columns(self) -> int:
        """How many columns of font A it takes."""
        return sum(len(span.text) * span.width for span in self.spans)


@dataclass(frozen=True, slots=True)
class QrMark:
    """One printed QR code."""

    data: str
    module_dots: int
    error: str
    align: str = "left"


Mark = TextMark | QrMark


@dataclass(slots=True)
class Paper:
    """A strip of paper from one cut to the next. `width_dots` is what the head can reach."""

    width_dots: int = 576
    marks: list[Mark] = field(default_factory=list)

    @property
    def blank(self) -> bool:
        """Whether nothing can be read on it."""
        return not any(isinstance(mark, QrMark) or mark.text.strip() for mark in self.marks)

    @property
    def text(self) -> str:
        """What stands on it, line by line; a QR code as `[QR data]`."""
        columns = self.width_dots // CHARACTER_DOTS
        lines = [_text_of(mark, columns) for mark in self.marks]
        return "\n".join(lines).strip("\n") + "\n"

    def picture(self) -> Image.Image:
        """Draw it, one dot of the head to a pixel."""
        heights = [_height_of(mark) for mark in self.marks]
        margin = MARGIN_DOTS.get(self.width_dots, 32)
        size = (self.width_dots + 2 * margin, sum(heights) + 2 * margin)
        image = Image.new("L", size, PAPER_COLOUR)
        top = margin
        for mark, height in zip(self.marks, heights, strict=True):
            if isinstance(mark, QrMark):
                _draw_qr(image, mark, self.width_dots, margin, top)
            else:
                _draw_text(image, mark, self.width_dots, margin, top)
            top += height
        return image


def _text_of(mark: Mark, columns: int) -> str:
    if isinstance(mark, QrMark):
        return f"[QR {mark.data}]"
    room = max(0, columns - mark.columns)
    before = {"left": 0, "center": room // 2, "right": room}[mark.align]
    return (" " * before + mark.text).rstrip()


def _height_of(mark: Mark) -> int:
    if isinstance(mark, QrMark):
        return _qr_matrix(mark)[1] + LINE_GAP_DOTS
    tallest = max((span.height for span in mark.spans), default=1)
    return CHARACTER_HEIGHT_DOTS * tallest + LINE_GAP_DOTS


def _left_of(width: int, of: int, align: str) -> int:
    return {"left": 0, "center": (of - width) // 2, "right": of - width}[align]


def _draw_text(image: Image.Image, mark: TextMark, width_dots: int, margin: int, top: int) -> None:
    left = margin + _left_of(mark.columns * CHARACTER_DOTS, width_dots, mark.align)
    tallest = max((span.height for span in mark.spans), default=1)
    for span in mark.spans:
        strip = _strip(span)
        # All stand on the same base line, as on the head.
        image.paste(strip, (left, top + tallest * CHARACTER_HEIGHT_DOTS - strip.height))
        left += strip.width


def _strip(span: Span) -> Image.Image:
    """Draw characters, each in its own cell: a thermal head knows no kerning."""
    cell = CHARACTER_DOTS * span.width
    height = CHARACTER_HEIGHT_DOTS * span.width
    strip = Image.new("L", (cell * len(span.text), height), PAPER_COLOUR)
    draw = ImageDraw.Draw(strip)
    font = _font(span.bold, span.width)
    for at, character in enumerate(span.text):
        draw.text((at * cell, round(height * 0.8)), character, fill=0, font=font, anchor="ls")
    if span.height == span.width:
        return strip
    return strip.resize((strip.width, CHARACTER_HEIGHT_DOTS * span.height))


def _draw_qr(image: Image.Image, mark: QrMark, width_dots: int, margin: int, top: int) -> None:
    rows, side = _qr_matrix(mark)
    left = margin + _left_of(side, width_dots, mark.align)
    draw = ImageDraw.Draw(image)
    step = mark.module_dots
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                corner = (left + x * step, top + y * step)
                draw.rectangle((corner, (corner[0] + step - 1, corner[1] + step - 1)), fill=0)


def _qr_matrix(mark: QrMark) -> tuple[tuple[bytearray, ...], int]:
    code = segno.make(mark.data, error=mark.error, micro=False, boost_error=False)
    rows: tuple[bytearray, ...] = code.matrix
    return rows, len(rows) * mark.module_dots


@cache
def _font(bold: bool, scale: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A monospaced font whose characters are as wide as the printer's."""
    for folder in FONT_FOLDERS:
        for names in FONTS:
            path = folder / names[bold]
            if path.exists():
                return _fitting(path, CHARACTER_DOTS * scale)
    return ImageFont.load_default(size=CHARACTER_HEIGHT_DOTS * 0.8 * scale)


def _fitting(path: Path, advance_dots: int) -> ImageFont.FreeTypeFont:
    unit = ImageFont.truetype(path, 1000).getlength("0") / 1000
    return ImageFont.truetype(path, advance_dots / unit)
