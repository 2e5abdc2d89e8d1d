"""Requirements files: what stands there, where, and what is named without being followed."""

from __future__ import annotations

import codecs

import pytest

from analyzers.ecosystems.python._files import is_requirements as matches
from analyzers.ecosystems.python._lines import resolve
from analyzers.ecosystems.python._requirements import group_of
from tests.support.python_files import FIXTURES, read, row

PIP = read("requirements.txt", (FIXTURES / "pip/requirements.txt").read_bytes())


@pytest.mark.parametrize(
    "path",
    [
        "requirements.txt",
        "requirements-dev.txt",
        "dev-requirements.in",
        "src/test_requirements.txt",
        "requirements/base.txt",
        "requirements/edx/base.in",
        "constraints.txt",
        "constraints-3.11.txt",
    ],
)
def test_requirements_files_are_known_by_their_names(path: str) -> None:
    assert matches(path)


@pytest.mark.parametrize(
    "path", ["notes.txt", "requirements.md", "requirements/README.md", "myrequirements/x.txt", "a.in"]
)
def test_other_files_are_none(path: str) -> None:
    assert not matches(path)


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("requirements.txt", None),
        ("requirements-dev.txt", "dev"),
        ("test_requirements.txt", "test"),
        ("requirements/tests.in", "tests"),
        ("docs/requirements.txt", "docs"),
        ("requirements/base.txt", None),
        ("service/requirements.txt", None),
    ],
)
def test_a_development_group_is_told_by_the_name(path: str, group: str | None) -> None:
    assert group_of(path) == group


@pytest.mark.parametrize(
    ("name", "value", "version"),
    [
        ("requests", "==2.31.0", "2.31.0"),
        ("Django", ">=4.2,<5", None),
        ("google-api-core", "~= 2.11", None),
        ("celery", None, None),
        ("flask", ">=2,<3", None),
        ("cryptography", "==42.0.0", "42.0.0"),
    ],
)
def test_a_requirement_is_listed_with_its_constraint(name: str, value: str | None, version: str | None) -> None:
    found = row(PIP, name)
    assert (found.value, found.version, found.skip_reason) == (value, version, None)
    assert (found.ecosystem, found.kind, found.direct) == ("pypi", "requirements", True)


def test_a_bare_name_leaves_a_spot_for_a_constraint() -> None:
    place = row(PIP, "celery").place
    content = (FIXTURES / "pip/requirements.txt").read_bytes()
    assert place.start == place.end
    assert content[: place.start].endswith(b"\ncelery")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("pillow", "==${PILLOW_VERSION}", "unpinned-expression"),
        ("pytz", ">=2011k", "unsupported-version"),
        ("forked", "v1.2.0", "version-control"),
        (".", None, "local-path"),
        ("./local/package", None, "local-path"),
        ("ours", None, "direct-url"),
        ("pkg", "0123456789abcdef0123456789abcdef01234567", "version-control"),
    ],
)
def test_what_cannot_be_judged_is_listed_with_its_reason(name: str, value: str | None, reason: str) -> None:
    found = row(PIP, name)
    assert (found.value, found.skip_reason) == (value, reason)


def test_a_tag_is_a_version_and_a_commit_a_digest() -> None:
    assert row(PIP, "forked").version == "1.2.0"
    assert row(PIP, "pkg").digest == row(PIP, "pkg").value
    assert row(PIP, "pkg").version is None


def test_includes_are_resolved_and_what_leads_outside_is_not_followed() -> None:
    assert PIP.includes == (("requirements/base.txt", "requirements"), ("constraints.txt", "requirements"))
    reasons = [entry.reason for entry in PIP.skipped if entry.what == "file"]
    assert reasons == ["outside-repository", "direct-url", "unpinned-expression"]


def test_lines_that_say_nothing_to_pip_are_named() -> None:
    details = [entry.detail for entry in PIP.skipped if entry.what == "dependency"]
    assert details == [
        "line 26: “this is no requirement” is no requirement",
        "line 27: the option --strange-option is not known",
    ]


@pytest.mark.parametrize(
    ("path", "written", "target", "reason"),
    [
        ("requirements.txt", "base.txt", "base.txt", None),
        ("a/b/r.txt", "../c.txt", "a/c.txt", None),
        ("a/b/r.txt", "../../c.txt", "c.txt", None),
        ("a/r.txt", "./b/../c.txt", "a/c.txt", None),
        ("a/r.txt", "b\\c.txt", "a/b/c.txt", None),
        ("a/r.txt", "../../c.txt", "../c.txt", "outside-repository"),
        ("a/r.txt", "/etc/passwd", "/etc/passwd", "outside-repository"),
        ("r.txt", "C:/x.txt", "C:/x.txt", "outside-repository"),
        ("r.txt", "..", "..", "outside-repository"),
    ],
)
def test_an_include_is_relative_to_its_file_and_stays_inside(
    path: str, written: str, target: str, reason: str | None
) -> None:
    assert resolve(path, written) == (target, reason)


