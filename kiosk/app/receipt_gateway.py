"""[receipt_gateway]: what sends the link to a receipt to a number or an address that was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from drivers.contracts.gateway import LinkGateway

ROUTES: Final = {"sms": ("url",), "mail": ("host", "to", "user"), "email": ("host", "user")}
"""What each route needs beside its key and sender."""
_SUBJECT: Final = "Kvittering"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySection:
    """One route; see `drivers/gateway/README.md`."""

    route: str
    """sms, mail (to a provider that makes an SMS of it) or email (to an address that is typed)."""
    key: str
    """A file that only the kiosk can read, or `credential:NAME`: bearer token or password."""
    sender: str
    url: str = ""
    host: str = ""
    port: int = 587
    to: str = ""
    user: str = ""
    ca: Path | None = None
    timeout_s: float = 10.0


def check(section: GatewaySection, wrong: Callable[[str, str], None]) -> None:
    """Tell what is wrong with the section beyond the kinds of its values."""
    if section.route not in ROUTES:
        wrong("receipt_gateway.route", f"{section.route!r} is none. Expected sms, mail or email.")
        return
    for name in ROUTES[section.route]:
        if not getattr(section, name):
            wrong(f"receipt_gateway.{name}", f"is missing. The route {section.route} needs it.")
    others = {name for names in ROUTES.values() for name in names} - set(ROUTES[section.route])
    for name in sorted(others):
        if getattr(section, name):
            wrong(f"receipt_gateway.{name}", f"is not for the route {section.route}.")
    if not 1 <= section.timeout_s <= 30:
        wrong("receipt_gateway.timeout_s", f"{section.timeout_s} is out of bounds: 1 to 30.")


def gateway_of(section: GatewaySection | None) -> "LinkGateway | None":
    """Return the gateway; what it needs is imported only where there is one.

    Raises:
        DeviceConfigError: an address, a sender or a key that cannot be used.
    """
    if section is None:
        return None
    from drivers.contracts.gateway import Reach
    from drivers.gateway import ADDRESS, LinkSender, MailOptions, MailRoute, SmsOptions, SmsRoute

    if section.route == "sms":
        sms = SmsOptions(
            url=section.url, sender=section.sender, key=section.key, timeout_s=section.timeout_s
        )
        return LinkSender(SmsRoute(sms))
    by_email = section.route == "email"
    mail = MailOptions(
        host=section.host,
        port=section.port,
        to=ADDRESS if by_email else section.to,
        sender=section.sender,
        subject=_SUBJECT,
        user=section.user,
        key=section.key,
        ca=section.ca,
        timeout_s=section.timeout_s,
    )
    return LinkSender(MailRoute(mail), reach=Reach.EMAIL if by_email else Reach.NUMBER)
