"""Names of GitHub in paths: what cannot be one leads to no page at all, whoever asks."""

from __future__ import annotations

from typing import Final

from starlette.convertors import Convertor, register_url_convertor


class _Name(Convertor[str]):
    """A part of a path that may be a name of GitHub's."""

    def convert(self, value: str) -> str:
        """Return the name."""
        return value

    def to_string(self, value: str) -> str:
        """Return the part of a path."""
        return value


class _Login(_Name):
    """A person's or an organisation's."""

    regex = "[A-Za-z0-9][A-Za-z0-9_-]{0,99}"


class _Repository(_Name):
    """A repository's, without its owner's."""

    regex = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9._-]{1,100}"


register_url_convertor("login", _Login())
register_url_convertor("repo", _Repository())

ORGANISATION: Final = "/{org:login}"
REPOSITORY: Final = "/{org:login}/{repo:repo}"
"""The paths of the two, to begin a route with."""
