"""Version managers: the runtimes and tools of a project, and when the runtimes of any file end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.ecosystems.tools import _files
from analyzers.model.ecosystem import Ecosystem, Format, named
from analyzers.model.later import later

if TYPE_CHECKING:
    from analyzers.ecosystems.tools import _annotations, _asdf, _mise, _mise_lock, _mise_pairing, questions
else:
    _annotations, _asdf, _mise, _mise_lock, _mise_pairing, questions = later(
        __package__, "_annotations", "_asdf", "_mise", "_mise_lock", "_mise_pairing", "questions"
    )

ECOSYSTEM = Ecosystem(
    name="tools",
    title="Runtimes and tools",
    formats=(
        Format(
            name=_files.TOOL_VERSIONS,
            title="asdf: runtimes and tools",
            examples=_files.TOOL_VERSIONS_NAMES,
            matches=named(*_files.TOOL_VERSIONS_NAMES),
            endings=(".tool-versions",),
            read=_asdf.read,
        ),
        Format(
            name="version-file",
            title="the version of one runtime or tool",
            examples=tuple(_files.OF_ONE),
            matches=named(*_files.OF_ONE),
            endings=(
                ".elixir-version",
                ".exenv-version",
                ".go-version",
                ".helm-version",
                ".java-version",
                ".kubectl-version",
                ".perl-version",
                ".php-version",
                ".ruby-version",
            ),
            read=_asdf.read_one,
        ),
        Format(
            name=_files.MISE,
            title="mise: runtimes and tools of the project and its tasks, with the backends that install them",
            examples=("mise.toml", ".mise.toml", ".config/mise.toml", ".config/mise/config.toml", "mise.local.toml"),
            matches=_files.is_mise,
            endings=(".toml",),
            read=_mise.read,
        ),
        Format(
            name=_files.MISE_LOCK,
            title="mise's lockfile, one for each environment",
            examples=("mise.lock", "mise.ci.lock", ".config/mise/mise.lock"),
            matches=_files.is_mise_lock,
            endings=(".lock",),
            read=_mise_lock.read,
        ),
        Format(
            name=_files.ANNOTATION,
            title="versions under a comment # renovate: datasource=… depName=… (or # debtscan: version …)",
            examples=_files.ANNOTATED,
            matches=_files.may_be_annotated,
            sniff=_files.holds_annotation,
            read=_annotations.read,
        ),
    ),
    questions=questions.questions,
    normalise=str.lower,
    pair=_mise_pairing.pair,
)
