"""Which file is of which format, by its name and at a glance: what is loaded before any reader."""

from __future__ import annotations

from typing import Final

PRE_COMMIT: Final = "pre-commit"
PRE_COMMIT_NAMES: Final = (".pre-commit-config.yaml", ".pre-commit-config.yml")
