from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from analyzers.ecosystems.github_actions.ecosystem import ECOSYSTEM
from analyzers.ecosystems.github_actions.questions import MAX_DEPTH, MAX_FOLLOWED
from analyzers.model.facts import ActionDefinition, Facts, Known, Unknown
from analyzers.model.inventory import Inventory, Repository
from analyzers.model.question import Question
from analyzers.syntax.text import SourceText

FORMATS = {form.name: form for form in ECOSYSTEM.formats}


@pytest.mark.parametrize(
    ("path", "form"),
    [
        (".github/workflows/ci.yml", "workflow"),
        (".github/workflows/ci.yaml", "workflow"),
        ("action.yml", "action"),
        ("action.yaml", "action"),
        (".github/actions/setup/action.yml", "action"),
        ("{{cookiecutter.slug}}/.github/workflows/ci.yml", "workflow"),
        (".forgejo/workflows/ci.yml", "forge-workflow"),
        (".gitea/workflows/ci.yaml", "forge-workflow"),
        (".github/workflows/ci.yml.txt", None),
        (".github/workflows/sub/ci.yml", None),
        ("x/.github/workflows/ci.yml", None),
        ("my-action.yml", None),
        ("action.json", None),
    ],
)
def test_a_path_is_read_in_its_format(path: str, form: str | None) -> None:
    assert [name for name, known in FORMATS.items() if known.matches(path)] == ([form] if form else [])


def test_every_example_matches_its_format() -> None:
    for form in ECOSYSTEM.formats:
        assert all(map(form.matches, form.examples))


def inventory(*uses: str) -> Inventory:
    steps = "".join(f"    - uses: {text}\n" for text in uses)
    reading = FORMATS["workflow"].read(SourceText(".github/workflows/ci.yml", f"jobs:\n  a:\n    steps:\n{steps}"))
    return Inventory(repository=Repository("x"), dependencies=reading.dependencies)


def asked(found: Inventory, answers: Mapping[str, ActionDefinition | None] | None = None) -> list[tuple[str, str]]:
    known = {
        Question("action", name): Known(value) if value else Unknown("not-found")
        for name, value in (answers or {}).items()
    }
    return [
        (question.source, question.name) for question in ECOSYSTEM.questions(found, Facts(date(2026, 11, 22), known))
    ]


def test_each_action_is_asked_about_once() -> None:
    assert asked(inventory("a/b@v1", "a/b@v1", "./local", "docker://x:1", "${{ x }}")) == [
        ("git-refs", "https://github.com/a/b"),
        ("github-repository", "a/b"),
        ("action", "a/b@v1"),
    ]


def test_a_reusable_workflow_has_no_definition() -> None:
    assert [source for source, _ in asked(inventory("a/b/.github/workflows/x.yml@v1"))] == [
        "git-refs",
        "github-repository",
    ]


def test_what_a_composite_action_calls_is_asked_next() -> None:
    composite = ActionDefinition("a/b@v1", "composite", ("c/d/e@v2", "./x", "docker://y", "z", "a/b@v1"))
    names = [name for source, name in asked(inventory("a/b@v1"), {"a/b@v1": composite}) if source == "action"]
    assert names == ["a/b@v1", "c/d/e@v2"]


def test_composite_actions_are_followed_to_a_depth() -> None:
    chain = {f"a/n{i}@v1": ActionDefinition("", "composite", (f"a/n{i + 1}@v1",)) for i in range(MAX_DEPTH + 5)}
    names = [name for source, name in asked(inventory("a/n0@v1"), chain) if source == "action"]
    assert names == [f"a/n{i}@v1" for i in range(MAX_DEPTH + 1)]


def test_composite_actions_that_fan_out_are_bounded() -> None:
    fan = {
        f"a/n{i}@v1": ActionDefinition("", "composite", tuple(f"a/n{i * 40 + j}@v1" for j in range(1, 41)))
        for i in range(4000)
    }
    names = [name for source, name in asked(inventory("a/n0@v1"), fan) if source == "action"]
    assert len(names) == len(set(names)) == MAX_FOLLOWED


def test_names_of_one_spelling_are_equal() -> None:
    assert ECOSYSTEM.normalise("Actions/Checkout") == "actions/checkout"
