"""Check runs of one repository. Only the token of a GitHub App may write them, that of a workflow among these."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from bot.github.errors import LostAnswerError
from bot.github.objects import Annotation, CheckRun, CheckText
from bot.github.paging import PAGE, entries
from bot.github.reading import text
from bot.github.requester import ClientRequester
from bot.github.translate import translated


class CheckRuns:
    """Reads and writes check runs; `path` is where the repository begins in GitHub's interface."""

    def __init__(self, requester: ClientRequester, path: str) -> None:
        self._requester = requester
        self._path = path

    def named(self, sha: str, name: str) -> tuple[CheckRun, ...]:
        """Return all runs of a name on a commit, oldest first, those that a newer one stands for included."""
        with translated(f"read the check runs of {sha[:10]}", "checks"):
            where = f"{self._path}/commits/{quote(sha, safe='')}/check-runs"
            asked = {**PAGE, "check_name": name, "filter": "all"}
            found = [_read(entry) for entry in entries(self._requester, where, asked, member="check_runs")]
        return tuple(sorted((run for run in found if run.name == name), key=lambda run: run.id))

    def create(self, sha: str, name: str, said: CheckText, login: str) -> CheckRun:
        """Write a new run as ``login``. An answer that is lost is looked up: it must not stand there twice."""
        for _attempt in range(2):
            try:
                with translated(f"write a check run of {sha[:10]}", "checks"):
                    wish = {"name": name, "head_sha": sha, **_wish(said)}
                    return _read(self._requester.requestJsonAndCheck("POST", f"{self._path}/check-runs", input=wish)[1])
            except LostAnswerError:
                last = [run for run in self.named(sha, name) if run.author == login][-1:]
                if last and last[0].external_id == said.external_id:
                    return last[0]
        raise LostAnswerError(f"could not write a check run of {sha[:10]}: GitHub does not answer; run debtscan again")

    def update(self, number: int, said: CheckText) -> None:
        """Change a run. Where the answer is lost, its note says whether it was done: annotations only add up."""
        where = f"{self._path}/check-runs/{number}"
        for _attempt in range(2):
            try:
                with translated("change a check run", "checks"):
                    self._requester.requestJsonAndCheck("PATCH", where, input=_wish(said))
            except LostAnswerError:
                with translated("read a check run", "checks"):
                    there = _read(self._requester.requestJsonAndCheck("GET", where)[1])
                if there.external_id == said.external_id:
                    return
            else:
                return
        raise LostAnswerError("could not change a check run: GitHub does not answer; run debtscan again")


def _read(entry: dict[str, Any]) -> CheckRun:
    app = entry.get("app") or {}
    return CheckRun(
        id=int(entry["id"]),
        name=text(entry["name"]),
        external_id=entry.get("external_id") or "",
        author=f"{app.get('slug', '')}[bot]",
        is_done=entry.get("status") == "completed",
    )


def _wish(said: CheckText) -> dict[str, Any]:
    output: dict[str, Any] = {"title": said.title, "summary": said.summary}
    if said.annotations:
        output["annotations"] = [_annotation(one) for one in said.annotations]
    state = {"status": "in_progress"} if said.conclusion is None else {"conclusion": said.conclusion}
    return {**state, "external_id": said.external_id, "output": output}


def _annotation(one: Annotation) -> dict[str, Any]:
    return {
        "path": one.path,
        "start_line": one.line,
        "end_line": one.end_line,
        "annotation_level": one.level,
        "title": one.title,
        "message": one.message,
    }
