from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analyzers.checks.docker import unpinned_base_image
from analyzers.checks.infrastructure import outdated_chart
from analyzers.config import Config, Docker
from analyzers.ecosystems.kubernetes.ecosystem import ECOSYSTEM
from analyzers.ecosystems.kubernetes.helm import read_chart
from analyzers.ecosystems.kubernetes.questions import questions
from analyzers.look_up import look_up
from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Facts
from analyzers.model.finding import Evidence, Finding
from analyzers.model.inventory import Inventory, Observation, Repository
from analyzers.model.place import Place
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from analyzers.syntax.text import SourceText
from tests.support.images import evidence, findings

INDEX = Path(__file__).parents[2] / "registries" / "fixtures" / "helm" / "index.yaml"


@pytest.mark.parametrize(
    ("version", "asked"), [("networking.k8s.io/v1beta1", [Question("lifecycle", "kubernetes")]), ("apps/v1", [])]
)
def test_the_releases_are_asked_for_where_some_version_goes_away(version: str, asked: list[Question]) -> None:
    place = Place("a.yaml", 1, 13, 12, 20)
    seen = Observation(kind="kubernetes-api", name="Ingress", place=place, text=version)
    inventory = Inventory(repository=Repository("r"), observations=(seen,))
    assert list(questions(inventory, Facts(date(2026, 11, 25)))) == asked


def test_examples_match_their_format() -> None:
    for form in ECOSYSTEM.formats:
        assert all(map(form.matches, form.examples))


def test_charts_of_one_repository_are_asked_for_at_once_and_judged() -> None:
    chart = "apiVersion: v2\nname: shop\ndependencies:\n"
    for name in ("alpine", "nginx", "missing"):
        chart += f"- {{name: {name}, version: 0.1.0, repository: 'https://charts.example.com'}}\n"
    rows = read_chart(SourceText("Chart.yaml", chart)).dependencies
    inventory = Inventory(repository=Repository("r"), dependencies=rows)
    asked: list[str] = []

    def send(request: Request) -> Response:
        asked.append(request.url)
        return Response(200, {}, INDEX.read_bytes())

    today = date(2026, 11, 25)
    facts = look_up(inventory, fetcher=send, looked_up=today, ecosystems=(ECOSYSTEM,))
    assert asked == ["https://charts.example.com/index.yaml"]
    known = Evidence(inventory=inventory, facts=facts, config=Config(), as_of=today)
    found = list(outdated_chart.check(known))
    assert [(one.path, one.line, one.fix.to) for one in found if isinstance(one, Finding)] == [
        ("Chart.yaml", 4, "0.2.0"),
        ("Chart.yaml", 5, "1.1.0"),
    ]
    (note,) = (one for one in found if isinstance(one, Skipped))
    assert (note.reason, note.subject) == ("not-found", ("helm", "missing"))


IMAGES = [
    ("deploy/pod.yaml", "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'node:14'}]}\n", "kubernetes"),
    ("kustomization.yaml", "images: [{name: app, newName: node, newTag: '14'}]\n", "kustomize"),
    ("values.yaml", "image: {repository: node, tag: '14'}\n", "helm-values"),
]


@pytest.mark.parametrize(("path", "text", "kind"), IMAGES, ids=lambda value: value[:12])
def test_images_are_judged_as_those_of_dockerfiles_are(path: str, text: str, kind: str) -> None:
    form = next(form for form in reversed(ECOSYSTEM.formats) if form.matches(path))
    (row,) = form.read(SourceText(path, text)).dependencies
    assert row.kind == kind
    known = replace(evidence("FROM node:14\n"), inventory=Inventory(repository=Repository("r"), dependencies=(row,)))
    (found,) = findings(unpinned_base_image.check, replace(known, config=Config(docker=Docker(require_digest=True))))
    assert (found.group, found.path, found.subject.current) == ("docker", path, "14")
