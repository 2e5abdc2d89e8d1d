from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analyzers.lifecycles import stamps, table
from analyzers.model.facts import Cycle, Lifecycle
from analyzers.model.question import Question


def cycle_of(product: str, name: str) -> Cycle:
    return next(cycle for cycle in table.products()[product].cycles if cycle.name == name)


@pytest.mark.parametrize(
    ("product", "name", "end", "extended"),
    [
        ("nodejs", "18", date(2025, 4, 30), None),
        ("python", "3.8", date(2024, 10, 7), None),
        ("debian", "10", date(2022, 9, 10), date(2024, 6, 30)),
        ("ubuntu", "20.04", date(2025, 5, 31), date(2030, 4, 2)),
        ("alpine-linux", "3.21", date(2026, 11, 1), None),
    ],
)
def test_a_cycle_ends_when_its_source_says(product: str, name: str, end: date, extended: date | None) -> None:
    assert cycle_of(product, name).end == end
    assert cycle_of(product, name).extended == extended


@pytest.mark.parametrize(
    ("product", "name", "codename"),
    [("debian", "12", "bookworm"), ("debian", "10", "buster"), ("ubuntu", "24.04", "noble"), ("nodejs", "18", None)],
)
def test_a_codename_is_the_word_of_image_tags(product: str, name: str, codename: str | None) -> None:
    assert cycle_of(product, name).codename == codename


def test_every_debian_and_ubuntu_cycle_has_a_codename() -> None:
    cycles = [*table.products()["debian"].cycles, *table.products()["ubuntu"].cycles]
    assert all(cycle.codename and cycle.codename.islower() and cycle.codename.isalpha() for cycle in cycles)


def test_an_end_without_a_date_is_said_and_not_invented() -> None:
    assert cycle_of("nodejs", "2").end is None
    assert cycle_of("nodejs", "2").ended
    assert cycle_of("go", "1.27").end is None
    assert not cycle_of("go", "1.27").ended


def test_cycles_stand_newest_first() -> None:
    for lifecycle in table.products().values():
        released = [cycle.released for cycle in lifecycle.cycles if cycle.released]
        assert released == sorted(released, reverse=True), lifecycle.product


@pytest.mark.parametrize(
    ("image", "product"),
    [
        ("docker.io/library/node", "nodejs"),
        ("docker.io/library/alpine", "alpine-linux"),
        ("docker.io/valkey/valkey", "valkey"),
        ("mcr.microsoft.com/dotnet/sdk", "dotnet"),
        ("public.ecr.aws/docker/library/python", "python"),
        ("docker.io/library/openjdk", None),
        ("docker.io/library/no-such-image", None),
        ("node", None),
    ],
)
def test_an_image_names_its_product(image: str, product: str | None) -> None:
    assert table.product_of_image(image) == product


def test_every_product_of_an_image_has_a_lifecycle() -> None:
    assert set(table._images().products.values()) <= set(table.products())


def test_a_deprecated_image_names_its_successor() -> None:
    openjdk = table.deprecated_images()["docker.io/library/openjdk"]
    assert openjdk.replacement == "docker.io/library/eclipse-temurin"
    assert openjdk.since == date(2022, 6, 10)
    assert table.deprecated_image("public.ecr.aws/docker/library/openjdk") == openjdk
    assert table.deprecated_image("docker.io/library/node") is None


def test_no_replacement_is_deprecated_itself() -> None:
    replacements = {image.replacement for image in table.deprecated_images().values()}
    assert not replacements & set(table.deprecated_images())


def test_every_table_states_its_source_and_date() -> None:
    names = [found.name for found in stamps.table_dates()]
    assert names == sorted(path.stem for path in Path(stamps.FOLDER).glob("*.json"))
    assert {"images", "lifecycles"} <= set(names)
    assert all(found.source and found.date >= date(2026, 7, 1) for found in stamps.table_dates())


def test_a_lifecycle_question_is_answered_from_the_table() -> None:
    known = table.bundled(Question("lifecycle", "nodejs"))
    assert known is not None
    assert known.bundled
    assert isinstance(known.value, Lifecycle)
    assert known.value.table_date == date(2026, 8, 22)
    assert known.value.source == "endoflife.date, commit a70eca3"


@pytest.mark.parametrize("question", [Question("pypi", "nodejs"), Question("lifecycle", "no-such-product")])
def test_other_questions_are_not(question: Question) -> None:
    assert table.bundled(question) is None
