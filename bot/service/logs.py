"""Logs: one JSON object a line, on a terminal a line for people. Each says what the work at hand is about.

    log = structlog.get_logger(__name__)
    with bound(delivery=delivery.id, repository=delivery.repository):
        log.info("scan requested", reason="push")

The standard library's loggers (the engine's, the web server's, urllib3's) write the same way. No line holds a secret.
A field cannot be called ``event``: that is the line's own sentence.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.service._masking import without_secrets

_QUIET: Final = ("alembic", "dbos", "urllib3", "git", "uvicorn")
"""What tells more than an operator wants: from warnings up."""


@contextmanager
def bound(**names: str | int | None) -> Iterator[None]:
    """Say in all lines from here to the end what they are about; a name whose value is None or "" is left out."""
    known = {name: value for name, value in names.items() if value is not None and value != ""}
    with structlog.contextvars.bound_contextvars(**known):
        yield


def configure(stream: TextIO | None = None, *, level: str = "INFO") -> None:
    """Write all logs to ``stream`` (standard error): as lines for people where it is a terminal, else as JSON."""
    target = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        # A test, or a second start in one process, configures anew.
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _rendering(target)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def flush() -> None:
    """Write out what is held back, for a process that ends at once."""
    for handler in logging.getLogger().handlers:
        handler.flush()


def _rendering(stream: TextIO) -> Processor:
    if stream.isatty():
        return _for_people
    return structlog.processors.JSONRenderer(ensure_ascii=False, default=repr)


def _for_people(logger: WrappedLogger, name: str, event: EventDict) -> str:  # noqa: ARG001 - structlog's signature
    """Write ``12:30:05 info  scan done  repository=7``; nothing in it can move the cursor."""
    from bot.markup import terminal_text

    when, level, what = (str(event.pop(key, "")) for key in ("timestamp", "level", "event"))
    event.pop("logger", None)
    trace = event.pop("exception", "")
    rest = " ".join(f"{key}={value}" for key, value in event.items())
    line = f"{when[11:19]} {level:<8} {what}" + (f"  {rest}" if rest else "")
    return terminal_text(line.replace("\n", "\\n")) + (f"\n{terminal_text(str(trace))}" if trace else "")
