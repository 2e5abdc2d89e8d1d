"""Markdown as a pull request's page shows it, near enough to look at: a kept renderer, and a style after GitHub's."""

from __future__ import annotations

import cmarkgfm
from cmarkgfm.cmark import Options

STYLE = """
:root { color-scheme: light }
body { margin: 0; padding: 16px; background: #fff; color: #1f2328;
  font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif }
article { max-width: 860px; margin: auto; overflow-wrap: break-word;
  border: 1px solid #d1d9e0; border-radius: 6px; padding: 16px }
article > :first-child { margin-top: 0 }
p, ul, ol, table, pre, details, blockquote { margin: 0 0 16px }
h2 { font-size: 1.5em; padding-bottom: .3em; border-bottom: 1px solid #d1d9e0b3 }
h3 { font-size: 1.25em } h4 { font-size: 1em } h2, h3, h4 { margin: 24px 0 16px; font-weight: 600; line-height: 1.25 }
ul, ol { padding-left: 2em } li + li { margin-top: .25em } li:has(> input) { list-style: none }
li > input { margin: 0 .35em .25em -1.4em; vertical-align: middle }
a { color: #0969da }
blockquote { padding: 0 1em; color: #59636e; border-left: .25em solid #d1d9e0 }
table { display: block; width: max-content; max-width: 100%; overflow: auto; border-collapse: collapse }
th, td { padding: 6px 13px; border: 1px solid #d1d9e0 } tr:nth-child(2n) { background: #f6f8fa }
code { font: 85% ui-monospace, Menlo, Consolas, monospace; background: #818b981f; border-radius: 6px;
  padding: .2em .4em; white-space: break-spaces }
pre { padding: 16px; overflow: auto; background: #f6f8fa; border-radius: 6px; line-height: 1.45 }
pre code { padding: 0; background: none; white-space: pre }
"""


def rendered(markdown: str) -> str:
    """Return Markdown as HTML, by the renderer that GitHub's own grew from; raw HTML in it stays."""
    return str(cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE))


def page(markdown: str) -> str:
    """Return a whole page around the rendered Markdown."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>A pull request</title>'
        '<meta name="viewport" content="width=device-width"><style>'
        f"{STYLE}</style><article>{rendered(markdown)}</article></html>"
    )
