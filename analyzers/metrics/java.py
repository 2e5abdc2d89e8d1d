"""Java: cyclomatic complexity as lizard counts it, by tree-sitter's grammar.

A lambda belongs to the method around it, as Python's does; the methods of a class without a name are its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.metrics._tree_grammar import Grammar
from analyzers.metrics._tree_sitter import tree_language

if TYPE_CHECKING:
    from tree_sitter import Node


def _load() -> object:
    import tree_sitter_java

    return tree_sitter_java.language()


def _parameters(node: Node) -> int:
    """Count what a caller passes: an explicit ``this`` is none; a compact constructor has those of its record."""
    listed = node.child_by_field_name("parameters")
    if listed is None and node.parent is not None and node.parent.parent is not None:
        listed = node.parent.parent.child_by_field_name("parameters")
    declared = [] if listed is None else listed.named_children
    return sum(child.type in {"formal_parameter", "spread_parameter"} for child in declared)


JAVA = Grammar(
    load=_load,
    packages=("tree-sitter-java",),
    functions=(
        "(method_declaration body: (block)) @function",
        "constructor_declaration",
        "compact_constructor_declaration",
    ),
    parts=("if_statement", "for_statement", "enhanced_for_statement", "while_statement", "do_statement"),
    # Several labels stand in one group, so that the word itself is counted.
    decisions=('"case"', "catch_clause", "ternary_expression"),
    operators=("&&", "||"),
    blocks=("switch_expression", "try_statement", "try_with_resources_statement", "synchronized_statement"),
    comments=("line_comment", "block_comment"),
    chained=("(if_statement alternative: (if_statement) @chained)",),
    scopes=(
        "class_declaration",
        "interface_declaration",
        "enum_declaration",
        "record_declaration",
        "annotation_type_declaration",
        "(enum_constant body: (class_body)) @scope",
        "(object_creation_expression (class_body)) @scope",
    ),
    scope_fields=("name", "type"),
    arms=("switch_block_statement_group", "switch_rule", "finally_clause"),
    words={
        "enhanced_for_statement": "for",
        "ternary_expression": "?:",
        "switch_expression": "switch",
        "try_with_resources_statement": "try",
        "switch_block_statement_group": "case",
        "switch_rule": "case",
    },
    parameters=_parameters,
    begins_at="name",
    bound=b"<",
)

LANGUAGES = (tree_language("java", "Java", ".java", (JAVA,)),)