def test_credentials_of_an_index_go_nowhere() -> None:
    assert "secret" not in repr(PIP)
    assert "token" not in repr(PIP)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (b"", "utf-8"), (b"", "latin-1")],
)
def test_spans_count_bytes_in_any_encoding(mark: bytes, encoding: str) -> None:
    content = mark + f"# coding: {encoding}\n# ä\nfoo==1.0  # ü\n".encode(encoding)
    place = row(read("requirements.txt", content), "foo").place
    assert content[place.start : place.end].decode(encoding) == "==1.0"
    assert (place.line, place.column) == (3, 4)


def test_a_constraint_broken_over_lines_is_not_judged() -> None:
    assert row(read("requirements.txt", "foo==1\\\n.0\n"), "foo").skip_reason == "unsupported-version"
    assert row(read("requirements.txt", "foo \\\n  ==1.0\n"), "foo").version == "1.0"


COMPILED = """\
# This file was autogenerated by uv via the following command:
#    uv pip compile pyproject.toml requirements/extra.in -c limits.txt -o requirements.txt
a==1
    # via project (pyproject.toml)
b==2
    # via a
c==3  # via -r requirements/extra.in, b
d==4
"""


def test_a_compiled_file_tells_its_inputs_and_what_is_direct() -> None:
    reading = read("requirements.txt", COMPILED)
    assert [entry.direct for entry in reading.dependencies] == [True, False, True, True]
    named = [seen.name for seen in reading.observations if seen.kind == "compiled-from"]
    # The command names its output: so it is known where it ran.
    assert named == ["/pyproject.toml", "/requirements/extra.in"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("a==1\n    # via -r unfrozen/requirements.txt\nb==2\n    # via a\n", ["unfrozen/requirements.txt"]),
        ("a==1\n    # via\n    #   -r x.in\n    #   -r y.in\n    #   b\n", ["x.in", "y.in"]),
        ("a==1  # via -r x.in, b\nb==1  # via -r x.in\n", ["x.in"]),
        ("a==1\n    # via -r /build/x.in\n", [""]),
        ("a==1\n    # via for-reasons\n", [""]),
    ],
)
def test_behind_a_command_of_ones_own_the_comments_tell_the_inputs(body: str, named: list[str]) -> None:
    head = (
        "# This file is autogenerated by pip-compile with Python 3.12\n# by the following command:\n#\n#    make lock\n"
    )
    reading = read("requirements.txt", head + body)
    assert [seen.name for seen in reading.observations if seen.kind == "compiled-from"] == named


@pytest.mark.parametrize(
    ("line", "name", "value", "reason", "marker"),
    [
        ('a [x] >= 2.8.1, == 2.8.* ; python_version < "3"', "a", ">= 2.8.1, == 2.8.*", None, 'python_version < "3"'),
        ("a@https://example.org/x.zip", "a", None, "direct-url", None),
        ("a @ file:./sub", "a", None, "local-path", None),
        ("a===1.0", "a", "===1.0", None, None),
        ("a (>=1.0,<2)", "a", ">=1.0,<2", None, None),
        ("a == 1.0 \\\n  ; os_name == 'nt'", "a", "== 1.0", None, "os_name == 'nt'"),
        ("a==1.0 --config-settings='--opt=a b'", "a", "==1.0", None, None),
        ("a=1.26", "a", "=1.26", "unsupported-version", None),
        ("a~1.2", "a", "~1.2", "unsupported-version", None),
        ("a<1>0.5", "a", "<1>0.5", "unsupported-version", None),
        ("./a-1.0.tar.gz ; os_name == 'nt'", "a", None, "local-path", "os_name == 'nt'"),
        ("https://example.org/a-1.0.zip ; os_name == 'nt'", "a", None, "direct-url", "os_name == 'nt'"),
        ("https://${TOKEN}@example.org/a-1.0-py3-none-any.whl", "a", None, "direct-url", None),
        ("git+git@example.org:org/a.git@v1", "a", "v1", "version-control", None),
        ("git://example.org/org/a.git@v1#egg=a", "a", "v1", "version-control", None),
        ("hg+static-http://example.org/a@v2#egg=a", "a", "v2", "version-control", None),
    ],
)
def test_every_shape_that_pip_knows_and_some_that_people_write(
    line: str, name: str, value: str | None, reason: str | None, marker: str | None
) -> None:
    (found,) = read("requirements.txt", f"{line}\n").dependencies
    assert (found.name, found.value, found.skip_reason, found.marker) == (name, value, reason, marker)


@pytest.mark.parametrize("line", ["{% if x %}", "{{ cookiecutter.name }}==1", "${PACKAGE}==1.0"])
def test_what_a_template_fills_in_is_named_as_such(line: str) -> None:
    (entry,) = read("requirements.txt", f"{line}\n").skipped
    assert entry.reason == "unpinned-expression"
