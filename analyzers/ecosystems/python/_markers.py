"""Environment markers: which of several locked versions a requirement gets. Judged for named environments only,
never for the machine that scans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from packaging.markers import Marker

# From the newest Python downwards, the usual server first: the first environment that has the requirement decides.
_MINORS = tuple(range(16, 6, -1))
_PLATFORMS = (
    {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
)
_MAX_MARKER = 2000


def environments() -> Iterator[Mapping[str, str]]:
    """Yield the environments that are tried, likeliest first."""
    for platform in _PLATFORMS:
        for minor in _MINORS:
            yield {
                **platform,
                "python_version": f"3.{minor}",
                "python_full_version": f"3.{minor}.0",
                "implementation_version": f"3.{minor}.0",
                "implementation_name": "cpython",
                "platform_python_implementation": "CPython",
                "platform_release": "",
                "platform_version": "",
                "extra": "",
            }


def where_it_holds(marker: str | None) -> int:
    """Return the environments in which the marker holds, one bit each, the likeliest lowest."""
    return sum(holds(marker, environment) << at for at, environment in enumerate(environments()))


def first_meeting(wanted: int, offered: Sequence[int]) -> int | None:
    """Return which of the ``offered`` meets ``wanted`` in the likeliest environment; None where none does."""
    meeting = [(both & -both, at) for at, one in enumerate(offered) if (both := wanted & one)]
    return min(meeting)[1] if meeting else None


def holds(marker: str | None, environment: Mapping[str, str]) -> bool:
    """Whether the marker holds; no marker does everywhere, one that cannot be read nowhere."""
    if not marker:
        return True
    parsed = _parsed(marker)
    try:
        return parsed is not None and parsed.evaluate(dict(environment))
    except (ValueError, KeyError, RecursionError):
        return False


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Marker | None:
    try:
        return Marker(text) if len(text) <= _MAX_MARKER else None
    except (ValueError, RecursionError):
        return None
