"""PHP: cyclomatic complexity by tree-sitter's grammar. Each arm of a ``match`` counts but ``default``."""

from __future__ import annotations

from analyzers.metrics._tree_grammar import Grammar
from analyzers.metrics._tree_sitter import tree_language
from analyzers.metrics.counted import Comments


def _load() -> object:
    import tree_sitter_php

    return tree_sitter_php.language_php()


PHP = Grammar(
    load=_load,
    packages=("tree-sitter-php",),
    functions=(
        "(method_declaration body: (_)) @function",
        "(function_definition body: (_)) @function",
        "(anonymous_function body: (_)) @function",
    ),
    parts=("if_statement", "for_statement", "foreach_statement", "while_statement", "do_statement"),
    decisions=(
        "else_if_clause",
        "case_statement",
        "match_conditional_expression",
        "catch_clause",
        "conditional_expression",
    ),
    operators=("&&", "||", "??", "??=", "and", "or", "xor"),
    blocks=("switch_statement", "match_expression", "try_statement"),
    chained=("(else_clause body: (if_statement) @chained)",),
    scopes=("class_declaration", "interface_declaration", "trait_declaration", "enum_declaration"),
    bindings=(
        "(assignment_expression left: (variable_name) @bound_name right: (anonymous_function body: (_)) @bound)",
    ),
    arms=("default_statement", "match_default_expression", "finally_clause"),
    words={
        "conditional_expression": "?:",
        "match_conditional_expression": "arm",
        "match_default_expression": "default",
        "else_if_clause": "elseif",
    },
)

LANGUAGES = (
    tree_language(
        "php",
        "PHP",
        ".php",
        (PHP,),
        interpreters="php",
        comments=Comments(("//", "#"), (("/*", "*/"),)),
    ),
)
