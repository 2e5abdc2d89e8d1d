"""What JavaScript and TypeScript share: TypeScript's grammar has the kinds of JavaScript's, and more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from analyzers.metrics._tree_grammar import Grammar

if TYPE_CHECKING:
    from tree_sitter import Node

_FUNCTION = "[(arrow_function) (function_expression) (generator_function)]"
_NAMED = "[(class) (object)]"


def ecmascript(
    load: Callable[[], object],
    *,
    package: str,
    field: str,
    scopes: tuple[str, ...] = (),
    decisions: tuple[str, ...] = (),
) -> Grammar:
    """Return the grammar; ``field`` is the pattern of a class's field up to its value."""
    return Grammar(
        load=load,
        packages=(package,),
        functions=(
            "function_declaration",
            "generator_function_declaration",
            "function_expression",
            "generator_function",
            "arrow_function",
            "method_definition",
        ),
        parts=("if_statement", "for_statement", "for_in_statement", "while_statement", "do_statement"),
        decisions=(
            "switch_case",
            "catch_clause",
            "ternary_expression",
            # A default is evaluated where nothing was passed: a decision for lizard and ESLint as well.
            "assignment_pattern",
            "object_assignment_pattern",
            *decisions,
        ),
        operators=("&&", "||", "??", "&&=", "||=", "??="),
        blocks=("switch_statement", "try_statement", "with_statement"),
        comments=("comment", "html_comment", "hash_bang_line"),
        chained=("(else_clause (if_statement) @chained)",),
        scopes=(
            "class_declaration",
            "(class name: (_)) @scope",
            f"(variable_declarator value: {_NAMED}) @scope",
            f"(assignment_expression right: {_NAMED}) @scope",
            f"(pair value: {_NAMED}) @scope",
            *scopes,
        ),
        scope_fields=("name", "key", "left"),
        bindings=(
            f"(variable_declarator name: (_) @bound_name value: {_FUNCTION} @bound)",
            f"(assignment_expression left: (_) @bound_name right: {_FUNCTION} @bound)",
            f"(pair key: (_) @bound_name value: {_FUNCTION} @bound)",
            f"({field} value: {_FUNCTION} @bound)",
        ),
        arms=("switch_default", "finally_clause"),
        words={
            "for_in_statement": "for",
            "switch_case": "case",
            "switch_default": "default",
            "ternary_expression": "?:",
            "assignment_pattern": "default value",
            "object_assignment_pattern": "default value",
            "required_parameter": "default value",
        },
        parameters=_parameters,
    )


def typescript(load: Callable[[], object]) -> Grammar:
    """Return the grammar of TypeScript, or of it with JSX."""
    return ecmascript(
        load,
        package="tree-sitter-typescript",
        field="public_field_definition name: (_) @bound_name",
        decisions=("(required_parameter value: (_)) @decision",),
        scopes=("abstract_class_declaration", "internal_module", "module"),
    )


def load_tsx() -> object:
    """Import TypeScript's grammar with JSX."""
    import tree_sitter_typescript

    return tree_sitter_typescript.language_tsx()


def _parameters(node: Node) -> int:
    """Count what a caller passes: TypeScript's ``this`` is none."""
    if node.child_by_field_name("parameter") is not None:
        return 1
    listed = node.child_by_field_name("parameters")
    declared = [] if listed is None else [child for child in listed.named_children if not child.is_extra]
    patterns = (child.child_by_field_name("pattern") or child for child in declared)
    return sum(pattern.type != "this" for pattern in patterns)
