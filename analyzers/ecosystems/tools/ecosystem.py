"""Version managers: the runtimes and tools of a project, and when the runtimes of any file end."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.tools import _annotations, _asdf, _mise, _mise_lock
from analyzers.ecosystems.tools._mise_pairing import pair
from analyzers.lifecycles import tools
from analyzers.model.ecosystem import Ecosystem, Format
from analyzers.model.facts import Facts, Question
from analyzers.model.inventory import Inventory


def questions(inventory: Inventory, _facts: Facts) -> Iterator[Question]:
    """Ask for the lifecycle of every runtime that some file names; its releases are other ecosystems' to ask for."""
    for dependency in inventory.dependencies:
        if dependency.ecosystem == "generic" and not dependency.skip_reason:
            product = tools.product(dependency.name, tools.distribution_of(dependency.purl))
            if product:
                yield Question("lifecycle", product)


ECOSYSTEM = Ecosystem(
    name="tools",
    title="Runtimes and tools",
    formats=(
        Format(
            name=_asdf.KIND,
            title="asdf: runtimes and tools",
            examples=_asdf.NAMES,
            matches=lambda path: path.rpartition("/")[2] in _asdf.NAMES,
            endings=(".tool-versions",),
            read=_asdf.read,
        ),
        Format(
            name="version-file",
            title="the version of one runtime or tool",
            examples=tuple(_asdf.OF_ONE),
            matches=lambda path: path.rpartition("/")[2] in _asdf.OF_ONE,
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
            name=_mise.KIND,
            title="mise: runtimes and tools of the project and its tasks, with the backends that install them",
            examples=("mise.toml", ".mise.toml", ".config/mise.toml", ".config/mise/config.toml", "mise.local.toml"),
            matches=_mise.matches,
            endings=(".toml",),
            read=_mise.read,
        ),
        Format(
            name=_mise_lock.KIND,
            title="mise's lockfile, one for each environment",
            examples=("mise.lock", "mise.ci.lock", ".config/mise/mise.lock"),
            matches=_mise_lock.matches,
            endings=(".lock",),
            read=_mise_lock.read,
        ),
        Format(
            name=_annotations.KIND,
            title="versions under a comment # renovate: datasource=… depName=… (or # debtscan: version …)",
            examples=_annotations.EXAMPLES,
            matches=_annotations.matches,
            sniff=_annotations.sniff,
            read=_annotations.read,
        ),
    ),
    questions=questions,
    normalise=str.lower,
    pair=pair,
)
