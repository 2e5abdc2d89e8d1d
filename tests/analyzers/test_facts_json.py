from __future__ import annotations

from datetime import date

import pytest

from analyzers.facts_json import FactsFormatError, facts_from_json, facts_to_json
from analyzers.lifecycles import table
from analyzers.model.advisory import Advisories, Advisory, AdvisoryIds, AffectedRange, Event
from analyzers.model.facts import (
    Answer,
    Facts,
    GitRefs,
    HostedRepository,
    Known,
    Package,
    ProjectPage,
    Release,
    Unknown,
)
from analyzers.model.question import Question

TODAY = date(2026, 11, 22)
PACKAGE = Package(
    "demo",
    (Release("1.0", date(2024, 1, 2), yanked="", runtime=">=3.9"), Release("2.0", deprecated="no")),
    status="deprecated",
    status_reason="gone",
    newest="2.0",
)
ANSWERS: dict[Question, Answer] = {
    Question("pypi", "demo"): Known(PACKAGE),
    Question("pypi", "demo", "https://corp.example/simple"): Unknown(
        "refused", "corp.example answered with status 403"
    ),
    Question("npm", "@types/node"): Known(Package("@types/node", ()), known_since=date(2020, 1, 1)),
    Question("pypi-project", "demo"): Known(ProjectPage("demo", "https://github.com/a/b", ("Classifier",))),
    Question("github-repository", "a/b"): Known(
        HostedRepository("a/b", archived=True, pushed=date(2020, 1, 1), open_issues=3)
    ),
    Question("osv", "pypi:demo@1.0"): Known(AdvisoryIds("pypi:demo", "1.0", ("GHSA-1",))),
    Question("osv-advisories", "pypi:demo"): Known(
        Advisories(
            "pypi:demo",
            (
                Advisory(
                    id="GHSA-1",
                    aliases=("CVE-1",),
                    level="high",
                    score=7.5,
                    published=date(2024, 1, 2),
                    withdrawn=date(2024, 2, 3),
                    ranges=(AffectedRange((Event("introduced", "0"), Event("fixed", "2.0"))),),
                    versions=("3.0",),
                    malicious=True,
                ),
            ),
        )
    ),
    Question("lifecycle", "debian"): Known(table.products()["debian"], bundled=True),
    Question("git-refs", "https://github.com/a/b"): Known(
        GitRefs("https://github.com/a/b", {"v1": "1" * 40, "v0": "0" * 40}, {"main": "1" * 40}, head="main")
    ),
}


def stored(entry: bytes) -> bytes:
    return b'{"version": 1, "looked_up": "2026-11-22", "answers": [' + entry + b"]}"


def test_facts_survive_being_stored() -> None:
    facts = Facts(TODAY, ANSWERS)
    assert facts_from_json(facts_to_json(facts)) == facts


def test_equal_facts_give_equal_bytes() -> None:
    refs = GitRefs("https://github.com/a/b", {"v0": "0" * 40, "v1": "1" * 40}, {"main": "1" * 40}, head="main")
    other = {**dict(reversed(list(ANSWERS.items()))), Question("git-refs", "https://github.com/a/b"): Known(refs)}
    assert facts_to_json(Facts(TODAY, other)) == facts_to_json(Facts(TODAY, ANSWERS))


def test_no_facts_are_facts_too() -> None:
    assert facts_from_json(facts_to_json(Facts(TODAY))) == Facts(TODAY)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "damaged"),
        (b"[]", "damaged"),
        (b'{"version": 2, "looked_up": "2026-11-22", "answers": []}', "version 2"),
        (stored(b'{"source": "pypi", "name": "a"}'), "no answer"),
        (
            stored(b'{"source": "gone", "name": "a", "known": {"value": {}}}'),
            "'gone'",
        ),
        (
            stored(b'{"source": "pypi", "name": "a", "known": {"value": {"name": 1}}}'),
            "damaged",
        ),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, says: str) -> None:
    with pytest.raises(FactsFormatError, match=says):
        facts_from_json(content)
