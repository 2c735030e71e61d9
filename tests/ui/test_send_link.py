"""The link by SMS on the glass: every button sends what it says, and nothing else."""

import pytest

from kiosk.engine.messages import (
    BackPressed,
    Intent,
    LinkConfirmed,
    LinkDigitTyped,
    ReceiptChosen,
    SendLinkPressed,
)
from kiosk.sale.events import ReceiptChoice
from kiosk.ui.i18n import translator
from kiosk.ui.present.parts import Kind
from kiosk.ui.present.send_link import present_send_link
from kiosk.ui.present.thanks import present_thanks
from kiosk.ui.samples_more import MORE
from tests.ui.harness import Harness

TOUCHES: list[tuple[str, str, Intent]] = [
    ("thanks_phone_or_number", "send", SendLinkPressed()),
    ("thanks_not_sent", "print", ReceiptChosen(ReceiptChoice.PAPER)),
    ("send_link", "key-7", LinkDigitTyped("7")),
    ("send_link", "delete", LinkDigitTyped("\b")),
    ("send_link_typed", "confirm", LinkConfirmed()),
    ("send_link_bad", "leave", BackPressed()),
]


@pytest.mark.parametrize(("sample", "name", "intent"), TOUCHES)
def test_a_touch_sends_its_intent_and_nothing_else(
    kiosk: Harness, sample: str, name: str, intent: Intent
) -> None:
    kiosk.show(MORE[sample])
    kiosk.press(name)
    assert kiosk.sent == [intent]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_each_step_has_its_sentence_and_paper_comes_with_a_failure_only(language: str) -> None:
    words = translator(language)
    models = {name: present_thanks(view, words) for name, view in MORE.items() if "thanks" in name}
    kinds = {name: model.notice and model.notice.kind for name, model in models.items()}
    assert kinds["thanks_phone_or_number"] is None
    assert kinds["thanks_sending"] is Kind.WAITING
    assert kinds["thanks_sent"] is Kind.DONE
    assert kinds["thanks_not_sent"] is Kind.FAILED
    papers = {name for name, model in models.items() if model.print_anyway}
    assert papers == {"thanks_no_receipt", "thanks_not_sent", "thanks_mail_not_sent"}
    offered = {name for name, model in models.items() if model.send}
    assert offered == {"thanks_phone_or_number", "thanks_phone_or_address"}


def test_the_keys_say_that_the_number_is_not_kept() -> None:
    model = present_send_link(MORE["send_link_bad"], translator("nb"))
    assert model.lead.endswith("Nummeret blir ikke lagret.")
    assert model.banner is not None
    assert "norsk mobilnummer" in model.banner.text
