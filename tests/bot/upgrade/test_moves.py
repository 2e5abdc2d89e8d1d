"""From what the rules find to moves: targets, edits, locks, points, and what comes later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeAlias

import pytest

from analyzers.advisories.asked import about_package, about_version
from analyzers.config import Config
from analyzers.ecosystems.terraform.ecosystem import ECOSYSTEM
from analyzers.model.advisory import Advisories, Advisory, AdvisoryIds, AffectedRange, Event, Level
from analyzers.model.facts import Answer, ImageManifest, Known, Package
from analyzers.model.finding import Evidence
from analyzers.model.inventory import Churn, Dependency, History, Manifest, Observation
from analyzers.model.question import Question
from analyzers.read import ecosystems
from analyzers.scan import judge
from analyzers.syntax.text import SourceText
from bot.upgrade.model import LeftOut, Move
from bot.upgrade.moves import moves
from bot.upgrade.worth import won
from tests.support import images, workflows
from tests.support.dependencies import TODAY, evidence, lifecycle, npm, package, place, releases, requirement
from tests.support.plans import settings

A, B = "a" * 40, "b" * 40
_TAGS = "18-alpine 18-slim 24-alpine 24-slim"
_Answers: TypeAlias = dict[Question | str, Answer]
REQUESTS = package("requests", "2.30.0 2023-05-03", "2.32.4 2025-06-09", "2.32.5 2025-08-18", "3.0.0 2026-11-01")


def _moves(given: Evidence, **keys: Any) -> tuple[tuple[Move, ...], tuple[LeftOut, ...]]:  # noqa: ANN401 - as in TOML
    config = replace_upgrades(given.config, **keys)
    return moves(judge(given.inventory, given.facts, config, as_of=given.as_of), ecosystems())


def replace_upgrades(config: Config, **keys: Any) -> Config:  # noqa: ANN401 - as in TOML
    """Return the configuration with ``[upgrades]``."""
    return Config(
        scan=config.scan, dependencies=config.dependencies, docker=config.docker, actions=config.actions,
        upgrades=settings(**keys),
    )  # fmt: skip


def _one(given: Evidence, **keys: Any) -> Move:  # noqa: ANN401 - as in TOML
    (move,), left_out = _moves(given, **keys)
    assert left_out == ()
    return move


def _texts(move: Move) -> dict[tuple[str, int], str | None]:
    """Return the new texts of a move by path and line."""
    changes = move.edit.changes if move.edit else ()
    return {(change.row.place.path, change.row.place.line): change.value for change in changes}


def _python(
    *rows: Dependency, manifests: Iterable[Manifest] = (), answers: Mapping[Question | str, Answer] | None = None
) -> Evidence:
    return evidence(rows, {"requests": REQUESTS, **(answers or {})}, manifests=manifests)


def advised(name: str, version: str, fixed: str, level: Level = "high") -> _Answers:
    """Return what the database says of one flaw that a version mends."""
    ranges = (AffectedRange((Event("introduced", "0"), Event("fixed", fixed))),)
    known = Advisory(id="CVE-2026-1", level=level, published=date(2026, 1, 1), ranges=ranges)
    return {
        about_version("pypi", name, version): Known(AdvisoryIds(name, version, ("CVE-2026-1",))),
        about_package("pypi", name): Known(Advisories(name, (known,))),
    }


def test_a_pin_moves_with_both_dates_and_its_points() -> None:
    move = _one(_python(requirement("Requests", "==2.30.0")))
    assert (move.name, move.current, move.target, move.kind, move.step) == (
        "Requests",
        "2.30.0",
        "3.0.0",
        "major",
        "major",
    )
    assert (move.current_published, move.published) == (date(2023, 5, 3), date(2026, 11, 1))
    assert _texts(move) == {("requirements.txt", 1): "==3.0.0"}
    assert (move.files, move.locks, move.line, move.points) == (("requirements.txt",), (), "3", 120)


def test_all_files_of_a_package_are_one_move() -> None:
    rows = (requirement("requests", "==2.32.4"), requirement("requests", "~=2.30", path="dev.txt", line=3))
    move = _one(_python(*rows))
    assert _texts(move) == {("requirements.txt", 1): "==3.0.0", ("dev.txt", 3): "~=3.0"}
    assert len(move.findings) == 2


def test_a_release_that_is_too_young_gives_way_to_one_that_is_not() -> None:
    answers: _Answers = {"a": package("a", "1.0 2025-01-01", "1.1 2026-11-01", "1.2 2026-11-21")}
    move = _one(evidence([requirement("a", "==1.0")], answers))
    assert (move.target, move.note) == ("1.1", "1.2 is 1 day old and waits")
    # A minor step is 20 points; a minor step is left of it.
    assert move.points == 0
    assert _one(evidence([requirement("a", "==1.0")], answers), minimum_release_age_days=0).target == "1.2"


def test_where_all_that_is_newer_is_young_the_newest_is_taken_and_waits() -> None:
    answers: _Answers = {"a": package("a", "1.0 2025-01-01", "1.1 2026-11-20", "1.2 2026-11-21")}
    move = _one(evidence([requirement("a", "==1.0")], answers))
    assert (move.target, move.published) == ("1.2", date(2026, 11, 21))


MAJORS: _Answers = {
    "a": package("a", "1.0 2020-01-01", "1.5 2021-01-01", "2.0 2022-01-01", "2.4 2023-01-01", "4.0 2024-01-01")
}


def test_majors_are_taken_one_by_one() -> None:
    move = _one(evidence([requirement("a", "==1.0")], MAJORS))
    assert (move.target, move.kind) == ("2.4", "major")
    assert move.note == "4.0 comes after it, since majors are taken one by one"
    # 180 for two major lines, 120 for the one that is left.
    assert move.points == 60


def test_or_at_once_where_people_want_that() -> None:
    move = _one(evidence([requirement("a", "==1.0")], MAJORS), majors="newest")
    assert (move.target, move.note, move.points) == ("4.0", "", 180)


def test_without_majors_the_newest_of_the_line_is_left() -> None:
    move = _one(evidence([requirement("a", "==1.0")], MAJORS), majors="never")
    assert (move.target, move.kind) == ("1.5", "minor")


def test_a_withdrawn_release_and_a_prerelease_are_passed_over() -> None:
    answers: _Answers = {
        "a": package(
            "a", "1.0 2020-01-01", "2.0 2022-01-01", "2.1rc1 2022-02-01", "2.2 2022-03-01 yanked", "3.0 2023-01-01"
        )
    }
    assert _one(evidence([requirement("a", "==1.0")], answers)).target == "2.0"


def test_a_flaw_is_mended_by_the_newest_release_of_no_greater_step() -> None:
    move = _one(
        _python(requirement("requests", "==2.30.0"), answers=advised("requests", "2.30.0", "2.32.4")), majors="never"
    )
    assert (move.kind, move.target, move.advisories) == ("security", "2.32.5", ("CVE-2026-1",))


def test_what_is_beyond_comes_later() -> None:
    found, left_out = _moves(
        _python(requirement("requests", "==2.30.0"), answers=advised("requests", "2.30.0", "2.32.4"))
    )
    assert [(move.kind, move.target) for move in found] == [("security", "2.32.4")]
    assert [(one.reason, one.target) for one in left_out] == [("later", "3.0.0")]
    assert left_out[0].detail == "2.32.4 goes first, which mends a known vulnerability"


def test_a_release_with_a_flaw_of_its_own_is_not_taken_for_the_way_out() -> None:
    answers = advised("requests", "2.30.0", "2.32.4")
    ranges = (AffectedRange((Event("introduced", "2.32.5"),)),)
    second = Advisory(id="CVE-2026-2", published=date(2026, 1, 1), ranges=ranges)
    first = answers[about_package("pypi", "requests")]
    assert isinstance(first, Known)
    assert isinstance(first.value, Advisories)
    answers[about_package("pypi", "requests")] = Known(Advisories("requests", (*first.value.advisories, second)))
    (move,), _ = _moves(_python(requirement("requests", "==2.30.0"), answers=answers), majors="never")
    assert move.target == "2.32.4"


def test_what_something_else_brings_in_is_a_move_of_the_lockfile() -> None:
    rows = (
        requirement("flask", "==3.0", locked_version="3.0", path="pyproject.toml"),
        requirement("requests", None, locked_version="2.30.0", path="uv.lock", line=9, direct=False),
    )
    manifest = Manifest(path="pyproject.toml", ecosystem="pypi", format="pyproject", lockfile="uv.lock")
    given = evidence(
        rows,
        {"flask": package("flask", "3.0 2023-01-01"), **advised("requests", "2.30.0", "2.32.4")},
        manifests=[manifest],
    )
    move = _one(given)
    assert (move.kind, move.target, move.indirect, move.edit) == ("security", "2.32.4", True, None)
    assert (move.files, move.locks) == (("uv.lock",), ("uv.lock",))


def test_a_range_that_admits_it_leaves_the_lock_to_be_made_anew() -> None:
    row = requirement("requests", ">=2.30", locked_version="2.30.0", path="pyproject.toml")
    manifest = Manifest(path="pyproject.toml", ecosystem="pypi", format="pyproject", lockfile="uv.lock")
    move = _one(_python(row, manifests=[manifest]))
    assert (move.edit, move.files, move.locks) == (None, ("uv.lock",), ("uv.lock",))
    bumped = _one(_python(row, manifests=[manifest]), range_strategy="bump")
    assert _texts(bumped) == {("pyproject.toml", 1): ">=3.0"}
    assert bumped.files == ("pyproject.toml", "uv.lock")


def test_a_pin_with_a_lock_carries_its_edit_and_the_lock() -> None:
    row = requirement("requests", "==2.30.0", locked_version="2.30.0", path="pyproject.toml")
    manifest = Manifest(path="pyproject.toml", ecosystem="pypi", format="pyproject", lockfile="uv.lock")
    move = _one(_python(row, manifests=[manifest]))
    assert _texts(move) == {("pyproject.toml", 1): "==3.0.0"}
    assert (move.files, move.locks) == (("pyproject.toml", "uv.lock"), ("uv.lock",))


def test_a_compiled_file_is_the_lock_of_its_input_and_never_edited() -> None:
    rows = (
        requirement("requests", None, locked_version="2.30.0", path="base.in"),
        requirement("requests", "==2.30.0", path="base.txt", line=7),
    )
    given = _python(
        *rows, manifests=[Manifest(path="base.in", ecosystem="pypi", format="requirements", lockfile="base.txt")]
    )
    seen = Observation(kind="compiled-from", name="base.in", place=place("base.txt"))
    given = replace(given, inventory=replace(given.inventory, observations=(seen,)))
    move = _one(given)
    assert (move.edit, move.locks) == (None, ("base.txt",))


def test_the_lock_of_a_lock_is_made_anew_as_well() -> None:
    rows = (requirement("requests", ">=2,<3", locked_version="2.30.0", path="setup.in"),)
    chain = [
        Manifest(path="setup.in", ecosystem="pypi", format="requirements", lockfile="base.in"),
        Manifest(path="base.in", ecosystem="pypi", format="requirements", lockfile="base.txt"),
    ]
    assert _one(_python(*rows, manifests=chain)).locks == ("base.in", "base.txt")


def test_a_library_is_widened_and_an_application_moved() -> None:
    row = npm("left", "^1.2.0")
    answers: _Answers = {"npm:left": package("left", "1.2.0 2022-01-01", "2.0.0 2023-01-01")}
    for application, text in ((False, "^1.2.0 || ^2.0.0"), (True, "^2.0.0"), (None, "^2.0.0")):
        manifest = Manifest(path="package.json", ecosystem="npm", format="package-json", application=application)
        assert _texts(_one(evidence([row], answers, manifests=[manifest]))) == {("package.json", 1): text}


def test_what_a_library_needs_for_development_is_not_widened() -> None:
    row = npm("left", "^1.2.0", dependency_group="devDependencies")
    answers: _Answers = {"npm:left": package("left", "1.2.0 2022-01-01", "2.0.0 2023-01-01")}
    manifest = Manifest(path="package.json", ecosystem="npm", format="package-json", application=False)
    move = _one(evidence([row], answers, manifests=[manifest]))
    assert (_texts(move), move.development) == ({("package.json", 1): "^2.0.0"}, True)


def test_packages_of_one_repository_are_a_family() -> None:
    def of(name: str, repository: str) -> Known:
        return Known(Package(name, releases("1.0.0 2022-01-01", "2.0.0 2023-01-01"), repository=repository))

    rows = [npm(name, "1.0.0", version="1.0.0", line=line) for line, name in enumerate(("a", "b", "c", "d", "e"), 1)]
    shared, types = "git+https://github.com/One/Repo.git", "https://github.com/DefinitelyTyped/DefinitelyTyped.git"
    answers: _Answers = {"npm:a": of("a", shared), "npm:b": of("b", shared), "npm:c": of("c", "github:o/c")}
    found, _ = _moves(evidence(rows, {**answers, "npm:d": of("d", types), "npm:e": of("e", types)}))
    assert [(move.name, move.family) for move in found] == [
        ("a", "one/repo"),
        ("b", "one/repo"),
        ("c", ""),
        ("d", ""),
        ("e", ""),
    ]
    assert (found[0].repository, found[2].repository) == ("github.com/One/Repo", "github.com/o/c")
    assert found[0].family_reason == "they are released from one repository, github.com/One/Repo"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("git+https://user:secret@gitlab.com/group/sub/project.git", "gitlab.com/group/sub/project"),
        ("git@github.com:o/r.git", "github.com/o/r"),
        ("https://codeberg.org/o/r/", "codeberg.org/o/r"),
        ("https://evil.example/<img src=x>", None),
        ("https://evil.example/a b", None),
        ("https://evil.example", None),
        ("javascript:alert(1)", None),
        ("@everyone #1", None),
    ],
)
def test_where_a_source_lies_is_an_address_or_nothing(address: str, place: str | None) -> None:
    told = Known(Package("a", releases("1.0.0 2022-01-01", "2.0.0 2023-01-01"), repository=address))
    assert _one(evidence([npm("a", "1.0.0", version="1.0.0")], {"npm:a": told})).repository == place


def test_heat_is_the_churn_of_the_files_that_import_it() -> None:
    given = _python(requirement("requests", "==2.30.0"))
    churn = tuple(
        Churn(path=path, revisions=count, authors=1, last_changed=TODAY)
        for path, count in (("a.py", 9), ("b.py", 4), ("c.py", 5))
    )
    history = History(since=TODAY, until=TODAY, commits=9, left_out=(), churn=churn)
    inventory = replace(given.inventory, history=history, importers={("pypi", "requests"): ("a.py", "b.py")})
    assert _one(replace(given, inventory=inventory)).heat == 13


def _terraform(constraint: str, locked: str) -> Evidence:
    files = {
        "main.tf": "terraform {\n required_providers {\n"
        f'  aws = {{ source = "hashicorp/aws", version = "{constraint}" }}\n }}\n}}\n',
        ".terraform.lock.hcl": f'provider "registry.terraform.io/hashicorp/aws" {{\n version = "{locked}"\n}}\n',
    }
    readings = ECOSYSTEM.pair(
        {
            path: next(form for form in ECOSYSTEM.formats if form.matches(path)).read(SourceText(path, text))
            for path, text in files.items()
        }
    )
    aws = package("hashicorp/aws", "5.0.0 2023-05-25", "5.9.0 2023-07-20", "6.0.0 2025-06-18", "7.2.1 2026-11-20")
    asked = Question("terraform", "providers/hashicorp/aws")
    rows = [row for reading in readings.values() for row in reading.dependencies]
    manifests = [reading.manifest for reading in readings.values() if reading.manifest]
    return evidence(rows, {asked: aws}, manifests=manifests)


def test_a_provider_is_moved_with_its_lock_one_major_at_a_time() -> None:
    move = _one(_terraform("~> 5.0", "5.0.0"))
    assert (move.name, move.current, move.target, move.kind) == ("hashicorp/aws", "5.0.0", "6.0.0", "major")
    assert _texts(move) == {("main.tf", 3): "~> 6.0"}
    assert (move.locks, move.published) == ((".terraform.lock.hcl",), date(2025, 6, 18))


def test_a_provider_whose_constraint_admits_it_is_moved_in_the_lock_alone() -> None:
    move = _one(_terraform(">= 5.0", "5.0.0"))
    assert (move.edit, move.files, move.target) == (None, (".terraform.lock.hcl",), "6.0.0")


def test_a_chart_is_moved_to_a_release_that_is_old_enough() -> None:
    address = "https://charts.example.com"
    row = Dependency(
        ecosystem="helm", name="redis", place=place("Chart.yaml", 4), kind="helm-chart", purl="pkg:helm/redis",
        value="17.0.0", version="17.0.0", index=address,
    )  # fmt: skip
    told = package("redis", "17.0.0 2024-01-01", "17.1.0 2026-01-01", "17.2.0 2026-11-21")
    move = _one(evidence([row], {Question("helm", "redis", address): told}))
    assert (move.target, move.kind, move.line) == ("17.1.0", "minor", "17")
    assert _texts(move) == {("Chart.yaml", 4): "17.1.0"}


def test_the_end_of_a_line_counts_where_it_is_left_behind() -> None:
    django = lifecycle("django", "5.2 2025-04-02 2028-04-30", "4.2 2023-04-03 2026-04-07", "4.1 2022-08-03 2023-12-01")
    answers: _Answers = {Question("lifecycle", "django"): django}
    within = package("django", "4.1.0 2022-08-03", "4.1.13 2023-11-01")
    beyond = package("django", "4.1.0 2022-08-03", "4.1.13 2023-11-01", "5.2.8 2025-11-01")
    row = requirement("django", "==4.1.0")
    assert _one(evidence([row], {**answers, "django": within})).ends is None
    assert _one(evidence([row], {**answers, "django": beyond})).ends == date(2023, 12, 1)


def test_heat_of_an_image_is_the_churn_of_the_files_that_name_it() -> None:
    given = images.evidence("FROM node:18-alpine\n", tags={"node": "18-alpine 24-alpine"})
    churn = (Churn(path="dockerfile", revisions=7, authors=1, last_changed=TODAY),)
    history = History(since=TODAY, until=TODAY, commits=9, left_out=(), churn=churn)
    given = replace(given, inventory=replace(given.inventory, history=history))
    assert _one(given).heat == 7


def test_a_finding_without_a_ready_fix_is_no_matter_of_upgrades() -> None:
    assert _moves(_python(requirement("requests", ">=2,!=3.0.0,<3", locked_version="2.30.0"))) == ((), ())


def test_an_action_moves_with_its_commit_and_comment() -> None:
    given = workflows.evidence(workflows.steps(f"o/r@{A} # v1.0.0"), workflows.refs("o/r", {"v1.0.0": A, "v2.1.0": B}))
    move = _one(given)
    (change,) = move.edit.changes if move.edit else ()
    assert (change.value, change.digest, change.comment) == (B, B, "v2.1.0")
    assert (move.current, move.target, move.kind, move.line, move.repository) == (
        "1.0.0",
        "v2.1.0",
        "major",
        "2",
        "github.com/o/r",
    )


def test_an_action_is_pinned_where_that_is_asked_for_and_moved_at_once() -> None:
    given = workflows.evidence(workflows.steps("o/r@v1"), workflows.refs("o/r", {"v1": A, "v2": B}))
    move = _one(given)
    assert {finding.rule for finding in move.findings} == {"outdated-action", "unpinned-action"}
    (change,) = move.edit.changes if move.edit else ()
    assert (change.value, change.digest, change.comment) == (B, B, "v2")
    assert move.kind == "major"


def test_an_action_that_is_only_unpinned_is_pinned_as_it_is() -> None:
    given = workflows.evidence(workflows.steps("o/r@v2"), workflows.refs("o/r", {"v2": B, "v2.1.0": B}))
    move = _one(given)
    assert (move.kind, move.step, move.target) == ("pin", None, "v2.1.0")


def test_one_action_in_many_places_is_one_move() -> None:
    given = workflows.evidence(
        workflows.steps("actions/a@v1", "actions/a@v1"), workflows.refs("actions/a", {"v1": A, "v2": B})
    )
    move = _one(given)
    assert len(_texts(move)) == 2


def test_variants_of_an_image_are_moves_of_one_subject() -> None:
    text = "FROM node:18-alpine AS a\nFROM node:18-slim\n"
    found, left_out = _moves(
        images.evidence(text, tags={"node": "18-alpine 18-slim 24-alpine 24-slim 26-alpine 26-slim"})
    )
    assert left_out == ()
    told = [(move.target, move.kind, move.line) for move in found]
    assert told == [("24-alpine", "major", "24"), ("24-slim", "major", "24")]
    assert len({move.key for move in found}) == 1
    assert found[0].ends == date(2025, 4, 30)
    # The limit of a subject counts once for both: one variant alone wins nothing.
    assert found[0].owed == found[0].points + found[1].points
    assert (won(found[:1]), won(found)) == (0, 480)


def test_an_image_with_a_digest_moves_with_the_new_one() -> None:
    digest, new = f"sha256:{A}{A[:24]}", f"sha256:{B}{B[:24]}"
    manifests = {
        "node:26-alpine": ImageManifest("node", new, created=date(2026, 11, 1)),
        "node:18-alpine": ImageManifest("node", digest),
    }
    given = images.evidence(
        f"FROM node:18-alpine@{digest}\n", tags={"node": "18-alpine 26-alpine"}, manifests=manifests
    )
    move = _one(given)
    (change,) = move.edit.changes if move.edit else ()
    assert (change.value, change.digest) == ("26-alpine", new)
    assert move.published == date(2026, 11, 1)


def test_a_digest_that_is_behind_is_refreshed_under_its_own_tag() -> None:
    digest, new = f"sha256:{A}{A[:24]}", f"sha256:{B}{B[:24]}"
    given = images.evidence(
        f"FROM node:26-alpine@{digest}\n",
        tags={"node": "26-alpine"},
        manifests={"node:26-alpine": ImageManifest("node", new)},
    )
    move = _one(given)
    assert (move.kind, move.step, move.target) == ("digest", None, "26-alpine@sha256:bbbbbbbbbbbb")


def test_the_same_facts_make_the_same_moves() -> None:
    given = _python(requirement("requests", "==2.30.0"), requirement("requests", "~=2.30", path="dev.txt"))
    turned = replace(given, inventory=replace(given.inventory, dependencies=given.inventory.dependencies[::-1]))
    assert _moves(given) == _moves(given)
    assert [(move.key, move.target, move.files) for move in _moves(given)[0]] == [
        (move.key, move.target, move.files) for move in _moves(turned)[0]
    ]
