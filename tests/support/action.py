"""``action.yml`` played as the runner of GitHub Actions plays it: each ``run:`` step with bash and the runner's files.

What a ``uses:`` step would do is not done: it is named in `Played.not_run`, and its outputs may be given. Expressions
are names, strings, ``==`` and ``&&``, as the action has them; anything else is an error.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
_EXPRESSION = re.compile(r"\$\{\{(.+?)\}\}")
_NAME = re.compile(r"[a-z_-]+(\.[a-z_-]+)+")
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")


@dataclass(kw_only=True)
class Played:
    """What came of it: the names of the steps that `ran`, were `skipped` by their ``if:`` or are `not_run` here.

    `outputs` are the action's, `code` is that of the step that failed, `log` all that was printed.
    """

    ran: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    log: str = ""
    code: int = 0


@dataclass(frozen=True, kw_only=True)
class Runner:
    """A runner with its folders below `place`. `environment` is that of the job.

    `github` is the context of that name. `given` are the outputs of steps that are not run. `instead` does what a step
    of that name would do.
    """

    place: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    github: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    instead: Mapping[str, Callable[[Path], None]] = field(default_factory=dict)
    system: str = "Linux"

    @property
    def temp(self) -> Path:
        """Where ``RUNNER_TEMP`` points."""
        return self.place / "temp"

    @property
    def workspace(self) -> Path:
        """Where steps begin."""
        return self.place / "workspace"

    def play(self, **inputs: str) -> Played:
        """Play the action with these inputs (``pull_request`` for ``pull-request``); it ends where a step fails."""
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        for folder in (self.temp, self.workspace):
            folder.mkdir(parents=True, exist_ok=True)
        contexts: dict[str, Any] = {
            "github": self.github,
            "runner": {"temp": str(self.temp), "os": self.system},
            "steps": {name: {"outputs": dict(values)} for name, values in self.given.items()},
        }
        wanted = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert set(wanted) <= set(action["inputs"]), "there is no such input"
        contexts["inputs"] = {
            name: wanted.get(name, _filled(str(said.get("default", "")), contexts))
            for name, said in action["inputs"].items()
        }
        played = Played()
        for step in action["runs"]["steps"]:
            self._step(step, contexts, played)
            if played.code:
                break
        played.outputs = {name: _filled(said["value"], contexts) for name, said in action["outputs"].items()}
        return played

    def _step(self, step: Mapping[str, Any], contexts: dict[str, Any], played: Played) -> None:
        name = step.get("name") or step["uses"].partition("@")[0]
        if "if" in step and not _holds(step["if"], contexts):
            played.skipped.append(name)
        elif "uses" in step:
            played.not_run.append(name)
        elif name in self.instead:
            played.not_run.append(name)
            self.instead[name](self.temp)
        else:
            played.ran.append(name)
            self._run(step, contexts, played)

    def _run(self, step: Mapping[str, Any], contexts: dict[str, Any], played: Played) -> None:
        assert step["shell"] == "bash"
        number = len(played.ran)
        script, output, summary = (self.temp / f"{number}.{kind}" for kind in ("sh", "output", "summary"))
        # Nothing of an input stands in a script: it comes by the environment.
        assert not _EXPRESSION.search(step["run"])
        script.write_text(step["run"])
        for file in (output, summary):
            file.touch()
        said = {name: _filled(str(value), contexts) for name, value in step.get("env", {}).items()}
        environment = {
            **{name: os.environ[name] for name in _KEPT if name in os.environ},
            **self.environment,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_OS": self.system,
            "RUNNER_TEMP": str(self.temp),
            **said,
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=900,
        )
        played.log += done.stdout
        played.summary += summary.read_text()
        played.code = done.returncode
        if "id" in step:
            contexts["steps"][step["id"]] = {"outputs": read_outputs(output.read_text())}


def read_outputs(text: str) -> dict[str, str]:
    """Return what a step wrote into ``GITHUB_OUTPUT``, as the runner reads it."""
    found = dict(re.findall(r"^([\w-]+)=(.*)$", text, re.MULTILINE))
    several = re.findall(r"^([\w-]+)<<(\S+)\n(.*?)\n?^\2$", text, re.MULTILINE | re.DOTALL)
    return found | {name: value for name, _delimiter, value in several}


def _filled(text: str, contexts: Mapping[str, Any]) -> str:
    return _EXPRESSION.sub(lambda found: _value(found[1], contexts), text)


def _holds(condition: str, contexts: Mapping[str, Any]) -> bool:
    sides = [[_value(side, contexts) for side in part.split("==")] for part in condition.split("&&")]
    assert all(len(pair) == 2 for pair in sides), condition
    return all(left == right for left, right in sides)


def _value(text: str, contexts: Mapping[str, Any]) -> str:
    text = text.strip()
    if text.startswith("'") and text.endswith("'") and text.count("'") == 2:
        return text[1:-1]
    assert _NAME.fullmatch(text), f"the runner of the tests does not understand {text}"
    found: Any = contexts
    for part in text.split("."):
        found = found.get(part, "") if isinstance(found, Mapping) else ""
    return str(found)
