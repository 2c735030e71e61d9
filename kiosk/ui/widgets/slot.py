"""The slot over the add buttons: a prompt, a banner or a toast, one at a time."""

from collections.abc import Callable

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.parts import BannerModel, PromptModel, SlotModel, ToastModel
from kiosk.ui.units import Box
from kiosk.ui.widgets.bars import Banner
from kiosk.ui.widgets.counter import Prompt, Toast
from kiosk.ui.widgets.part import Part


class Slot(Part):
    """Shows a `SlotModel`; a newer one replaces the older in the same place."""

    def __init__(self, look: Look, box: Box, *, on_undo: Callable[[], None] | None = None) -> None:
        super().__init__(look, box)
        self.on_undo = on_undo
        self.model: SlotModel | None = None

    def paint(self, pen: Pen) -> None:
        """Draw nothing itself."""

    def show(self, model: SlotModel) -> None:
        """Take the new model."""
        if model == self.model:
            return
        self.model = model
        self.clear_widgets()
        match model:
            case PromptModel():
                lines = 1 if self.look.portrait and not self.look.big else 2
                self.add_widget(
                    Prompt(self.look, self.box, model.text, sign=model.sign, lines=lines)
                )
            case BannerModel():
                self.add_widget(Banner(self.look, self.box, model))
            case ToastModel():
                toast = Toast(self.look, self.box, undo=model.undo, on_undo=self.on_undo)
                toast.show(model.text, picture=model.picture)
                self.add_widget(toast)
