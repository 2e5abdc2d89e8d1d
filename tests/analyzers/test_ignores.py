"""Ignore comments, and what they set aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analyzers.config import Config
from analyzers.config import Ignore as Entry
from analyzers.ignores import comments, configured
from analyzers.model.finding import Confidence, Finding, Severity, Subject
from analyzers.model.inventory import Ignore
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey
from analyzers.set_aside import certainly_unused, set_aside
from analyzers.settings import Inherited, Settings
from analyzers.syntax.text import SourceText

TODAY = date(2026, 11, 22)


def never(_path: str, _line: int) -> date | None:
    return None


def read(text: str, path: str = "Dockerfile") -> list[Ignore]:
    return list(comments(SourceText(path, text), TODAY, never))


def finding(rule: str, path: str, line: int, *, end_line: int | None = None, name: str = "node") -> Finding:
    return Finding(
        rule=rule,
        group="docker",
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        title="t",
        message="m",
        path=path,
        line=line,
        end_line=end_line or line,
        subject=Subject(ecosystem="docker", name=name),
        key=SubjectKey("docker", name),
        minutes=5,
        exposure=1.0,
        identity="i",
    )


@pytest.mark.parametrize(
    ("text", "line", "rules", "reason", "until"),
    [
        ("FROM a\nx # debtscan: ignore[r] why until=2027-01-31\n", 2, ("r",), "why", date(2027, 1, 31)),
        ("# debtscan: ignore[r] why until=2027-01-31\nFROM a\n", 2, ("r",), "why", date(2027, 1, 31)),
        ("# debtscan: ignore[r] why until=2027-01-31\n# more\nFROM a\n", 3, ("r",), "why", date(2027, 1, 31)),
        ("x # debtscan: ignore[a, b] until=2027-01-31 two words\r\n", 1, ("a", "b"), "two words", date(2027, 1, 31)),
        ("x // debtscan: ignore[r] w until=2027-01-31\n", 1, ("r",), "w", date(2027, 1, 31)),
        ("x /* debtscan: ignore[r] w until=2027-01-31 */\n", 1, ("r",), "w", date(2027, 1, 31)),
        ("x # debtscan: ignore[] until=2027-01-31\n", 1, (), "", date(2027, 1, 31)),
    ],
)
def test_a_comment_names_rules_reason_day_and_line(
    text: str, line: int, rules: tuple[str, ...], reason: str, until: date
) -> None:
    (found,) = read(text)
    assert (found.applies_to, found.rules, found.reason, found.until) == (line, rules, reason, until)
    assert found.dated


@pytest.mark.parametrize("text", ["x#debtscan: ignore[r]\n", "# debtscan: ignore r\n", "# ignore[r]\n"])
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert read(text) == []


def test_a_string_in_python_that_quotes_the_syntax_is_no_comment() -> None:
    text = 'a = " # debtscan: ignore[r] x"\nb = 1 # debtscan: ignore[r] x\n'
    assert [entry.applies_to for entry in read(text, "a.py")] == [2]


def test_a_day_that_is_none_covers_nothing_and_says_so() -> None:
    (found,) = read("x # debtscan: ignore[r] w until=tomorrow\n")
    assert found.until == date.min
    assert "until=tomorrow is no date" in found.reason


def test_without_a_day_it_holds_for_90_days_from_its_commit() -> None:
    (found,) = comments(SourceText("a", "x # debtscan: ignore[r] w\n"), TODAY, lambda _path, _line: date(2026, 9, 1))
    assert (found.until, found.dated) == (date(2026, 11, 30), False)
    (fresh,) = read("x # debtscan: ignore[r] w\n")
    assert fresh.until == date(2027, 2, 20)


def test_the_configuration_ignores_by_rule_path_and_name() -> None:
    entry = Entry(rule="r", reason="w", path="legacy/", name="node", until=TODAY)
    settings = Settings(Config(ignore=(entry,)), "debtscan.toml", {"ignore[0]": 7})
    (ignore,) = configured(settings, TODAY, never)
    assert ignore.place.line == 7
    covered = finding("r", "legacy/a/Dockerfile", 3)
    others = [finding("r", "Dockerfile", 3), finding("s", "legacy/x", 3), finding("r", "legacy/x", 3, name="python")]
    found = set_aside([covered, *others], [ignore], TODAY)
    assert [entry.finding for entry in found.ignored] == [covered]
    assert list(found.kept) == others


def test_an_organisations_ignores_stand_in_its_file_and_hold_while_they_stand() -> None:
    def asked(_path: str, _line: int) -> date:
        raise AssertionError("its file is not among those that are scanned")

    entries = (Entry(rule="r", reason="w"),)
    below = Inherited("acme/.github: debtscan.toml", b"")
    settings = Settings(Config(ignore=entries), None, {}, below, {"ignore": 3, "ignore[0]": 4})
    (ignore,) = configured(settings, TODAY, asked)
    assert (ignore.place.path, ignore.place.line) == ("acme/.github: debtscan.toml", 4)
    assert (ignore.scope, ignore.dated, ignore.until) == ("inherited", False, TODAY + timedelta(days=90))
    (own,) = configured(Settings(Config(ignore=entries), "debtscan.toml", {"ignore": 1}, below), TODAY, never)
    assert (own.scope, own.place.path) == ("own", "debtscan.toml")
    (shared,) = configured(Settings(Config(ignore=entries), "debtscan.toml", {}, is_shared=True), TODAY, never)
    assert shared.scope == "shared"


def test_the_last_day_is_included_and_the_day_after_is_not() -> None:
    (ignore,) = read("x # debtscan: ignore[r] w until=2026-11-22\n")
    target = finding("r", "Dockerfile", 1)
    assert set_aside([target], [ignore], date(2026, 11, 22)).kept == ()
    after = set_aside([target], [ignore], date(2026, 11, 23))
    assert after.kept == (target,)
    assert after.unused == ()


def test_a_function_is_covered_at_its_first_line_alone() -> None:
    function = finding("r", "a.py", 10, end_line=40)
    hot = replace(function, key=SubjectKey("function", "a.py::f"))
    (inside,) = read("\n" * 19 + "x # debtscan: ignore[r] w until=2027-01-01\n", "a.py")
    assert set_aside([hot], [inside], TODAY).kept == (hot,)
    assert set_aside([function], [inside], TODAY).kept == ()


def test_false_positive_is_the_first_word_of_the_reason() -> None:
    (ignore,) = read("x # debtscan: ignore[r] false-positive: vendored copy until=2027-01-01\n")
    assert set_aside([finding("r", "Dockerfile", 1)], [ignore], TODAY).ignored[0].false_positive


def unasked(path: str) -> Skipped:
    return Skipped(what="look-up", path=path, source="oci-tags", reason="offline")


def test_an_ignore_is_unused_only_where_everything_could_be_judged() -> None:
    (ignore,) = read("x # debtscan: ignore[r] w until=2027-01-01\n")
    assert certainly_unused([ignore], [], {"r"}) == (ignore,)
    assert certainly_unused([ignore], [unasked("Dockerfile")], {"r"}) == ()
    assert certainly_unused([ignore], [unasked("other/Dockerfile")], {"r"}) == (ignore,)
    failed = Skipped(what="rule", source="r", reason="rule-failed")
    assert certainly_unused([ignore], [failed], {"r"}) == ()


def test_an_ignore_of_the_configuration_is_unused_where_its_path_could_be_judged() -> None:
    entries = (Entry(rule="r", reason="w", until=TODAY), Entry(rule="r", reason="w", path="a/", until=TODAY))
    everywhere, inside = configured(Settings(Config(ignore=entries), "debtscan.toml"), TODAY, never)
    assert certainly_unused([everywhere, inside], [unasked("b/Dockerfile")], {"r"}) == (inside,)
    assert certainly_unused([everywhere, inside], [unasked("a/Dockerfile")], {"r"}) == ()


@pytest.mark.parametrize("comment", ["ignore[nope] w", "ignore[] w"])
def test_an_ignore_that_names_no_rule_is_unused_wherever_it_stands(comment: str) -> None:
    (ignore,) = read(f"x # debtscan: {comment} until=2027-01-01\n")
    assert certainly_unused([ignore], [unasked("Dockerfile")], {"r"}) == (ignore,)


@pytest.mark.parametrize(
    "entry",
    [
        Skipped(what="file", source="metrics", reason="not-measured", detail="complexity of 3 Shell files"),
        Skipped(what="file", source="metrics", reason="vendored", detail="5 files of code"),
        Skipped(what="file", path="lib", source="git", reason="submodule"),
        Skipped(what="history", source="git", reason="shallow-history"),
    ],
)
def test_what_no_rule_judges_anyway_hides_no_unused_ignore(entry: Skipped) -> None:
    (ignore,) = read("x # debtscan: ignore[r] w until=2027-01-01\n")
    (wide,) = configured(Settings(Config(ignore=(Entry(rule="r", reason="w", until=TODAY),)), "d"), TODAY, never)
    assert certainly_unused([ignore, wide], [entry], {"r"}) == (ignore, wide)
