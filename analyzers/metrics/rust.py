"""Rust: cyclomatic complexity by tree-sitter's grammar.

Each arm of a ``match`` counts but the one for all the rest (``_``), and each ``?`` is a way out. lizard counts a
``match`` once, whatever it holds. A closure counts for itself where it has a block, and else with what is around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.metrics._tree_grammar import Grammar
from analyzers.metrics._tree_sitter import tree_language

if TYPE_CHECKING:
    from tree_sitter import Node


def _load() -> object:
    import tree_sitter_rust

    return tree_sitter_rust.language()


def _parameters(node: Node) -> int:
    """Count what a caller passes; the object itself (``self``) is not passed by hand."""
    listed = node.child_by_field_name("parameters")
    named = [] if listed is None else listed.named_children
    return sum(not child.is_extra and child.type not in {"self_parameter", "attribute_item"} for child in named)


RUST = Grammar(
    load=_load,
    packages=("tree-sitter-rust",),
    functions=("(function_item body: (block)) @function", "(closure_expression body: (block)) @function"),
    parts=("if_expression", "for_expression", "while_expression", "loop_expression"),
    decisions=(
        # ``_`` is no named node.
        "(match_arm pattern: (match_pattern . (_))) @decision",
        "(let_declaration alternative: (block)) @decision",
        "try_expression",
    ),
    operators=("&&", "||"),
    blocks=("match_expression",),
    comments=("line_comment", "block_comment"),
    chained=("(else_clause (if_expression) @chained)",),
    scopes=("impl_item", "trait_item"),
    scope_fields=("type", "name"),
    bindings=("(let_declaration pattern: (identifier) @bound_name value: (closure_expression body: (block)) @bound)",),
    words={"try_expression": "?", "let_declaration": "let else", "match_arm": "arm"},
    parameters=_parameters,
    bound=b"<",
)

LANGUAGES = (tree_language("rust", "Rust", ".rs", (RUST,)),)
