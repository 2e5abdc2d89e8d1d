"""``setup.py``: what its text says, without running it."""

from __future__ import annotations

import time

import pytest

from analyzers.errors import InvalidSyntaxError, TooDeepError, UnsupportedSyntaxError
from tests.support.pace import allowed
from tests.support.python_files import FIXTURES, read, row

SETUP = read("setup.py", (FIXTURES / "setuptools/setup.py").read_bytes())


@pytest.mark.parametrize(
    ("name", "value", "group", "reason"),
    [
        ("requests", ">=2.0,<3", None, None),
        ("six", None, None, None),
        ("adjacent", '"ad" "jacent>=1"', None, "unsupported-syntax"),
        ("formatted", None, None, "unpinned-expression"),
        ("percent", None, None, "unpinned-expression"),
        ("escaped", '"esc\\u0061ped>=1"', None, "unsupported-syntax"),
        ("either", ">=1", None, None),
        ("other", ">=2", None, None),
        ("pywin32", None, None, None),
        ("late", ">=1", None, None),
        ("pytest", ">=3", "test", None),
        ("colorama", None, "win", None),
        ("attrs", None, "more", None),
        ("sphinx", ">=7", "docs", None),
        ("furo", None, "docs", None),
    ],
)
def test_lists_are_followed_through_names_and_every_branch(
    name: str, value: str | None, group: str | None, reason: str | None
) -> None:
    found = row(SETUP, name)
    assert (found.value, found.dependency_group, found.skip_reason) == (value, group, reason)
    assert found.kind == "setup-py"


def test_requirements_of_the_build_have_a_kind_of_their_own() -> None:
    assert row(SETUP, "setuptools_scm").kind == "setup-py-build"


def test_the_condition_of_an_extra_is_a_marker() -> None:
    assert row(SETUP, "colorama").marker == "sys_platform=='win32'"
    assert row(SETUP, "pywin32").marker == "sys_platform == 'win32'"


def test_files_that_the_program_reads_are_led_on_to() -> None:
    paths = [path for path, _ in SETUP.includes]
    assert paths == ["requirements/base.txt", "requirements.txt", "requirements/dev.txt"]


def test_what_only_running_it_would_tell_is_named_with_its_line() -> None:
    assert [(entry.reason, entry.detail.split(":")[0]) for entry in SETUP.skipped] == [
        ("unsupported-syntax", "line 27"),
        ("unpinned-expression", "line 52"),
    ]


def test_the_package_and_its_python_are_told() -> None:
    assert SETUP.provides == ("example", "1.0")
    assert SETUP.manifest is not None
    assert (SETUP.manifest.runtime, SETUP.manifest.application) == (">=3.7", False)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("setup(install_requires='a>=1\\nb')", ["a"]),
        ('setup(install_requires="""a>=1\nb; os_name==\'nt\'""")', ["a", "b"]),
        ('setup(install_requires="""\r\n  a>=1\r\n  b\r\n""")', ["a", "b"]),
        ("setuptools.setup(install_requires=list(sorted(['a'])))", ["a"]),
        ("D = {'core': ['a'], 'x': ['b']}\nsetup(install_requires=D['core'])", ["a"]),
        ("D = {}\nD['install_requires'] = ['a']\nsetup(**D)", ["a"]),
        ("setup(**{'install_requires': ['a']})", ["a"]),
        ("def f():\n  r = ['a>=1']\n  return r\nsetup(install_requires=f())", ["a"]),
        ("X = ['a>=1', 'b']\nd = {x: x for x in X}\nsetup(install_requires=[d['a']])", ["a", "b"]),
        ("r = []\nr.extend(['a'])\nr.append('b')\nr.insert(0, 'c')\nsetup(install_requires=r)", ["a", "b", "c"]),
        ("e = {}\ne.update(dict(t=['a']))\nsetup(extras_require=e)", ["a"]),
        ("e = {'t': ['a']}\nsetup(extras_require={**e, 'u': e['t'] + ['b']})", ["a", "b"]),
        ("e = {'t': ['a']}\ne['t'].append('b')\nsetup(extras_require=e)", ["a", "b"]),
        ("r = r + ['a']\nsetup(install_requires=r)", ["a"]),
        ("setup(install_requires=None)", []),
        ("setup()", []),
        ("install_requires = ['a']", []),
    ],
)
def test_the_shapes_that_people_write(text: str, names: list[str]) -> None:
    assert sorted(found.name for found in read("setup.py", text + "\n").dependencies) == names


