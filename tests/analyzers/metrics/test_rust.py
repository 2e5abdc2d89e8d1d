"""Rust: every decision, names, nesting and parameters."""

from __future__ import annotations

import pytest

from tests.support.complexity import complexities, function, measure


@pytest.mark.parametrize(
    ("body", "complexity", "nesting"),
    [
        ("", 1, 0),
        ("if a { } else if let Some(b) = c { } else { if d { } }", 4, 2),
        ("for i in 0..3 { while a { loop { } } }", 4, 3),
        ("while let Some(x) = y { }", 2, 1),
        ("x = a && b || c;", 3, 0),
        ("match a { 1 | 2 => {}, 3 if b => {}, _ => { if c { } } }", 4, 2),
        ("match a { Ok(x) => x, Err(_) => return }", 3, 1),
        ("let x = y()?.z()?;", 3, 0),
        ("let Some(x) = y else { return };", 2, 0),
        ("let f = |x| a && b;", 2, 0),
        ("let f = |x| { if x { } };", 1, 0),
        ('let x = "if a && b"; /* || c */', 1, 0),
    ],
)
def test_each_decision_adds_one(body: str, complexity: int, nesting: int) -> None:
    found = measure("rust", f"fn f() {{ {body} }}").functions[0]
    assert (found.complexity, found.nesting) == (complexity, nesting)


def test_names_hold_the_type_or_the_trait() -> None:
    source = """
    mod shop { fn plain() {} }
    impl<T> Price for Cart<T> { fn total(&self) { let inner = |x: i32| { x }; run(|| { }); } }
    impl Cart { fn new(size: i32) -> Self { fn nested() {} } }
    trait Price { fn total(&self); fn shown(&self) { } }
    """
    assert [name for name, _ in complexities("rust", source)] == [
        "plain",
        "Cart.total",
        "Cart.total.inner",
        "Cart.total.(anonymous)",
        "Cart.new",
        "Cart.new.nested",
        "Price.shown",
    ]


@pytest.mark.parametrize(("parameters", "count"), [("", 0), ("&mut self", 0), ("self, a: i32, (b, c): P", 2)])
def test_the_object_itself_is_no_parameter(parameters: str, count: int) -> None:
    assert function("rust", f"impl A {{ fn f({parameters}) {{ }} }}").parameters == count
