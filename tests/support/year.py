"""A repository in the year 2026: what the world brings, and what people do to it from week to week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from analyzers.checks.dependencies import vulnerable_dependency
from analyzers.model.advisory import AdvisoryIds
from analyzers.model.facts import Known
from analyzers.model.question import Question
from bot import assemble, change_items, score
from tests.support.past import Past, World, advisory, lifecycle, package
from tests.support.repository import RepositoryBuilder

FIRST = date(2026, 1, 5)
CODE = "import flask\n\n\ndef f(a):\n" + "".join(f"    if a == {at}:\n        return {at}\n" for at in range(14))
REQUIREMENTS = "requests==2.31.0\nflask==3.0.0\n"
SAFE = (("requests", "2.31.0"), ("requests", "2.32.0"), ("jinja2", "3.0.0"), ("jinja2", "3.1.0"))


def world(day: date) -> World:
    return {
        **package("requests", day, v2_31_0="2023-05-22", v2_32_0="2026-02-10", v3_0_0="2026-09-08"),
        **package("flask", day, v3_0_0="2023-09-30", v3_0_1="2026-06-03"),
        **package("jinja2", day, v3_0_0="2021-05-11", v3_1_0="2022-03-24", v3_1_1="2026-12-02"),
        **advisory("flask", "3.0.0", "3.0.1", "2026-06-02", day),
        **{Question("osv", f"pypi:{'@'.join(name)}"): Known(AdvisoryIds(*name, ())) for name in SAFE},
        **lifecycle("python", v3_14="2030-10-31", v3_10="2026-10-31"),
    }


def begun(folder: Path) -> Past:
    """Make a repository whose function `f` changed three times in the spring of 2025."""
    repository = RepositoryBuilder(folder / "repository")
    repository.write("requirements.txt", REQUIREMENTS).write(".python-version", "3.10\n").write("app.py", CODE)
    repository.commit("Begin", date="2025-03-01")
    for day in ("2025-04-06", "2025-05-10"):
        repository.write("app.py", edited(day)).commit("Edit", date=day)
    copies = folder / "copies"
    copies.mkdir()
    return Past(repository, copies, world)


def edited(mark: str) -> str:
    return CODE.replace("return 7\n", f"return 7  # {mark}\n")


@dataclass
class Year:
    """What people do to the repository, and what happens to the rules, by the Monday before which it happens."""

    repository: RepositoryBuilder
    patch: pytest.MonkeyPatch
    today: str = ""

    def play(self, day: date) -> None:
        self.today = (day - timedelta(days=1)).isoformat()
        action: Callable[[], None] = getattr(self, f"on_{day:%m_%d}", lambda: None)
        action()

    def commit(self, path: str, content: str) -> None:
        self.repository.write(path, content).commit(f"Change {path}", date=self.today)

    def on_01_19(self) -> None:
        self.commit("requirements.txt", REQUIREMENTS + "jinja2==3.0.0\n")

    def on_02_02(self) -> None:
        self.commit("requirements.txt", REQUIREMENTS + "jinja2==3.1.0\n")

    def on_03_02(self) -> None:
        """Nothing that counts: the old commit's revisions leave the window all the same."""
        self.commit("README", "Shop\n")

    def on_03_23(self) -> None:
        self.commit("app.py", edited("spring"))

    def on_06_08(self) -> None:
        self.commit("requirements.txt", "requests==2.32.0\nflask==3.0.0\njinja2==3.1.0\n")

    def on_06_22(self) -> None:
        mark = "# debtscan: ignore[vulnerable-dependency] behind the proxy until=2026-08-16"
        self.commit("requirements.txt", f"requests==2.32.0\nflask==3.0.0  {mark}\njinja2==3.1.0\n")

    def on_07_06(self) -> None:
        self.rules("2", halving=1800, minutes=90)

    def on_09_14(self) -> None:
        self.repository.git("commit", "--quiet", "--amend", "-m", "Say it better", date=self.today)

    def on_10_05(self) -> None:
        self.repository.move("requirements.txt", "deploy/requirements.txt").commit("Move", date=self.today)

    def on_11_16(self) -> None:
        self.commit("tables.py", "".join(f"ROW_{at} = {at}\n" for at in range(20_000)))

    def on_12_07(self) -> None:
        self.commit(".python-version", "3.14\n")
        self.rules("3", halving=2400, minutes=90)

    def rules(self, name: str, *, halving: int, minutes: int) -> None:
        for module in (assemble, change_items):
            self.patch.setattr(module, "RULESET", name)
        self.patch.setattr(score, "HALVING_MINUTES", halving)
        self.patch.setattr(vulnerable_dependency, "RULE", replace(vulnerable_dependency.RULE, minutes=minutes))
