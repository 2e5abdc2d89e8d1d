"""A workflow with one of each fault, judged online against real git on loopback, and offline by the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from analyzers.checks.actions import (
    archived_action,
    deprecated_workflow_command,
    ending_runner,
    failing_action_version,
    forced_action_runtime,
    mismatched_action_comment,
    outdated_action,
    retired_runner,
    unpinned_action,
)
from analyzers.config import Config
from analyzers.ecosystems.github_actions.ecosystem import ECOSYSTEM
from analyzers.ecosystems.github_actions.reader import read_workflow
from analyzers.facts_json import facts_from_json, facts_to_json
from analyzers.look_up import look_up
from analyzers.model.facts import Facts
from analyzers.model.finding import Evidence, Finding
from analyzers.model.inventory import Inventory, Repository
from analyzers.model.skipped import Skipped
from analyzers.syntax.text import SourceText
from tests.support.fetching import fetcher_with
from tests.support.git_server import GitHost, serve_git

RULES = (
    archived_action,
    deprecated_workflow_command,
    ending_runner,
    failing_action_version,
    forced_action_runtime,
    mismatched_action_comment,
    outdated_action,
    retired_runner,
    unpinned_action,
)
TODAY = date(2026, 11, 22)
EXAMPLE = """\
on: push
jobs:
  test:
    runs-on: ubuntu-20.04
    steps:
      - uses: actions/checkout@v2
      - run: echo "::set-output name=tag::$TAG"
"""
FOUND = [
    ("retired-runner", 4, "ubuntu-20.04 was removed on 2025-04-15", "ubuntu-24.04"),
    ("forced-action-runtime", 6, "actions/checkout v2 (node12) is forced onto Node 24 since 2026-06-16", "v7"),
    ("outdated-action", 6, "actions/checkout v2 is behind v7", "v7"),
    ("deprecated-workflow-command", 7, "::set-output is deprecated since 2022-10-11", None),
]


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    with serve_git(tmp_path) as running:
        checkout = running.action("actions/checkout", v2_8_0="node12", v4_4_0="node20", v7_0_1="node24")
        for tag in ("v2.8.0", "v4.4.0", "v7.0.1"):
            checkout.git("tag", tag.partition(".")[0], f"{tag}^{{commit}}")
        running.action("third/old", v1_0_0="node16")
        running.archived.add("third/old")
        inner = "runs:\n  using: composite\n  steps:\n    - uses: third/old@v1.0.0\n"
        running.repository("third/composite").write("sub/action.yaml", inner).commit().git("tag", "v1")
        yield running


def inventory(text: str) -> Inventory:
    reading = read_workflow(SourceText(".github/workflows/ci.yml", text))
    return Inventory(
        repository=Repository("repo"), dependencies=reading.dependencies, observations=reading.observations
    )


def online(text: str, host: GitHost) -> tuple[Inventory, Facts]:
    with fetcher_with() as fetcher:
        found = inventory(text)
        facts = look_up(
            found, fetcher=fetcher.send, looked_up=TODAY, addresses=host.addresses, ecosystems=[ECOSYSTEM], jobs=4
        )
    return found, facts


def offline(text: str) -> tuple[Inventory, Facts]:
    with fetcher_with(offline=True) as fetcher:
        found = inventory(text)
        return found, look_up(found, fetcher=fetcher.send, looked_up=TODAY, ecosystems=[ECOSYSTEM], jobs=2)


def judged(given: tuple[Inventory, Facts], as_of: date = TODAY) -> tuple[list[Finding], list[Skipped]]:
    evidence = Evidence(inventory=given[0], facts=given[1], config=Config(), as_of=as_of)
    found = [item for rule in RULES for item in rule.check(evidence)]
    findings = sorted((item for item in found if isinstance(item, Finding)), key=lambda item: (item.line, item.rule))
    return findings, [item for item in found if isinstance(item, Skipped)]


def shown(findings: Sequence[Finding]) -> list[tuple[str, int, str, str | None]]:
    return [(found.rule, found.line, found.title, found.fix.to) for found in findings]


def test_online_each_fault_is_named_with_date_and_fix(host: GitHost) -> None:
    findings, skipped = judged(online(EXAMPLE, host))
    assert shown(findings) == FOUND
    assert skipped == []


def test_offline_each_fault_is_named_as_well_and_what_was_not_asked() -> None:
    findings, skipped = judged(offline(EXAMPLE))
    assert shown(findings) == FOUND
    assert sorted((entry.source, entry.reason) for entry in skipped) == [
        ("action", "bundled-table"),
        ("git-refs", "bundled-table"),
        ("github-repository", "offline"),
    ]


def test_stored_facts_give_the_same_findings(host: GitHost) -> None:
    for found, facts in (online(EXAMPLE, host), offline(EXAMPLE)):
        assert judged((found, facts_from_json(facts_to_json(facts)))) == judged((found, facts))


@pytest.mark.parametrize(
    ("as_of", "rules"),
    [
        (date(2022, 10, 10), {"forced-action-runtime"}),
        (date(2022, 10, 11), {"forced-action-runtime", "deprecated-workflow-command"}),
        (date(2025, 4, 14), {"forced-action-runtime", "deprecated-workflow-command", "ending-runner"}),
        (date(2025, 4, 15), {"forced-action-runtime", "deprecated-workflow-command", "retired-runner"}),
    ],
)
def test_the_day_before_an_end_has_no_finding_and_the_day_itself_has_one(
    host: GitHost, as_of: date, rules: set[str]
) -> None:
    for given in (online(EXAMPLE, host), offline(EXAMPLE)):
        assert {found.rule for found in judged(given, as_of)[0]} == rules


def test_a_composite_action_of_a_third_party_is_followed_live(host: GitHost) -> None:
    commit = host.repository("actions/checkout").git("rev-parse", "v4.4.0^{commit}").strip()
    text = f"""\
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: third/composite/sub@v1
      - uses: actions/checkout@{commit} # v7.0.1
      - uses: third/old@v1.0.0
"""
    findings, skipped = judged(online(text, host))
    assert [(found.rule, found.line) for found in findings] == [
        ("forced-action-runtime", 5),
        ("unpinned-action", 5),
        ("forced-action-runtime", 6),
        ("mismatched-action-comment", 6),
        ("outdated-action", 6),
        ("archived-action", 7),
        ("forced-action-runtime", 7),
        ("unpinned-action", 7),
    ]
    assert "calls third/old@v1.0.0, which declares node16" in findings[0].message
    newest = host.repository("actions/checkout").git("rev-parse", "v7.0.1^{commit}").strip()
    assert findings[4].fix.to == newest
    assert findings[3].fix.to == "v4.4.0"
    assert skipped == []


def test_an_action_that_is_gone_is_named_and_never_fine(host: GitHost) -> None:
    text = "jobs:\n  a:\n    steps:\n      - uses: third/missing@v1\n"
    findings, skipped = judged(online(text, host))
    assert [found.rule for found in findings] == ["unpinned-action"]
    assert {(entry.source, entry.reason) for entry in skipped} == {
        ("action", "not-found"),
        ("git-refs", "not-found"),
        ("github-repository", "not-found"),
    }
