"""A shop with a bit of everything, from the first run to the merges: real git, real lock tools, real registries."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.support.hasty import hurry
from tests.support.oci import needs_registry
from tests.support.shop import NAME, NOW, WORKFLOW, Shop, shop

pytestmark = needs_registry

SETTINGS = "[upgrades]\nopen-limit = 20\nweekly-limit = 20\nmajor-limit = 20\n"
TITLES = {
    "debtscan/githubactions-owner+tool-2": "owner/tool",
    "debtscan/npm-minor": "left",
    "debtscan/npm-right-2": "right",
    "debtscan/pypi-grey-2": "grey",
    "debtscan/pypi-minor": "blue and red",
    "debtscan/docker-docker.io+library+python-3.13": "python",
}


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    hurry(monkeypatch)
    with shop(tmp_path, monkeypatch, SETTINGS) as found:
        yield found


def _run(*arguments: str) -> int:
    return main(["run", NAME, "--quiet", *arguments])


def _points(folder: Path, capsys: pytest.CaptureFixture[str]) -> int:
    """Scan a checkout; return its points of debt."""
    capsys.readouterr()
    assert main(["scan", str(folder), "--format", "json", "--quiet", "--as-of", NOW.date().isoformat()]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return sum(finding["points"] for finding in report["findings"])


def _git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True)


def _promised(body: str) -> int:
    """Return the points that are left after merging, as a body tells it."""
    told = re.search(r"pays back ([\d,]+) of ([\d,]+) points", body)
    assert told, body
    paid, all_of_them = (int(number.replace(",", "")) for number in told.groups())
    return all_of_them - paid


def test_from_the_first_run_to_the_last_merge(  # noqa: PLR0915 - one story, told in turn
    there: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    github, repository = there.github, there.repository

    # The first run opens what is planned, each with its files made anew by its own tool.
    assert _run() == 0
    first = there.open_pulls
    assert set(first) == set(TITLES)
    for pull in repository.pulls:
        assert TITLES[pull.branch] in pull.title
        assert not pull.draft
    assert b'"red==1.1.0"' in (repository.file("pyproject.toml", "debtscan/pypi-minor") or b"")
    lock = repository.file("uv.lock", "debtscan/pypi-minor") or b""
    assert lock.count(b'version = "1.1.0"') == 2
    packages = json.loads(repository.file("package-lock.json", "debtscan/npm-minor") or b"")["packages"]
    assert packages["node_modules/left"]["version"] == "1.1.0"
    action = (repository.file(WORKFLOW, "debtscan/githubactions-owner+tool-2") or b"").decode()
    sha = there.git.repository("owner/tool").git("rev-parse", "v2.1.0^{commit}").strip()
    assert f"owner/tool@{sha} # v2.1.0" in action
    assert "GitHub did not take" in capsys.readouterr().out  # an owner whom nobody knows

    # A second run writes nothing.
    before = len(github.writes)
    assert _run() == 0
    assert github.writes[before:] == []
    assert there.open_pulls == first

    # What a body promises is what a scan of the merged tree finds, each on the same base.
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "-q", repository.settings.git.path, copy], check=True, capture_output=True)
    for pull in repository.pulls:
        _git(copy, "checkout", "-q", "-B", "try", "origin/main")
        _git(copy, "merge", "-q", "--no-ff", "--no-edit", f"origin/{pull.branch}")
        assert _points(copy, capsys) == _promised(pull.body or ""), pull.title

    # A new release updates in place: the same number, the same branch.
    there.python.add("red", "1.2.0", requires=["green"])
    there.forget()
    assert _run() == 0
    assert there.open_pulls == first
    number = first["debtscan/pypi-minor"]
    assert f"updated #{number}" in capsys.readouterr().out
    assert b'"red==1.2.0"' in (repository.file("pyproject.toml", "debtscan/pypi-minor") or b"")

    # A person's close is an ignore, which the run tells, and reopening undoes.
    closed = first["debtscan/npm-right-2"]
    repository.close(closed)
    assert _run() == 0
    told = " ".join(capsys.readouterr().out.split())
    assert f"#{closed} was closed by a person; reopen it to undo that" in told
    assert set(there.open_pulls) == set(first) - {"debtscan/npm-right-2"}
    repository.reopen(closed)
    before = len(github.writes)
    assert _run() == 0
    assert there.open_pulls == first
    assert github.writes[before:] == []

    # Merged ones lose their branch, and one in conflict is made anew on the new base.
    repository.merge(first["debtscan/pypi-grey-2"])
    assert _run() == 0
    assert "debtscan/pypi-grey-2" not in repository.branches
    both = (repository.file("pyproject.toml", "debtscan/pypi-minor") or b"").decode()
    assert '"grey==2.0.0"' in both
    assert '"red==1.2.0"' in both
    repository.merge(first["debtscan/pypi-minor"])

    # What somebody does by hand makes an upgrade obsolete: closed with a word, its branch deleted.
    text = (repository.file("Dockerfile") or b"").replace(b"3.8-slim", b"3.14-slim")
    repository.commit({"Dockerfile": text})
    capsys.readouterr()
    assert _run() == 0
    gone = first["debtscan/docker-docker.io+library+python-3.13"]
    assert f"closed #{gone}" in capsys.readouterr().out
    assert repository.settings.issues[gone].comments
    assert "debtscan/docker-docker.io+library+python-3.13" not in repository.branches
    assert set(there.open_pulls) == {
        "debtscan/githubactions-owner+tool-2",
        "debtscan/npm-minor",
        "debtscan/npm-right-2",
    }
