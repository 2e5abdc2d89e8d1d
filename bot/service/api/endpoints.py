"""The table of all endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.service.api import organizations, repositories
from bot.service.api.model import Endpoint

ENDPOINTS: Final[Sequence[Endpoint]] = (*organizations.ENDPOINTS, *repositories.ENDPOINTS)
