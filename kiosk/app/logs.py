"""Logs: one JSON object a line on standard error, where systemd's journal takes it.

Every line of every logger in the process goes through one allow-list (`redaction`) before it is
written; so do tracebacks of what nobody caught.
"""

import logging
import sys
import threading
from collections import deque
from types import TracebackType
from typing import Any

import structlog

from kiosk.app.redaction import Redaction, may_speak

RECENT_LINES = 500
LINE_CHARS = 2000


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
    """Return the newest lines of the log as they were written, newest last."""
    return list(_recent.lines)[-count:]


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
        Redaction(),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(), _keep],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handlers = [logging.StreamHandler(sys.stderr), _recent]
    for handler in handlers:
        handler.filters = [may_speak]
        handler.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                processor=structlog.processors.JSONRenderer(),
                foreign_pre_chain=shared,
                pass_foreign_args=True,
            )
        )
    logging.basicConfig(handlers=handlers, level=level, force=True)


def log_the_uncaught() -> None:
    """Log what nobody caught, and warnings: the interpreter's words would go past the list."""
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _thread_died


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        structlog.get_logger(__name__).critical("died", exc_info=(kind, error, trace))


def _thread_died(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is None or issubclass(args.exc_type, SystemExit):
        return
    structlog.get_logger(__name__).critical(
        "thread died",
        thread=args.thread.name if args.thread else "",
        exc_info=(args.exc_type, args.exc_value, args.exc_traceback),
    )
