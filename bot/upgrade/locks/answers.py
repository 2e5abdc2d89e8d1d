"""Whether a lock tool failed because nobody answered it, or it could not begin: another run may do better. Pure."""

from __future__ import annotations

import re
from typing import Final

# npm and its kin say it by signs, the tools of Python in words.
_SIGNS: Final = re.compile(
    r"\b(?:ENOTFOUND|EAI_AGAIN|ECONN(?:REFUSED|RESET|ABORTED)|E(?:SOCKET)?TIMEDOUT|E(?:NET|HOST)UNREACH)\b"
)
_WORDS: Final = re.compile(
    r"\b(?:operation|request|read|connection) timed out\b|\berror sending request\b|\b(?:failed|unable) to connect\b"
    r"|\bconnection (?:refused|reset|error)\b|\bname resolution\b|\bdns error\b|\bmax retries exceeded\b"
    r"|\btunnel\w*\b.{0,60}\b(?:failed|error|could not)\b|\bunsuccessful tunnel\b|\bproxy response \(50[234]\)"
    r"|^bwrap: |\b(?:50[0234]|429) (?:server error|internal|bad gateway|service|gateway|too many)",
    re.IGNORECASE | re.MULTILINE,
)


def is_unanswered(output: str) -> bool:
    """Whether a tool's output tells of a network, a registry or a sandbox that was not there for it."""
    return bool(_SIGNS.search(output) or _WORDS.search(output))
