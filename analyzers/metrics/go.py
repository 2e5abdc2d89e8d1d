"""Go: cyclomatic complexity as lizard counts it, by tree-sitter's grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.metrics._tree_grammar import Grammar, text_of
from analyzers.metrics._tree_sitter import tree_language

if TYPE_CHECKING:
    from tree_sitter import Node

_TYPES = frozenset({"pointer_type", "parenthesized_type", "generic_type"})


def _load() -> object:
    import tree_sitter_go

    return tree_sitter_go.language()


def _name(node: Node, content: bytes) -> str:
    """Return the function's name, that of a method behind its receiver's type."""
    name = node.child_by_field_name("name")
    if name is None:
        return ""
    receiver = node.child_by_field_name("receiver")
    kind = _receiver_type(receiver, content) if receiver is not None else ""
    return f"{kind}.{text_of(name, content)}" if kind else text_of(name, content)


def _receiver_type(receiver: Node, content: bytes) -> str:
    declared = next((child for child in receiver.named_children if child.type == "parameter_declaration"), None)
    kind = declared.child_by_field_name("type") if declared is not None else None
    while kind is not None and kind.type in _TYPES:
        kind = kind.child_by_field_name("type") or next(iter(kind.named_children), None)
    return "" if kind is None else text_of(kind, content)


def _parameters(node: Node) -> int:
    """Count every name: ``a, b int`` are two; a type without a name is one."""
    listed = node.child_by_field_name("parameters")
    declared = [] if listed is None else [child for child in listed.named_children if not child.is_extra]
    return sum(max(1, len(child.children_by_field_name("name"))) for child in declared)


GO = Grammar(
    load=_load,
    packages=("tree-sitter-go",),
    functions=(
        "(function_declaration body: (block)) @function",
        "(method_declaration body: (block)) @function",
        "func_literal",
    ),
    parts=("if_statement", "for_statement"),
    decisions=("expression_case", "type_case", "communication_case"),
    operators=("&&", "||"),
    blocks=("expression_switch_statement", "type_switch_statement", "select_statement"),
    chained=("(if_statement alternative: (if_statement) @chained)",),
    bindings=(
        """(short_var_declaration left: (expression_list . (identifier) @bound_name .)
            right: (expression_list . (func_literal) @bound .))""",
        """(assignment_statement left: (expression_list . (_) @bound_name .)
            right: (expression_list . (func_literal) @bound .))""",
        "(var_spec . name: (identifier) @bound_name value: (expression_list . (func_literal) @bound .))",
        "(keyed_element key: (_) @bound_name value: (literal_element (func_literal) @bound))",
    ),
    arms=("default_case",),
    words={
        "expression_switch_statement": "switch",
        "type_switch_statement": "switch",
        "expression_case": "case",
        "type_case": "case",
        "communication_case": "case",
        "default_case": "default",
    },
    name=_name,
    parameters=_parameters,
)

LANGUAGES = (tree_language("go", "Go", ".go", (GO,)),)
