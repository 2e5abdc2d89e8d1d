from __future__ import annotations

from analyzers.checks.docker.deprecated_instruction import check
from analyzers.model.subject import SubjectKey
from tests.support.images import evidence, findings


def test_maintainer_is_found_wherever_it_stands() -> None:
    found = findings(check, evidence("FROM node:24\nmaintainer me\nONBUILD MAINTAINER you\nLABEL maintainer=me\n"))
    assert [(one.line, one.column, one.minutes) for one in found] == [(2, 1, 10), (3, 9, 10)]
    assert {one.key for one in found} == {SubjectKey("file", "dockerfile")}
    assert {one.identity for one in found} == {"MAINTAINER"}
    assert "LABEL org.opencontainers.image.authors" in found[0].message


def test_inside_a_here_document_it_is_text() -> None:
    assert findings(check, evidence("FROM node:24\nRUN <<EOF\nMAINTAINER me\nEOF\n")) == []
