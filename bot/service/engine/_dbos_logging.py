"""What DBOS logs, through structlog; by itself it writes to the console."""

from __future__ import annotations

import logging
from typing import Final

import structlog

_TOLD: Final = "Exception encountered in background workflow"


class _Forwarding(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """Pass one record on, but for a workflow's failure, which was told where it happened."""
        if str(record.msg).startswith(_TOLD):
            return
        structlog.get_logger("dbos").log(record.levelno, record.getMessage(), exc_info=record.exc_info)


def speak_through_structlog() -> None:
    """Route the library's warnings to structlog, and leave out what it tells beside: versions, queues, advertising."""
    logger = logging.getLogger("dbos")
    if not any(isinstance(handler, _Forwarding) for handler in logger.handlers):
        logger.handlers = [_Forwarding()]
    logger.propagate = False
    logger.setLevel(logging.WARNING)
