"""What C and C++ share: how a declarator hides the name of what it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.metrics._tree_grammar import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

PARTS = ("if_statement", "for_statement", "while_statement", "do_statement")
DECISIONS = ("(case_statement value: (_)) @decision", "conditional_expression")
CHAINED = ("(else_clause (if_statement) @chained)",)
WORDS = {"conditional_expression": "?:"}
_QUALIFIED = "qualified_identifier"


def name(node: Node, content: bytes) -> str:
    """Return the name that a function's declarator holds; what qualifies it in C++ goes before, without arguments."""
    listed = _declared(node)
    inner = node.child_by_field_name("declarator") if listed is None else listed.child_by_field_name("declarator")
    parts = []
    while inner is not None and inner.type == _QUALIFIED:
        parts.append(_plain(inner.child_by_field_name("scope"), content))
        inner = inner.child_by_field_name("name")
    parts.append(_plain(inner, content))
    return ".".join(filter(None, parts))


def parameters(node: Node) -> int:
    """Count what a caller passes: ``(void)`` is nothing, ``...`` one more."""
    listed = _declared(node)
    stated = None if listed is None else listed.child_by_field_name("parameters")
    if stated is None:
        return 0
    counted = [child for child in stated.children if (child.is_named and not child.is_extra) or child.type == "..."]
    if len(counted) == 1 and counted[0].type == "parameter_declaration" and counted[0].named_child_count == 1:
        kind = counted[0].child_by_field_name("type")
        return int(kind is None or kind.type != "primitive_type" or kind.end_byte - kind.start_byte != len("void"))
    return len(counted)


def _declared(node: Node) -> Node | None:
    """Return the declarator that has the parameters: a pointer or a reference may stand around it."""
    inner = node.child_by_field_name("declarator")
    while inner is not None and not inner.type.endswith("function_declarator"):
        if inner.type == "operator_cast":
            return None
        below = inner.child_by_field_name("declarator")
        if below is None:
            # A reference holds its declarator without a name for it.
            below = next((child for child in inner.named_children if child.type.endswith("declarator")), None)
        inner = below
    return inner


def _plain(node: Node | None, content: bytes) -> str:
    if node is None:
        return ""
    named = node.child_by_field_name("name") if node.type.startswith("template_") else None
    # The conversion to a type has its empty parameters in the name.
    return " ".join(text_of(named or node, content).split()).removesuffix("()")
