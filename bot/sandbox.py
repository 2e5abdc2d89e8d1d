"""Jinja's sandbox, and a narrower one for templates that others wrote.

Jinja's own lets a template call whatever a value offers, which for a date is the clock and for a path the file system.
`Narrow` lets it call the functions that it is given, and the methods of plain text, numbers, dates and mappings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any, Final

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

_PLAIN: Final = (str, int, float, date, Mapping, tuple, list)
# By chance, and without end.
_REFUSED_FILTERS: Final = ("random", "safe")
_REFUSED_GLOBALS: Final = ("lipsum",)


class Sandbox(ImmutableSandboxedEnvironment):
    """What every template is drawn in."""

    def wrap_str_format(self, value: Any) -> Any:  # noqa: ANN401 - as Jinja declares it
        """Return a safe `str.format`: what it makes of finished Markdown is not finished any more."""
        text = getattr(value, "__self__", None)
        is_finished = isinstance(text, str) and type(text) is not str and not isinstance(text, Markup)
        if is_finished and getattr(value, "__name__", "") in {"format", "format_map"}:
            value = getattr(str(text), value.__name__)
        return super().wrap_str_format(value)


class Narrow(Sandbox):
    """What an installation's own templates are drawn in."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Jinja's many options
        super().__init__(**options)
        for name in _REFUSED_FILTERS:
            del self.filters[name]
        for name in _REFUSED_GLOBALS:
            del self.globals[name]

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401 - anything that a template can name
        """Whether a template may call it."""
        if isinstance(obj, (MethodType, BuiltinMethodType)):
            return isinstance(obj.__self__, _PLAIN) or _is_jinja(type(obj.__self__))
        if isinstance(obj, type):
            return obj is dict or _is_jinja(obj)
        return isinstance(obj, FunctionType) or _is_jinja(type(obj)) or type(obj).__module__.startswith("bot.")


class Missing(StrictUndefined):
    """A name that a value lacks; the error tells those that it has."""

    @property
    def _undefined_message(self) -> str:
        value = self._undefined_obj
        told = super()._undefined_message
        if is_dataclass(value):
            return f"{told}; it has {', '.join(field.name for field in fields(value))}"
        return told


def _is_jinja(kind: type) -> bool:
    return kind.__module__.startswith("jinja2.")
