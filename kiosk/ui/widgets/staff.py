"""Parts of staff mode: blueberry, a badge and other words, so that nobody takes it for a shopper's.

Pictures 13 and 23. White or outlined, a pair of answers has one size; yellow is the way back alone,
once all is decided.
"""

from collections.abc import Callable

from kiosk.ui.look import Look
from kiosk.ui.paint import FLOOR, Pen
from kiosk.ui.present.staff_desk import DecisionModel
from kiosk.ui.present.staff_parts import StaffFrameModel
from kiosk.ui.sizes import FLOOR_BIG
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets.button import Pressable, SecondaryButton
from kiosk.ui.widgets.counter import CORNER, Counter
from kiosk.ui.widgets.keys import WideKey
from kiosk.ui.widgets.part import Part

MARK = 60
CARD_RADIUS = 38
LOW_TOOL = 110
"""A tool lower than this has its sign beside the word."""
WIDE_TOOL = 3.2
"""So does one that is this many times as wide as it is high, in the size of other buttons."""


def staff_counter(look: Look, box: Box) -> Counter:
    """Return the blueberry counter; at the right it makes one angle with the bar (picture 23)."""
    return Counter(look, box, colour="blaabaer9", corner=CORNER if look.portrait else 0.0)


class StaffBar(Part):
    """Who is signed in, which till, when it locks; brown and with a word in training."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.frame: StaffFrameModel | None = None

    def show(self, frame: StaffFrameModel) -> None:
        """Change the words."""
        if frame != self.frame:
            self.frame = frame
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw badge and words on blueberry."""
        if self.frame is None:
            return
        training = self.frame.training
        pen.fill(self.box, "brun" if training else "blaabaer9")
        strong, weak = ("multe_lys",) * 2 if training else ("paa_gran", "blaabaer9_svak")
        inside = self.box.inset(48 if self.look.layout is not Layout.COMPACT else 33, 0)
        mark = Box(inside.x, self.box.y + (self.box.height - MARK) / 2, MARK, MARK)
        pen.fill(mark, strong, 16)
        pen.sign(mark.inset(11), "identification-badge", "brun" if training else "blaabaer9")
        words = Box(mark.right + 20, inside.y, inside.right - mark.right - 20, inside.height)
        who = self.frame.who
        wide = pen.width(self.frame.aside, Face.MEDIUM, 36) + 2
        need = pen.width(who, Face.SEMIBOLD, 36) + 2
        # Where there is no room for both, both get smaller, in two halves of their own.
        aside, rest = words.take_right(min(wide, max(words.width - need - 24, words.width / 2)), 24)
        pen.text(rest, who, Face.SEMIBOLD, 36, strong, lines=2, leading=1.1)
        pen.text(aside, self.frame.aside, Face.MEDIUM, 36, weak, align="right", lines=2,
                 leading=1.1)  # fmt: skip
        if self.look.theme.high_contrast:
            pen.rule(0, self.box.bottom - 4, self.box.width)


