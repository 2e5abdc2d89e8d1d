"""What every format of every ecosystem promises: a fixture, spans that hold the value, and calm before any bytes."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from analyzers.errors import UnreadableError
from analyzers.manifests import read_manifests
from analyzers.model.ecosystem import Ecosystem, Format, Reading
from analyzers.model.inventory import Dependency
from analyzers.syntax.text import SourceText
from tests.support.formats import Case, cases, missing, snapshot, worlds
from tests.support.pace import allowed

SECONDS = 5
DEEP = 50_000
HOSTILE = {
    "empty": b"",
    "nul": b"\0" * 100,
    "marked": b"\xef\xbb\xbf",
    "half": b"\xff\xfe\x00",
    "random": bytes((index * 7919 + 13) % 256 for index in range(4000)),
    "brackets": b"[" * DEEP,
    "braces": b'{"a":' * DEEP,
    "dashes": b"- " * DEEP,
    "tags": b"<a>" * DEEP,
    "quotes": b'"' * DEEP,
    "line": b"a" * 500_000,
    "lines": b"a: b\n" * 20_000,
    "spaces": b" " * 500_000,
    "escapes": b"\\" * DEEP,
}
ANYTHING = [(world, form) for _folder, world in worlds() for form in world.formats]


def holds(content: bytes, row: Dependency) -> bool:
    """Whether the row's place holds its value, in one of the encodings that files come in."""
    raw = content[row.place.start : row.place.end]
    return any(raw == (row.value or "").encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"))


def check_places(path: str, content: bytes, rows: tuple[Dependency, ...]) -> None:
    """Every place lies in its file; where the value is written as it reads, the place holds exactly that."""
    for row in rows:
        for place in (row.place, row.comment, row.digest_place, row.integrity):
            if place and place.path == path:
                assert 0 <= place.start <= place.end <= len(content), row
                assert 1 <= place.line <= content.count(b"\n") + 1
                assert place.column >= 1


def test_every_format_has_a_fixture() -> None:
    assert missing() == ()


@pytest.mark.parametrize(("world", "form"), ANYTHING, ids=lambda value: value.name)
def test_a_format_takes_its_own_examples(world: Ecosystem, form: Format) -> None:
    assert world.title
    assert form.title
    for example in form.examples:
        assert form.matches(example.replace("*", "x"))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_each_place_holds_its_value(case: Case) -> None:
    found = read_manifests(snapshot({case.path: case.content}), (case.world,))
    check_places(case.path, case.content, found.dependencies)
    for row in found.dependencies:
        # Written with escapes or over several lines, the text is not the value; an edit is refused there.
        written = case.content[row.place.start : row.place.end]
        if row.value and not row.skip_reason and row.place.path == case.path and not {*b"\\\n"}.intersection(written):
            assert holds(case.content, row), (row, written)
    assert not [entry for entry in found.skipped if entry.reason in {"reader-failed", "too-deep"}]
    assert read_manifests(snapshot({case.path: case.content}), (case.world,)) == found


def attacks(case: Case) -> Iterator[tuple[str, bytes]]:
    content = case.content[:20_000]
    yield from HOSTILE.items()
    step = max(1, len(content) // 12)
    for end in range(0, len(content), step):
        yield f"cut at {end}", content[:end]
        yield f"begun at {end}", content[end:]
        yield f"a hole at {end}", content[:end] + content[end + step // 2 + 1 :]
        yield f"a byte at {end}", content[:end] + b"\xc3" + content[end + 1 :]
        yield f"a mark at {end}", content[:end] + b"\xe2\x80\xae\r" + content[end:]


SMALLEST = {
    (case.world.name, case.form.name): case
    for case in sorted(cases(), key=lambda case: ("nasty" in case.file.parts, -len(case.content)))
}


@pytest.mark.parametrize("case", SMALLEST.values(), ids=lambda case: case.id)
def test_any_bytes_are_read_or_refused(case: Case) -> None:
    for name, content in attacks(case):
        started = time.process_time()
        try:
            reading = case.form.read(SourceText.decode(case.path, content))
        except UnreadableError:
            reading = Reading()
        check_places(case.path, content, reading.dependencies)
        case.world.pair({case.path: reading})
        assert time.process_time() - started < allowed(SECONDS), name
