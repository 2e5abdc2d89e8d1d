"""Takes secrets out of what is logged: by the name of a field, and by what a value looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger

from analyzers.syntax.credentials import masked, whole_words

HIDDEN: Final = "***"
_NAMES: Final = re.compile(
    r"authori[sz]ation|cookie|csrf|passw(?:or)?d|private.?key|secret|signature|(?:^|[_-])token$|verifier", re.IGNORECASE
)
# GitHub's tokens, a signed token (JWT), a key's block, what follows an authorisation's scheme.
_SHAPES: Final = re.compile(
    r"\b(?:gh[a-z]_|github_pat_)[A-Za-z0-9_.-]{10,}"
    r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?"
    r"|-----BEGIN [A-Z ]*KEY-----.*?(?:-----END [A-Z ]*KEY-----|\Z)"
    r"|(?<=\bBearer )\S+|(?<=\bBasic )\S+|(?<=\btoken )[A-Za-z0-9_.-]{20,}",
    re.DOTALL,
)
# structlog's own, which it takes out before a line is written.
_OWN: Final = frozenset({"_record", "_from_structlog"})
_LONGEST: Final = 8000
_DEEPEST: Final = 6


def without_secrets(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:  # noqa: ARG001 - structlog's signature
    """Return a line's fields without secrets; texts are cut at 8,000 characters."""
    return {key: _clean(key, value, 0) for key, value in event.items()}


def clean_text(text: str) -> str:
    """Return a text without what looks like a secret, cut where it is longer than any line should be."""
    if len(text) > _LONGEST:
        kept = whole_words(text[:_LONGEST], cut_after=True)
        return f"{_hidden(kept)}… ({len(text) - len(kept)} more characters)"
    return _hidden(text)


def _hidden(text: str) -> str:
    return _SHAPES.sub(HIDDEN, masked(text))


def _clean(name: str, value: Any, depth: int) -> Any:  # noqa: ANN401 - whatever is logged
    if value is None or isinstance(value, bool | int | float) or name in _OWN:
        return value
    if _NAMES.search(name):
        return HIDDEN
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {str(key): _clean(str(key), one, depth + 1) for key, one in value.items()}
    if depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [_clean("", one, depth + 1) for one in value]
    return clean_text(str(value))