class StaffAnswer(Pressable):
    """One of a pair: filled or outlined, never of different size. Not available: a grey outline."""

    radius: float = 28
    ring_colour = "skifer"
    filled = False
    available = True

    def show_answer(self, text: str, sign: str, *, filled: bool, available: bool = True) -> None:
        """Change everything that it tells."""
        wanted = (text, sign, filled, available)
        if wanted != (self.text, self.sign, self.filled, self.available):
            self.text, self.sign, self.filled, self.available = wanted
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw sign and words in the middle."""
        if not self.available:
            pen.framed(self.box, "sno", "kant", self.radius)
            colour = "skifer2"
        elif self.filled:
            pen.fill(self.box, "blaabaer9_svak" if self.pressed and self.look.theme.high_contrast
                     else "blaabaer9" if self.pressed else "blaabaer", self.radius)  # fmt: skip
            colour = "paa_blaabaer"
        else:
            pressed = "blaabaer_ned" if self.look.theme.high_contrast else "blaabaer_lys"
            pen.framed(self.box, pressed if self.pressed else "sno", "blaabaer", self.radius, 4)
            colour = "blaabaer"
        tight = self.box.width < 300 or self.look.big
        words = pen.width(self.text, Face.BOLD, 40) + self.look.size(46) + 20 + 40
        crowded = tight and words > self.box.width
        pen.sign_and_text(
            self.box.inset(10 if tight else 20, 5), "" if crowded and self.look.big else self.sign,
            self.text, Face.BOLD, 40, colour, sign_size=36 if tight else 46,
            gap=10 if tight else 20, lines=2, leading=1.05,
        )  # fmt: skip


class DecisionCard(Part):
    """A white card: what is to be decided, and the pair of answers."""

    def __init__(
        self, look: Look, box: Box, on_answer: Callable[[str, bool], None], *, pad: float,
        answer: float, name: str,
    ) -> None:  # fmt: skip
        super().__init__(look, box)
        self.decision: DecisionModel | None = None
        self.pad = pad
        self.on_answer = on_answer
        gap = 18 if look.layout is not Layout.COMPACT else 12
        self.pair = box.inset(pad).take_bottom(answer)[0]
        left, right = self.pair.columns(2, gap)
        self.yes = StaffAnswer(look, left, name=f"{name}-yes", on_press=lambda: self._tell(True))
        self.no = StaffAnswer(look, right, name=f"{name}-no", on_press=lambda: self._tell(False))
        self.add_widget(self.yes)
        self.add_widget(self.no)

    def _tell(self, approved: bool) -> None:
        if self.decision is not None:
            self.on_answer(self.decision.id, approved)

    def show(self, decision: DecisionModel) -> None:
        """Show another decision, or the same with other words."""
        if decision == self.decision:
            return
        self.decision = decision
        yes, no = decision.yes, decision.no
        self.yes.show_answer(yes.text, yes.sign, filled=True, available=yes.available)
        if no is not None:
            self.no.show_answer(no.text, no.sign, filled=False)
        self.no.opacity, self.no.enabled = (1, True) if no is not None else (0, False)
        self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the card, its sign, title and note."""
        if self.decision is None:
            return
        if self.look.theme.high_contrast:
            pen.framed(self.box, "sno", "kant", CARD_RADIUS)
        else:
            pen.fill(self.box, "sno", CARD_RADIUS)
        head = Box(self.pair.x, self.box.y + self.pad, self.pair.width,
                   self.pair.y - self.box.y - self.pad - 8)  # fmt: skip
        side = self._sign_side(pen, head)
        words = head
        if side:
            square, words = head.take_left(side, 28 if side > 90 else 16)
            square = Box(square.x, head.y + (min(97, head.height) - side) / 2, side, side)
            if not self.look.theme.high_contrast:
                pen.fill(square, "blaabaer_lys", 22)
            pen.sign(square.inset(side * 0.22), self.decision.sign, "blaabaer")
        high = self.look.size(46) * 1.15
        note_high = self.look.size(36) * 1.2
        if not self.decision.note:
            pen.text(words, self.decision.title, Face.BOLD, 46, "skifer", lines=2, leading=1.1)
            return
        shrink = min(1.0, words.height / (high + note_high))
        high, note_high = high * shrink, note_high * shrink
        top = words.y + max((min(max(side, 97), words.height) - high - note_high) / 2, 0)
        pen.text(Box(words.x, top, words.width, high), self.decision.title, Face.BOLD, 46, "skifer",
                 leading=1.1)  # fmt: skip
        pen.text(Box(words.x, top + high, words.width, note_high), self.decision.note,
                 Face.REGULAR, 36, "skifer2", leading=1.1)  # fmt: skip

    def _sign_side(self, pen: Pen, head: Box) -> float:
        """Return how large the sign is: long words get its room, first a part, then all of it."""
        if self.decision is None:
            return 0
        floor = FLOOR_BIG if self.look.big else FLOOR
        need = max(
            pen.width(self.decision.note, Face.REGULAR, floor),
            pen.width(self.decision.title, Face.BOLD, floor) if self.decision.note else 0,
        )
        large = self.look.layout is not Layout.COMPACT
        sides = ((97.0, 28), (66.0, 16)) if large else ((66.0, 16),)
        fits = (side for side, gap in sides if need <= head.width - side - gap)
        return min(next(fits, 0), head.height)


