"""What a language states of the tree that tree-sitter makes of its files, and the query that this becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Query


def _stated_name(node: Node, content: bytes) -> str:
    name = node.child_by_field_name("name")
    return "" if name is None else text_of(name, content)


def text_of(node: Node, content: bytes) -> str:
    """Return the text of a node, what is no UTF-8 replaced.

    `Node.text` would end the process: it reads anew by the function that the parser was fed by.
    """
    return content[node.start_byte : node.end_byte].decode(errors="replace")


def named_parameters(node: Node, field_name: str = "parameters") -> int:
    """Count the named children of a function's parameter list, comments left out."""
    listed = node.child_by_field_name(field_name)
    return 0 if listed is None else sum(not child.is_extra for child in listed.named_children)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grammar:
    """The kinds of nodes that count.

    Each is the type of a node, a word of the language in double quotes, or a pattern of a query that begins with ``(``.

    - `load` imports the grammar and returns its capsule: nothing is imported before a file of the language is met.
      `packages` are the distributions it comes from.
    - `functions` have a body. Each is measured alone: what one inside it decides, it decides itself. A pattern
      captures it as ``@function``.
    - `parts` add one and nest what is in them (``if``, loops); `decisions` add one and nest nothing (cases, the
      conditional expression); `operators` are the signs between two operands that add one (``&&``); `blocks` nest and
      add nothing (``switch``).
    - `chained` are patterns that capture as ``@chained`` the ``if`` behind an ``else``: it stands beside the first one.
    - `scopes` have a name, in the first of `scope_fields` there is, that goes before those of the functions in them. A
      pattern captures one as ``@scope``.
    - `bindings` are patterns that capture a function without a name as ``@bound`` and what is to be its name as
      ``@bound_name``, which stands before it.
    - `arms` nest, add nothing and are shown where branches are (``else``, ``default``).
    - `words` say how a kind is called where branches are shown; else it is the kind without its last word.
    - `name` reads a function's own name from its node and the file, `parameters` counts what a caller passes;
      `begins_at` is the field on whose line a function begins (its first line may hold an annotation).
    - `bound` is a sign that the grammar reads in more than one way at once (``<``: a bracket and a comparison).
    """

    load: Callable[[], object]
    packages: tuple[str, ...]
    functions: tuple[str, ...]
    parts: tuple[str, ...]
    decisions: tuple[str, ...]
    operators: tuple[str, ...]
    blocks: tuple[str, ...]
    comments: tuple[str, ...] = ("comment",)
    chained: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    scope_fields: tuple[str, ...] = ("name",)
    bindings: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    name: Callable[[Node, bytes], str] = _stated_name
    parameters: Callable[[Node], int] = named_parameters
    begins_at: str = ""
    bound: bytes = b""


@lru_cache(maxsize=64)
def parser_language(grammar: Grammar) -> Language:
    """Return what a parser needs of a grammar; the first call imports it."""
    from tree_sitter import Language

    return Language(grammar.load())


@lru_cache(maxsize=64)
def measuring_query(grammar: Grammar) -> Query:
    """Return the query that captures what is measured."""
    return _query(
        grammar,
        function=grammar.functions,
        part=grammar.parts,
        decision=grammar.decisions,
        operator=[f'"{sign}"' for sign in grammar.operators],
        block=grammar.blocks,
        scope=grammar.scopes,
        comment=grammar.comments,
        chained=grammar.chained,
        bound=grammar.bindings,
    )


@lru_cache(maxsize=64)
def arms_query(grammar: Grammar) -> Query:
    """Return the query that captures what only `branches` shows."""
    return _query(grammar, arm=grammar.arms)


@lru_cache(maxsize=64)
def error_query(grammar: Grammar) -> Query:
    """Return the query that captures what could not be parsed."""
    return _query(grammar, error=["(ERROR) @error", "(MISSING) @error"])


def _query(grammar: Grammar, **captures: Iterable[str]) -> Query:
    from tree_sitter import Query

    patterns = []
    for name, kinds in captures.items():
        plain = []
        for kind in kinds:
            if kind.startswith("("):
                patterns.append(kind)
            else:
                plain.append(kind if kind.startswith('"') else f"({kind})")
        if plain:
            patterns.append(f"[{' '.join(plain)}] @{name}")
    return Query(parser_language(grammar), "\n".join(patterns))
