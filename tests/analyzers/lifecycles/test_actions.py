from __future__ import annotations

import json
from datetime import date

import pytest

from analyzers.lifecycles import actions
from analyzers.lifecycles.actions import PATH, bundled, definition, failing, is_known_runner, runner
from analyzers.model.facts import ActionDefinition, GitRefs, HostedRepository, Known
from analyzers.model.question import Question
from analyzers.versions import action_ref

TABLE = json.loads(PATH.read_bytes())


def test_each_part_states_its_source_and_date() -> None:
    parts = [part for name, part in TABLE.items() if not name.startswith("_")]
    assert len(parts) == 8
    for part in parts:
        assert part["source"]
        assert date.fromisoformat(part["date"])


def test_runtimes_follow_one_another_to_the_current_one() -> None:
    rows = actions.runtimes()
    assert list(rows) == ["node12", "node16", "node20"]
    assert [row.forced_to for row in rows.values()] == ["node16", "node20", actions.current_runtime()]
    assert [row.forced_on.isoformat() for row in rows.values()] == ["2023-06-14", "2024-06-30", "2026-06-16"]
    assert all(row.announced < row.forced_on for row in rows.values())


@pytest.mark.parametrize(
    ("name", "deprecated", "disabled"),
    [
        ("set-env", "2020-10-01", "2020-11-16"),
        ("add-path", "2020-10-01", "2020-11-16"),
        ("set-output", "2022-10-11", None),
        ("save-state", "2022-10-11", None),
    ],
)
def test_commands_have_their_dates(name: str, deprecated: str, disabled: str | None) -> None:
    row = actions.commands()[name]
    assert row.deprecated.isoformat() == deprecated
    assert (row.disabled.isoformat() if row.disabled else None) == disabled


@pytest.mark.parametrize(
    ("label", "removed", "successor"),
    [
        ("ubuntu-16.04", "2021-09-20", "ubuntu-24.04"),
        ("ubuntu-20.04", "2025-04-15", "ubuntu-24.04"),
        ("Ubuntu-20.04", "2025-04-15", "ubuntu-24.04"),
        ("ubuntu-22.04", "2027-04-17", "ubuntu-24.04"),
        ("ubuntu-22.04-arm", "2027-04-17", "ubuntu-24.04-arm"),
        ("windows-2019", "2025-06-30", "windows-2025"),
        ("macos-13", "2025-12-04", "macos-15-intel"),
        ("macos-13-large", "2025-12-04", "macos-15-large"),
        ("macos-13-xlarge", "2025-12-04", "macos-15-xlarge"),
        ("macos-14-xlarge", "2026-11-02", "macos-15-xlarge"),
    ],
)
def test_labels_have_their_end_and_successor(label: str, removed: str, successor: str) -> None:
    row = runner(label)
    assert row is not None
    assert (row.removed.isoformat(), row.successor) == (removed, successor)


def test_labels_without_an_end_are_known_and_others_are_not() -> None:
    for label in ("ubuntu-latest", "ubuntu-24.04", "windows-2025", "macos-15-intel"):
        assert runner(label) is None
        assert is_known_runner(label)
    assert not is_known_runner("ubuntu-30.04")


def test_every_successor_is_a_current_label() -> None:
    assert {row["successor"] for row in TABLE["runners"]["rows"]} <= set(TABLE["runners"]["current"])


def test_an_announcement_comes_before_its_end() -> None:
    rows = [*TABLE["runners"]["rows"], *TABLE["failing"]["rows"]]
    assert all(row["announced"] < (row.get("removed") or row["since"]) for row in rows if row["announced"])


@pytest.mark.parametrize(
    ("action", "ref", "since"),
    [
        ("actions/upload-artifact", "v1", "2024-06-30"),
        ("actions/upload-artifact", "v2.3.1", "2024-06-30"),
        ("Actions/Download-Artifact", "v3", "2025-01-30"),
        ("actions/upload-artifact", "v3-node20", "2025-01-30"),
        ("actions/upload-artifact", "v4", None),
        ("actions/cache", "v1", "2025-03-01"),
        ("actions/cache", "v2.1.8", "2025-03-01"),
        ("actions/cache", "v3", None),
        ("actions/cache", "v3.3.1", "2025-03-01"),
        ("actions/cache", "v3.3", "2025-03-01"),
        ("actions/cache", "3.4.0", None),
        ("actions/cache", "4.1.2", "2025-03-01"),
        ("actions/cache", "v4.1", "2025-03-01"),
        ("actions/cache", "v4.2", None),
        ("actions/cache", "v4", None),
        ("actions/cache", "main", None),
        ("actions/cache", "x/v1", None),
        ("actions/checkout", "v1", None),
    ],
)
def test_a_version_fails_where_all_of_its_line_does(action: str, ref: str, since: str | None) -> None:
    row = failing(action, ref)
    assert (row.since.isoformat() if row else None) == since


