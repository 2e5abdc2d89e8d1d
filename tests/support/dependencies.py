"""Evidence for the rules about dependencies, written as short as a table needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from analyzers.config import Config
from analyzers.model.facts import Answer, Cycle, Facts, Known, Lifecycle, Package, Release
from analyzers.model.finding import Check, Evidence, Finding
from analyzers.model.inventory import Dependency, Inventory, Manifest, Observation, Repository
from analyzers.model.place import Place
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped

TODAY = date(2026, 11, 22)


def place(path: str, line: int = 1) -> Place:
    """Return a place of which only path and line matter."""
    return Place(path, line, 1, 0, 1)


def requirement(name: str, value: str | None = None, **fields: Any) -> Dependency:  # noqa: ANN401 - fields of Dependency
    """Return a row of PyPI; ``==1.0`` also sets the version. Give ``ecosystem``, ``path``, ``line`` to change that."""
    path, line = fields.pop("path", "requirements.txt"), fields.pop("line", 1)
    given: dict[str, Any] = {"ecosystem": "pypi", "kind": "requirements", "purl": f"pkg:pypi/{name}", **fields}
    if "version" not in given and value and value.startswith("==") and "*" not in value:
        given["version"] = value.removeprefix("==")
    return Dependency(name=name, value=value, place=place(path, line), **given)


def npm(name: str, value: str | None = None, **fields: Any) -> Dependency:  # noqa: ANN401 - as above
    """Return a row of package.json."""
    given: dict[str, Any] = {"kind": "package-json", "dependency_group": "dependencies", **fields}
    return requirement(name, value, **{"ecosystem": "npm", "path": "package.json", **given})


def runtime(name: str, value: str, *, kind: str, path: str = ".nvmrc", line: int = 1) -> Dependency:
    """Return a row of a runtime."""
    return Dependency(ecosystem="generic", name=name, place=place(path, line), kind=kind, purl="", value=value)


def releases(*texts: str) -> tuple[Release, ...]:
    """Return releases from ``version [date] [>=runtime] [yanked[=reason]] [deprecated[=note]]`` (``_`` for a space)."""
    return tuple(_release(text.split()) for text in texts)


def _release(words: list[str]) -> Release:
    fields: dict[str, Any] = {}
    for word in words[1:]:
        head, _, tail = word.partition("=")
        if head in ("yanked", "deprecated"):
            fields[head] = tail.replace("_", " ")
        elif word[0].isdigit():
            fields["published"] = date.fromisoformat(word)
        else:
            fields["runtime"] = word
    return Release(words[0], **fields)


def package(name: str, *texts: str, **fields: Any) -> Known:  # noqa: ANN401 - fields of Package
    """Return the registry's answer."""
    return Known(Package(name, releases(*texts), **fields))


def evidence(
    rows: Iterable[Dependency],
    answers: Mapping[Question | str, Answer],
    *,
    as_of: date = TODAY,
    manifests: Iterable[Manifest] = (),
    observations: Iterable[Observation] = (),
    imports: Mapping[tuple[str, str], int] | None = None,
    config: Config | None = None,
) -> Evidence:
    """Return evidence; an answer under a bare name is PyPI's, one under ``npm:name`` the npm registry's."""
    return Evidence(
        inventory=Inventory(
            repository=Repository("shop"),
            dependencies=tuple(rows),
            manifests=tuple(manifests),
            observations=tuple(observations),
            imports=imports or {},
        ),
        facts=Facts(TODAY, {_question(asked): answer for asked, answer in answers.items()}),
        config=config or Config(),
        as_of=as_of,
    )


def _question(asked: Question | str) -> Question:
    if isinstance(asked, Question):
        return asked
    source, separator, name = asked.rpartition(":")
    return Question(source if separator else "pypi", name)


def run(check: Check, given: Evidence) -> tuple[list[Finding], list[Skipped]]:
    """Return what a check yields, sorted apart."""
    found = list(check(given))
    return [entry for entry in found if isinstance(entry, Finding)], [
        entry for entry in found if isinstance(entry, Skipped)
    ]


def manifest(
    path: str, *, runtime: str | None = None, lockfile: str | None = None, ecosystem: str = "pypi"
) -> Manifest:
    """Return a manifest."""
    return Manifest(path=path, ecosystem=ecosystem, format="any", runtime=runtime, lockfile=lockfile)


def lifecycle(product: str, *texts: str, bundled: bool = False) -> Known:
    """Return a lifecycle from ``name released end [lts]`` (end ``-``: none known, ``?``: ended unrecorded)."""
    return Known(Lifecycle(product, tuple(_cycle(text.split()) for text in texts), "table", TODAY), bundled=bundled)


def _cycle(words: list[str]) -> Cycle:
    end = None if words[2] in ("-", "?") else date.fromisoformat(words[2])
    lts = "lts" in words[3:]
    return Cycle(words[0], date.fromisoformat(words[1]), end, ended=words[2] == "?", lts=lts, latest=f"{words[0]}.9")
