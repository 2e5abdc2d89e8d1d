"""``debtscan run --dry-run`` and the run after it: what the one prints is what the other writes, in the same order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

import pytest

from bot.cli import main
from tests.support.checked import Opening, run
from tests.support.github import HostedRepository
from tests.support.github.exchange import Exchange
from tests.support.packages import PythonIndex
from tests.support.shop import NAME

SETTINGS = "[upgrades]\ngroup-kinds = []\nopen-limit = 9\nweekly-limit = 9\n"
PULL = "/repos/{owner}/{repo}/pulls"
ISSUE = "/repos/{owner}/{repo}/issues/{issue_number}"
GIT = "/repos/{owner}/{repo}/git"


@pytest.fixture
def repository(opening: Opening, index: PythonIndex, capsys: pytest.CaptureFixture[str]) -> HostedRepository:
    """Return one whose next run opens, updates and closes a pull request, and deletes the branch of a merged one."""
    made = opening(SETTINGS, names=("bee", "cat", "dog"))
    run(capsys)
    index.add("ant", "1.0.0", "1.1.0").add("bee", "1.2.0")
    dog = next(pull for pull in made.pulls if "dog" in pull.title)
    made.merge(dog.number)
    made.commit({"requirements.txt": "ant==1.0.0\nbee==1.0.0\ncat==1.1.0\ndog==1.1.0\n"})
    main(["cache", "clear"])
    return made


def _printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return what a dry run would write, in its own words: a paragraph each."""
    capsys.readouterr()
    assert main(["run", NAME, "--dry-run", "--quiet", "--jobs", "1"]) == 0
    found: list[str] = []
    for line in capsys.readouterr().out.splitlines():
        if line.startswith("  would "):
            found.append(line.strip())
        elif found and (line.startswith("      ") or not line.strip()):
            found[-1] += f"\n{line.removeprefix('      ')}"
        elif found and line.startswith("    "):
            found[-1] += f" {line.strip()}"
        else:
            found.append(line)
    return [entry.rstrip() for entry in found if entry.startswith("would ")]


class _Told:
    """Tells writes as requests in the words of a dry run, which knows no number of what is not there yet."""

    def __init__(self, repository: HostedRepository, known: int) -> None:
        self._repository = repository
        self._known = known
        self._bodies = {pull.number: pull.body or "" for pull in repository.pulls}

    def all(self, writes: Sequence[Exchange]) -> Iterator[str]:
        for exchange in writes:
            body = json.loads(exchange.request.body or b"null")
            number = next((int(part) for part in exchange.request.path.split("/") if part.isdecimal()), 0)
            told = self._one(exchange, body, self._named(number))
            if told:
                yield told.rstrip()

    def _one(self, exchange: Exchange, body: dict[str, str], named: str) -> str:
        path = exchange.request.path
        known: dict[str, Callable[[], str]] = {
            # What the next commit is made of.
            f"POST {GIT}/trees": lambda: "",
            f"POST {GIT}/commits": lambda: f"commit {body['message'].splitlines()[0]!r}: write requirements.txt",
            f"POST {GIT}/refs": lambda: f"create the branch {body['ref'].removeprefix('refs/heads/')}",
            f"DELETE {GIT}/refs/{{ref}}": lambda: f"delete the branch {path.partition('/git/refs/heads/')[2]}",
            "POST /graphql": lambda: f"move the branch {_moved(exchange)}",
            f"POST {PULL}": lambda: self._opened(body),
            f"PATCH {PULL}/{{pull_number}}": lambda: f"change {named}: {self._changes(body, path)}",
            f"POST {ISSUE}/labels": lambda: f"label {named}: {', '.join(body['labels'])}",
            f"POST {ISSUE}/comments": lambda: f"comment on {named}{_text(body['body'])}",
        }
        told = known[exchange.name]()
        return f"would {told}" if told else ""

    def _opened(self, body: dict[str, str]) -> str:
        self._bodies[len(self._bodies) + 1] = body["body"]
        text = _text(body["body"])
        return f"open the pull request {body['title']!r} from {body['head']} into {body['base']}{text}"

    def _changes(self, body: dict[str, str], path: str) -> str:
        told = []
        if "title" in body:
            told.append(f"set the title {body['title']!r}")
        if "body" in body:
            number = int(path.rpartition("/")[2])
            before, after = (text.partition("<!-- debtscan:")[0] for text in (self._bodies[number], body["body"]))
            self._bodies[number] = body["body"]
            told.append(
                "set the note at the end of its text" if before == after else f"set the text{_text(body['body'])}"
            )
        if "state" in body:
            told.append({"closed": "close it"}[body["state"]])
        return "; ".join(told)

    def _named(self, number: int) -> str:
        if number <= self._known:
            return f"the pull request #{number}"
        return f"the pull request {self._repository.pull(number).title!r}"


def _moved(exchange: Exchange) -> str:
    (update,) = json.loads(exchange.request.body)["variables"]["input"]["refUpdates"]
    return str(update["name"]).removeprefix("refs/heads/")


def _seen(text: str) -> str:
    return text.partition("<!-- debtscan:")[0]


def _text(text: str) -> str:
    return ":\n" + "\n".join(line.rstrip() for line in text.splitlines())


def test_what_a_dry_run_prints_is_what_the_run_then_writes_one_by_one(
    opening: Opening, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    before, known = len(opening.github.writes), len(repository.pulls)
    told = _Told(repository, known)
    printed = _printed(capsys)
    assert opening.github.writes[before:] == []
    main(["cache", "clear"])
    run(capsys)
    written = list(told.all(opening.github.writes[before:]))
    assert printed == written
    # All kinds of writes are among them.
    for start in (
        "would commit 'Upgrade ant",
        "would create the branch debtscan/pypi-ant-1",
        "would open the pull request 'Update ant from 1.0.0 to 1.1.0' from debtscan/pypi-ant-1 into main:\n",
        "would label the pull request 'Update ant from 1.0.0 to 1.1.0': dependencies",
        "would change the pull request 'Update ant from 1.0.0 to 1.1.0': set the note at the end of its text",
        "would move the branch debtscan/pypi-bee-1",
        "would change the pull request #1: set the title 'Update bee from 1.0.0 to 1.2.0'; set the text:\n",
        "would comment on the pull request #2:\nNothing needs this upgrade any more",
        "would change the pull request #2: close it",
        "would delete the branch debtscan/pypi-cat-1",
        "would delete the branch debtscan/pypi-dog-1",
    ):
        assert [entry for entry in printed if entry.startswith(start)], start


def test_after_the_run_a_dry_run_has_nothing_to_print(
    repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys)
    assert len(repository.pulls) == 4
    assert _printed(capsys) == []
    assert " 2 pull requests as they should be " in run(capsys, "--dry-run")
