"""What an action is at an exact ref: its ``action.yml``, read from where GitHub serves raw files."""

from __future__ import annotations

from urllib.parse import quote

from analyzers.errors import UnreadableError
from analyzers.model.exchange import Addresses, Exchange, Request, Response, Source, base_address, host_of, refusal
from analyzers.model.facts import ActionDefinition, Known, Unknown
from analyzers.model.question import Question
from analyzers.syntax import yaml
from analyzers.syntax.node import Mapping, Scalar, Sequence
from analyzers.syntax.text import SourceText
from analyzers.versions.action_ref import is_commit

ADDRESS = "https://raw.githubusercontent.com"
MAX_BYTES = 1024 * 1024
# What composite actions call, and how long one call may be.
_MAX_USES = 100
_MAX_TEXT = 512
_MAX_WORD = 40
_NAMES = ("action.yml", "action.yaml")
_DOCKERFILE = "Dockerfile"
_A_DAY = 24 * 60 * 60
_AN_HOUR = 60 * 60


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for ``owner/repository[/path]@ref``. As on GitHub, a mere Dockerfile makes an action too."""
    action, _, ref = question.name.partition("@")
    owner, repository, path = (*action.split("/", 2), "", "")[:3]
    if not _is_address(action, ref) or not repository:
        return Unknown("not-found", f"{question.name[:200]!r} is no action at a ref")
    base = base_address(question, addresses, ADDRESS)
    folder = "/".join(quote(part, safe="/") for part in (owner, repository, ref, path) if part)
    for name in (*_NAMES, _DOCKERFILE):
        response = yield Request(
            url=f"{base}/{folder}/{name}",
            credentials=host_of(base),
            max_bytes=MAX_BYTES,
            # A commit never changes; a tag may be moved.
            fresh_for=_A_DAY if is_commit(ref) else _AN_HOUR,
        )
        unknown = refusal(response, host_of(base))
        if unknown is None:
            return _read(question.name, name, response)
        if unknown.reason != "not-found":
            return unknown
    return Unknown("not-found", f"{host_of(base)} has no {_NAMES[0]} there")


def _is_address(action: str, ref: str) -> bool:
    """Whether the parts make the path of a file below the repository, and of nothing else."""
    segments = {*action.split("/"), *ref.split("/")}
    return len(action) + len(ref) <= _MAX_TEXT and not segments & {"", ".", ".."}


def _read(action: str, file: str, response: Response) -> Known | Unknown:
    if file == _DOCKERFILE:
        return Known(ActionDefinition(action, "docker"))
    try:
        roots = yaml.parse(SourceText.decode(file, response.body))
    except UnreadableError as error:
        return Unknown("malformed-answer", f"{file} of {action} {error.detail}")
    runs = roots[0].mapping("runs") if roots and isinstance(roots[0], Mapping) else None
    using = _using(runs) if runs else ""
    if runs is None or not using:
        return Unknown("malformed-answer", f"{file} of {action} does not say what it runs on")
    return Known(ActionDefinition(action, using, _calls(runs)))


def _using(runs: Mapping) -> str:
    """Return the runtime's word. The oldest first-party actions are part of the runner, which they call a plugin."""
    using = runs.scalar("using")
    return using.value.lower()[:_MAX_WORD] if using else "plugin" * bool(runs.scalar("plugin"))


def _calls(runs: Mapping) -> tuple[str, ...]:
    """Return what the steps of a composite action call."""
    steps = runs.get("steps")
    items = steps.items if isinstance(steps, Sequence) else ()
    uses = (item.scalar("uses") for item in items if isinstance(item, Mapping))
    texts = (scalar.value for scalar in uses if isinstance(scalar, Scalar) and 0 < len(scalar.value) <= _MAX_TEXT)
    return tuple(dict.fromkeys(texts))[:_MAX_USES]


SOURCE = Source(
    name="action",
    title="GitHub's raw files (action.yml at the exact ref)",
    value=ActionDefinition,
    look_up=look_up,
    limits="one to three requests an action; no key",
)
