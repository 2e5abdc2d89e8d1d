"""The versions of Kubernetes' API that were or will be removed: a bundled table.

Made from the project's guide for migrating, and for what that leaves out from the marks in the API's own source.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import msgspec

from analyzers.lifecycles.stamps import FOLDER, Stamp
from analyzers.typed import from_json

TABLE = FOLDER / "kubernetes.json"
GUIDE = "https://kubernetes.io/docs/reference/using-api/deprecation-guide/"
_SOURCE = "https://github.com/kubernetes/api"

Minor: TypeAlias = tuple[int, int]


class _Row(msgspec.Struct, frozen=True):
    deprecated: str
    removed: str
    replacement: str | None = None
    same_fields: bool = False
    guide: bool = False


class _Table(Stamp, frozen=True, kw_only=True):
    apis: dict[str, dict[str, _Row]]


@dataclass(frozen=True, slots=True)
class Api:
    """One kind in one version of the API. `deprecated` and `removed` are the first releases in which it is that.

    `replacement` is the version to write instead (None: the kind is gone); with `same_fields` nothing else changes.
    """

    version: str
    kind: str
    deprecated: Minor
    removed: Minor
    replacement: str | None
    same_fields: bool
    source: str


@cache
def _table() -> _Table:
    return from_json(TABLE.read_bytes(), _Table)


def api(version: str, kind: str) -> Api | None:
    """Return what is known of a kind in a version (``extensions/v1beta1``, ``Ingress``); None for a current one."""
    row = _table().apis.get(version, {}).get(kind)
    if row is None:
        return None
    removed = minor(row.removed)
    deprecated = minor(row.deprecated)
    assert removed is not None  # noqa: S101 - the table's test holds each row to it
    assert deprecated is not None  # noqa: S101 - as above
    source = f"{GUIDE}#v{row.removed.replace('.', '-')}" if row.guide else _SOURCE
    return Api(version, kind, deprecated, removed, row.replacement, row.same_fields, source)


def minor(version: str) -> Minor | None:
    """Return major and minor of a release of Kubernetes (``1.33``, ``v1.33.2``); None for what is none."""
    numbers = version.removeprefix("v").split(".")[:2]
    if len(numbers) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 5 for part in numbers):  # noqa: PLR2004 - major and minor, four digits at most
        return None
    return int(numbers[0]), int(numbers[1])
