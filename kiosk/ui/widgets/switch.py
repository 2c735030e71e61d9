"""A setting of the adjust panel."""

from kiosk.ui.paint import Pen
from kiosk.ui.present.adjust import SettingModel
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.button import Pressable

TIGHT = 420
"""A switch narrower than this, in units, has its state under its name, and less air."""


class SettingSwitch(Pressable):
    """A setting: sign, name, and its state as a word and as a mark that moves."""

    # Not "Switch": Kivy's style sheet has a rule for that name.

    radius = 38

    setting: SettingModel | None = None

    def show_setting(self, setting: SettingModel) -> None:
        """Show a setting and its state."""
        if setting != self.setting:
            self.setting = setting
            self.name = setting.setting
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the row; not available, it is an outline that says when it comes."""
        setting = self.setting
        if setting is None:
            return
        if not setting.available:
            pen.framed(self.box, "gran", "av_kant", self.radius)
        elif self.look.theme.high_contrast:
            pen.framed(self.box, "gran_ned" if self.pressed else "sno", "kant", self.radius)
        else:
            pen.fill(self.box, "mint" if self.pressed else "sno", self.radius)
        strong, weak = ("skifer", "skifer2") if setting.available else ("paa_gran", "mint")
        tight = self.box.width < TIGHT
        inside = self.box.inset(16 if tight else 32, 0)
        mark, rest = inside.take_left(60, 8 if tight else 24)
        x, y = mark.middle
        pen.sign(Box(x - 30, y - 30, 60, 60), setting.sign, strong if setting.available else "mint")
        if setting.available:
            track, rest = rest.take_right(112, 8 if tight else 20)
            self._paint_track(pen, track, on=setting.on)
        if not setting.available:
            upper, lower = rest.inset(0, rest.height * 0.14).rows(2, 0)
            pen.text(upper, setting.text, Face.BOLD, 46, strong)
            pen.text(lower, setting.state, Face.MEDIUM, 40, weak)
            return
        need = pen.width(setting.state, Face.MEDIUM, 40) + 2
        if tight:
            upper, lower = rest.inset(0, rest.height * 0.1).rows(2, 0)
            pen.text(upper, setting.text, Face.BOLD, 46, strong)
            pen.text(lower, setting.state, Face.MEDIUM, 40, weak)
            return
        state, rest = rest.take_right(min(need, rest.width * 0.5), 20)
        pen.text(state, setting.state, Face.MEDIUM, 40, weak, align="right")
        pen.text(rest, setting.text, Face.BOLD, 46, strong, lines=2, leading=1.1)

    def _paint_track(self, pen: Pen, room: Box, *, on: bool) -> None:
        x, y = room.middle
        track = Box(x - 56, y - 32, 112, 64)
        if on:
            pen.fill(track, "gran3", 32)
        else:
            pen.framed(track, "sno", "kant", 32, 4)
        knob = track.right - 32 if on else track.x + 32
        pen.dot((knob, y), 24, "sno" if on else "kant")
        if on:
            pen.sign(Box(knob - 18, y - 18, 36, 36), "check", "gran3")
