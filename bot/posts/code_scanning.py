"""All findings of the default branch as alerts of code scanning, where the team wants that and GitHub allows it.

GitHub keeps no more of an upload than its tool, the tool's version and its category. So the digest of what was sent
stands behind the version (``0.1.0+1f3a…``): the same results of the same commit are not sent again.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from bot import wording
from bot.github.errors import ForbiddenError, HostError
from bot.github.host import Host

TOOL: Final = "debtscan"
CATEGORY: Final = "debtscan"
MOST_RESULTS: Final = 25_000
_LARGEST: Final = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """SARIF as it is sent, the `version` that names it, and how many results were `left_out`: GitHub takes 25,000."""

    sarif: str
    version: str
    left_out: int


def prepared(sarif: str, most: int = MOST_RESULTS) -> Upload:
    """Return what is to be sent of a SARIF document of one run: at most ``most`` results, the worst first as given."""
    document = json.loads(sarif)
    (run,) = document["runs"]
    left_out = max(0, len(run["results"]) - most)
    run["results"] = run["results"][:most]
    driver = run["tool"]["driver"]
    driver["version"] = f"{driver['version']}+{_digest(document)}"
    return Upload(json.dumps(document, ensure_ascii=True), driver["version"], left_out)


def settle(host: Host, commit: str, branch: str, upload: Upload) -> str:
    """Give code scanning what it has not; return what was done, or "". Raises HostError."""
    ref = f"refs/heads/{branch}"
    try:
        newest = next((one for one in host.analyses(ref, TOOL) if one.category == CATEGORY), None)
        if newest is not None and (newest.commit, newest.version) == (commit, upload.version):
            return ""
        if len(gzip.compress(upload.sarif.encode(), mtime=0)) > _LARGEST:
            raise HostError("the results are larger than the 10 MB that GitHub takes; exclude files under [scan]")
        host.upload_sarif(commit, ref, upload.sarif)
    except ForbiddenError as error:
        raise ForbiddenError(
            f"{error}. Private repositories need a licence for it; [posts] code-scanning = false asks no more",
            error.permission,
        ) from error
    left = f", without the last {wording.count(upload.left_out, 'result')}" if upload.left_out else ""
    return f"uploaded the results of {commit[:10]} to code scanning{left}"


def _digest(document: dict[str, Any]) -> str:
    """Return what names the results. When they were found, and as of which day, does not count."""
    run = dict(document["runs"][0])
    run.pop("invocations", None)
    run["properties"] = {key: value for key, value in run.get("properties", {}).items() if key != "asOf"}
    text = json.dumps(run, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
