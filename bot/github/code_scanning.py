"""Results for GitHub's code scanning."""

from __future__ import annotations

import base64
import gzip
from itertools import islice

from bot.github.errors import NotThereError
from bot.github.objects import Analysis
from bot.github.paging import PAGE, entries
from bot.github.reading import text
from bot.github.requester import ClientRequester
from bot.github.translate import translated

_MOST = 100
_PERMISSION = "security_events"


class CodeScanning:
    """Reads analyses and uploads them; `path` is where the repository begins in GitHub's interface."""

    def __init__(self, requester: ClientRequester, path: str) -> None:
        self._requester = requester
        self._path = f"{path}/code-scanning"

    def analyses(self, ref: str, tool: str) -> tuple[Analysis, ...]:
        """Return the last analyses of a ref by a tool, newest first; none where there was never one."""
        asked = {**PAGE, "ref": ref, "tool_name": tool}
        try:
            with translated("list the analyses of code scanning", _PERMISSION):
                found = entries(self._requester, f"{self._path}/analyses", asked)
                return tuple(
                    Analysis(
                        commit=text(entry["commit_sha"]),
                        category=entry.get("category") or "",
                        version=entry["tool"].get("version") or "",
                    )
                    for entry in islice(found, _MOST)
                )
        except NotThereError:
            # GitHub's answer while there is no analysis at all.
            return ()

    def upload(self, commit: str, ref: str, sarif: str) -> None:
        """Give code scanning the results of a commit. Sent twice they show once: the later ones replace the others."""
        # Without the time of compressing, so that the same results are the same bytes.
        packed = base64.b64encode(gzip.compress(sarif.encode(), mtime=0)).decode("ascii")
        wish = {"commit_sha": commit, "ref": ref, "sarif": packed, "tool_name": "debtscan"}
        with translated("upload results to code scanning", _PERMISSION):
            self._requester.requestJsonAndCheck("POST", f"{self._path}/sarifs", input=wish)
