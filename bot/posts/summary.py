"""The job's page: what a pull request adds and mends, also where no check run and no comment may be written. Pure."""

from __future__ import annotations

from bot.posts.check_run import Checked

LARGEST = 1024 * 1024
"""The bytes that GitHub takes of one step."""


def summary(checked: Checked) -> str:
    """Return the Markdown for the job's page: what the check run says."""
    return f"## Technical debt of this pull request\n\n{checked.summary}"
