"""Complexity of languages that tree-sitter parses: a language states a `Grammar`, the rest is shared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from analyzers.metrics._tree_branches import branches_of
from analyzers.metrics._tree_errors import doubt, errors_in, sound
from analyzers.metrics._tree_functions import Captures, Found, functions_in, span_of
from analyzers.metrics._tree_grammar import Grammar, measuring_query, parser_language
from analyzers.metrics._tree_parse import parse, without_mark
from analyzers.metrics.counted import Comments, count_lines
from analyzers.model.inventory import Function
from analyzers.model.language import Branch, Language, Measured

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_C_COMMENTS = Comments(("//",), (("/*", "*/"),))


def tree_language(
    name: str,
    title: str,
    suffixes: str,
    grammars: Sequence[Grammar],
    *,
    interpreters: str = "",
    comments: Comments = _C_COMMENTS,
    first_by_suffix: Sequence[tuple[str, int]] = (),
) -> Language:
    """Return a language of which the first of ``grammars`` that parses a file without an error measures it.

    Where none does, the first does. ``first_by_suffix`` says which is tried first for a suffix (by its place);
    ``comments`` are for counting the lines of a file that cannot be parsed at all.
    """
    return Language(
        name=name,
        title=title,
        suffixes=tuple(suffixes.split()),
        interpreters=tuple(interpreters.split()),
        measure=partial(_measure, name, tuple(grammars), tuple(first_by_suffix)),
        count=partial(count_lines, comments=comments),
        complexity_at=partial(_complexity_at, tuple(grammars)),
        branches=partial(_branches, tuple(grammars)),
        measures_functions=True,
        needs_process=True,
        packages=("tree-sitter", *dict.fromkeys(package for grammar in grammars for package in grammar.packages)),
    )


class _Parsed(NamedTuple):
    """A file's tree, what was captured in it, its sound functions, and how many others there are."""

    grammar: Grammar
    root: Node
    captures: Captures
    functions: Sequence[Found]
    errors: Sequence[Node]
    left_out: int


def _measure(
    name: str, grammars: Sequence[Grammar], first_by_suffix: Sequence[tuple[str, int]], path: str, content: bytes
) -> Measured:
    """Measure one file. Raises TooLargeError, TooDeepError."""
    content = without_mark(content)
    first = next((place for suffix, place in first_by_suffix if path.lower().endswith(suffix)), 0)
    parsed = _parsed([grammars[first], *(grammar for grammar in grammars if grammar is not grammars[first])], content)
    totals = [0, *accumulate(_code_flags(content, parsed.captures.get("comment", ())))]
    functions = tuple(_function(path, name, parsed.grammar, found, totals) for found in parsed.functions)
    return Measured(
        code_lines=totals[-1],
        functions=functions,
        doubt=doubt(parsed.errors, len(functions), parsed.left_out) if parsed.root.has_error else None,
    )


def _complexity_at(grammars: tuple[Grammar, ...], content: bytes, line: int, end_line: int) -> int | None:
    parsed = _latest(grammars, content)
    found = _at(parsed, line, end_line)
    if found is None and parsed.left_out:
        raise doubt(parsed.errors, len(parsed.functions), parsed.left_out)
    return found.complexity if found else None


def _branches(grammars: tuple[Grammar, ...], content: bytes, line: int, end_line: int) -> tuple[Branch, ...]:
    parsed = _latest(grammars, content)
    found = _at(parsed, line, end_line)
    return tuple(branches_of(parsed.grammar, parsed.captures, found)) if found else ()


def _at(parsed: _Parsed, line: int, end_line: int) -> Found | None:
    """Return the function that begins at ``line`` and ends at ``end_line``, or the outermost one that goes on.

    Of several on the same lines (``id => dispatch => {``) the most complex one: for no other would anybody ask.
    """
    begun = []
    for found in parsed.functions:
        first, last = _lines(parsed.grammar, found.node)
        if first == line and end_line <= last:
            begun.append((last == end_line, found))
    there = [found for is_whole, found in begun if is_whole]
    return max(there, key=lambda found: found.complexity) if there else next((found for _, found in begun), None)


@lru_cache(maxsize=2)
def _latest(grammars: tuple[Grammar, ...], content: bytes) -> _Parsed:
    """Parse a file; several of its functions are asked for one after the other."""
    return _parsed(grammars, without_mark(content))


def _parsed(grammars: Sequence[Grammar], content: bytes) -> _Parsed:
    from tree_sitter import QueryCursor

    trees: list[tuple[Grammar, Tree]] = []
    for grammar in grammars:
        trees.append((grammar, parse(parser_language(grammar), content, bound=grammar.bound)))
        if not trees[-1][1].root_node.has_error:
            break
    grammar, tree = trees[0] if trees[-1][1].root_node.has_error else trees[-1]
    captures = QueryCursor(measuring_query(grammar)).captures(tree.root_node)
    found = functions_in(grammar, captures, content)
    errors = errors_in(grammar, tree.root_node)
    functions = sound(found, errors)
    return _Parsed(grammar, tree.root_node, captures, functions, errors, len(found) - len(functions))


def _function(path: str, language: str, grammar: Grammar, found: Found, totals: Sequence[int]) -> Function:
    line, end_line = _lines(grammar, found.node)
    return Function(
        path=path,
        name=found.name,
        language=language,
        line=line,
        end_line=end_line,
        complexity=found.complexity,
        lines=totals[end_line] - totals[line - 1],
        nesting=found.nesting,
        parameters=grammar.parameters(found.node),
    )


def _lines(grammar: Grammar, node: Node) -> tuple[int, int]:
    begins = (node.child_by_field_name(grammar.begins_at) if grammar.begins_at else None) or node
    return begins.start_point.row + 1, node.end_point.row + 1


def _code_flags(content: bytes, comments: Sequence[Node]) -> Iterator[int]:
    """Return 1 for each line of code, 0 for each that is blank or only comment. Only a line feed ends a line."""
    return (1 if line and not line.isspace() else 0 for line in b"".join(_uncommented(content, comments)).split(b"\n"))


def _uncommented(content: bytes, comments: Sequence[Node]) -> Iterator[bytes]:
    """Yield what is no comment, and of comments their line ends."""
    position = 0
    # A query's captures come in no order.
    for start, end in sorted(map(span_of, comments)):
        if start >= position:
            yield content[position:start]
            yield b"\n" * content.count(b"\n", start, end)
            position = end
    yield content[position:]
