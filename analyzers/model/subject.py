"""What a finding is about. Points are capped by subject, so its key decides what counts once."""

from __future__ import annotations

from typing import NamedTuple


class SubjectKey(NamedTuple):
    """Identity of a subject within a repository.

    A package is ``(ecosystem, normalised name)``, once a repository; an image, an action and a runner label
    likewise; a function is ``("function", "path::qualified.name")``; anything else is ``("file", path)`` or
    ``(ecosystem, name)``.
    """

    ecosystem: str
    name: str
