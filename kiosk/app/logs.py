"""Logs: one JSON object a line on standard error, where systemd's journal takes it.

Whatever looks like a card number is masked before it is written, whoever logged it.
"""

import logging
import re
import sys
from collections import deque
from collections.abc import MutableMapping
from typing import Any

import structlog

RECENT_LINES = 500
LINE_CHARS = 2000
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_MOBILE = re.compile(r"(?<![\w.:-])(?:(?:\+|00)47 ?)?[49]\d{2} ?\d{2} ?\d{3}(?![\w.:-])")
_DIGIT_RUN = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")


def passes_luhn(digits: str) -> bool:
    """Whether the check digit of a card number fits. Source: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def mask_card_numbers(text: str) -> str:
    """Return `text` with all but the last four digits of anything like a card number masked."""

    def masked(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match.group())
        return f"<card ending {digits[-4:]}>" if passes_luhn(digits) else match.group()

    return _DIGIT_RUN.sub(masked, text)


def _mask(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = mask_card_numbers(value)
        elif isinstance(value, int | float | bool | None):
            continue
        else:
            event[key] = mask_card_numbers(str(value))
    return event


class Recent(logging.Handler):
    """Keeps the newest lines, as they were written, for whoever asks from afar."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=RECENT_LINES)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one more line."""
        self.lines.append(self.format(record)[:LINE_CHARS])


_recent = Recent()


def recent_lines(count: int) -> list[str]:
    """Return the newest lines of the log, newest last.

    Card numbers were masked when they were written; what looks like an address of mail or a
    Norwegian mobile number is masked here too, since these lines leave the kiosk.
    """
    return [redacted(line) for line in list(_recent.lines)[-count:]]


def redacted(line: str) -> str:
    """Return a line without addresses of mail and mobile numbers."""
    return _MOBILE.sub("<number>", _MAIL.sub("<address>", line))


def _keep(_logger: Any, _name: str, line: Any) -> str:
    text = str(line)
    _recent.lines.append(text[:LINE_CHARS])
    return text


def set_up_logs(level: int = logging.INFO) -> None:
    """Send structlog and the standard library's logging to standard error, as JSON lines."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(), _keep],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handlers = [logging.StreamHandler(sys.stderr), _recent]
    for handler in handlers:
        handler.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                processor=structlog.processors.JSONRenderer(), foreign_pre_chain=shared
            )
        )
    logging.basicConfig(handlers=handlers, level=level, force=True)
    # httpx logs every request's address at INFO; the kiosk says what it does in its own words.
    logging.getLogger("httpx").setLevel(logging.WARNING)
