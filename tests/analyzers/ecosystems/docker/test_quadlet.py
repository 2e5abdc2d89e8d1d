from __future__ import annotations

import time

import pytest

from analyzers.ecosystems.docker._files import has_unit_of_podman as sniff
from analyzers.ecosystems.docker._files import is_quadlet as matches
from analyzers.ecosystems.docker.quadlet import read
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed

TEXT = """[Unit]
Description=Image=not:1
Image=nor.this:1

[Container]
# Image=commented:1
Image=docker.io/library/nginx:1.25
Exec=run

[Install]
Image=elsewhere:1
"""


def test_the_image_of_the_container_is_read() -> None:
    (row,) = read(SourceText("web.container", TEXT)).dependencies
    assert (row.name, row.value, row.place.line, row.kind) == ("docker.io/library/nginx", "1.25", 7, "quadlet")
    assert TEXT[row.place.start : row.place.end] == "1.25"


@pytest.mark.parametrize(
    ("image", "name", "reason"),
    [
        ("base.image", "base.image", "local-path"),
        ("own.build", "own.build", "local-path"),
        ("quay.io/x/y:${TAG}", "quay.io/x/y", "unpinned-expression"),
        ("nginx", "nginx", None),
    ],
)
def test_what_is_not_written_has_its_reason(image: str, name: str, reason: str | None) -> None:
    (row,) = read(SourceText("a.container", f"[Container]\nImage={image}\n")).dependencies
    assert (row.name, row.skip_reason) == (name, reason)


def test_other_files_of_these_endings_are_left_alone() -> None:
    assert matches("web.container")
    assert not matches("web.containers")
    assert sniff(b"[Unit]\n[Container]\nImage=x\n")
    assert not sniff(b"disk image [Container]")


def test_many_lines_take_no_time() -> None:
    started = time.process_time()
    read(SourceText("a.container", "[Container]\n" * 20_000 + "Image=a:1\n" * 2_000 + "Image= \n" * 20_000))
    assert time.process_time() - started < allowed(3)
