"""Development containers: the image, the features and their lock."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from analyzers.ecosystems.docker import _files, devcontainer
from analyzers.errors import InvalidSyntaxError, UnreadableError
from analyzers.model.ecosystem import Reading
from analyzers.syntax.text import SourceText

FOLDER = Path(__file__).parent / "fixtures" / "devcontainer" / ".devcontainer"
FILE, LOCK = ".devcontainer/devcontainer.json", ".devcontainer/devcontainer-lock.json"
DIGEST = "sha256:" + "a" * 64

FEATURES = "ghcr.io/devcontainers/features"
EXPECTED = [
    # line, kind, name, value, version, locked, reason
    (4, "devcontainer", "mcr.microsoft.com/devcontainers/python", "1-3.11-bullseye", "1", None, None),
    (6, "devcontainer-feature", f"{FEATURES}/node", "1", "1", "1.5.0", None),
    (6, "devcontainer-feature-version", "node", "18", "18", None, None),
    (7, "devcontainer-feature", f"{FEATURES}/python", "1.6", "1.6", None, None),
    (8, "devcontainer-feature", f"{FEATURES}/go", "1", "1", None, None),
    (8, "devcontainer-feature-version", "go", "1.21", "1.21", None, None),
    (9, "devcontainer-feature", "ghcr.io/devcontainers-contrib/features/poetry", None, None, "2.0.0", None),
    (10, "devcontainer-feature", "ghcr.io/acme/features/pinned", DIGEST, None, None, None),
    (11, "devcontainer-feature", "./local", None, None, None, "local-path"),
    (12, "devcontainer-feature", "https://example.com/devcontainer-feature-x.tgz", None, None, None, "direct-url"),
    (13, "devcontainer-feature", "docker-in-docker", None, None, None, "unsupported-syntax"),
    (14, "devcontainer-feature", "owner/repo/feature@v1", None, None, None, "unsupported-syntax"),
]


@pytest.fixture(scope="module")
def readings() -> Mapping[str, Reading]:
    files = {path: (FOLDER / path.rpartition("/")[2]).read_bytes() for path in (FILE, LOCK)}
    return devcontainer.pair(
        {
            FILE: devcontainer.read(SourceText.decode(FILE, files[FILE])),
            LOCK: devcontainer.read_lock(SourceText.decode(LOCK, files[LOCK])),
        }
    )


def test_image_features_and_runtimes_are_read(readings: Mapping[str, Reading]) -> None:
    found = [
        (row.place.line, row.kind, row.name, row.value, row.version, row.locked_version, row.skip_reason)
        for row in readings[FILE].dependencies
    ]
    assert found == EXPECTED


def test_places_are_the_text_of_the_value(readings: Mapping[str, Reading]) -> None:
    content = (FOLDER / "devcontainer.json").read_bytes()
    for row in readings[FILE].dependencies:
        assert row.value is None or content[row.place.start : row.place.end].decode() == row.value


def test_the_lock_is_named_and_adds_no_rows(readings: Mapping[str, Reading]) -> None:
    manifest = readings[FILE].manifest
    assert manifest is not None
    assert manifest.lockfile == LOCK
    assert readings[LOCK].dependencies == ()


@pytest.mark.parametrize(
    ("image", "name", "reason"),
    [
        ("mcr.microsoft.com/devcontainers/go:${templateOption:variant}", "mcr.microsoft.com/devcontainers/go", True),
        ("${localEnv:IMAGE}", "${localEnv:IMAGE}", True),
        ("node:20", "node", False),
    ],
)
def test_variables_of_a_description_are_not_known(image: str, name: str, *, reason: bool) -> None:
    (row,) = devcontainer.read(SourceText(FILE, f'{{"image": "{image}"}}')).dependencies
    assert row.name == name
    assert row.skip_reason == ("unpinned-expression" if reason else None)


@pytest.mark.parametrize("text", ["[]", "{}", '{"image": 1, "features": []}', '{"image": "", "features": {"": {}}}'])
def test_what_names_nothing_is_read_as_nothing(text: str) -> None:
    assert devcontainer.read(SourceText(FILE, text)).dependencies == ()
    assert devcontainer.read_lock(SourceText(LOCK, text)).locked == ()


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(InvalidSyntaxError):
        devcontainer.read(SourceText(FILE, "image: node:20"))
    with pytest.raises(UnreadableError):
        devcontainer.read(SourceText(FILE, "[" * 100_000))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".devcontainer/devcontainer.json", True),
        (".devcontainer.json", True),
        (".devcontainer/api/devcontainer.json", True),
        ("packages/a/.devcontainer/devcontainer.json", True),
        ("packages/a/.devcontainer.json", True),
        ("devcontainer.json", False),
        (".devcontainer/a/b/devcontainer.json", False),
        ("my.devcontainer.json", False),
        (".devcontainer/devcontainer-lock.json", False),
        (".devcontainer/devcontainer-feature.json", False),
    ],
)
def test_names_of_descriptions(path: str, *, expected: bool) -> None:
    assert _files.is_devcontainer(path) == expected
