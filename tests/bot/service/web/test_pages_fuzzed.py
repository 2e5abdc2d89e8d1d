"""Whatever a query string holds, a page or a problem is the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.service.web.model import Web
from tests.support.service import data
from tests.support.service.web import client_of, sign_in

NAMES = ("q", "grade", "state", "phase", "sort", "order", "page", "group", "severity", "rule", "ecosystem", "key", "x")
WORDS = ("A", "-", "failed", "silent", "name", "falling", "2", "docker", "high", "outdated-dependency", "pypi", "flask")
QUERIES = st.dictionaries(
    st.sampled_from(NAMES), st.one_of(st.sampled_from(WORDS), st.text(st.characters(exclude_categories=["Cs"])))
)
PATHS = (
    "/acme",
    "/acme/-/uses",
    "/acme/billing-026",
    "/acme/billing-026/hotspots",
    "/badge/acme/billing-026.svg",
    "/api/v1/organizations/acme/repositories",
    "/api/v1/organizations/acme/uses",
    "/api/v1/repositories/acme/billing-026/findings",
)


@pytest.fixture
def patient(sample: Web) -> Iterator[TestClient]:
    """Give the browser of somebody who may ask as often as tests do."""
    with client_of(replace(sample, clock=count().__next__)) as made:
        sign_in(sample, made, data.ids())
        yield made


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), query=QUERIES)
def test_no_query_string_breaks_a_page(patient: TestClient, path: str, query: dict[str, str]) -> None:
    answer = patient.get(path, params=query)
    assert answer.status_code in ({200, 400} if path.startswith("/api/") else {200})
    if answer.headers["content-type"].startswith("text/html"):
        assert "<script>" not in answer.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=4))
def test_no_path_breaks_a_page(patient: TestClient, parts: list[str]) -> None:
    path = "/" + "/".join(quote(part, safe="") for part in ["acme", *parts])
    assert patient.get(path).status_code in {200, 404, 405}
