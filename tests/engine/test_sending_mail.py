"""The link to a receipt by e-mail: typed on the glass, over the real wire, and kept by nobody."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.contracts.gateway import LinkSent, Reach, SendOutcome
from drivers.gateway import ADDRESS, LinkSender, MailOptions, MailRoute
from drivers.sim.mail_server import MailServerSim
from drivers.sim.terminal_wire import make_certificates
from kiosk.engine import messages as m
from kiosk.engine.closing_view import SendStep
from kiosk.engine.sending import MAIL_CHARS_MAX
from kiosk.engine.view import Screen
from kiosk.sale.events import ReceiptChoice
from tests.engine.bench import MILK, Bench
from tests.engine.test_phone_receipts import with_links
from tests.engine.test_sending import Gateway

KARI = "kari.nordmann@naermat.example"


class Mails(Gateway):
    """A gateway that sends to addresses."""

    reach = Reach.EMAIL


def paid(bench: Bench, gateway: object) -> Bench:
    with_links(bench)
    bench.engine._till.gateway = gateway  # type: ignore[assignment]
    return bench.scan(MILK).pay_by_card().take_receipt(ReceiptChoice.PHONE)


@pytest.fixture
def gateway() -> Mails:
    return Mails()


@pytest.fixture
def shop(bench: Bench, gateway: Mails) -> Bench:
    return paid(bench, gateway)


def write(shop: Bench, keys: str) -> Bench:
    return shop.send(m.SendLinkPressed(), *(m.LinkDigitTyped(key) for key in keys))


def typed(shop: Bench) -> str:
    assert shop.view.send_link is not None, shop.view.screen
    return shop.view.send_link.typed


def test_the_address_is_seen_while_it_is_typed_and_gone_with_the_check_key(
    shop: Bench, gateway: Mails
) -> None:
    assert shop.view.thanks is not None
    assert shop.view.thanks.by_mail
    write(shop, KARI)
    assert (shop.view.screen, typed(shop)) == (Screen.SEND_MAIL, KARI)
    shop.send(m.LinkConfirmed())
    assert shop.view.screen is Screen.THANKS
    assert shop.view.send_link is None
    assert [order.address for order in gateway.orders] == [KARI]
    assert KARI not in repr(gateway.orders)
    assert not any(KARI in repr(view) for view in shop.published)
    assert shop.engine._till.session.link is not None
    assert shop.engine._till.session.link.typed == ""
    assert not any(KARI in repr(event) for event in shop.record())


def test_keys_that_no_address_has_do_nothing(shop: Bench) -> None:
    write(shop, 'a b;<>\n"A')
    assert typed(shop) == "ab"
    shop.send(*(m.LinkDigitTyped(key) for key in ("@", "@", "x", ".no", "no", "\b")))
    assert typed(shop) == "ab@x.n"


def test_no_address_is_longer_than_somebody_types_standing(shop: Bench) -> None:
    write(shop, "x" * (MAIL_CHARS_MAX + 20))
    assert len(typed(shop)) == MAIL_CHARS_MAX
    shop.send(m.LinkDigitTyped(".no"))
    assert len(typed(shop)) == MAIL_CHARS_MAX


@pytest.mark.parametrize("half", ["kari", "kari@", "kari@x", "kari@x.", "kari@x.n", "@x.no"])
def test_half_an_address_is_not_sent(shop: Bench, gateway: Mails, half: str) -> None:
    write(shop, half).send(m.LinkConfirmed())
    assert shop.view.screen is Screen.SEND_MAIL
    assert not gateway.orders


def test_the_way_back_forgets_the_letters(shop: Bench) -> None:
    write(shop, KARI).send(m.BackPressed(), m.SendLinkPressed())
    assert typed(shop) == ""


def test_who_walks_away_leaves_nothing_to_the_next(shop: Bench) -> None:
    write(shop, KARI).wait(61)
    assert shop.view.screen is Screen.START
    assert shop.engine._till.session.link is None


@pytest.fixture
def far_end(tmp_path: Path) -> Iterator[tuple[MailServerSim, LinkSender, "queue.Queue[LinkSent]"]]:
    ca, certificate = make_certificates(tmp_path, "localhost")
    key = tmp_path / "key"
    key.touch(mode=0o600)
    key.write_text("secret", encoding="utf-8")
    server = MailServerSim(certificate, user="shop", password="secret")
    sender = LinkSender(
        MailRoute(
            MailOptions(
                host="localhost", port=server.port, to=ADDRESS, sender="shop@naermat.example",
                subject="Kvittering", user="shop", key=str(key), ca=ca, timeout_s=60,
            )
        ),
        reach=Reach.EMAIL,
    )  # fmt: skip
    answers: queue.Queue[LinkSent] = queue.Queue()
    sender.start(answers.put)
    yield server, sender, answers
    sender.stop()
    server.stop()


def test_the_link_on_the_glass_is_what_the_mail_server_gets(
    bench: Bench, far_end: tuple[MailServerSim, LinkSender, "queue.Queue[LinkSent]"]
) -> None:
    server, sender, answers = far_end
    shop = paid(bench, sender)
    assert shop.view.thanks is not None
    code = shop.view.thanks.phone_code
    write(shop, KARI).send(m.LinkConfirmed())
    answer = answers.get(timeout=120)
    assert answer.outcome is SendOutcome.SENT
    shop.send(answer)
    assert shop.view.thanks.send is SendStep.SENT
    (got,) = server.mails
    assert got["To"] == KARI
    assert code in got.get_content().replace("\n", "")
