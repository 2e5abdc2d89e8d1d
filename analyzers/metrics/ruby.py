"""Ruby: cyclomatic complexity by tree-sitter's grammar.

A block belongs to the method around it, as lizard takes it too: most of them are what loops are elsewhere.
"""

from __future__ import annotations

from analyzers.metrics._tree_grammar import Grammar
from analyzers.metrics._tree_sitter import tree_language
from analyzers.metrics.counted import Comments


def _load() -> object:
    import tree_sitter_ruby

    return tree_sitter_ruby.language()


RUBY = Grammar(
    load=_load,
    packages=("tree-sitter-ruby",),
    functions=("method", "singleton_method"),
    parts=("if", "unless", "while", "until", "for"),
    decisions=(
        "elsif",
        "when",
        "in_clause",
        "rescue",
        "conditional",
        "if_modifier",
        "unless_modifier",
        "while_modifier",
        "until_modifier",
        "rescue_modifier",
    ),
    operators=("&&", "||", "and", "or", "&&=", "||="),
    blocks=("case", "case_match", "begin", "do_block", "block"),
    scopes=("class", "module"),
    arms=("else", "ensure"),
    words={
        "conditional": "?:",
        "in_clause": "in",
        "case_match": "case",
        **{f"{word}_modifier": word for word in ("if", "unless", "while", "until", "rescue")},
    },
)

LANGUAGES = (
    tree_language(
        "ruby",
        "Ruby",
        ".rb .rake .gemspec",
        (RUBY,),
        interpreters="ruby",
        comments=Comments(("#",), (("=begin", "=end"),)),
    ),
)
