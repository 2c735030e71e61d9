"""What only tells: the top bar, banners and chips. None is a control."""

from typing import Final

from kiosk.ui import pictures
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.parts import BannerModel, ChipModel, Kind
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets.part import Part


class TopBar(Part):
    """The shop's mark and name at the left, one word at the right: "Kasse 3", "9 varer"."""

    def __init__(self, look: Look, box: Box, shop: str = "", right: str = "") -> None:
        super().__init__(look, box)
        self.shop, self.aside = shop, right
        self.training = ""
        self.repaint()

    def show(self, shop: str, right: str, *, training: str = "") -> None:
        """Change the words. `training` stands in place of the shop's name, on brown."""
        if (shop, right, training) != (self.shop, self.aside, self.training):
            self.shop, self.aside, self.training = shop, right, training
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw mark and words."""
        inside = self.box.inset(48 if self.look.layout is not Layout.COMPACT else 33, 0)
        mark = Box(inside.x, self.box.y + (self.box.height - 60) / 2, 60, 60)
        if self.training:
            self._paint_training(pen, inside, mark)
            return
        theme = self.look.theme
        if pictures.has_sign(theme.mark):
            pen.fill(mark, "skifer" if theme.high_contrast else "gran", 16)
            pen.sign(mark.inset(12), theme.mark, "sno" if theme.high_contrast else "multe")
        else:
            pen.picture_file(mark, theme.mark)
        shop_wide = pen.width(self.shop, Face.SEMIBOLD, 36) + 60 + 20 + 28
        right_wide = pen.width(self.aside, Face.MEDIUM, 36) + 2
        # Whose shop it is comes before which till, where there is room for one.
        aside = self.aside if shop_wide + right_wide <= inside.width + 2 else ""
        right_wide = right_wide if aside else 0
        right, rest = inside.take_right(right_wide, 28)
        words = Box(mark.right + 20, self.box.y, rest.right - mark.right - 20, self.box.height)
        pen.text(words, self.shop, Face.SEMIBOLD, 36, "skifer")
        pen.text(right, aside, Face.MEDIUM, 36, "skifer2", align="right")
        if theme.high_contrast:
            pen.rule(0, self.box.bottom - 4, self.look.glass.box.width)

    def _paint_training(self, pen: Pen, inside: Box, mark: Box) -> None:
        """Nobody may take a training till for a real one: the whole bar says so."""
        pen.fill(self.box, "brun")
        pen.fill(mark, "multe_lys", 16)
        pen.sign(mark.inset(9), "graduation-cap", "brun")
        wide = pen.width(self.aside, Face.MEDIUM, 36) + 2
        words = Box(mark.right + 20, inside.y, inside.right - mark.right - 20, inside.height)
        roomy = pen.width(self.training, Face.BOLD, 38) + wide + 28 <= words.width
        if roomy:
            aside, words = words.take_right(wide, 28)
            pen.text(aside, self.aside, Face.MEDIUM, 36, "multe_lys", align="right")
        pen.text(words, self.training, Face.BOLD, 38, "multe_lys", lines=2, leading=1.05)


TINTS: Final = {
    Kind.DONE: ("gran_lys", "gran3"),
    Kind.PEOPLE: ("blaabaer_lys", "blaabaer"),
    Kind.WAITING: ("multe_lys", "skifer"),
    Kind.FAILED: ("tyttebaer_lys", "tyttebaer"),
}
"""Ground and colour of each kind."""


HIGH, LOW = 130, 90
"""A banner so high, in units, has room for a third line; a lower one no room around two."""


class Banner(Part):
    """Tint, sign and one sentence; nothing at all while there is nothing to say."""

    def __init__(self, look: Look, box: Box, model: BannerModel | None = None) -> None:
        super().__init__(look, box)
        self.model = model
        self.repaint()

    def show(self, model: BannerModel | None) -> None:
        """Change what it says."""
        if model != self.model:
            self.model = model
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the banner."""
        if self.model is None:
            return
        ground, colour = TINTS[self.model.kind]
        if self.look.theme.high_contrast:
            pen.framed(self.box, ground, "kant", 32)
        else:
            pen.fill(self.box, ground, 32)
        inside = self.box.inset(36, 5 if self.box.height >= LOW else 0)
        pen.sign_and_text(
            inside, self.model.sign, self.model.text, Face.SEMIBOLD, 42, colour, sign_size=52,
            gap=28, align="left", lines=3 if self.box.height >= HIGH else 2, leading=1.15,
        )  # fmt: skip


CHIP_PAD, CHIP_PAD_TIGHT = 32, 16
SMALL_PAD = 18


def paint_chip(pen: Pen, box: Box, model: ChipModel, *, size: float = 38) -> None:
    """Draw a chip at the left of `box`, as wide as its words."""
    ground, colour = TINTS[model.kind]
    side = pen.look.size(42)
    words = pen.width(model.text, Face.SEMIBOLD, size) + side + 18
    pad = CHIP_PAD if words + 2 * CHIP_PAD <= box.width else CHIP_PAD_TIGHT
    width = min(words + 2 * pad, box.width)
    chip = Box(box.x, box.y, width, box.height)
    if pen.look.theme.high_contrast:
        pen.framed(chip, ground, "kant", chip.height / 2)
    else:
        pen.fill(chip, ground, chip.height / 2)
    pen.sign_and_text(chip.inset(pad - 1, 0), model.sign, model.text, Face.SEMIBOLD, size, colour,
                      sign_size=42, gap=18, align="left")  # fmt: skip


def small_chip_width(pen: Pen, text: str) -> float:
    """Return how wide a chip within a row is."""
    return pen.width(text, Face.SEMIBOLD, 34) + pen.look.size(32) + 12 + 2 * SMALL_PAD + 2


def paint_small_chip(pen: Pen, box: Box, model: ChipModel) -> float:
    """Draw a chip within a row, at the left of `box`; return where it ends."""
    ground, colour = TINTS[model.kind]
    pill = Box(box.x, box.y, min(small_chip_width(pen, model.text), box.width), box.height)
    if pen.look.theme.high_contrast:
        pen.framed(pill, ground, "kant", pill.height / 2)
    else:
        pen.fill(pill, ground, pill.height / 2)
    pen.sign_and_text(pill.inset(SMALL_PAD, 0), model.sign, model.text, Face.SEMIBOLD, 34, colour,
                      sign_size=32, gap=12, align="left")  # fmt: skip
    return pill.right


class Chip(Part):
    """A sign and a word in a pill, left in its box."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.model: ChipModel | None = None

    def show(self, model: ChipModel) -> None:
        """Change what it says."""
        if model != self.model:
            self.model = model
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the chip."""
        if self.model is not None:
            paint_chip(pen, self.box, self.model)
