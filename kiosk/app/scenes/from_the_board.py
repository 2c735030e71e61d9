"""A shopper calls for help, and it comes from the store's board: seconds, and nobody had to walk.

The same hand tries to approve the beer, too, and the kiosk refuses: by law somebody has to stand
there. What is decided goes over the fleet's web API and the broker, as from the page.
"""

from typing import Any, Final

from kiosk.app.at_the_board import AtTheBoard
from kiosk.app.own_fleet import HERE
from kiosk.app.page_album import PageAlbum
from kiosk.app.shopper import Shopper
from kiosk.engine.view import Screen

PHONE: Final = "board-phone"


class TheBoard:
    """The attendant's side of the scene, and what came of it."""

    def __init__(
        self, who: AtTheBoard, operator: AtTheBoard, album: PageAlbum | None = None
    ) -> None:
        self.who = who
        self._operator = operator
        self.said: dict[str, Any] = {}
        """The kiosk's verdicts, by what was asked from the board."""
        self._album = album

    def help(self, shopper: Shopper) -> None:
        """From the shopper's touch of "Hjelp" to the list that stands again."""
        who = self.who
        shopper.tell("   a question: the shopper calls for help (light: amber, blinking)")
        shopper.press("Hjelp")
        shopper.wait_for_screen(Screen.HELP)
        shopper.look("help-called")
        call, beer = who.call("help"), who.call("age")
        self._look(PHONE, size="phone")
        shopper.tell(f"   {who.display_name} sees it on the store's board: on my way")
        self.said["seen"] = who.come(call)
        shopper.wait_for("the name of who comes", lambda v: v.seen_by == who.display_name)
        shopper.look("help-seen")
        shopper.tell("   she tries to approve the beer from there, and may not: only at the kiosk")
        self.said["age"] = who.decide(beer, approved=True)
        self._look("board-till", size="till")
        shopper.tell("   the question is answered, and shopping goes on")
        self.said["help"] = who.decide(call, approved=True)
        shopper.wait_for_screen(Screen.SCAN)
        shopper.settle()
        # What the operator's page of this kiosk shows: the glass, without private texts.
        self._operator.command(str(HERE), "screenshot")

    def look_back(self) -> None:
        """Draw the operator's view, and the page of this kiosk, once all has been sold."""
        fleet, album = self._operator.fleet, self._album
        if album is not None:
            here = f"{fleet.url}/fleet"
            album.take("fleet", self._operator, here, size="desktop", shows="Viser ")
            kiosk = f"{here}/kiosk/{HERE}"
            album.take("fleet-kiosk", self._operator, kiosk, size="desktop", shows="Kasse-ID")

    def _look(self, name: str, *, size: str) -> None:
        if self._album is not None:
            url = self.who.fleet.board_url
            self._album.take(name, self.who, url, size=size, shows="Bare ved kassen")
