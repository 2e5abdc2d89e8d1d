from __future__ import annotations

from dataclasses import replace

import pytest

from analyzers.checks.actions.unpinned_action import check
from analyzers.config import Actions
from analyzers.model.finding import Fix
from analyzers.model.inventory import Repository
from tests.support.workflows import evidence, judge, refs, steps

SHA = "a" * 40


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("o/r@v1", True),
        ("o/r@v1.2.3", True),
        ("o/r@main", True),
        ("o/r@abcdef0", True),
        ("o/r/.github/workflows/x.yml@v1", True),
        ("slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2.1.0", False),
        ("slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2", True),
        ("slsa-framework/slsa-github-generator/actions/x@v2.1.0", True),
        (f"o/r@{SHA}", False),
        (f"o/r@{'a' * 64}", False),
        ("actions/checkout@v1", False),
        ("GitHub/codeql-action/init@v1", False),
        ("./local", False),
        ("docker://alpine:3.8", False),
        ("${{ x }}", False),
    ],
)
def test_third_parties_have_to_be_pinned(call: str, *, found: bool) -> None:
    findings, skipped = judge(check, evidence(steps(call), {}))
    assert [finding.minutes for finding in findings] == ([5] if found else [])
    assert skipped == []


def test_whose_repository_is_scanned_trusts_nobody() -> None:
    given = evidence(steps("own/r@v1"), {})
    owned = replace(given, inventory=replace(given.inventory, repository=Repository("own/project")))
    assert len(judge(check, owned)[0]) == len(judge(check, given)[0]) == 1


def test_the_configuration_says_who_is_trusted() -> None:
    given = evidence(steps("Own/r@v1", "actions/checkout@v1"), {}, config=Actions(trusted_owners=("own",)))
    assert [found.subject.name for found in judge(check, given)[0]] == ["actions/checkout"]


def test_where_refs_are_known_the_commit_is_proposed() -> None:
    answers = refs("o/r", {"v1": SHA, "v1.4.0": SHA}, {"main": "b" * 40})
    findings, _ = judge(check, evidence(steps("o/r@v1", "o/r@main", "o/r@v9"), answers))
    assert [found.fix for found in findings] == [
        Fix(available=True, to=SHA, safe=True),
        Fix(available=True, to="b" * 40, safe=True),
        Fix(),
    ]
    assert findings[0].message == (
        f"o/r@v1 is a ref that o can point at other code at any time. Write the commit {SHA} and the comment # v1.4.0."
    )


def test_the_table_knows_no_commits() -> None:
    (found,), _ = judge(check, evidence(steps("docker/login-action@v3")))
    assert found.fix == Fix()
