"""What a repository on GitHub inherits: its organisation's configuration, asked once for all repositories of a run."""

from __future__ import annotations

import os
from collections.abc import Mapping

from analyzers.settings import ORGANIZATION_PATH, ORGANIZATION_REPOSITORY, Inherited
from bot.github.client import Client


def inherited(
    client: Client, *, config: str | None = None, environ: Mapping[str, str] = os.environ
) -> Inherited | None:
    """Return the organisation's configuration; None where there is none that these credentials can see.

    Nobody is asked where ``config`` or the environment names a file that counts alone, and for the repository that
    holds the organisation's itself. Raises HostError.
    """
    owner, _slash, name = client.name.partition("/")
    if config or environ.get("DEBTSCAN_CONFIG") or name == ORGANIZATION_REPOSITORY:
        return None
    content = client.owner_file(ORGANIZATION_REPOSITORY, ORGANIZATION_PATH)
    return None if content is None else Inherited.of(owner, content)
