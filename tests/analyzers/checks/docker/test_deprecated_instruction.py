from __future__ import annotations

from analyzers.checks.docker.deprecated_instruction import check
from analyzers.model.subject import SubjectKey
from tests.support.images import evidence, findings


def test_maintainer_is_found_wherever_it_stands() -> None:
    found = findings(check, evidence("FROM node:24\nmaintainer me\nONBUILD MAINTAINER you\nLABEL maintainer=me\n"))
    assert [(one.line, one.column, one.minutes, one.details) for one in found] == [(2, 1, 10, {"also_lines": "3"})]
    assert {one.key for one in found} == {SubjectKey("file", "dockerfile")}
    assert {one.identity for one in found} == {"MAINTAINER"}
    assert "LABEL org.opencontainers.image.authors" in found[0].message


def test_inside_a_here_document_it_is_text() -> None:
    assert findings(check, evidence("FROM node:24\nRUN <<EOF\nMAINTAINER me\nEOF\n")) == []


def test_each_deprecated_thing_is_one_finding_with_its_own_remedy() -> None:
    text = "FROM debian:12\nENV A b\nENV C d\nRUN apt-key add x && npm ci --only=production\nRUN npm i --production\n"
    assert [(one.line, one.title, one.subject.latest) for one in findings(check, evidence(text))] == [
        (2, "ENV is deprecated", "ENV key=value"),
        (4, "apt-key is deprecated", "signed-by"),
        (4, "npm --only=production is deprecated", "--omit=dev"),
        (5, "npm --production is deprecated", "--omit=dev"),
    ]
