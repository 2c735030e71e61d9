"""What every part needs to draw itself: glass, theme, text size and the shopper's settings."""

from dataclasses import dataclass

from kiosk.engine.view import Settings
from kiosk.ui.theme import HIGH_CONTRAST, Theme
from kiosk.ui.units import Glass, Layout

BODY_UP_TO = 64
"""Sizes up to this grow most with large text; numbers and titles are large already."""
TITLE_UP_TO = 104


@dataclass(frozen=True, slots=True)
class Look:
    """One way to draw. Screens are built anew when it changes."""

    glass: Glass = Glass(1080, 1920)
    theme: Theme = Theme()
    settings: Settings = Settings()

    @classmethod
    def of(cls, glass: Glass, theme: Theme, settings: Settings) -> "Look":
        """Return the look for the shopper's settings: high contrast replaces the theme."""
        return cls(glass, HIGH_CONTRAST if settings.high_contrast else theme, settings)

    @property
    def layout(self) -> Layout:
        """How sheet and counter lie."""
        return self.glass.layout

    @property
    def portrait(self) -> bool:
        """Whether the counter is at the bottom."""
        return self.layout is Layout.PORTRAIT

    @property
    def big(self) -> bool:
        """Whether texts are 1.4 times and lists show less (picture 14): large text or contrast."""
        return self.settings.large_text or self.settings.high_contrast

    @property
    def motion(self) -> bool:
        """Whether things may move; else everything is a short fade."""
        return not self.settings.less_motion

    def size(self, units: float) -> float:
        """Return a text size of the design as it is with the shopper's settings, in units."""
        if not self.big:
            return units
        if units <= BODY_UP_TO:
            return units * 1.43
        return units * (1.3 if units <= TITLE_UP_TO else 1.15)
