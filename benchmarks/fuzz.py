"""Fuzzes every reader: mutated fixtures, kept where they lead to readings of a new kind or (Python 3.12) to new code.

``python -m benchmarks.fuzz --seconds 3600`` runs that long over all readers in one process and prints executions and
findings. A finding is minimised and kept below ``tests/fuzz/fixtures/``, which the normal tests replay. ``--keep N``
also keeps up to N small inputs a format that led somewhere new. ``--only NAME`` fuzzes the formats of that name or
ecosystem.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from analyzers.model.ecosystem import Ecosystem, Format
from tests.support.formats import cases, worlds
from tests.support.mutations import minimised, mutated
from tests.support.promises import Complaint, Outcome, outcome, together

CORPUS = Path(__file__).parents[1] / "tests" / "fuzz" / "fixtures"
SECONDS = 2.0
HANG = 20
TOGETHER = "together"
MOST_KEPT = 400
SMALL = 600


@dataclass
class Target:
    """One format under test: `pool` are inputs worth mutating, with the path that they are read under."""

    world: Ecosystem
    form: Format
    pool: list[tuple[str, bytes]]
    outlines: set[object] = field(default_factory=set)
    executions: int = 0
    small: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Ecosystem and format."""
        return f"{self.world.name}/{self.form.name}"


class HungError(BaseException):
    """A reader took so long that it was interrupted: no Exception, so that no reader can catch it."""


class Coverage:
    """Says whether code ran that never ran before; always no before Python 3.12, which cannot tell cheaply."""

    def __init__(self) -> None:
        self.grew = False
        monitoring = getattr(sys, "monitoring", None)
        if monitoring:
            monitoring.use_tool_id(monitoring.COVERAGE_ID, "fuzz")
            monitoring.register_callback(monitoring.COVERAGE_ID, monitoring.events.LINE, self._line)
            monitoring.set_events(monitoring.COVERAGE_ID, monitoring.events.LINE)

    def _line(self, _code: object, _line: int) -> object:
        self.grew = True
        return sys.monitoring.DISABLE  # type: ignore[attr-defined,unused-ignore]  # from Python 3.12

    def take(self) -> bool:
        """Return whether new code ran since this was last asked."""
        grew, self.grew = self.grew, False
        return grew


def targets(only: str) -> list[Target]:
    """Return every format with its fixtures and what earlier runs kept."""
    found: dict[tuple[str, str], Target] = {}
    for case in cases():
        key = case.world.name, case.form.name
        target = found.setdefault(key, Target(case.world, case.form, []))
        target.pool.append((case.path, case.content[:65_536]))
    for _folder, world in worlds():
        for form in world.formats:
            kept = CORPUS / world.name / form.name
            for file in sorted(path for path in kept.rglob("*") if path.is_file()):
                path = "/".join(file.relative_to(kept).parts[1:])
                if (world.name, form.name) in found:
                    found[world.name, form.name].pool.append((path, file.read_bytes()))
    return [target for key, target in sorted(found.items()) if only in {"", *key}]


