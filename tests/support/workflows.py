"""Workflows judged by one rule, on answers from a list or from the bundled table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from analyzers.config import Actions, Config
from analyzers.ecosystems.github_actions.ecosystem import ECOSYSTEM
from analyzers.lifecycles.actions import bundled
from analyzers.model.facts import ActionDefinition, Answer, Facts, GitRefs, HostedRepository, Known, Unknown
from analyzers.model.finding import Check, Evidence, Finding
from analyzers.model.inventory import Inventory, Repository
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from analyzers.syntax.text import SourceText

TODAY = "2026-11-22"
PATH = ".github/workflows/ci.yml"


def steps(*uses: str) -> str:
    """Return a workflow of one job that calls these, from line 4 on."""
    return "jobs:\n  a:\n    steps:\n" + "".join(f"      - uses: {text}\n" for text in uses)


def refs(name: str, tags: Mapping[str, str], branches: Mapping[str, str] | None = None) -> dict[Question, Answer]:
    """Return the answer with the refs of ``owner/name``."""
    url = f"https://github.com/{name}"
    return {Question("git-refs", url): Known(GitRefs(url, tags, branches or {}, "main"))}


def runs(call: str, using: str, *uses: str) -> dict[Question, Answer]:
    """Return the answer with the definition of an action at a ref."""
    return {Question("action", call): Known(ActionDefinition(call, using, uses))}


def hosted(name: str, *, archived: bool) -> dict[Question, Answer]:
    """Return the answer with the state of ``owner/name``."""
    return {Question("github-repository", name): Known(HostedRepository(name, archived))}


def evidence(
    text: str,
    answers: Mapping[Question, Answer] | None = None,
    *,
    as_of: str = TODAY,
    config: Actions | None = None,
    path: str = PATH,
) -> Evidence:
    """Read one file; without ``answers`` the table answers, as it does offline."""
    (form,) = (form for form in ECOSYSTEM.formats if form.matches(path))
    reading = form.read(SourceText(path, text))
    inventory = Inventory(
        repository=Repository("repo"), dependencies=reading.dependencies, observations=reading.observations
    )
    facts = Facts(date.fromisoformat(TODAY), answers or {})
    if answers is None:
        asked = {question: bundled(question) for question in ECOSYSTEM.questions(inventory, facts)}
        facts = Facts(facts.looked_up, {key: known or Unknown("offline", "not asked") for key, known in asked.items()})
    return Evidence(
        inventory=inventory, facts=facts, config=Config(actions=config or Actions()), as_of=date.fromisoformat(as_of)
    )


def judge(check: Check, given: Evidence) -> tuple[list[Finding], list[Skipped]]:
    """Return what the rule finds, and what it could not judge."""
    found = list(check(given))
    findings = [item for item in found if isinstance(item, Finding)]
    return findings, [item for item in found if isinstance(item, Skipped)]
