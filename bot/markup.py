"""Text into markup: templates, and the escaping of each output language.

Names, paths and messages come from scanned repositories, so nothing reaches an output language unescaped:

- `visible` takes away what can deceive in every language: control characters, bidirectional overrides.
- `render` draws a template of ``templates/``. Its language follows from its name (``*.html.j2``, ``*.md.j2``,
  ``*.yml.j2``), and every expression in it is escaped for that language unless it is a `Raw` (Markdown) or a
  ``markupsafe.Markup``.
- `command_message` and `command_property` escape GitHub's workflow commands.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from analyzers.errors import UsageError

if TYPE_CHECKING:
    from bot.sandbox import Narrow, Sandbox

Language = Literal["html", "markdown", "yaml"]
Draw = Callable[[str, Mapping[str, object]], str]
"""Draws a template, by its name, with values."""

_REPLACED: dict[str, Draw] = {}
_SPACING: Mapping[str, bool] = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}

_SUFFIXES: tuple[tuple[str, Language], ...] = ((".html.j2", "html"), (".md.j2", "markdown"), (".yml.j2", "yaml"))
# Workflows are full of ${{ }}, so their templates have other marks.
_MARKS: Mapping[Language, Mapping[str, str]] = {
    "yaml": {
        "variable_start_string": "[[",
        "variable_end_string": "]]",
        "block_start_string": "[%",
        "block_end_string": "%]",
        "comment_start_string": "[#",
        "comment_end_string": "#]",
    }
}
# What stands for itself in YAML, bare or within quotes.
_PLAIN_YAML = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 ./@*_-]*")
# Cc: control characters. Cf: format characters, the bidirectional overrides among them. Zl, Zp: line and paragraph
# separators, which some programs break lines at. Cs: half of a surrogate pair, from a file name that is no UTF-8.
_DECEIVING = {"Cc", "Cf", "Zl", "Zp", "Cs"}
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_PLAIN_MARKDOWN = re.compile(r"[^\w .,;/=+?%-]|_", re.ASCII)
_COMMAND = re.compile(r"^((?:[^\S\n]|\x1b\[[\d;]*m)*):(?=:)|#(?=#\w{0,20}\[)", re.MULTILINE)
# What GitHub takes for a reference to an issue or a commit.
_ISSUE = re.compile(r"\bGH(?=-\d)", re.IGNORECASE)
_COMMIT = re.compile(r"(?<!\w)(?=\d{0,39}[a-f])(?=[a-f]{0,39}\d)[0-9a-f]{7,40}(?!\w)", re.IGNORECASE)
_SHORTEST_COMMIT = 7
# In code it links addresses of mail all the same; `a@1.x` looks like one.
_MAIL = re.compile(r"(?<=[^ /])&#64;(?=[^ ]{0,300}\.|[^ ]{301})")
# What could begin a list, a heading, an underline or indented code if a template put it at the start of a line.
_LINE_START = re.compile(r"^(?:[ =+-]|\d(?=\d{0,9}(?:[.)]\s|[.)]$)))")


class Raw(str):
    """Markdown that is finished: not escaped again."""

    __slots__ = ()


def visible(text: str, *, keep: str = "") -> str:
    r"""Return ``text`` with what cannot be seen written out (``\x1b``, ``\u202e``), except the characters ``keep``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char in keep else _written_out(char) for char in text)


def terminal_text(text: str) -> str:
    """Return ``text`` for a terminal: its lines stay, nothing in it can move the cursor or change colours."""
    return visible(text, keep="\n")


def inert(text: str) -> str:
    """Return lines for a log of which none is a command: a workflow's runner obeys ``::set-output …`` and ``##[…]``.

    The first sign of what would be one is written out. It looks for the one at the start of a line, blanks and
    colours aside, so this is for lines that are wrapped already; for the other anywhere.
    """
    return _COMMAND.sub(lambda found: f"{found[1] or ''}\\x{ord(found[0][-1]):02x}", text)


def _written_out(char: str) -> str:
    if unicodedata.category(char) not in _DECEIVING:
        return char
    if char in _NAMED:
        return _NAMED[char]
    code = ord(char)
    if code <= 0xFF:  # noqa: PLR2004 - the width of \x
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - the width of \u


def markdown_text(text: str) -> Raw:
    """Return ``text`` as Markdown that renders as that very text.

    Every special character becomes a numeric reference, which CommonMark never reads as structure: not in a table's
    cell, not in a link, not at the start of a line. An invisible space keeps GitHub from making ``@name`` a mention
    and ``#1``, ``GH-1`` or a commit's hash a reference, which it does after rendering.
    """
    escaped = _PLAIN_MARKDOWN.sub(_reference, visible(text)).replace("&#64;", "&#64;&#8203;")
    escaped = _ISSUE.sub("\\g<0>&#8203;", escaped.replace("&#35;", "&#35;&#8203;"))
    escaped = _COMMIT.sub(lambda found: in_pieces(found[0], "&#8203;"), escaped)
    return Raw(_safe_start(_without_links(escaped)))


