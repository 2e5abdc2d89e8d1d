"""Repositories that are used at a tag or commit: hooks of pre-commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.ecosystems.git import _files
from analyzers.model.ecosystem import Ecosystem, Format, named
from analyzers.model.later import later, later_scheme
from analyzers.syntax import git_url

if TYPE_CHECKING:
    from analyzers.ecosystems.git import _pre_commit, questions
else:
    _pre_commit, questions = later(__package__, "_pre_commit", "questions")

ECOSYSTEM = Ecosystem(
    name="git",
    title="Git repositories",
    formats=(
        Format(
            name=_files.PRE_COMMIT,
            title="pre-commit: repositories of hooks, what they install beside, the runtimes that they name",
            examples=_files.PRE_COMMIT_NAMES,
            matches=named(*_files.PRE_COMMIT_NAMES),
            endings=(".yaml", ".yml"),
            read=_pre_commit.read,
        ),
    ),
    questions=questions.questions,
    normalise=questions.normalise,
    package=questions.package,
    scheme=later_scheme("git_tag", "analyzers.versions.git_tag"),
    types=git_url.TYPES,
)
