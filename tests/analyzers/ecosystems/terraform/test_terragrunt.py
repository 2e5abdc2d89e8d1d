"""Sources of Terragrunt's modules that locals make, in the file itself or in one that it includes."""

from __future__ import annotations

import time

import pytest

from analyzers.ecosystems.terraform.ecosystem import ECOSYSTEM
from analyzers.model.inventory import Dependency
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed

UNIT = "live/prod/mysql/terragrunt.hcl"
COMMON = 'locals {\n  base = "git::https://github.com/acme/infra.git//mysql"\n  n = 3\n}\n'
URL = "https://github.com/acme/infra.git"


def row_of(head: str, source: str, common: str = COMMON, path: str = "live/_common/mysql.hcl") -> Dependency:
    text = f"# é\n{head}\nterraform {{\n  source = {source}\n}}\n"
    files = {UNIT: text, path: common}
    forms = {path: next(form for form in ECOSYSTEM.formats if form.matches(path)) for path in files}
    assert all(form.sniff is None or form.sniff(files[path].encode()) for path, form in forms.items())
    readings = {path: form.read(SourceText(path, files[path])) for path, form in forms.items()}
    (row,) = ECOSYSTEM.pair(readings)[UNIT].dependencies
    assert row.value is None or text.encode()[row.place.start : row.place.end].decode() == row.value
    return row


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (
            'include "c" { path = "${dirname(find_in_parent_folders("root.hcl"))}/_common/mysql.hcl" }',
            '"${include.c.locals.base}?ref=v0.8.0"',
        ),
        ('include "c" { path = "${get_repo_root()}/live/_common/mysql.hcl" }', '"${include.c.locals.base}?ref=v0.8.0"'),
        (
            'include "c" { path = "${get_terragrunt_dir()}/../../_common/mysql.hcl" }',
            '"${ include.c.locals.base }?ref=v0.8.0"',
        ),
        ('include "c" { path = "../../_common/mysql.hcl" }', '"${include.c.locals.base}?ref=v0.8.0"'),
        (
            'locals { c = read_terragrunt_config(find_in_parent_folders("_common/mysql.hcl")) }',
            '"${local.c.locals.base}?ref=v0.8.0"',
        ),
        ('locals { b = "github.com/acme" }', '"${local.b}/infra//mysql?ref=v0.8.0"'),
    ],
)
def test_a_source_that_locals_make_is_told(head: str, source: str) -> None:
    row = row_of(head, source)
    assert (row.kind, row.value, row.version, row.skip_reason) == ("terragrunt-module", "v0.8.0", "0.8.0", None)
    assert row.purl == "pkg:github/acme/infra@v0.8.0#mysql"


@pytest.mark.parametrize(
    ("head", "source"),
    [
        ("", '"${include.c.locals.base}?ref=v1"'),
        ('include "c" { path = "../../_common/mysql.hcl" }', '"${include.c.locals.missing}?ref=v1"'),
        ('include "c" { path = "../../_common/mysql.hcl" }', '"${include.c.locals.n}?ref=v1"'),
        ('include "c" { path = "../../elsewhere.hcl" }', '"${include.c.locals.base}?ref=v1"'),
        ('include "c" { path = "../../_common/mysql.hcl" }', '"${upper(include.c.locals.base)}?ref=v1"'),
        # The ref that an upgrade would change stands in the other file.
        ('locals { b = "github.com/acme/infra?ref=v1" }', '"${local.b}"'),
        ('locals { b = "acme/infra/aws" }', '"${local.b}"'),
    ],
)
def test_what_cannot_be_told_is_said(head: str, source: str) -> None:
    row = row_of(head, source)
    assert (row.name, row.skip_reason) == (source, "unpinned-expression")


@pytest.mark.parametrize(
    ("local", "names"),
    [("x" * 500_000, ("local.k0",)), ("x" * 1000, ("local.k0",)), ("v", ("local.k9999", "include.r.locals.k9999"))],
)
def test_long_and_many_locals_take_linear_time(local: str, names: tuple[str, ...]) -> None:
    every = "".join(f'k{number} = "{local}"\n' for number in range(20_000 if len(local) == 1 else 1))
    source = "".join(f"${{{name}}}" for name in names * (40 // len(names)))
    units = "".join(f'unit "{number}" {{\n source = "git::https://e.com/{source}/a.git"\n}}\n' for number in range(200))
    included = 'include "r" {\n path = find_in_parent_folders("root.hcl")\n}\n'
    files = {
        "a/terragrunt.stack.hcl": f"locals {{\n{every}}}\n{included}{units}",
        "root.hcl": f"locals {{\n{every}}}\n",
    }
    forms = {path: next(form for form in ECOSYSTEM.formats if form.matches(path)) for path in files}
    readings = {path: form.read(SourceText(path, files[path])) for path, form in forms.items()}
    started = time.process_time()
    rows = ECOSYSTEM.pair(readings)["a/terragrunt.stack.hcl"].dependencies
    assert time.process_time() - started < allowed(1)
    # An address of that length is none.
    assert {row.skip_reason == "unpinned-expression" for row in rows} == {len(local) > 1}


def test_a_ref_that_an_expression_gives_leaves_the_repository_known() -> None:
    row = row_of("", '"git::git@github.com:acme/infra.git//mysql?ref=${values.version}"')
    assert (row.name, row.value) == ("git@github.com:acme/infra.git", "${values.version}")
    assert (row.purl, row.version, row.skip_reason) == ("pkg:github/acme/infra#mysql", None, "unpinned-expression")


def test_an_included_file_may_name_the_module_itself() -> None:
    text = COMMON + 'terraform {\n  source = "${local.base}?ref=v2.0.0"\n}\n'
    row = row_of("", '"../x"', text)
    assert row.skip_reason == "local-path"
    (form,) = (form for form in ECOSYSTEM.formats if form.matches("live/_common/mysql.hcl"))
    reading = ECOSYSTEM.pair({"c.hcl": form.read(SourceText("c.hcl", text))})["c.hcl"]
    assert [(one.name, one.value) for one in reading.dependencies] == [(URL, "v2.0.0")]


@pytest.mark.parametrize("text", ["job x { locals source\n", 'source "amazon-ebs" "a" {}\nlocals {}\n'])
def test_a_file_of_another_tool_holds_nothing(text: str) -> None:
    (form,) = (form for form in ECOSYSTEM.formats if form.matches("build.hcl"))
    reading = form.read(SourceText("build.hcl", text))
    assert (reading.dependencies, reading.manifest) == ((), None)


@pytest.mark.parametrize("path", ["a.pkr.hcl", ".tflint.hcl", "main.tftest.hcl"])
def test_files_that_are_surely_of_others_are_not_opened(path: str) -> None:
    assert not any(form.matches(path) for form in ECOSYSTEM.formats)
