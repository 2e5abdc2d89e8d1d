"""C#: every decision, names of members of every kind, nesting, parameters, and lizard's numbers."""

from __future__ import annotations

import pytest

from tests.support.complexity import complexities, function, lizards, measure, ours


def test_every_number_of_the_fixture_equals_lizards() -> None:
    assert ours("c#", "shapes.cs") == lizards("shapes.cs")


@pytest.mark.parametrize(
    ("body", "complexity", "nesting"),
    [
        ("", 1, 0),
        ("if (a) { } else if (b) { } else { if (c) { } }", 4, 2),
        ("for (;;) { foreach (var x in y) { } }", 3, 2),
        ("while (a) { } do { } while (b);", 3, 1),
        ("x = a && b || c ?? d; e ??= f;", 5, 0),
        ("switch (a) { case 1: case 2: break; default: break; }", 3, 1),
        ("x = a switch { 1 => 2, > 3 when b => 4, A { B: 1 } => 5, _ => 6 };", 4, 1),
        ("try { } catch (E e) when (a) { } catch { } finally { }", 3, 1),
        ("x = a ? b : c;", 2, 0),
        ("run(x => { if (x) { } });", 2, 1),
        ("lock (a) { using (b) { if (c) { } } }", 2, 3),
        ("a?.b();", 1, 0),
    ],
)
def test_each_decision_adds_one(body: str, complexity: int, nesting: int) -> None:
    found = measure("c#", f"class A {{ void F() {{ {body} }} }}").functions[0]
    assert (found.complexity, found.nesting) == (complexity, nesting)


def test_names_hold_the_type_and_the_property() -> None:
    source = """
    namespace Shop;
    class Cart<T> : Base {
        public Cart(int size) : base(size) { }
        ~Cart() { }
        public int Size { get { return 1; } set { if (value > 0) { } } }
        int Auto { get; set; }
        int Quick => a ?? b;
        int this[int at] { get { return at; } }
        public static Cart operator +(Cart a, Cart b) { return a; }
        public static implicit operator int(Cart a) { return 1; }
        void Outer() { int Inner(int x) { return x; } }
        int Arrow(int x) => x > 0 ? 1 : 2;
        abstract void Missing();
        struct Line { void Print() { } }
    }
    record Point(int X) { void Show() { } }
    """
    assert complexities("c#", source) == [
        ("Cart.Cart", 1),
        ("Cart.~Cart", 1),
        ("Cart.Size.get", 1),
        ("Cart.Size.set", 2),
        ("Cart.Quick", 2),
        ("Cart.this[].get", 1),
        ("Cart.operator +", 1),
        ("Cart.operator int", 1),
        ("Cart.Outer", 1),
        ("Cart.Outer.Inner", 1),
        ("Cart.Arrow", 2),
        ("Cart.Line.Print", 1),
        ("Point.Show", 1),
    ]


@pytest.mark.parametrize(
    ("parameters", "count"),
    [("", 0), ("int a", 1), ("int a, params int[] b", 2), ("ref int a, out int b, int c = 1", 3), ("this A a", 1)],
)
def test_parameters_are_counted_one_by_one(parameters: str, count: int) -> None:
    assert function("c#", f"class A {{ void F({parameters}) {{ }} }}").parameters == count