class ToolButton(Pressable):
    """A tool: sign and word; not available, an outline with the reason under the word."""

    radius: float = 30
    reason = ""

    def show_tool(self, text: str, sign: str, reason: str) -> None:
        """Change everything that it tells."""
        if (text, sign, reason) != (self.text, self.sign, self.reason):
            self.text, self.sign, self.reason = text, sign, reason
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw sign over word, or beside it where a tool is low."""
        if self.reason:
            self._paint_reason(pen)
            return
        ground = "blaabaer_ned" if self.pressed else "blaabaer2"
        pen.framed(self.box, ground, "blaabaer2_kant", self.radius)
        if self.box.width > WIDE_TOOL * self.box.height:
            pen.sign_and_text(self.box.inset(24, 5), self.sign, self.text, Face.SEMIBOLD, 44,
                              "paa_gran", sign_size=48, gap=24, lines=2)  # fmt: skip
            return
        if self.box.height < LOW_TOOL:
            wide = pen.width(self.text, Face.SEMIBOLD, 34) + self.look.size(38) + 14 + 16
            sign = self.sign if wide <= self.box.width else ""
            pen.sign_and_text(
                self.box.inset(8, 4), sign, self.text, Face.SEMIBOLD, 34, "paa_gran",
                sign_size=38, gap=14, lines=2, leading=1.05,
            )  # fmt: skip
            return
        word_high = self.look.size(34) * 1.25
        word, top = self.box.inset(10, 12).take_bottom(word_high)
        side = min(46, top.height)
        x, y = top.middle
        pen.sign(Box(x - side / 2, y - side / 2, side, side), self.sign, "paa_gran")
        pen.text(word, self.text, Face.SEMIBOLD, 34, "paa_gran", align="middle")

    def _paint_reason(self, pen: Pen) -> None:
        pen.framed(self.box, "blaabaer9", "blaabaer2_kant", self.radius)
        upper, lower = self.box.inset(3, 4).rows(2, 0)
        sign = "prohibit" if not self.look.big and self.box.width > 200 else ""
        pen.sign_and_text(upper, sign, self.text, Face.SEMIBOLD, 34, "paa_gran", sign_size=32,
                          gap=10)  # fmt: skip
        pen.text(
            lower, self.reason, Face.MEDIUM, 34, "blaabaer9_svak", align="middle", leading=1.05
        )


class GiveBack(Pressable):
    """Gives the till back to the shopper: white, and the yellow next step once all is decided."""

    radius: float = 40
    ready = False
    waiting = False

    def wait(self, text: str) -> None:
        """Become an outline with a clock that says what we wait for; nothing can be pressed."""
        if (text, True) != (self.text, self.waiting):
            self.text, self.waiting, self.ready = text, True, False
            self.next_step = self.enabled = False
            self.repaint()

    def show_ready(self, text: str, *, ready: bool) -> None:
        """Change words and whether it is the next step."""
        if (text, ready, False) != (self.text, self.ready, self.waiting):
            self.text, self.ready, self.next_step = text, ready, ready
            self.waiting, self.enabled = False, True
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw lock and words."""
        if self.waiting:
            pen.framed(self.box, "blaabaer9", "blaabaer2_kant", self.radius)
            pen.sign_and_text(
                self.box.inset(20, 0), "clock", self.text, Face.SEMIBOLD, 46, "paa_gran",
                sign_size=52, gap=20, lines=2, leading=1.05,
            )  # fmt: skip
            return
        ground, pressed = ("multe", "multe_ned") if self.ready else ("paa_gran", "blaabaer9_svak")
        pen.fill(self.box, pressed if self.pressed else ground, self.radius)
        pen.sign_and_text(
            self.box.inset(20, 8), self.sign or "lock-simple", self.text, Face.SEMIBOLD, 46,
            "multe_tekst", sign_size=52, gap=20, lines=2, leading=1.05,
        )  # fmt: skip


class StaffButton(SecondaryButton):
    """Another thing to do, in blueberry; with a reason it cannot be done now."""

    reason = ""

    def show_button(self, text: str, reason: str = "") -> None:
        """Change words and reason."""
        if (text, reason) != (self.text, self.reason):
            self.text, self.reason = text, reason
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw sign and words in the middle."""
        if self.reason:
            pen.framed(self.box, "blaabaer9", "blaabaer2_kant", self.radius)
            upper, lower = self.box.inset(12, 8).split([1], 0)[0].rows(2, 0)
            pen.sign_and_text(upper, "prohibit", self.text, Face.SEMIBOLD, 40, "paa_gran",
                              sign_size=40, gap=12)  # fmt: skip
            pen.text(
                lower, self.reason, Face.MEDIUM, 34, "blaabaer9_svak", align="middle", leading=1.05
            )
            return
        ground = "blaabaer_ned" if self.pressed else "blaabaer2"
        pen.framed(self.box, ground, "blaabaer2_kant", self.radius)
        tight = self.box.width < 360
        pen.sign_and_text(
            self.box.inset(12 if tight else 24, 5), self.sign, self.text, Face.SEMIBOLD,
            40 if tight else 44, "paa_gran", sign_size=38 if tight else 48,
            gap=12 if tight else 24, lines=2, leading=1.05,
        )  # fmt: skip


class StaffChoiceTile(Pressable):
    """One answer of a choice: white, words in the middle, all of one size."""

    radius: float = 30

    def paint(self, pen: Pen) -> None:
        """Draw the words."""
        if self.look.theme.high_contrast:
            pen.framed(self.box, "blaabaer_ned" if self.pressed else "sno", "kant", self.radius)
        else:
            pen.fill(self.box, "blaabaer_lys" if self.pressed else "sno", self.radius)
        pen.text(self.box.inset(16, 5), self.text, Face.BOLD, 42, "skifer", align="middle",
                 lines=2, leading=1.05)  # fmt: skip


class StaffWideKey(WideKey):
    """Delete in blueberry, or the yellow check."""

    def paint(self, pen: Pen) -> None:
        """Draw the sign."""
        if self.confirm:
            super().paint(pen)
            return
        ground = "blaabaer_ned" if self.pressed else "blaabaer2"
        pen.framed(self.box, ground, "blaabaer2_kant", self.radius)
        x, y = self.box.middle
        pen.sign(Box(x - 28, y - 28, 56, 56), self.sign, "paa_gran")
