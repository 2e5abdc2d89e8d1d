"""The two rules about Terraform's providers."""

from __future__ import annotations

from datetime import date

import pytest

from analyzers.checks.infrastructure import outdated_terraform_provider, unconstrained_terraform_provider
from analyzers.config import Config, Dependencies
from analyzers.ecosystems.terraform.ecosystem import ECOSYSTEM
from analyzers.model.facts import Answer, Unknown
from analyzers.model.finding import Evidence, Finding
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from analyzers.syntax.text import SourceText
from tests.support.dependencies import TODAY, evidence, package, run

AWS = package(
    "hashicorp/aws",
    "3.0.0 2020-07-31",
    "4.67.0 2023-05-11",
    "5.0.0 2023-05-25",
    "5.9.0 2023-07-20",
    "6.0.0 2025-06-18",
    "6.2.1 2026-11-20",
    "7.0.0-beta1 2026-11-01",
)
ASKED = Question("terraform", "providers/hashicorp/aws")


def given(
    constraint: str | None,
    locked: str | None = None,
    answer: Answer = AWS,
    *,
    as_of: date = TODAY,
    config: Config | None = None,
) -> Evidence:
    version = f', version = "{constraint}"' if constraint else ""
    files = {
        "main.tf": f'terraform {{\n required_providers {{\n  aws = {{ source = "hashicorp/aws"{version} }}\n }}\n}}\n'
    }
    if locked:
        files[".terraform.lock.hcl"] = f'provider "registry.terraform.io/hashicorp/aws" {{\n version = "{locked}"\n}}\n'
    readings = ECOSYSTEM.pair(
        {
            path: next(form for form in ECOSYSTEM.formats if form.matches(path)).read(SourceText(path, text))
            for path, text in files.items()
        }
    )
    rows = [row for reading in readings.values() for row in reading.dependencies]
    return evidence(rows, {ASKED: answer}, as_of=as_of, config=config)


def outdated(told: Evidence) -> tuple[list[Finding], list[Skipped]]:
    return run(outdated_terraform_provider.check, told)


@pytest.mark.parametrize(
    ("constraint", "locked", "title", "minutes", "to", "safe"),
    [
        ("~> 3.0", None, "hashicorp/aws 3.0.0 is 3 major lines behind 6.2.1", 240, "~> 6.0", False),
        ("~> 5.0", "5.0.0", "hashicorp/aws 5.0.0 is a major line behind 6.2.1", 120, "~> 6.0", False),
        (">= 5.0", "5.0.0", "hashicorp/aws 5.0.0 is a major line behind 6.2.1", 120, "6.2.1", False),
        (">= 6.0", "6.0.0", "hashicorp/aws 6.0.0 is a minor release behind 6.2.1", 20, "6.2.1", True),
        (None, "6.0.0", "hashicorp/aws 6.0.0 is a minor release behind 6.2.1", 20, "6.2.1", True),
        ("5.9.0", None, "hashicorp/aws 5.9.0 is a major line behind 6.2.1", 120, "6.2.1", False),
        ("~> 6.2.0", "6.2.0", "hashicorp/aws 6.2.0 is a patch release behind 6.2.1", 10, "6.2.1", True),
    ],
)
def test_a_provider_behind_is_found(
    constraint: str | None, locked: str | None, title: str, minutes: int, to: str, *, safe: bool
) -> None:
    (found,), skipped = outdated(given(constraint, locked))
    assert skipped == []
    assert (found.title, found.minutes, found.fix.to, found.fix.safe) == (title, minutes, to, safe)
    assert found.group == "infrastructure"


@pytest.mark.parametrize(
    ("constraint", "locked"),
    [("~> 6.0", None), (">= 3.0", None), (None, None), (">= 3.0", "6.2.1"), ("7.0.0-beta1", None), ("9.0.0", None)],
)
def test_what_is_not_behind_is_left_alone(constraint: str | None, locked: str | None) -> None:
    assert outdated(given(constraint, locked)) == ([], [])


@pytest.mark.parametrize(
    ("constraint", "answer", "what", "reason"),
    [
        ("~> 5.0", Unknown("time-out"), "look-up", "time-out"),
        ("~> 5.0", package("hashicorp/aws"), "look-up", "not-found"),
        ("~> 8.0", AWS, "dependency", "unsupported-version"),
        ("latest", AWS, "dependency", "unsupported-version"),
    ],
)
def test_what_cannot_be_judged_is_said(constraint: str, answer: Answer, what: str, reason: str) -> None:
    found, (skipped,) = outdated(given(constraint, answer=answer))
    assert found == []
    assert (skipped.what, skipped.reason, skipped.subject is not None) == (what, reason, what == "look-up")


def test_a_young_release_waits_and_the_one_before_is_proposed() -> None:
    config = Config(dependencies=Dependencies(minimum_release_age_days=7))
    (found,), _ = outdated(given("~> 5.0", config=config))
    held = "6.2.1 is held back: it is younger than minimum-release-age-days (7)"
    assert (found.subject.latest, found.details["held_back"]) == ("6.0.0", held)
    assert f" {held}. " in found.message
    _, (skipped,) = outdated(given(">= 6.0", "6.0.0", config=config))
    assert (skipped.reason, skipped.detail) == ("held-back", f"hashicorp/aws: {held}")


def test_on_a_past_day_only_what_was_out_counts() -> None:
    (found,), _ = outdated(given("~> 4.0", as_of=date(2023, 6, 1)))
    assert found.subject.latest == "5.0.0"
    undated = package("hashicorp/aws", "5.0.0", "6.0.0")
    _, (skipped,) = outdated(given("~> 5.0", answer=undated, as_of=date(2023, 6, 1)))
    assert skipped.reason == "not-found"


@pytest.mark.parametrize(
    ("constraint", "locked", "messages"),
    [
        (None, None, ['The provider hashicorp/aws may be of any version. Add version = "~> 6.0".']),
        (
            None,
            "5.9.0",
            [
                (
                    "The provider hashicorp/aws may be of any version. The lock file holds 5.9.0 for now. "
                    'Add version = "~> 5.0".'
                ),
            ],
        ),
        (">= 5.0", None, []),
    ],
)
def test_a_provider_without_a_constraint_is_found(
    constraint: str | None, locked: str | None, messages: list[str]
) -> None:
    found, skipped = run(unconstrained_terraform_provider.check, given(constraint, locked))
    assert skipped == []
    assert [one.message for one in found] == messages
    assert all(one.minutes == 5 for one in found)


def test_without_an_answer_a_missing_constraint_is_found_all_the_same() -> None:
    (found,), _ = run(unconstrained_terraform_provider.check, given(None, answer=Unknown("offline")))
    assert found.message.endswith("Add the version that the module was tried with.")


@pytest.mark.parametrize("rule", [outdated_terraform_provider, unconstrained_terraform_provider])
def test_each_rule_has_a_whole_page(rule: object) -> None:
    stated = rule.RULE  # type: ignore[attr-defined]  # a rule's module
    assert all((stated.title, stated.what, stated.why, stated.remediation, stated.example, stated.better))
