"""The link by e-mail on the glass: keys as on a keyboard, large enough, and no more than needed."""

from dataclasses import replace

import pytest

from kiosk.engine.messages import (
    BackPressed,
    Intent,
    LinkConfirmed,
    LinkDigitTyped,
    SendLinkPressed,
)
from kiosk.engine.sending import MAIL_KEYS
from kiosk.ui.i18n import translator
from kiosk.ui.masked import masked
from kiosk.ui.present.send_mail import ENDING, NORWEGIAN, OTHERS, present_send_mail
from kiosk.ui.present.thanks import present_thanks
from kiosk.ui.samples_more import MORE
from tests.ui.harness import Harness

TOUCHES: list[tuple[str, str, Intent]] = [
    ("thanks_phone_or_address", "send", SendLinkPressed()),
    ("send_mail", "key-å", LinkDigitTyped("å")),
    ("send_mail", "key-@", LinkDigitTyped("@")),
    ("send_mail", "key-ending", LinkDigitTyped(".no")),
    ("send_mail", "delete", LinkDigitTyped("\b")),
    ("send_mail_typed", "confirm", LinkConfirmed()),
    ("send_mail_bad", "leave", BackPressed()),
]


@pytest.mark.parametrize(("sample", "name", "intent"), TOUCHES)
def test_a_touch_sends_its_intent_and_nothing_else(
    kiosk: Harness, sample: str, name: str, intent: Intent
) -> None:
    kiosk.show(MORE[sample])
    kiosk.press(name)
    assert kiosk.sent == [intent]


def test_every_key_on_the_glass_is_one_that_the_engine_takes() -> None:
    for rows in (NORWEGIAN, OTHERS):
        assert {*"".join(rows), ENDING} <= MAIL_KEYS


@pytest.mark.parametrize(
    ("language", "has"), [("nb", True), ("nn", True), ("en", False), ("uk", False)]
)
def test_the_norwegian_letters_stand_where_people_look_for_them(language: str, has: bool) -> None:
    view = MORE["send_mail"]
    spoken = replace(view, settings=replace(view.settings, language=language))
    model = present_send_mail(spoken, translator(language))
    assert ("ø" in "".join(model.rows)) is has
    assert "lagr" in model.lead or "stored" in model.lead or "зберіга" in model.lead


def test_each_step_speaks_of_the_mail() -> None:
    words = translator("en")
    assert present_thanks(MORE["thanks_phone_or_address"], words).send == "Get the link by e-mail"
    notice = present_thanks(MORE["thanks_mail_not_sent"], words).notice
    assert notice is not None
    assert notice.text == "The e-mail could not be sent."


def test_the_store_sees_no_address_on_a_picture_of_the_screen() -> None:
    view = masked(MORE["send_mail_typed"])
    assert view.send_link is not None
    assert view.send_link.typed == ""
    assert "kari" not in repr(MORE["send_mail_typed"])
