"""The judge of what is made of strangers' text: rendered as GitHub does, it is looked at as a tree."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from tests.support.github_page import rendered

OWN_TAGS = frozenset(
    {
        *(
            "p",
            "h2",
            "h3",
            "h4",
            "strong",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "code",
            "pre",
            "ul",
            "ol",
            "li",
        ),
        *("a", "br", "details", "summary", "sub", "blockquote"),
    }
)
# What GitHub makes a mention, a reference or a link of after rendering, in text that is in no code and no link.
_MADE_MORE_OF = re.compile(
    r"@[A-Za-z0-9]|#\d|\bGH-\d"
    r"|(?<![\w./-])(?=[0-9]{0,39}[a-f])(?=[a-f]{0,39}[0-9])[0-9a-f]{7,40}(?![\w./-])",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"/(issues|pull|pulls|commit|commits|discussions|merge_requests)/", re.IGNORECASE)
# A file on GitHub may lie in a folder of such a name.
_FILE = re.compile(r"^/[^/]+/[^/]+/(blob|tree)/")
_VOID = {"br"}
BOX = re.compile(r"^- \[[ x]\] <!-- debtscan:box=[\w.~%/-]* -->", re.MULTILINE | re.ASCII)
_LINK = re.compile(r"\[#(\d+)\]\(https?://[\w.:-]+/[\w.-]+/[\w.-]+/pull/\1\)", re.ASCII)


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.outside_code: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in OWN_TAGS, tag
        if tag == "a":
            assert [name for name, _value in attrs] == ["href"]
            address = urlsplit(attrs[0][1] or "")
            assert address.scheme in {"http", "https"}
            assert "@" not in address.netloc
            assert not _REFERENCE.search(address.path) or _FILE.search(address.path)
        else:
            assert not attrs or (tag in {"th", "td"} and attrs == [("align", "right")]), (tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        # In a link GitHub makes references of the address alone, and in code of nothing.
        if not {"code", "pre"} & set(self.open):
            self.outside_code.append(data if "a" not in self.open else data.replace("://", ""))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def undressed(dashboard: str) -> str:
    """Return a dashboard's text without debtscan's own boxes, links to pull requests and marker."""
    return _LINK.sub("", BOX.sub("-", dashboard)).partition("<!-- debtscan-dashboard: ")[0]


def assert_harmless(markdown: str) -> None:
    """Fail unless Markdown renders to known elements around text that GitHub makes nothing of."""
    assert "<!--" not in markdown
    # Printed by a dry run within a workflow, a line could be a command.
    assert not any(line.lstrip().startswith("::") for line in markdown.splitlines())
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", markdown)
    tree = _Tree()
    tree.feed(rendered(markdown))
    tree.close()
    assert not tree.open
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "".join(tree.text))
    for text in tree.outside_code:
        found = _MADE_MORE_OF.search(text)
        assert not found, found
