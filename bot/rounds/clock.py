"""The two dates of a scan."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self

from analyzers.errors import UsageError


@dataclass(frozen=True, slots=True)
class Clock:
    """The two dates of a scan: `as_of` judges, `now` is written into the report."""

    as_of: date
    now: datetime

    @classmethod
    def read(cls, as_of: date | None) -> Self:
        """Read the wall clock, once; ``SOURCE_DATE_EPOCH`` replaces it for reproducible runs. Raises UsageError."""
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        if epoch and not epoch.isdigit():
            raise UsageError(f"SOURCE_DATE_EPOCH is '{epoch}': give seconds since 1970, or unset it")
        now = datetime.fromtimestamp(int(epoch), tz=UTC) if epoch else datetime.now(UTC)
        return cls(as_of or now.date(), now.replace(microsecond=0))
