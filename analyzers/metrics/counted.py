"""Languages of which lines of code are counted and nothing more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial

from analyzers.model.language import Language, Measured

_HAS_TEXT = re.compile(rb"^[^\n]*?[^\s]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Comments:
    """How a language writes comments: what begins one to the line's end, and pairs around longer ones."""

    line: tuple[str, ...] = ()
    block: tuple[tuple[str, str], ...] = ()


_C = Comments(("//",), (("/*", "*/"),))
_HASH = Comments(("#",))
_DASHES = Comments(("--",), (("/*", "*/"),))

_TABLE: tuple[tuple[str, str, str, Comments], ...] = (
    # title, suffixes, interpreters, comments
    ("Kotlin", ".kt .kts", "", _C),
    ("Scala", ".scala .sc", "scala", _C),
    ("Groovy", ".groovy .gradle", "groovy", _C),
    ("F#", ".fs .fsx", "", Comments(("//",), (("(*", "*)"),))),
    ("Visual Basic", ".vb", "", Comments(("'",))),
    ("Objective-C", ".m .mm", "", _C),
    ("Swift", ".swift", "swift", _C),
    ("Dart", ".dart", "dart", _C),
    ("Perl", ".pl .pm", "perl", Comments(("#",), (("=pod", "=cut"), ("=head", "=cut")))),
    ("Shell", ".sh .bash .zsh .ksh", "sh bash zsh ksh dash", _HASH),
    ("Fish", ".fish", "fish", _HASH),
    ("PowerShell", ".ps1 .psm1", "pwsh", Comments(("#",), (("<#", "#>"),))),
    ("Lua", ".lua", "lua", Comments(("--",), (("--[[", "]]"),))),
    ("Elixir", ".ex .exs", "elixir", _HASH),
    ("Erlang", ".erl .hrl", "escript", Comments(("%",))),
    ("Haskell", ".hs", "runhaskell", Comments(("--",), (("{-", "-}"),))),
    ("OCaml", ".ml .mli", "ocaml", Comments((), (("(*", "*)"),))),
    ("Clojure", ".clj .cljs .cljc", "", Comments((";",))),
    ("R", ".r", "Rscript", _HASH),
    ("Julia", ".jl", "julia", Comments(("#",), (("#=", "=#"),))),
    ("Nim", ".nim", "nim", _HASH),
    ("Zig", ".zig", "", Comments(("//",))),
    ("Crystal", ".cr", "crystal", _HASH),
    ("Solidity", ".sol", "", _C),
    ("Cython", ".pyx .pxd", "", _HASH),
    ("CoffeeScript", ".coffee", "coffee", _HASH),
    ("Tcl", ".tcl", "tclsh", _HASH),
)
_WITHOUT_FUNCTIONS: tuple[tuple[str, str, str, Comments], ...] = (
    ("SQL", ".sql", "", _DASHES),
    ("Terraform", ".tf", "", Comments(("#", "//"), (("/*", "*/"),))),
    ("Protocol Buffers", ".proto", "", _C),
    ("GraphQL", ".graphql .gql", "", _HASH),
)


def count_lines(content: bytes, comments: Comments) -> int:
    """Count the lines that are neither blank nor comment only.

    A comment is one where it begins its line: then no string has to be told from it (``"src/*"``), and the time is
    linear. What stands behind the end of a comment is code.
    """
    text = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return len(_HAS_TEXT.findall(_comment_pattern(comments).sub(b"", text)))


@lru_cache(maxsize=64)
def _comment_pattern(comments: Comments) -> re.Pattern[bytes]:
    # Longer signs first: Lua's block comment begins with its line comment.
    signs = [(start, rf"{re.escape(start)}(?s:.*?)(?:{re.escape(end)}|\Z)") for start, end in comments.block]
    signs += [(start, rf"{re.escape(start)}[^\n]*") for start in comments.line]
    signs.sort(key=lambda sign: -len(sign[0]))
    return re.compile(rf"^(?:[ \t\f\v]*(?:{'|'.join(text for _, text in signs)}))+".encode(), re.MULTILINE)


def _measure(comments: Comments, _path: str, content: bytes) -> Measured:
    return Measured(code_lines=count_lines(content, comments))


def _language(title: str, suffixes: str, interpreters: str, comments: Comments, *, has_functions: bool) -> Language:
    return Language(
        name=title.lower().replace(" ", "-"),
        title=title,
        suffixes=tuple(suffixes.split()),
        interpreters=tuple(interpreters.split()),
        measure=partial(_measure, comments),
        count=partial(count_lines, comments=comments),
        has_functions=has_functions,
    )


LANGUAGES = (
    *(_language(*row, has_functions=True) for row in _TABLE),
    *(_language(*row, has_functions=False) for row in _WITHOUT_FUNCTIONS),
)
