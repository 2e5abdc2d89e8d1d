from __future__ import annotations

from datetime import date

import pytest

from analyzers.ecosystems.kubernetes.ecosystem import ECOSYSTEM, questions
from analyzers.model.facts import Facts, Question
from analyzers.model.inventory import Inventory, Observation, Repository
from analyzers.model.place import Place


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
