"""Links to receipts, sent to a phone: by a gateway for SMS, or by mail to one. See README.md."""

from drivers.gateway.mail import MailOptions, MailRoute
from drivers.gateway.sender import LinkSender, Refused, Route, Unreached
from drivers.gateway.sms import SmsOptions, SmsRoute

__all__ = [
    "LinkSender",
    "MailOptions",
    "MailRoute",
    "Refused",
    "Route",
    "SmsOptions",
    "SmsRoute",
    "Unreached",
]
