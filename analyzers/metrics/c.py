"""C: cyclomatic complexity as lizard counts it, by tree-sitter's grammar.

Nothing is preprocessed: of both sides of an ``#if`` every decision counts. Where its sides open or close a block
differently, what is around it cannot be parsed, and the file is named in what is skipped.
"""

from __future__ import annotations

from analyzers.metrics import _c_family
from analyzers.metrics._tree_grammar import Grammar
from analyzers.metrics._tree_sitter import tree_language


def _load() -> object:
    import tree_sitter_c

    return tree_sitter_c.language()


C = Grammar(
    load=_load,
    packages=("tree-sitter-c",),
    functions=("function_definition",),
    parts=_c_family.PARTS,
    decisions=_c_family.DECISIONS,
    operators=("&&", "||"),
    blocks=("switch_statement",),
    chained=_c_family.CHAINED,
    words=_c_family.WORDS,
    name=_c_family.name,
    parameters=_c_family.parameters,
    bound=b">",
)

LANGUAGES = (tree_language("c", "C", ".c", (C,)),)
