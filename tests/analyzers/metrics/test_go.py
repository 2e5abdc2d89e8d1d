"""Go: every decision, names, nesting, parameters, and lizard's numbers."""

from __future__ import annotations

import pytest

from tests.support.complexity import complexities, function, lizards, measure, ours


def test_every_number_of_the_fixture_equals_lizards() -> None:
    assert ours("go", "shapes.go") == lizards("shapes.go")


@pytest.mark.parametrize(
    ("body", "complexity", "nesting"),
    [
        ("", 1, 0),
        ("if a { }", 2, 1),
        ("if a { } else { }", 2, 1),
        ("if a { } else if b { } else if c { if d { } }", 5, 2),
        ("if a { } else { if b { } }", 3, 2),
        ("for { }", 2, 1),
        ("for i := range a { for j := 0; j < i; j++ { } }", 3, 2),
        ("x := a && b || c && d", 4, 0),
        ("switch a { case 1, 2: case 3: default: }", 3, 1),
        ("switch x := a.(type) { case int: if b { } }", 3, 2),
        ("select { case <-a: case b <- 1: default: }", 3, 1),
        ("defer func() { if a { } }()", 1, 0),
        ("{ { if a { } } }", 2, 1),
        ("goto end; end: return", 1, 0),
        ('x := "if a && b" /* || for */', 1, 0),
    ],
)
def test_each_decision_adds_one(body: str, complexity: int, nesting: int) -> None:
    found = measure("go", f"package a\nfunc f() {{ {body} }}").functions[0]
    assert (found.complexity, found.nesting) == (complexity, nesting)


def test_names_hold_the_receivers_type_and_the_function_around() -> None:
    source = """
    package a
    func F() {}
    func (t T) Value() {}
    func (t *T) Pointer() {}
    func (*T[K, V]) Generic() {}
    func (t *(T)) Wrapped() {}
    var Top = func() {}
    func G() {
        inner := func() { func() {}() }
        other = func() {}
        t.field = func() {}
        return T{Run: func() {}, "key": func() {}, 3: func() {}}
    }
    """
    assert [name for name, _ in complexities("go", source)] == [
        "F",
        "T.Value",
        "T.Pointer",
        "T.Generic",
        "T.Wrapped",
        "Top",
        "G",
        "G.inner",
        "G.inner.(anonymous)",
        "G.other",
        "G.t.field",
        "G.Run",
        "G.key",
        "G.3",
    ]


@pytest.mark.parametrize(
    ("parameters", "count"),
    [("", 0), ("a int", 1), ("a, b int, c string", 3), ("int, string", 2), ("a ...int", 1), ("f func(a, b int)", 1)],
)
def test_parameters_are_counted_one_by_one(parameters: str, count: int) -> None:
    assert function("go", f"package a\nfunc (t T) f({parameters}) (x, y int) {{ }}").parameters == count


def test_lines_are_those_of_code() -> None:
    found = function(
        "go",
        """\
        package a
        // Before.

        func f() int {
            // Only a comment.

            /* And
               another. */
            text := `
            // no comment

            `
            return 1 /* a */ // b
        }
        """,
    )
    assert (found.line, found.end_line, found.lines) == (4, 14, 6)


def test_a_function_without_a_body_is_none() -> None:
    assert complexities("go", "package a\nfunc assembly(a int) int\nfunc f() {}\n") == [("f", 1)]
