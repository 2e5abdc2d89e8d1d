"""Workflows and actions: what they call, where they run, which containers they start, what their steps print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from analyzers.ecosystems.github_actions._files import NAME
from analyzers.ecosystems.github_actions._room import MOST_VALUES, Room
from analyzers.ecosystems.github_actions.commands import workflow_commands
from analyzers.ecosystems.github_actions.matrix import Scope, expand
from analyzers.ecosystems.github_actions.runners import KIND as RUNNER
from analyzers.ecosystems.github_actions.runners import runners
from analyzers.ecosystems.github_actions.setups import installed
from analyzers.ecosystems.github_actions.uses import FORGE, forge_dependency, uses_dependency
from analyzers.errors import InvalidSyntaxError
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest, Observation
from analyzers.model.skipped import Skipped
from analyzers.syntax import yaml
from analyzers.syntax.image_reference import image_dependency
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

CONTAINER = "workflow-container"
RUNTIME = "action-runtime"
_WORKFLOW_USES = "workflow-uses"
_ACTION_USES = "action-uses"
_IMAGE = "docker://"
_WITH = {_WORKFLOW_USES: "workflow-with", FORGE: "workflow-with", _ACTION_USES: "action-with"}
_Found: TypeAlias = Dependency | Observation


def read_workflow(source: SourceText) -> Reading:
    """Read one workflow. Raises UnreadableError."""
    return _workflow(source, _WORKFLOW_USES)


def read_forge_workflow(source: SourceText) -> Reading:
    """Read one workflow of Forgejo or Gitea: GitHub's language on machines of one's own. Raises UnreadableError."""
    reading = _workflow(source, FORGE)
    rows = (replace(row, skip_reason="unknown-label") if row.kind == RUNNER else row for row in reading.dependencies)
    # The commands that GitHub's runners took out still work there.
    return replace(reading, dependencies=tuple(rows), observations=())


def _workflow(source: SourceText, kind: str) -> Reading:
    room = Room()
    found = [item for root in _roots(source) for item in _jobs(source, root, kind, room)]
    return _reading(source, "workflow", found, room)


def read_action(source: SourceText) -> Reading:
    """Read an ``action.yml``; a file of that name that does not say how it runs is none. Raises UnreadableError."""
    actions = [root for root in _roots(source) if isinstance(root.get("runs"), Mapping)]
    if not actions:
        return Reading()
    room = Room()
    scopes = ((root.mapping("runs"), Scope(inputs=root.mapping("inputs"), room=room)) for root in actions)
    found = [item for runs, scope in scopes for item in _runs(source, runs, scope)]
    return _reading(source, "action", found, room)


def _roots(source: SourceText) -> Iterator[Mapping]:
    for root in yaml.parse(source):
        if isinstance(root, Mapping):
            yield root
        elif not isinstance(root, Scalar) or root.value:
            raise InvalidSyntaxError("is no mapping of keys to values", line=source.line_column(root.start)[0])


def _reading(source: SourceText, form: str, found: Iterable[_Found], room: Room) -> Reading:
    # What is read through two aliases stands in one place.
    unique = tuple(dict.fromkeys(found))
    return Reading(
        dependencies=tuple(item for item in unique if isinstance(item, Dependency)),
        observations=tuple(item for item in unique if isinstance(item, Observation)),
        manifest=Manifest(path=source.path, ecosystem=NAME, format=form),
        skipped=tuple(_left_out(source, form, room)),
    )


def _left_out(source: SourceText, form: str, room: Room) -> Iterator[Skipped]:
    if room.left_out:
        detail = (
            f"expressions that are not followed, because all together stand for more than {MOST_VALUES:,} values: "
            f"{room.left_out:,}"
        )
        yield Skipped(what="file", path=source.path, source=form, reason="limit-reached", detail=detail)


def _jobs(source: SourceText, workflow: Mapping, kind: str, room: Room) -> Iterator[_Found]:
    shell = _default_shell(workflow)
    scope = Scope(inputs=_inputs(workflow), room=room).inner(workflow)
    for _, job in workflow.mapping("jobs").items:
        if isinstance(job, Mapping):
            yield from _job(source, job, _default_shell(job) or shell, scope, kind)


def _inputs(workflow: Mapping) -> Mapping:
    """Return the inputs of a workflow that is called, or started by hand."""
    called, started = (workflow.mapping("on", event, "inputs") for event in ("workflow_call", "workflow_dispatch"))
    return Mapping((*started.items, *called.items), workflow.start, workflow.start)


def _default_shell(node: Mapping) -> str:
    shell = node.scalar("defaults", "run", "shell")
    return shell.value if shell else ""


def _job(source: SourceText, job: Mapping, shell: str, outer: Scope, kind: str) -> Iterator[_Found]:
    scope = replace(outer, matrix=job.get("strategy", "matrix")).inner(job)
    yield from _uses(source, job, kind)
    yield from runners(source, job.get("runs-on"), scope)
    yield from _container(source, job.get("container"), scope)
    for _, service in job.mapping("services").items:
        yield from _container(source, service, scope)
    yield from _steps(source, job, kind, shell, scope)


def _runs(source: SourceText, runs: Mapping, scope: Scope) -> Iterator[_Found]:
    using, image = runs.scalar("using"), runs.scalar("image")
    if using:
        place = source.place_of(using)
        yield Observation(kind=RUNTIME, name=using.value.lower(), place=place, text=using.value)
    if image and image.value.startswith(_IMAGE):
        yield from _uses(source, Mapping(((Scalar("uses", image.start, image.start), image),), 0, 0), _ACTION_USES)
    yield from _steps(source, runs, _ACTION_USES, "", scope)


def _uses(source: SourceText, node: Mapping, kind: str) -> Iterator[Dependency]:
    uses = node.scalar("uses")
    if uses:
        dependency = forge_dependency(source, uses) if kind == FORGE else uses_dependency(source, uses, kind)
        yield from (dependency,) if dependency else ()


def _steps(source: SourceText, node: Mapping, kind: str, shell: str, scope: Scope) -> Iterator[_Found]:
    steps = node.get("steps")
    for step in steps.items if isinstance(steps, Sequence) else ():
        if not isinstance(step, Mapping):
            continue
        yield from _uses(source, step, kind)
        yield from installed(source, step, _WITH[kind], scope.inner(step))
        run, own_shell = step.scalar("run"), step.scalar("shell")
        if run:
            yield from workflow_commands(source, run, _program(own_shell.value if own_shell else shell))


def _program(shell: str) -> str:
    """Return the shell's name, without arguments: GitHub's default is bash."""
    return (shell.split() or ["bash"])[0].lower()


def _container(source: SourceText, container: Node | None, scope: Scope) -> Iterator[Dependency]:
    """Yield the image of a ``container:`` or service: the value itself, its ``image``, or the matrix's entries."""
    image = container.get("image") if isinstance(container, Mapping) else container
    if not isinstance(image, Scalar) or not image.value:
        return
    for value in expand(source, image, scope):
        if isinstance(value, Mapping | Sequence):
            yield from _container(source, value, scope.closed())
            continue
        written = value if isinstance(value, Spliced) else Spliced.at(value.value, value.start)
        if written.text:
            yield image_dependency(source, written, kind=CONTAINER)
