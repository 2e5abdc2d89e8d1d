"""C++: cyclomatic complexity as lizard counts it, by tree-sitter's grammar; of ``#if`` see C.

A lambda counts for itself. Headers (``.h``) are parsed as C++, of which the C in headers is a part.
"""

from __future__ import annotations

from analyzers.metrics import _c_family
from analyzers.metrics._tree_grammar import Grammar
from analyzers.metrics._tree_sitter import tree_language


def _load() -> object:
    import tree_sitter_cpp

    return tree_sitter_cpp.language()


CPP = Grammar(
    load=_load,
    packages=("tree-sitter-cpp",),
    functions=("(function_definition body: (_)) @function", "lambda_expression"),
    parts=(*_c_family.PARTS, "for_range_loop"),
    decisions=(*_c_family.DECISIONS, "catch_clause"),
    operators=("&&", "||", "and", "or"),
    blocks=("switch_statement", "try_statement"),
    chained=_c_family.CHAINED,
    scopes=("class_specifier", "struct_specifier", "union_specifier"),
    bindings=("(init_declarator declarator: (identifier) @bound_name value: (lambda_expression) @bound)",),
    words={**_c_family.WORDS, "for_range_loop": "for"},
    name=_c_family.name,
    parameters=_c_family.parameters,
    bound=b"<",
)

LANGUAGES = (tree_language("c++", "C++", ".h .cc .cpp .cxx .hpp .hh .hxx .ipp", (CPP,)),)
