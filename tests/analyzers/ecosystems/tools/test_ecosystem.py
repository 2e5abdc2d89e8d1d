from __future__ import annotations

from analyzers.ecosystems.terraform.ecosystem import ECOSYSTEM as TERRAFORM
from analyzers.ecosystems.tools.ecosystem import ECOSYSTEM
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory, Repository
from analyzers.model.question import Question
from analyzers.syntax.text import SourceText
from tests.support.dependencies import TODAY


def test_examples_match_their_own_format_alone() -> None:
    named = [form for form in ECOSYSTEM.formats if form.sniff is None]
    for form in named:
        for example in form.examples:
            assert [other.name for other in named if other.matches(example)] == [form.name]


def test_the_lifecycle_of_every_runtime_is_asked_for_and_nothing_else() -> None:
    text = "golang 1.21\njava zulu-17\nnodejs 18\nterraform 1.5.0\nruby jruby-9\nnobody-knows 1\n"
    found = ECOSYSTEM.formats[0].read(SourceText(".tool-versions", text)).dependencies
    asked = ECOSYSTEM.questions(Inventory(repository=Repository("x"), dependencies=found), Facts(TODAY))
    assert list(asked) == [Question("lifecycle", name) for name in ("go", "azul-zulu", "nodejs")]


def test_the_lifecycle_of_a_stated_terraform_is_asked_for() -> None:
    text = 'terraform {\n  required_version = ">= 1.3"\n}\n'
    found = TERRAFORM.formats[0].read(SourceText("main.tf", text)).dependencies
    asked = ECOSYSTEM.questions(Inventory(repository=Repository("x"), dependencies=found), Facts(TODAY))
    assert list(asked) == [Question("lifecycle", "terraform")]
