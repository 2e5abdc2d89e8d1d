"""Vue and Svelte: the functions of their scripts, measured as JavaScript or TypeScript; templates are only counted."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from analyzers.errors import UnsupportedSyntaxError
from analyzers.metrics._scripts import Scripts, scripts_of
from analyzers.metrics._tree_parse import without_mark
from analyzers.metrics.counted import Comments, count_lines
from analyzers.metrics.javascript import LANGUAGES as JAVASCRIPT
from analyzers.metrics.typescript import LANGUAGES as TYPESCRIPT
from analyzers.model.language import Branch, Language, Measured

_COMMENTS = Comments(("//",), (("/*", "*/"), ("<!--", "-->")))


def _measure(name: str, path: str, content: bytes) -> Measured:
    content = without_mark(content)
    scripts = scripts_of(content)
    measured = _language_of(scripts).measure(path, scripts.text)
    doubt = measured.doubt
    if doubt is None and scripts.unknown:
        line, kind = scripts.unknown
        doubt = UnsupportedSyntaxError(f"the language of its script, {kind}, is not measured", line=line)
    functions = tuple(replace(function, language=name) for function in measured.functions)
    return Measured(code_lines=_count(content), functions=functions, doubt=doubt)


def _complexity_at(content: bytes, line: int, end_line: int) -> int | None:
    scripts = scripts_of(content)
    complexity_at = _language_of(scripts).complexity_at
    return complexity_at(scripts.text, line, end_line) if complexity_at else None


def _branches(content: bytes, line: int, end_line: int) -> tuple[Branch, ...]:
    scripts = scripts_of(content)
    branches = _language_of(scripts).branches
    return branches(scripts.text, line, end_line) if branches else ()


def _language_of(scripts: Scripts) -> Language:
    return (TYPESCRIPT if scripts.has_types else JAVASCRIPT)[0]


def _count(content: bytes) -> int:
    return count_lines(content, _COMMENTS)


LANGUAGES = tuple(
    Language(
        name=title.lower(),
        title=title,
        suffixes=(f".{title.lower()}",),
        measure=partial(_measure, title.lower()),
        count=_count,
        complexity_at=_complexity_at,
        branches=_branches,
        measures_functions=True,
        needs_process=True,
        packages=tuple(dict.fromkeys([*JAVASCRIPT[0].packages, *TYPESCRIPT[0].packages])),
    )
    for title in ("Vue", "Svelte")
)
