"""The adjust panel, raised over any screen: each setting works at once and is undone by a tap."""

from functools import partial

from kiosk.engine.messages import Adjusted, AdjustPressed
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.stack import gap_of, stacked
from kiosk.ui.present.adjust import SettingModel, present_adjust
from kiosk.ui.present.parts import present_frame
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.widgets import Dim, PrimaryButton, Slot, Words
from kiosk.ui.widgets.switch import SettingSwitch

COUNT = 5
"""Switches: four settings, and reading aloud, which in low layouts stands beside "Ferdig"."""


class AdjustScreen(BaseScreen):
    """Draws the panel."""

    is_overlay = True

    def build(self) -> None:
        """Make the parts; the switches are named by the first view."""
        look = self.look
        # The lead and a row of its own for what comes later are the first to go where it is low.
        low = not look.portrait
        rows = COUNT - 1 if low else COUNT
        places, (prompt, *lines, last) = stacked(
            look,
            [sizes.SLOT, *([] if low else [sizes.SILENCE]), *[sizes.SECONDARY] * rows,
             sizes.PRIMARY],
            counter_width=sizes.COUNTER_WIDER,
        )  # fmt: skip
        self.add(Dim(look))
        self.add_frame(places, top_bar=False)
        self.prompt = self.add(Slot(look, prompt))
        lead = None if low else lines.pop(0)
        self.lead = self.add(Words(look, lead, size=sizes.BODY, colour="mint")) if lead else None
        boxes, done = list(lines), last
        if low:
            later, done = last.split((3, 2), gap_of(look))
            boxes.append(later)
        self._settings: tuple[SettingModel, ...] = ()
        self.switches = tuple(
            self.add(SettingSwitch(look, box, on_press=partial(self._press, index)))
            for index, box in enumerate(boxes)
        )
        self.done = self.add(
            PrimaryButton(look, done, sign="check", sign_after=False, name="done",
                          on_press=partial(self.send, AdjustPressed()))
        )  # fmt: skip

    def _press(self, index: int) -> None:
        setting = self._settings[index]
        if setting.available:
            self.send(Adjusted(setting.setting, on=not setting.on))

    def show(self, view: View) -> None:
        """Show a view."""
        model = present_adjust(view, self.words)
        self._settings = model.settings
        self.show_frame(present_frame(view, self.words))
        self.prompt.show(model.prompt)
        if self.lead is not None:
            self.lead.show(model.lead)
        for switch, setting in zip(self.switches, model.settings, strict=True):
            switch.show_setting(setting)
        self.done.show(model.done.text)
