"""C#: cyclomatic complexity by tree-sitter's grammar.

A lambda belongs to the method around it, as Java's and Python's do; a local function counts for itself. Each arm of
a ``switch`` expression counts but the one for all the rest (``_``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.metrics._tree_grammar import Grammar, text_of
from analyzers.metrics._tree_sitter import tree_language

if TYPE_CHECKING:
    from tree_sitter import Node

_PATTERNS = (
    "and_pattern",
    "constant_pattern",
    "declaration_pattern",
    "list_pattern",
    "negated_pattern",
    "or_pattern",
    "parenthesized_pattern",
    "recursive_pattern",
    "relational_pattern",
    "type_pattern",
    "var_pattern",
)
"""All but ``_``, which is for the rest."""
_OPERATORS = frozenset({"operator_declaration", "conversion_operator_declaration"})


def _load() -> object:
    import tree_sitter_c_sharp

    return tree_sitter_c_sharp.language()


def _name(node: Node, content: bytes) -> str:
    """Return the function's name; that of an accessor stands behind its property's, an operator's is its sign."""
    if node.type == "accessor_declaration":
        word = node.child_by_field_name("name")
        return f"{_owner(node, content)}.{text_of(word, content)}" if word is not None else ""
    if node.type == "arrow_expression_clause":
        return _owner(node, content)
    if node.type in _OPERATORS:
        sign = node.child_by_field_name("operator") or node.child_by_field_name("type")
        return f"operator {text_of(sign, content)}" if sign is not None else "operator"
    name = node.child_by_field_name("name")
    stated = "" if name is None else text_of(name, content)
    return f"~{stated}" if node.type == "destructor_declaration" else stated


def _owner(node: Node, content: bytes) -> str:
    """Return the name of the property, event or indexer that a body belongs to."""
    above = node.parent
    while above is not None and not above.type.endswith("_declaration"):
        above = above.parent
    if above is None:
        return ""
    name = above.child_by_field_name("name")
    return "this[]" if name is None else text_of(name, content)


def _parameters(node: Node) -> int:
    """Count what a caller passes; ``params`` stands in the list without a node of its own."""
    listed = node.child_by_field_name("parameters")
    if listed is None:
        return 0
    stated = sum(child.type == "parameter" for child in listed.named_children)
    return stated + any(child.type == "params" for child in listed.children)


CSHARP = Grammar(
    load=_load,
    packages=("tree-sitter-c-sharp",),
    functions=(
        "(method_declaration body: (_)) @function",
        "(constructor_declaration body: (_)) @function",
        "(destructor_declaration body: (_)) @function",
        "(operator_declaration body: (_)) @function",
        "(conversion_operator_declaration body: (_)) @function",
        "(local_function_statement body: (_)) @function",
        "(accessor_declaration body: (_)) @function",
        "(property_declaration value: (arrow_expression_clause) @function)",
        "(indexer_declaration value: (arrow_expression_clause) @function)",
    ),
    parts=("if_statement", "for_statement", "foreach_statement", "while_statement", "do_statement"),
    decisions=(
        '(switch_section "case") @decision',
        f"(switch_expression_arm . [{' '.join(map('({})'.format, _PATTERNS))}]) @decision",
        "catch_clause",
        "conditional_expression",
    ),
    operators=("&&", "||", "??", "??="),
    blocks=("switch_statement", "switch_expression", "try_statement", "lock_statement", "using_statement"),
    chained=("(if_statement alternative: (if_statement) @chained)",),
    scopes=(
        "class_declaration",
        "struct_declaration",
        "interface_declaration",
        "record_declaration",
        "enum_declaration",
    ),
    arms=("finally_clause",),
    words={"conditional_expression": "?:", "switch_section": "case", "switch_expression_arm": "arm"},
    name=_name,
    parameters=_parameters,
    begins_at="name",
    bound=b"<",
)

LANGUAGES = (tree_language("c#", "C#", ".cs", (CSHARP,)),)
