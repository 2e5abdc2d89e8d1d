"""JavaScript and TypeScript: every decision, names, nesting, parameters, and lizard's numbers."""

from __future__ import annotations

import pytest

from tests.support.complexity import Counted, branches, complexities, function, lizards, measure, ours

BOTH = ("javascript", "typescript")


@pytest.mark.parametrize(
    ("language", "file", "only_ours", "only_lizards"),
    [
        # lizard takes the function behind another one in an object for a part of it.
        ("javascript", "shapes.js", {Counted(100, 2), Counted(105, 2)}, {Counted(100, 3)}),
        # lizard takes an overload without a body for a function.
        ("typescript", "shapes.ts", set(), {Counted(31, 1)}),
    ],
)
def test_every_other_number_of_the_fixtures_equals_lizards(
    language: str, file: str, only_ours: set[Counted], only_lizards: set[Counted]
) -> None:
    own, others = ours(language, file), lizards(file)
    assert (own - others, others - own) == (only_ours, only_lizards)


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    ("body", "complexity", "nesting"),
    [
        ("", 1, 0),
        ("if (a) { } else { }", 2, 1),
        ("if (a) x(); else if (b) y(); else if (c) { if (d) z(); }", 5, 2),
        ("if (a) { } else { if (b) { } }", 3, 2),
        ("for (;;) { for (const x of y) { for (const z in x) { } } }", 4, 3),
        ("while (a) { do { } while (b) }", 3, 2),
        ("x = (a && b) || (c ?? d)", 4, 0),
        ("a &&= b; c ||= d; e ??= f", 4, 0),
        ("x = a ? b : c ? d : e", 3, 0),
        ("a?.b?.[c]?.()", 1, 0),
        ("switch (a) { case 1: case 2: break; default: if (b) { } }", 4, 2),
        ("try { } catch { if (a) { } } finally { }", 3, 2),
        ("label: { if (a) { } }", 2, 1),
        ("const { a = 1, b: c = 2, ...d } = e", 3, 0),
        ("list.forEach(x => { if (x) { } })", 1, 0),
        ("promise.then(a).catch(b)", 1, 0),
        ("x = `${a ? 'b' : `${c || d}`} if (e)`", 3, 0),
        ("x = /if (a) || b ? c/; y = 'a && b' // || ", 1, 0),
    ],
)
def test_each_decision_adds_one(language: str, body: str, complexity: int, nesting: int) -> None:
    found = measure(language, f"async function f() {{ {body}\n}}").functions[0]
    assert (found.complexity, found.nesting) == (complexity, nesting)


def test_types_decide_nothing() -> None:
    source = """
    function f<T extends string>(a?: T, b?: { c?: number }): a is T extends 'x' ? T : never {
        type X<U> = U extends (infer V)[] ? V : never
        let y = a as T extends 'x' ? 1 : 2
        return y!
    }
    """
    assert function("typescript", source).complexity == 1


@pytest.mark.parametrize("language", BOTH)
def test_functions_without_a_name_get_that_of_what_holds_them(language: str) -> None:
    source = """
    const arrow = () => {}, old = function () {}, gen = function* () {}
    a.b.c = () => {}
    this.own = () => {}
    const api = { get() {}, post: async () => {}, 'a b': () => {}, [key]: () => {}, deep: { low() {} } }
    module.exports = { run() {}, "on.change"() {} }
    class A { field = () => {}; static #hidden = function () {}; get x() { return 1 } constructor() {} }
    const B = class { m() {} }
    call(() => { function inner() {} })
    function outer() { return () => { const kept = () => {} } }
    export default () => {}
    """
    assert [name for name, _ in complexities(language, source)] == [
        *("arrow", "old", "gen", "a.b.c", "own"),
        *("api.get", "api.post", "api.a b", "api.[key]", "api.deep.low", "module.exports.run"),
        "module.exports.on.change",
        *("A.field", "A.#hidden", "A.x", "A.constructor", "B.m"),
        *("(anonymous)", "inner", "outer", "outer.(anonymous)", "outer.kept", "(anonymous)"),
    ]


def test_namespaces_and_abstract_classes_qualify_and_declarations_are_no_functions() -> None:
    source = """
    namespace N.M { export function f() {} }
    abstract class C { abstract m(): void; n(): void {} @D(() => 1) o = () => {} }
    declare function d(): void
    interface I { x(): void }
    function over(a: string): void
    function over(a: any) {}
    """
    assert [name for name, _ in complexities("typescript", source)] == [
        *("N.M.f", "C.n", "C.(anonymous)", "C.o", "over")
    ]


@pytest.mark.parametrize(
    ("head", "count"), [("()", 0), ("a", 1), ("(a, {b, c}, [d], ...e)", 4), ("(a, /* b */ c = 1)", 2)]
)
def test_parameters_are_what_a_caller_passes(head: str, count: int) -> None:
    assert {function(language, f"f({head} => 1)").parameters for language in BOTH} == {count}


def test_the_object_itself_is_no_parameter() -> None:
    assert function("typescript", "function f(this: Window, a?: number) {}").parameters == 1


def test_a_function_inside_counts_on_its_own() -> None:
    source = """
    function outer(list) {
        if (list) {
            return list.map(x => { if (x) { while (y) { } } return x || 1 })
        }
    }
    """
    assert complexities("javascript", source) == [("outer", 2), ("outer.(anonymous)", 4)]
    assert measure("javascript", source).functions[0].nesting == 1


def test_elements_are_read_in_tsx_and_jsx_and_in_no_other_typescript() -> None:
    source = "const View = (p) => p.a ? <A b={c && d}>{x => <i/>}</A> : null\n"
    assert complexities("typescript", source, "a.tsx") == [("View", 3), ("View.(anonymous)", 1)]
    assert complexities("javascript", source, "a.jsx") == [("View", 3), ("View.(anonymous)", 1)]
    assert complexities("typescript", "const f = (x) => <T>x\n", "a.ts") == [("f", 1)]


def test_types_in_javascript_are_read_or_said_not_to_be() -> None:
    read = measure("javascript", "// @flow\nfunction f(a: ?string): number { return a ? 1 : 2 }\n")
    assert [found.complexity for found in read.functions] == [2]
    assert read.doubt is None
    unread = measure("javascript", "function f(a: %checks) { if (a) {} }\nfunction g() { if (a) {} }\n")
    assert [found.name for found in unread.functions] == ["g"]
    assert unread.doubt is not None
    assert unread.doubt.line == 1
    assert unread.doubt.detail == "cannot be parsed there; 1 function is not measured for such places"


def test_branches_are_statements_and_their_arms() -> None:
    source = """\
    function f(a = 1) {
        for (const b of a) {
            if (b) {
                continue
            }
            list.map(x => x || y)
        }
        if (a) {
            x()
        } else if (b || c) {
            y()
        } else {
            switch (d) { case 1: case 2: break; default: e = a && b && c }
        }
        f ??= g
    }
    """
    assert branches("javascript", source) == [
        (1, 1, "default value", 1, 0),
        (2, 7, "for", 2, 0),
        (3, 5, "if", 1, 1),
        (8, 14, "if", 7, 0),
        (8, 10, "if", 1, 1),
        (10, 12, "else if", 2, 1),
        (10, 10, "||", 1, 2),
        (12, 14, "else", 4, 1),
        (13, 13, "switch", 4, 2),
        (13, 13, "case", 1, 3),
        (13, 13, "case", 1, 3),
        (13, 13, "default", 2, 3),
        (13, 13, "&&", 2, 4),
        (15, 15, "??", 1, 0),
    ]
