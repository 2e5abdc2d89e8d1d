"""JavaScript and JSX: cyclomatic complexity as lizard counts it, by tree-sitter's grammar.

Files with types (Flow's, which no grammar here knows) are tried by TypeScript's grammar; where that has errors as well,
the file is measured in part and said to be.
"""

from __future__ import annotations

from analyzers.metrics._ecmascript import ecmascript, load_tsx, typescript
from analyzers.metrics._tree_sitter import tree_language


def _load() -> object:
    import tree_sitter_javascript

    return tree_sitter_javascript.language()


JAVASCRIPT = ecmascript(_load, package="tree-sitter-javascript", field="field_definition property: (_) @bound_name")

LANGUAGES = (
    tree_language(
        "javascript",
        "JavaScript",
        ".js .mjs .cjs .jsx",
        (JAVASCRIPT, typescript(load_tsx)),
        interpreters="node deno bun",
    ),
)
