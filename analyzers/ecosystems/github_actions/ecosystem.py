"""GitHub Actions: workflows, reusable ones included, and composite actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.ecosystems.github_actions import _files
from analyzers.model.ecosystem import Ecosystem, Format
from analyzers.model.later import later

if TYPE_CHECKING:
    from analyzers.ecosystems.github_actions import questions, reader
else:
    questions, reader = later(__package__, "questions", "reader")


ECOSYSTEM = Ecosystem(
    name=_files.NAME,
    title="GitHub Actions",
    formats=(
        Format(
            name="workflow",
            title="workflows: called actions and workflows, runner labels, containers, printed commands",
            examples=(".github/workflows/ci.yml", ".github/workflows/release.yaml"),
            matches=_files.is_workflow,
            endings=(".yml", ".yaml"),
            read=reader.read_workflow,
        ),
        Format(
            name="forge-workflow",
            title="workflows of Forgejo and Gitea: called actions, containers, what setup steps install",
            examples=(".forgejo/workflows/ci.yml", ".gitea/workflows/release.yaml"),
            matches=_files.is_forge_workflow,
            endings=(".yml", ".yaml"),
            read=reader.read_forge_workflow,
        ),
        Format(
            name="action",
            title="actions: the runtime, and what a composite action calls",
            examples=("action.yml", ".github/actions/setup/action.yaml"),
            matches=_files.is_action,
            endings=(".yml", ".yaml"),
            read=reader.read_action,
        ),
    ),
    questions=questions.questions,
    normalise=str.lower,
)
