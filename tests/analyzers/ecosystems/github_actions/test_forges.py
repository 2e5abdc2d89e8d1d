"""Workflows of Forgejo and Gitea."""

from __future__ import annotations

from datetime import date

import pytest

from analyzers.checks.actions import failing_action_version, forced_action_runtime, outdated_action, unpinned_action
from analyzers.ecosystems.github_actions.questions import questions
from analyzers.ecosystems.github_actions.reader import read_forge_workflow
from analyzers.ecosystems.github_actions.uses import FORGE
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory, Repository
from analyzers.syntax.text import SourceText
from tests.support.workflows import evidence, judge, refs, runs, steps

PATH = ".forgejo/workflows/ci.yml"
GITEA = ".gitea/workflows/ci.yml"
SHA = "8e5e7e5ab8b370d6c329ec480221332ada57f0ab"


@pytest.mark.parametrize(
    ("uses", "ecosystem", "name", "value", "version", "reason"),
    [
        ("actions/checkout@v4", "generic", "actions/checkout", "v4", None, "unsupported-source"),
        (f"actions/checkout@{SHA} # v4.2.2", "generic", "actions/checkout", SHA, None, "unsupported-source"),
        ("docker://alpine:3.20", "docker", "alpine", "3.20", "3.20", None),
        (f"https://github.com/a/b@{SHA} # v1.2.0", "githubactions", "a/b", SHA, "1.2.0", None),
        ("https://code.forgejo.org/a/b/sub@v3", "generic", "https://code.forgejo.org/a/b/sub", "v3", None,
         "unsupported-source"),
        ("https://me:secret@example.com/a/b", "githubactions", "https://example.com/a/b", None, None,
         "unsupported-syntax"),
        ("./.forgejo/actions/x", "githubactions", "./.forgejo/actions/x", None, None, "local-path"),
    ],
)  # fmt: skip
def test_a_call_may_write_out_where_the_action_lies(
    uses: str, ecosystem: str, name: str, value: str | None, version: str | None, reason: str | None
) -> None:
    text = steps(uses)
    (row,) = read_forge_workflow(SourceText(PATH, text)).dependencies
    assert (row.ecosystem, row.name, row.value, row.version) == (ecosystem, name, value, version)
    assert (row.kind, row.skip_reason) == (FORGE, reason)
    assert value is None or text[row.place.start : row.place.end] == value


def test_a_short_name_means_github_to_gitea() -> None:
    (row,) = read_forge_workflow(SourceText(GITEA, steps("actions/checkout@v4"))).dependencies
    assert (row.ecosystem, row.name, row.value, row.version) == ("githubactions", "actions/checkout", "v4", "4")
    assert (row.kind, row.skip_reason) == (FORGE, None)


def test_what_a_step_installs_is_read_wherever_its_action_lies() -> None:
    text = steps("actions/setup-python@v5") + "        with:\n          python-version: '3.9'\n"
    rows = read_forge_workflow(SourceText(PATH, text)).dependencies
    assert [(row.ecosystem, row.name, row.value, row.skip_reason) for row in rows] == [
        ("generic", "actions/setup-python", "v5", "unsupported-source"),
        ("generic", "python", "3.9", None),
    ]


@pytest.mark.parametrize(
    "uses",
    [
        "https://code.forgejo.org/a/b@v1",
        "https://data.forgejo.org/actions/checkout@v4",
        "http://gitea.example.com:3000/a/b/sub@main",
        "https://codeberg.org/a/b@0123456789abcdef0123456789abcdef01234567",
        "https://code.forgejo.org/a/b",
        "actions/checkout@v4",
        "code.forgejo.org/a/b@v1",
    ],
)
def test_actions_of_other_forges_say_why_nobody_is_asked(uses: str) -> None:
    text = steps(uses)
    (row,) = read_forge_workflow(SourceText(PATH, text)).dependencies
    assert row.skip_reason in {"unsupported-source", "unsupported-syntax"}
    inventory = Inventory(repository=Repository("repo"), dependencies=(row,))
    assert not list(questions(inventory, Facts(date(2026, 1, 1), {})))


def test_machines_are_the_owners_and_old_commands_still_work() -> None:
    text = "jobs:\n  a:\n    runs-on: ubuntu-20.04\n    steps:\n      - run: echo '::set-output name=a::b'\n"
    reading = read_forge_workflow(SourceText(PATH, text))
    assert [(row.name, row.skip_reason) for row in reading.dependencies] == [("ubuntu-20.04", "unknown-label")]
    assert reading.observations == ()


def test_what_github_switched_off_still_works_there() -> None:
    answers = {
        **runs("actions/upload-artifact@v3", "node16"),
        **refs("actions/upload-artifact", {"v3": "a", "v4": "b"}),
    }
    given = evidence(steps("actions/upload-artifact@v3"), answers, path=GITEA)
    assert judge(failing_action_version.check, given) == ([], [])
    assert judge(forced_action_runtime.check, given) == ([], [])
    found, (note,) = judge(outdated_action.check, given)
    assert (found, note.reason) == ([], "held-back")


def test_newer_versions_and_movable_refs_are_found_as_on_github() -> None:
    given = evidence(steps("https://github.com/a/b@v1"), refs("a/b", {"v1": "a" * 40, "v2": "b" * 40}), path=PATH)
    assert [len(judge(rule.check, given)[0]) for rule in (outdated_action, unpinned_action)] == [1, 1]