@pytest.mark.parametrize(
    "text",
    [
        "setup(install_requires=compute())",
        "setup(install_requires=[x for x in y])",
        "setup(install_requires=unknown)",
        "setup(extras_require=compute())",
        "setup(python_requires='>=' + x)",
        "setup(install_requires=[f'{x}>=1'])",
    ],
)
def test_what_is_computed_is_said(text: str) -> None:
    (entry,) = read("setup.py", text).skipped
    assert (entry.reason, entry.detail[:7]) == ("unpinned-expression", "line 1:")


@pytest.mark.parametrize(
    ("expression", "path"),
    [
        ("open('requirements.txt').read().split()", "requirements.txt"),
        ("read('./requirements/base.in')", "requirements/base.in"),
        ("load(os.path.join(HERE, 'requirements', 'base.txt'))", "requirements/base.txt"),
        ("load(HERE / 'requirements' / 'base.txt')", "requirements/base.txt"),
        ("Path('deps', 'reqs.pip').read_text().splitlines()", "deps/reqs.pip"),
    ],
)
def test_paths_are_put_together(expression: str, path: str) -> None:
    reading = read("setup.py", f"setup(install_requires={expression})")
    assert reading.includes == ((path, "requirements"),)
    assert not reading.skipped


def test_a_file_that_leads_outside_is_not_followed() -> None:
    reading = read("setup.py", "setup(install_requires=open('../requirements.txt'))")
    assert not reading.includes
    assert [entry.reason for entry in reading.skipped] == ["outside-repository"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_spans_count_bytes_behind_other_letters(newline: str) -> None:
    content = newline.join(["# ä", 'x = "ö"; setup(install_requires=["é", "foo==1.0"])', ""]).encode()
    place = row(read("setup.py", content), "foo").place
    assert content[place.start : place.end] == b"==1.0"
    assert place.line == 2


def test_a_declared_encoding_is_honoured() -> None:
    content = "# -*- coding: latin-1 -*-\nsetup(author='ä', install_requires=['foo==1.0'])\n".encode("latin-1")
    place = row(read("setup.py", content), "foo").place
    assert content[place.start : place.end] == b"==1.0"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("print 'x'", InvalidSyntaxError),
        ("x = 1\r\nsetup()\ry = 2", UnsupportedSyntaxError),
        ("x = " + "(" * 5000, (InvalidSyntaxError, TooDeepError)),
    ],
)
def test_what_python_itself_cannot_parse_is_refused(
    text: str, error: type[Exception] | tuple[type[Exception], ...]
) -> None:
    with pytest.raises(error):
        read("setup.py", text)


def test_names_that_multiply_each_other_end_in_time() -> None:
    doubled = "".join(f"a{number} = a{number + 1} + a{number + 1}\n" for number in range(60))
    merged = "".join(f"d{number} = {{**d{number + 1}, **d{number + 1}}}\n" for number in range(60))
    computed = "".join(f"c{number} = f(c{number + 1}, c{number + 1})\n" for number in range(60))
    calls = "".join(f"setup(install_requires=a{n}, extras_require=d{n}, tests_require=c{n})\n" for n in range(60))
    begun = time.process_time()
    read("setup.py", f"{doubled}a60 = ['x']\n{merged}d60 = {{'k': a0}}\n{computed}{calls}")
    assert time.process_time() - begun < allowed(5)


def test_a_branch_of_the_program_is_a_condition() -> None:
    text = """
    import sys
    R = ["always"]
    if sys.version_info < (3, 8):
        R.append("old")
    else:
        R += ["new", "both; os_name == 'nt'"]
    if __name__ == "__main__":
        setup(install_requires=R + (["x"] if A else ["y"]))
    """
    found = read("setup.py", "\n".join(line[4:] for line in text.split("\n"))).dependencies
    assert {row.name: row.marker for row in found} == {
        "always": None,
        "old": "sys.version_info < (3, 8)",
        "new": "not (sys.version_info < (3, 8))",
        "both": "os_name == 'nt'",
        "x": "A",
        "y": "not (A)",
    }
