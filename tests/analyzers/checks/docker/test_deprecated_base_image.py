from __future__ import annotations

from datetime import date

import pytest

from analyzers.checks.docker.deprecated_base_image import check
from tests.support.images import evidence, findings


def test_the_notice_is_named_with_its_date_and_the_successor() -> None:
    (found,) = findings(check, evidence("FROM openjdk:17-jdk-slim\n"))
    assert found.title == "openjdk is deprecated since 2022-06-10"
    assert found.message.startswith("FROM openjdk:17-jdk-slim is deprecated since 2022-06-10: ")
    assert found.message.endswith("Move to eclipse-temurin.")
    assert (found.minutes, found.exposure, found.details["replacement"]) == (120, 1.0, "eclipse-temurin")


@pytest.mark.parametrize(
    ("base", "count"),
    [
        ("openjdk", 1),
        ("docker.io/library/openjdk:8", 1),
        ("centos:7", 1),
        ("own/openjdk:8", 0),
        ("eclipse-temurin:21", 0),
        ("scratch", 0),
    ],
)
def test_only_images_with_a_notice_are_found(base: str, count: int) -> None:
    assert len(findings(check, evidence(f"FROM {base}\n"))) == count


def test_before_the_notice_there_was_none() -> None:
    assert findings(check, evidence("FROM openjdk:8\n", as_of=date(2022, 6, 9))) == []


def test_without_successor_the_advice_is_general() -> None:
    (found,) = findings(check, evidence("FROM centos:7\n"))
    assert found.message.endswith("Move to an image that is maintained.")
