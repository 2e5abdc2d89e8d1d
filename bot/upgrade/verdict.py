"""What the repository's own checks say about a pull request, where that says anything about what is offered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bot.github.host import Host
from bot.github.objects import Checks, Pull
from bot.upgrade import marker
from bot.upgrade.existing import DIGEST, is_own, trailers
from bot.upgrade.trial import Course

RED_BASE = "the checks of the default branch fail as well, so nothing is tried"


@dataclass
class Verdicts:
    """Reads checks of one repository. `base` is the head of the default branch, `login` debtscan's own."""

    host: Host
    base: str
    login: str

    @cached_property
    def _of_base(self) -> Checks:
        return self.host.checks(self.base)

    def carry_on(self, course: Course, digest: str, pull: Pull | None) -> tuple[Course, str]:
        """Return the course after what the checks say of the branch now, and what keeps that from counting.

        They count only where the branch and the text both hold what is to be there, by its ``digest``, made by debtscan
        alone.
        """
        if pull is None or pull.state != "open" or (len(course.members) < 2 and course.runs is None):  # noqa: PLR2004
            return course, ""
        said = marker.parse(pull.body)
        if said is None or said.digest != digest:
            return course, ""
        checks = self.host.checks(pull.head)
        if checks.state in {"pending", "none"} or (checks.state == "success" and course.runs is None):
            return course, ""
        if not self._holds(digest, pull.head):
            return course, ""
        if self._of_base.state == "failure":
            return course, RED_BASE
        return course.after(passed=checks.state == "success", failed=checks.failed), ""

    def _holds(self, digest: str, head: str) -> bool:
        commits = self.host.commits_between(self.base, head)
        own = all(is_own(commit, self.login) for commit in commits)
        return own and bool(commits) and trailers(commits[-1].message).get(DIGEST) == digest
