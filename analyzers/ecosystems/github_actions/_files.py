"""Which file is a workflow or an action, by its path."""

from __future__ import annotations

import re

NAME = "githubactions"
_WORKFLOW = re.compile(r"(?:[^/]*\{\{[^/{}]*\}\}[^/]*/)?\.github/workflows/[^/]+\.ya?ml")
_FORGE = re.compile(r"\.(?:forgejo|gitea)/workflows/[^/]+\.ya?ml")
_ACTION = re.compile(r"(?:.*/)?action\.ya?ml")


def is_workflow(path: str) -> bool:
    """Whether the path is that of a workflow: they lie in one folder."""
    return _WORKFLOW.fullmatch(path) is not None


def is_forge_workflow(path: str) -> bool:
    """Whether the path is that of a workflow of Forgejo or Gitea."""
    return _FORGE.fullmatch(path) is not None


def is_action(path: str) -> bool:
    """Whether the path is that of an action, in any folder."""
    return _ACTION.fullmatch(path) is not None