def in_pieces(name: str, between: str) -> str:
    """Return the name of a commit in pieces that are too short to name one."""
    size = _SHORTEST_COMMIT - 1
    return between.join(name[start : start + size] for start in range(0, len(name), size))


def markdown_code(text: str) -> Raw:
    """Return ``text`` as inline code. The HTML element, because backticks cannot hold every text in a table."""
    return Raw(f"<code>{_safe_start(_code(visible(text)))}</code>")


def markdown_pre(lines: Iterable[str]) -> Raw:
    """Return lines as a block of code. The HTML element, because a fence could not hold a fence."""
    drawn = "\n".join(_code(visible(line, keep="\t")) for line in lines)
    return Raw(f"<pre><code>{drawn}</code></pre>")


def _code(text: str) -> str:
    return _MAIL.sub("&#64;&#8203;", _without_links(_PLAIN_MARKDOWN.sub(_reference, text)))


def _reference(match: re.Match[str]) -> str:
    char = match.group()
    return f"&#{ord(char)};" if char.isascii() else char


def _safe_start(text: str) -> str:
    return _LINE_START.sub(_reference, text)


def _without_links(text: str) -> str:
    # Schemes lose their colon to `_reference`; this is the one link that needs none.
    return re.sub(r"(?i)(www)\.", r"\1&#46;", text)


def command_message(text: str) -> str:
    """Return ``text`` as the message of a GitHub workflow command."""
    return visible(text, keep="\n").replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """Return ``text`` as the value of a property of a GitHub workflow command."""
    return command_message(visible(text)).replace(":", "%3A").replace(",", "%2C")


def script_json(value: object) -> str:
    """Return ``value`` as JSON that can stand inside an HTML ``<script>`` element: it cannot end the element."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def render(template: str, values: Mapping[str, object]) -> str:
    """Draw ``templates/<template>``, or what the installation has in its place.

    A name that ``values`` lacks raises jinja2.UndefinedError.
    """
    if template in _REPLACED:
        return _REPLACED[template](template, values)
    language = next(found for suffix, found in _SUFFIXES if template.endswith(suffix))
    return environment(language).get_template(template).render(values)


@contextmanager
def replacing(templates: Iterable[str], draw: Draw) -> Iterator[None]:
    """Have ``draw`` draw these templates of Markdown meanwhile, in every thread."""
    _REPLACED.update(dict.fromkeys(templates, draw))
    try:
        yield
    finally:
        _REPLACED.clear()


def insist(template: str, length: int, most: int) -> None:
    """Raise UsageError where an installation's own template draws more than ``most`` when it is given least."""
    if template in _REPLACED and length > most:
        raise UsageError(f"{template}: draws {length:,} characters at its shortest, and {most:,} are taken; see rows")


@functools.cache
def environment(language: Language) -> Sandbox:
    """Return the environment in which templates of ``language`` are drawn."""
    from jinja2 import FileSystemLoader, StrictUndefined

    from bot.sandbox import Sandbox

    made = Sandbox(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        autoescape=language == "html",
        finalize=_FINALIZE[language],
        **_SPACING,
        **_MARKS.get(language, {}),
    )
    made.filters["code"] = markdown_code
    return made


def narrow_environment(source: Callable[[str], tuple[str, str, None] | None], hidden: set[str]) -> Narrow:
    """Return the environment for Markdown templates that others wrote: ``source`` gives text, file and None.

    Finished Markdown that a template prints is put into ``hidden`` where it holds a comment.
    """
    from jinja2 import FunctionLoader

    from bot.sandbox import Missing, Narrow

    def finalize(value: object) -> object:
        if isinstance(value, Raw) and "<!--" in value:
            hidden.add(str(value))
        return _finalize_markdown(value)

    made = Narrow(loader=FunctionLoader(source), undefined=Missing, finalize=finalize, **_SPACING)
    made.filters["code"] = markdown_code
    return made


def templates_folder(package: Path = Path(__file__).parent) -> Path:
    """Return the folder of templates: inside the package in a wheel, beside it in a checkout."""
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def _finalize_html(value: object) -> object:
    # Autoescaping follows; Markup, a str too, says by `__html__` that it is finished.
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return visible(value, keep="\n\t")
    return value


def _finalize_markdown(value: object) -> object:
    from jinja2 import Undefined

    if isinstance(value, (Raw, int, float, Undefined)):
        return value
    return markdown_text(str(value))


def _finalize_yaml(value: object) -> object:
    """Take words that YAML reads as they are; nothing else has a place in a workflow of ours."""
    if not _PLAIN_YAML.fullmatch(str(value)):
        raise ValueError(f"{str(value)[:100]!r} cannot stand in YAML as it is")
    return value


_FINALIZE: Mapping[Language, Callable[[object], object]] = {
    "html": _finalize_html,
    "markdown": _finalize_markdown,
    "yaml": _finalize_yaml,
}
