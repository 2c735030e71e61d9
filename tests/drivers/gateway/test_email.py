"""The link by e-mail: what is an address, and what a server over a real socket gets of it."""

from dataclasses import replace

import pytest

from drivers.contracts.gateway import Reach, SendOutcome
from drivers.gateway import ADDRESS, MailRoute, email_address
from drivers.gateway.sender import PER_NUMBER

from .test_gateway import (  # noqa: F401  (fixtures)
    SECRET,
    TEXT,
    certificates,
    key,
    mail,
    mail_options,
    sending,
)

KARI = "kari.nordmann@naermat.example"


@pytest.mark.parametrize(
    ("typed", "sent_to"),
    [
        ("kari@example.no", "kari@example.no"),
        (" Kari.Nordmann+kasse@Example.NO ", "Kari.Nordmann+kasse@example.no"),
        ("kari@blåbær.no", "kari@xn--blbr-roah.no"),
        ("bjørn@example.no", "bjørn@example.no"),
        ("a_b-c@sub.example.co", "a_b-c@sub.example.co"),
    ],
)
def test_what_is_an_address_is_sent_to_in_the_servers_form(typed: str, sent_to: str) -> None:
    assert email_address(typed) == sent_to


@pytest.mark.parametrize(
    "typed",
    [
        "", "kari", "@example.no", "kari@", "kari@example", "kari@@example.no", "a@b@example.no",
        ".kari@example.no", "kari.@example.no", "ka..ri@example.no", "kari@-example.no",
        "kari@example..no", "kari@example.no.", "kari@127.0.0.1", "kari@[127.0.0.1]",
        '"kari"@example.no', "kari nordmann@example.no", "kari@exa mple.no",
        "kari@example.no\r\nBcc: all@example.no", "kari@example.no,ola@example.no",
        "<kari@example.no>", "k" * 65 + "@example.no", "k@" + "e" * 64 + ".no",
        "k@" + ".".join(["abcdefgh"] * 30) + ".no",
    ],
)  # fmt: skip
def test_what_is_none_never_leaves_the_kiosk(typed: str) -> None:
    assert email_address(typed) == ""


def test_a_mail_goes_to_the_address_that_was_typed(mail, mail_options, sending) -> None:  # noqa: F811
    ask = sending(MailRoute(replace(mail_options, to=ADDRESS)), Reach.EMAIL)
    assert ask(KARI) is SendOutcome.SENT
    (got,) = mail.mails
    assert (got["To"], got["From"]) == (KARI, "shop@naermat.example")
    assert got.get_content().replace("\n", "") == TEXT
    assert not any(KARI in line or SECRET in line for line in mail.in_the_clear)


def test_a_norwegian_domain_is_said_in_its_own_form(mail, mail_options, sending) -> None:  # noqa: F811
    ask = sending(MailRoute(replace(mail_options, to=ADDRESS)), Reach.EMAIL)
    assert ask("kari@blåbær.example") is SendOutcome.SENT
    assert mail.mails[0]["To"] == "kari@xn--blbr-roah.example"


def test_letters_that_the_server_cannot_write_are_a_wrong_address(
    mail, mail_options, sending  # noqa: F811
) -> None:  # fmt: skip
    ask = sending(MailRoute(replace(mail_options, to=ADDRESS)), Reach.EMAIL)
    assert ask("bjørn@naermat.example") is SendOutcome.BAD_ADDRESS
    assert not mail.mails


def test_what_is_no_address_is_not_said_to_the_server(mail, mail_options, sending) -> None:  # noqa: F811
    ask = sending(MailRoute(replace(mail_options, to=ADDRESS)), Reach.EMAIL)
    assert ask("kari@example.no\r\nRCPT TO:<all@example.no>") is SendOutcome.BAD_ADDRESS
    assert not mail.in_the_clear


def test_nobodys_mailbox_is_filled(mail, mail_options, sending) -> None:  # noqa: F811
    ask = sending(MailRoute(replace(mail_options, to=ADDRESS)), Reach.EMAIL)
    assert [ask(KARI) for _ in range(PER_NUMBER + 1)][-1] is SendOutcome.TOO_MANY
    assert len(mail.mails) == PER_NUMBER