@pytest.mark.parametrize(
    ("action", "ref", "using", "or_older"),
    [
        ("actions/checkout", "v2", "node12", False),
        ("Actions/Checkout", "v4", "node20", False),
        ("actions/checkout", "v4.4.0", "node20", False),
        ("actions/checkout", "v1", "plugin", False),
        ("actions/checkout", "4.4.0", "node20", False),
        ("actions/checkout", "v4.1.0", "node20", True),
        ("actions/checkout", "v7", "node24", False),
        ("docker/build-push-action", "v1", "docker", False),
        ("codecov/codecov-action", "v5", "composite", False),
        ("actions/stale", "v8", "node16", True),
        ("actions/stale", "v8.0.1", "node16", True),
        ("github/codeql-action/init", "v2", "node16", True),
        ("JamesIves/github-pages-deploy-action", "releases/v3", "node16", True),
    ],
)
def test_the_runtime_of_a_version_or_its_bound_is_known(action: str, ref: str, using: str, *, or_older: bool) -> None:
    known = definition(action, ref)
    assert known is not None
    assert known.bundled
    assert isinstance(known.value, ActionDefinition)
    assert (known.value.using, known.value.or_older) == (using, or_older)
    assert bundled(Question("action", f"{action}@{ref}")) == known


@pytest.mark.parametrize(
    "call",
    [
        "actions/checkout@v7.0.0",
        "codecov/codecov-action@v5.0.0",
        "actions/checkout@v8",
        "actions/checkout@v1.1.0",
        "actions/download-artifact@v3-node20",
        "actions/checkout@main",
        "actions/checkout@" + "a" * 40,
        "actions/checkout@release/v2",
        "actions/checkout/sub@v2",
        "nobody/nothing@v1",
        "nonsense",
    ],
)
def test_what_the_table_cannot_know_is_not_answered(call: str) -> None:
    assert bundled(Question("action", call)) is None


def test_tags_are_known_without_their_commits() -> None:
    known = bundled(Question("git-refs", "https://github.com/Actions/Checkout"))
    assert isinstance(known, Known)
    assert isinstance(known.value, GitRefs)
    assert known.known_since == date(2026, 8, 22)
    assert {"v2", "v7", "v7.0.1"} <= set(known.value.tags)
    assert set(known.value.tags.values()) == {""}


def test_an_action_in_a_folder_counts_for_its_repository() -> None:
    known = bundled(Question("git-refs", "https://github.com/github/codeql-action"))
    assert known is not None
    assert isinstance(known.value, GitRefs)
    assert action_ref.newest("v2", known.value.tags) == "v4"


def test_archived_repositories_are_known_and_no_other() -> None:
    assert bundled(Question("github-repository", "Actions/Create-Release")) == Known(
        HostedRepository("Actions/Create-Release", archived=True), known_since=date(2026, 8, 22), bundled=True
    )
    assert bundled(Question("github-repository", "actions/checkout")) is None
    assert actions.successor("Actions/Setup-Ruby") == "ruby/setup-ruby"
    assert actions.successor("8398a7/action-slack") is None


@pytest.mark.parametrize(
    "question",
    [
        Question("lifecycle", "nodejs"),
        Question("git-refs", "https://gitlab.com/actions/checkout"),
        Question("git-refs", "https://github.com/nobody/nothing"),
    ],
)
def test_other_questions_are_not_answered(question: Question) -> None:
    assert bundled(question) is None


def test_names_in_the_table_are_lower_case() -> None:
    names = [*TABLE["tags"]["rows"], *TABLE["definitions"]["rows"], *TABLE["archived"]["repositories"]]
    names += [*TABLE["archived"]["successors"], *(row.partition("@")[0] for row in TABLE["outdated"]["rows"])]
    assert all(name == name.lower() for name in names)
    assert all(action_ref.is_stable(tag) for row in TABLE["tags"]["rows"].values() for tag in row["tags"])
