"""C and C++: every decision, names behind declarators, nesting, parameters, and lizard's numbers."""

from __future__ import annotations

import pytest

from tests.support.complexity import complexities, function, lizards, measure, ours


@pytest.mark.parametrize(("language", "file"), [("c", "shapes.c"), ("c++", "shapes.cpp")])
def test_every_number_of_the_fixture_equals_lizards(language: str, file: str) -> None:
    assert ours(language, file) == lizards(file)


@pytest.mark.parametrize("language", ["c", "c++"])
@pytest.mark.parametrize(
    ("body", "complexity", "nesting"),
    [
        ("", 1, 0),
        ("if (a) { }", 2, 1),
        ("if (a) { } else if (b) { } else if (c) { if (d) { } }", 5, 2),
        ("if (a) { } else { if (b) { } }", 3, 2),
        ("for (;;) { for (;;) { } }", 3, 2),
        ("while (a) { } do { } while (b);", 3, 1),
        ("x = a && b || c && d;", 4, 0),
        ("switch (a) { case 1: case 2: break; default: if (b) { } }", 4, 2),
        ("x = a ? b : c ? d : e;", 3, 0),
        ('char *x = "if && ||"; /* if (a) */', 1, 0),
        ("goto end; end: return;", 1, 0),
    ],
)
def test_each_decision_adds_one(language: str, body: str, complexity: int, nesting: int) -> None:
    found = measure(language, f"void f(void) {{ {body} }}").functions[0]
    assert (found.complexity, found.nesting) == (complexity, nesting)


def test_of_both_sides_of_a_condition_every_decision_counts() -> None:
    source = """
    int f(void) {
    #ifdef FAST
        if (a) { }
    #else
        if (b) { }
    #endif
    }
    """
    assert complexities("c", source) == [("f", 3)]


def test_a_block_that_one_side_of_a_condition_opens_is_no_function_and_is_said() -> None:
    source = """
    int f(void) {
    #ifdef FAST
        if (a) {
    #else
        if (b) {
    #endif
        }
    }
    int g(void) { return a && b; }
    """
    measured = measure("c", source)
    assert "f" not in [found.name for found in measured.functions]
    assert measured.doubt is not None


@pytest.mark.parametrize(
    ("declared", "name", "parameters"),
    [
        ("int f(void)", "f", 0),
        ("int f()", "f", 0),
        ("static char **f(int a, const char *b)", "f", 2),
        ("void f(void (*call)(int, int), ...)", "f", 2),
        ("int (f)(int a)", "f", 1),
    ],
)
def test_a_declarator_hides_a_name(declared: str, name: str, parameters: int) -> None:
    found = function("c", f"{declared} {{ }}")
    assert (found.name.strip("()"), found.parameters) == (name, parameters)


def test_names_in_cpp_hold_the_class_or_what_qualifies_them() -> None:
    source = """
    namespace shop {
    template <class T> class Cart : Base {
        Cart(int size) : size(size) { }
        ~Cart() { }
        bool operator==(const Cart &other) const { return true; }
        operator int() { return 1; }
        Cart() = default;
        int missing();
        struct Line { int price() const { return 1; } };
    };
    }
    int shop::Cart<int>::total(int a, int &b) { return 0; }
    auto plain() -> int { auto inner = [&](int x) { return x; }; run([] { }); }
    int &reference() { }
    extern "C" { void linked() { } }
    """
    assert [name for name, _ in complexities("c++", source)] == [
        "Cart.Cart",
        "Cart.~Cart",
        "Cart.operator==",
        "Cart.operator int",
        "Cart.Line.price",
        "shop.Cart.total",
        "plain",
        "plain.inner",
        "plain.(anonymous)",
        "reference",
        "linked",
    ]


@pytest.mark.parametrize(
    ("body", "complexity"),
    [
        ("for (auto &x : all) { }", 2),
        ("try { } catch (const A &a) { } catch (...) { }", 3),
        ("if (a and b or c) { }", 4),
        ("auto inner = [&](int x) { if (x) { } };", 1),
        ("if constexpr (a) { }", 2),
    ],
)
def test_what_cpp_alone_decides(body: str, complexity: int) -> None:
    found = measure("c++", f"void f() {{ {body} }}").functions
    assert next(one.complexity for one in found if one.name == "f") == complexity