@contextmanager
def bounded() -> Iterator[None]:
    """Interrupt what runs longer than HANG seconds, where the system can."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return
    signal.alarm(HANG)
    try:
        yield
    finally:
        signal.alarm(0)


def run(target: Target, path: str, content: bytes, *, again: bool) -> Outcome:
    """Read once, under the clock."""
    try:
        with bounded():
            return outcome(target.world, target.form, path, content, seconds=SECONDS, again=again)
    except HungError:
        return Outcome(Complaint("slow", target.form.name, f"was interrupted after {HANG} s"))


def step(target: Target, dice: random.Random, coverage: Coverage) -> tuple[str, bytes, Complaint] | None:
    """Try one mutated input; return it with the complaint if it led to one."""
    path, content = dice.choice(target.pool)
    content = mutated(dice, content, [other for _, other in target.pool[-20:]])
    coverage.take()
    came = run(target, path, content, again=target.executions % 16 == 0)
    target.executions += 1
    if came.complaint:
        return path, content, came.complaint
    if came.outline not in target.outlines or coverage.take():
        target.outlines.add(came.outline)
        if len(target.pool) == MOST_KEPT:
            target.pool.pop(dice.randrange(MOST_KEPT))
        target.pool.append((path, content))
        if len(content) <= SMALL:
            target.small.append((path, content))
    return None


def step_together(
    chosen: Sequence[Target], dice: random.Random
) -> tuple[Ecosystem, dict[str, bytes], Complaint] | None:
    """Read some inputs of one ecosystem as one repository; return them with the complaint if they led to one."""
    world = dice.choice(chosen).world
    pools = [target.pool for target in chosen if target.world.name == world.name]
    inputs = [dice.choice(dice.choice(pools)) for _ in range(dice.randrange(2, 6))]
    folders = ("", "", "a/", "a/b/")
    files = {dice.choice(folders) + path: content for path, content in inputs}
    path = dice.choice(list(files))
    files[path] = mutated(dice, files[path], [content for _, content in inputs])
    found = run_together(world, files).complaint
    return (world, files, found) if found else None


def run_together(world: Ecosystem, files: Mapping[str, bytes]) -> Outcome:
    """Read a repository once, under the clock."""
    try:
        with bounded():
            return together(world, files, seconds=SECONDS * 2)
    except HungError:
        return Outcome(Complaint("slow", "together", f"was interrupted after {HANG} s"))


def report_together(world: Ecosystem, files: dict[str, bytes], complaint: Complaint) -> None:
    """Minimise a finding of several files, keep them, and print it."""

    def still(these: Mapping[str, bytes]) -> bool:
        found = run_together(world, these).complaint
        return found is not None and (found.kind, found.where) == (complaint.kind, complaint.where)

    for path in list(files):
        fewer = {other: content for other, content in files.items() if other != path}
        if still(fewer):
            files = fewer
    for path in list(files):
        rest = {other: content for other, content in files.items() if other != path}
        files[path] = minimised(files[path], lambda shorter, path=path, rest=rest: still({**rest, path: shorter}), 200)  # type: ignore[misc]  # mypy cannot infer defaults of a lambda
    digest = hashlib.sha256(b"\0".join(files.values())).hexdigest()[:12]
    for path, content in files.items():
        file = CORPUS / world.name / TOGETHER / digest / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    print(
        f"FOUND {world.name}, {len(files)} files: {complaint.kind} at {complaint.where}: {complaint.detail}", flush=True
    )


def keep(target: Target, path: str, content: bytes) -> Path:
    """Write an input to the corpus and return its file."""
    digest = hashlib.sha256(content).hexdigest()[:12]
    file = CORPUS / target.world.name / target.form.name / digest / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def report(target: Target, path: str, content: bytes, complaint: Complaint) -> None:
    """Minimise a finding, keep it, and print it."""

    def still(shorter: bytes) -> bool:
        found = run(target, path, shorter, again=complaint.kind in {"unsteady", "crash"}).complaint
        return found is not None and (found.kind, found.where) == (complaint.kind, complaint.where)

    tries = 30 if complaint.kind == "slow" else 600
    file = keep(target, path, minimised(content, still, tries))
    print(f"FOUND {target.name}: {complaint.kind} at {complaint.where}: {complaint.detail}\n      {file}", flush=True)


def main() -> int:
    """Run, and return 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", default="", metavar="NAME")
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")
    parser.add_argument("--keep", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    seed = arguments.seed or time.time_ns() % 1_000_000_007
    dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
    coverage, chosen = Coverage(), targets(arguments.only)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _interrupt)
    print(f"{len(chosen)} readers, seed {seed}, {arguments.seconds:.0f} s", flush=True)
    seen: set[tuple[str, str, str]] = set()
    ends = time.monotonic() + arguments.seconds
    rounds = 0
    while chosen and time.monotonic() < ends:
        for _ in range(max(1, len(chosen) // 6)):
            rounds += 1
            repository = step_together(chosen, dice)
            key = (repository[0].name, repository[2].kind, repository[2].where) if repository else None
            if repository and key and key not in seen:
                seen.add(key)
                report_together(*repository)
        for target in chosen:
            found = step(target, dice, coverage)
            if found and (target.name, found[2].kind, found[2].where) not in seen:
                seen.add((target.name, found[2].kind, found[2].where))
                report(target, *found)
    for target in chosen:
        for path, content in sorted(target.small, key=lambda entry: len(entry[1]))[-arguments.keep :] * bool(
            arguments.keep
        ):
            keep(target, path, content)
        print(f"{target.name:40} {target.executions:9,} executions, {len(target.pool):4} inputs kept")
    executions = sum(target.executions for target in chosen)
    print(f"{executions:,} executions of one file, {rounds:,} of several together, {len(seen)} findings")
    return 1 if seen else 0


def _interrupt(_signal: int, _frame: object) -> None:
    raise HungError


if __name__ == "__main__":
    sys.exit(main())
