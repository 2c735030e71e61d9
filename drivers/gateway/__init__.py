"""Links to receipts, sent by SMS, or by mail. See README.md."""

from drivers.gateway.address import email_address
from drivers.gateway.mail import ADDRESS, MailOptions, MailRoute
from drivers.gateway.sender import LinkSender, Refused, Route, Unreached
from drivers.gateway.sms import SmsOptions, SmsRoute

__all__ = [
    "ADDRESS",
    "LinkSender",
    "MailOptions",
    "MailRoute",
    "Refused",
    "Route",
    "SmsOptions",
    "SmsRoute",
    "Unreached",
    "email_address",
]
