"""TypeScript and TSX: cyclomatic complexity as lizard counts it, by tree-sitter's grammars."""

from __future__ import annotations

from analyzers.metrics._ecmascript import load_tsx, typescript
from analyzers.metrics._tree_sitter import tree_language


def _load() -> object:
    import tree_sitter_typescript

    return tree_sitter_typescript.language_typescript()


LANGUAGES = (
    tree_language(
        "typescript",
        "TypeScript",
        ".ts .mts .cts .tsx",
        # In one a type assertion is written as in the other an element.
        (typescript(_load), typescript(load_tsx)),
        interpreters="ts-node tsx",
        first_by_suffix=((".tsx", 1),),
    ),
)
