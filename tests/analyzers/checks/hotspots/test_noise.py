"""What machines and mass changes put into a history leaves the hotspots as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from analyzers.checks.hotspots.complexity_hotspot import check
from analyzers.config import Config
from analyzers.model.facts import Facts
from analyzers.model.finding import Evidence, Finding
from analyzers.read import read
from analyzers.repository.snapshot import open_snapshot
from analyzers.settings import Settings
from tests.support.imported import Made, add_commits
from tests.support.repository import RepositoryBuilder

TODAY = date(2026, 11, 22)
BOT = "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>"
NAMES = [f"f{number:02}" for number in range(72)]
HOT = 14


def places(folder: str) -> dict[str, str]:
    return {name: f"{folder}/m{number // 2}.py" for number, name in enumerate(NAMES)}


@dataclass
class Code:
    """Functions, two in a file at first: what people wrote in them, and what others made of it."""

    values: dict[str, list[int]] = field(default_factory=lambda: {name: [0] * 11 for name in NAMES})
    places: dict[str, str] = field(default_factory=lambda: places("old"))
    bots: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    indent: str = "    "
    quote: str = "'"
    is_wrapped: bool = False
    package: str = "old"

    def files(self, *paths: str) -> dict[str, str | None]:
        """Return the content of some files, or of all."""
        return {path: self._file(path) for path in (paths or sorted(set(self.places.values())))}

    def _file(self, path: str) -> str:
        there = [name for name in NAMES if self.places[name] == path]
        return f"from {self.package} import base\n\n\n" + "\n\n".join(map(self._function, there))

    def _function(self, name: str) -> str:
        lines = [f"def {name}(n):", f"|total = base(n, {self.bots[name]})"]
        for place, value in enumerate(self.values[name]):
            lines += [f"|if n == {place}:", f"||total += {name}_{place}(n, 'x', {value})"]
        text = "\n".join([*lines, f"|return {name}_end(total)"])
        if self.is_wrapped:
            text = re.sub(r"(\|\|total .*\()(.*)\)", r"\1\n|||\2,\n||)", text)
        return text.replace("|", self.indent).replace("'", self.quote) + "\n"


def edits() -> Iterator[tuple[date, str]]:
    """Yield the days on which people change a function: the first one 30 times, the last of the hot ones 4 times."""
    for number, name in enumerate(NAMES[:HOT]):
        count = 30 - 2 * number
        yield from ((date(2025, 12, 10) + timedelta(days=340 * turn // count), name) for turn in range(count))


def edited(code: Code, name: str, turn: int) -> dict[str, str | None]:
    values = code.values[name]
    values[turn % len(values)] += 1
    if turn % 9 == 8:
        values.append(0)
    return code.files(code.places[name])


def history(*, noise: bool) -> Iterator[Made]:
    """Yield the work of people in a year and, with noise, what bots and mass changes put between."""
    code = Code()
    yield Made(files=code.files(), date="2025-12-01", message="Begin")
    turns = dict.fromkeys(NAMES, 0)
    others = iter(mass_changes(code))
    done = 0
    work = sorted(edits())
    for number, (day, name) in enumerate(work):
        author = f"Person {number % 3} <p{number % 3}@example.org>"
        yield Made(files=edited(code, name, turns[name]), date=f"{day}T08:00", message="Fix it", author=author)
        turns[name] += 1
        if not noise:
            continue
        while done < 1000 * (number + 1) // len(work):
            done, hot = done + 1, NAMES[done % 3]
            code.bots[hot] += 1
            yield Made(files=code.files(code.places[hot]), date=f"{day}T09:00", message="Update x", author=BOT)
        if number % (len(work) // 6) == 5:
            yield from (Made(files=files, date=f"{day}T10:00", moves=moves) for files, moves in next(others, ()))


def mass_changes(code: Code) -> Iterator[list[tuple[dict[str, str | None], dict[str, str]]]]:
    """Reformat everything, move everything, move and change everything, and move the hottest functions together."""
    code.indent, code.quote, code.is_wrapped = "  ", '"', True
    yield [(code.files(), {})]
    moves = {path: path.replace("old/", "src/old/") for path in code.files()}
    code.places = {name: moves[path] for name, path in code.places.items()}
    yield [({}, moves)]
    gone: dict[str, str | None] = dict.fromkeys(code.files())
    code.package = "new"
    code.places = places("src/new")
    yield [({**gone, **code.files()}, {})]
    code.places.update(dict.fromkeys(NAMES[:3], "src/new/together.py"))
    yield [({"src/new/m0.py": None, **code.files("src/new/m1.py", "src/new/together.py")}, {})]
    code.places[NAMES[0]] = "src/new/m5.py"
    yield [(code.files("src/new/together.py", "src/new/m5.py"), {})]


def top(folder: Path, *, noise: bool) -> tuple[list[tuple[str, object]], dict[str, int]]:
    repository = RepositoryBuilder(folder)
    add_commits(repository, history(noise=noise))
    found = read(open_snapshot(repository.path, Config()), Settings(Config()), as_of=TODAY)
    assert found.history is not None
    assert found.skipped == ()
    evidence = Evidence(inventory=found, facts=Facts(TODAY), config=Config(), as_of=TODAY)
    findings = [one for one in check(evidence) if isinstance(one, Finding)]
    findings.sort(key=lambda one: (-one.minutes * one.exposure, -int(str(one.details["revisions"])), one.identity))
    trends = {trend.name: trend.months for trend in found.trends}
    return (
        [(one.identity, (one.message, one.confidence, one.exposure, trends[one.identity])) for one in findings],
        dict(found.history.left_out),
    )


def test_a_thousand_bot_commits_reformatting_mass_renames_and_moves_leave_the_hotspots_as_they_were(
    tmp_path: Path,
) -> None:
    quiet, before = top(tmp_path / "quiet", noise=False)
    noisy, after = top(tmp_path / "noisy", noise=True)
    assert [name for name, _ in quiet] == NAMES[:HOT]
    assert before == {"bulk": 1}
    assert after == {"bot": 1000, "bulk": 3, "rename": 1}
    assert noisy == quiet
