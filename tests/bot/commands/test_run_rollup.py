"""``debtscan run`` over several repositories: one look-up a package in all, few requests, and a roll-up of it all."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.github import GitHubStandIn
from tests.support.hasty import hurry
from tests.support.packages import PythonIndex, python_index
from tests.support.shop import LOGIN, NOW, github_at

COUNT = 12
"""Of repositories, so that the test stays short; by hand it was run with 50."""
NAMES = [f"r{number:02d}" for number in range(COUNT)]
SETTINGS = "[history]\nenabled = true\n"
PACKAGES = ("ant", "bee", "cat")
Run = Callable[..., str]


@pytest.fixture
def index() -> Iterator[PythonIndex]:
    with python_index() as made:
        for name in PACKAGES:
            made.add(name, "1.0.0", "1.1.0")
        yield made


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: PythonIndex) -> Iterator[GitHubStandIn]:
    with github_at(tmp_path, monkeypatch, SETTINGS, {"pypi": index.url}) as found:
        hurry(monkeypatch)
        yield found


@pytest.fixture
def organisation(github: GitHubStandIn) -> GitHubStandIn:
    """Make an organisation of small repositories, which all live from the same packages."""
    for number, name in enumerate(NAMES):
        wanted = "".join(f"{package}==1.0.0\n" for package in PACKAGES[: 1 + number % 3])
        _add(github, name, {"requirements.txt": wanted})
    github.repository("acme/old", {"a": "a"}, archived=True)
    github.repository("acme/copy", {"a": "a"}, fork=True)
    return github


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run; return what was told, in one line."""

    def play(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(["run", *arguments, "--quiet", "--jobs", "1"]) == code
        return " ".join(capsys.readouterr().out.split())

    return play


def _add(github: GitHubStandIn, name: str, files: dict[str, str]) -> None:
    github.repository(f"acme/{name}", files, collaborators={LOGIN: "write"})


def _asked(index: PythonIndex) -> Counter[str]:
    return Counter(
        path.split("/")[2] for path in (one.path for one in index.script.seen) if path.startswith("/simple/")
    )


def _of(github: GitHubStandIn, since: int) -> Counter[str]:
    """Return how many requests to GitHub's interface each repository took."""
    paths = (one.request.path for one in github.requests[since:] if one.template != "git")
    return Counter(found[1] for path in paths if (found := re.match(r"/repos/acme/(r\d\d)/", path + "/")))


def test_a_package_is_looked_up_once_in_all_and_a_second_run_writes_nothing(
    organisation: GitHubStandIn, index: PythonIndex, run: Run, tmp_path: Path
) -> None:
    page = tmp_path / "roll-up.json"
    told = run("--org", "acme", "--output", f"json={page}")
    assert _asked(index) == dict.fromkeys(PACKAGES, 1)
    assert all(count <= 55 for count in _of(organisation, 0).values())
    assert len(_of(organisation, 0)) == COUNT
    assert told.count("opened #1") == COUNT
    writes, since = len(organisation.writes), len(organisation.requests)
    first = json.loads(page.read_text(encoding="utf-8"))
    run("--org", "acme", "--output", f"json={page}")
    assert len(organisation.writes) == writes
    assert all(count <= 36 for count in _of(organisation, since).values())
    second = json.loads(page.read_text(encoding="utf-8"))
    assert second == first
    assert len(first["repositories"]) == COUNT
    assert [entry["name"] for entry in first["left_out"]] == ["acme/copy", "acme/old"]
    ant = next(entry for entry in first["shared"] if entry["name"] == "ant")
    assert (ant["versions"], ant["target"], len(ant["repositories"])) == (["1.0.0"], "1.1.0", COUNT)
    assert first["upgrades"]["open"] == COUNT
    # That people's tokens write no check runs is no fault of a repository.
    assert {sentence for entry in first["repositories"] for sentence in entry["failed"]} == set()


def test_a_dry_run_writes_the_roll_up_and_nothing_else(organisation: GitHubStandIn, run: Run, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.html", "a.md", "a.json")]
    run("--org", "acme", "--dry-run", *(f"--output={file}" for file in files))
    assert organisation.writes == []
    html, markdown, document = (file.read_text(encoding="utf-8") for file in files)
    assert "<bdi>acme</bdi>" in html
    assert f"{COUNT} repositories scanned, 2 passed over" in markdown
    assert json.loads(document)["upgrades"]["open"] == COUNT


def test_it_is_written_though_some_failed_and_says_so(
    github: GitHubStandIn, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add(github, "good", {"requirements.txt": "ant==1.0.0\n"})
    _add(github, "wrong", {"debtscan.toml": "nonsense = 1\n"})
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    monkeypatch.delenv("DEBTSCAN_CONFIG")
    page = tmp_path / "a.json"
    run("acme/good", "acme/wrong", "acme/nowhere", "--dry-run", "--output", f"json={page}", code=4)
    document = json.loads(page.read_text(encoding="utf-8"))
    assert [entry["name"] for entry in document["repositories"]] == ["acme/good"]
    why = {entry["name"]: (entry["state"], entry["why"]) for entry in document["left_out"]}
    assert why["acme/wrong"][0] == why["acme/nowhere"][0] == "failed"
    assert "nonsense" in why["acme/wrong"][1]
    summary = (tmp_path / "summary").read_text(encoding="utf-8")
    assert "## Technical debt: 3 repositories" in summary
    assert "<code>acme/wrong</code> | failed" in summary
    assert f"\n{page}\n" in (tmp_path / "outputs").read_text(encoding="utf-8")


@pytest.mark.usefixtures("organisation")
def test_what_the_limit_of_requests_kept_it_from_is_told(
    github: GitHubStandIn, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", github.token(login=LOGIN, limit=60))
    page = tmp_path / "a.json"
    told = run("--org", "acme", "--output", f"json={page}", code=4)
    document = json.loads(page.read_text(encoding="utf-8"))
    scanned = {entry["name"]: entry for entry in document["repositories"]}
    failed = {entry["name"]: entry["why"] for entry in document["left_out"] if entry["state"] == "failed"}
    assert "Stopped: " in told
    assert f" {len(failed)} repositories not begun" in told or f" {len(failed) - 1} repositories not begun" in told
    assert 0 < len(scanned) < COUNT
    assert {*scanned, *failed} == {f"acme/{name}" for name in NAMES}
    assert all(why.startswith(("stopped in the middle: ", "not begun: ")) for why in failed.values())
    # The one in which it happened was scanned, and is not done, or was not scanned yet.
    assert sum(bool(entry["failed"]) for entry in scanned.values()) <= 1
    assert scanned["acme/r00"]["failed"] == []


def test_what_happens_after_a_scan_is_told_of_the_repository_however_it_was_named(
    github: GitHubStandIn, run: Run, tmp_path: Path
) -> None:
    _add(github, "one", {"requirements.txt": "ant==1.0.0\n"})
    _add(github, "two", {"requirements.txt": "ant==1.0.0\n"})
    github.fault("GET /repos/{owner}/{repo}/pulls", status=410, times=1000)
    page = tmp_path / "a.json"
    run("Acme/One", "acme/two", "--output", f"json={page}", code=4)
    document = json.loads(page.read_text(encoding="utf-8"))
    assert document["left_out"] == []
    assert {entry["name"]: bool(entry["failed"]) for entry in document["repositories"]} == {
        "Acme/One": True,
        "acme/two": True,
    }


def test_it_says_what_moved_since_a_while_ago(
    github: GitHubStandIn, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: PythonIndex
) -> None:
    _add(github, "one", {"requirements.txt": "ant==1.0.0\n"})
    _add(github, "two", {"requirements.txt": "ant==1.1.0\n"})
    run("acme/one", "acme/two")
    later = NOW + timedelta(35)
    github.world.now = later
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(later.timestamp())))
    monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / "later"))
    index.add("ant", "2.0.0")
    page = tmp_path / "a.json"
    run("acme/one", "acme/two", "--dry-run", "--output", f"json={page}")
    fallen = json.loads(page.read_text(encoding="utf-8"))["fallen"]
    assert {entry["name"] for entry in fallen} == {"acme/one", "acme/two"}
    assert {entry["since"] for entry in fallen} == {NOW.date().isoformat()}


@pytest.mark.usefixtures("github")
def test_an_organisation_that_is_not_there_is_told_as_failed_and_not_as_done(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    run("--org", "nobody", "--output", f"html={page}", code=4)
    told = page.read_text(encoding="utf-8")
    assert "0 repositories scanned, 1 failed" in told
    assert "Nothing: every repository was scanned" not in told


@pytest.mark.parametrize("output", ["sarif=a.sarif", "a.txt", "html=nowhere/a.html"])
@pytest.mark.usefixtures("github")
def test_what_cannot_be_written_is_told_before_the_run(capsys: pytest.CaptureFixture[str], output: str) -> None:
    assert main(["run", "--org", "acme", "--output", output]) == 2
    assert "--output" in capsys.readouterr().err


def test_one_repository_alone_has_its_own_report(github: GitHubStandIn, run: Run, tmp_path: Path) -> None:
    _add(github, "one", {"requirements.txt": "ant==1.0.0\n"})
    page = tmp_path / "a.json"
    run("acme/one", "acme/one", "--dry-run", "--output", f"json={page}")
    assert "findings" in json.loads(page.read_text(encoding="utf-8"))
