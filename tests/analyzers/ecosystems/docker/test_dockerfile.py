from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.ecosystems.docker._files import is_dockerfile
from analyzers.ecosystems.docker.dockerfile import MAX_LENGTH, read
from analyzers.errors import TooLargeError, UnreadableError
from analyzers.model.ecosystem import Reading
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed

FIXTURE = Path(__file__).parent / "fixtures" / "everything.dockerfile"
SHA = "sha256:" + "a" * 64

# kind, name, value, version, line, platform, skip reason
EXPECTED = [
    ("dockerfile-syntax", "docker/dockerfile", "1.4", "1.4", 1, None, None),
    ("dockerfile-from", "node", "18-alpine", "18", 2, "linux/arm64", None),
    ("dockerfile-from", "python", "3.8", "3.8", 4, None, None),
    ("dockerfile-from", "debian", "buster", None, 5, None, None),
    ("dockerfile-from", "ubuntu", "20.04", "20.04", 10, None, None),
    ("dockerfile-from", "$UNSET", None, None, 11, None, "unpinned-expression"),
    ("dockerfile-from", "quay.io/own/app", None, None, 14, None, None),
    ("dockerfile-from", "golang", "1", "1.21", 15, None, None),
    ("dockerfile-from", "postgres", "13", "13", 17, None, None),
    ("dockerfile-copy", "nginx", "1.25", "1.25", 18, None, None),
    ("dockerfile-copy", "$NODE", None, None, 21, None, "unpinned-expression"),
    ("dockerfile-mount", "rust", "1.70", "1.70", 22, None, None),
    ("dockerfile-mount", "busybox", "1.36", "1.36", 23, None, None),
    ("dockerfile-copy", "alpine", "3.18", "3.18", 28, None, None),
    ("dockerfile-from", "{{base}}:1", None, None, 30, None, "unpinned-expression"),
    ("dockerfile-from", "UPPER", None, None, 31, None, "unsupported-syntax"),
    ("dockerfile-from", "redis", "6", "6", 32, None, None),
]


def _read(content: bytes) -> Reading:
    return read(SourceText.decode("Dockerfile", content))


def test_every_image_is_found_where_an_upgrade_would_change_it() -> None:
    reading = _read(FIXTURE.read_bytes())
    assert [
        (row.kind, row.name, row.value, row.version, row.place.line, row.platform, row.skip_reason)
        for row in reading.dependencies
    ] == EXPECTED


@pytest.mark.parametrize("form", ["plain", "mark", "crlf", "utf-16"])
def test_places_are_bytes_of_the_file_as_it_is_stored(form: str) -> None:
    text = FIXTURE.read_text()
    stored = {
        "plain": text.encode(),
        "mark": b"\xef\xbb\xbf" + text.encode(),
        "crlf": text.replace("\n", "\r\n").encode(),
        "utf-16": text.encode("utf-16"),
    }[form]
    encoding = "utf-16-le" if form == "utf-16" else "utf-8"
    reading = _read(stored)
    assert len(reading.dependencies) == len(EXPECTED)
    for row in reading.dependencies:
        if row.value:
            assert stored[row.place.start : row.place.end].decode(encoding) == row.value
        if row.digest_place:
            assert stored[row.digest_place.start : row.digest_place.end].decode(encoding) == SHA


def test_the_purl_is_complete_whatever_the_value_covers() -> None:
    purls = [row.purl for row in _read(FIXTURE.read_bytes()).dependencies if not row.skip_reason]
    assert purls[:4] == [
        "pkg:docker/docker/dockerfile@1.4",
        "pkg:docker/library/node@18-alpine",
        "pkg:docker/library/python@3.8-slim-buster",
        "pkg:docker/library/debian@buster-slim",
    ]
    assert "pkg:docker/own/app?repository_url=quay.io" in purls
    assert "pkg:docker/library/golang@1.21-alpine" in purls


def test_deprecated_instructions_are_observed_and_foreign_ones_are_not_hidden() -> None:
    reading = _read(b"FROM a:1\nMAINTAINER me\nONBUILD maintainer you\nHELLO\n")
    assert [(seen.kind, seen.name, seen.text, seen.place.line) for seen in reading.observations] == [
        ("dockerfile-instruction", "MAINTAINER", "me", 2),
        ("dockerfile-instruction", "MAINTAINER", "you", 3),
    ]
    assert [(entry.reason, entry.detail) for entry in reading.skipped] == [
        ("invalid-syntax", "line 4: `HELLO` is no instruction")
    ]


def test_a_template_is_read_as_far_as_it_is_a_dockerfile() -> None:
    text = b"{% if slim %}\nFROM python:3.9-slim\n{% else %}\nFROM {{ base }}\n{% endif %}\n"
    reading = read(SourceText.decode("docker/Dockerfile.j2", text))
    assert [(row.name, row.value, row.skip_reason) for row in reading.dependencies] == [
        ("python", "3.9-slim", None),
        ("{{ base }}", None, "unpinned-expression"),
    ]
    (skipped,) = reading.skipped
    assert (skipped.reason, "template" in skipped.detail) == ("unsupported-syntax", True)


COMMANDS = [
    ("RUN curl x | apt-key add -", ["apt-key"]),
    ("RUN /usr/bin/apt-key adv --keyserver x --recv-keys y", ["apt-key"]),
    ("RUN a \\\n  # a comment\n  && apt-key add x", ["apt-key"]),
    ("RUN <<EOF\nset -e\napt-key add x # why\n# apt-key add y\nEOF", ["apt-key"]),
    ("RUN true # apt-key add x", []),
    ("RUN apt-get install my-apt-key", []),
    ("RUN rm /etc/apt-key.gpg", []),
    ("RUN npm ci --only=production", ["--only=production"]),
    ("RUN npm install --only prod && x", ["--only prod"]),
    ("RUN npm i --quiet --production=true", ["--production=true"]),
    ("RUN npm --quiet install express --production", ["--production"]),
    ("RUN npm ci --production=false", []),
    ("RUN npm ci --omit=dev", []),
    ("RUN npm ci && yarn install --production", []),
    ("RUN pnpm install --production", []),
    ("RUN npm run build -- --production", []),
    ("ENV PATH /x:$PATH", ["ENV"]),
    ("env  A  b=c", ["env"]),
    ("ENV A=b C=d", []),
    ("ENV A", []),
    ('ENV A="b c"', []),
    ("LABEL a b", []),
    ("CMD npm install --production", []),
]


@pytest.mark.parametrize(("text", "expected"), COMMANDS)
def test_commands_that_were_given_up_are_observed(text: str, expected: list[str]) -> None:
    content = f"FROM node:24\n{text}\n"
    seen = _read(content.encode()).observations
    assert [content[one.place.start : one.place.end] for one in seen] == expected


@pytest.mark.parametrize(
    ("base", "count"),
    [
        ("FROM node:14-alpine\n", 0),
        ("FROM node:15\n", 1),
        ("FROM node\n", 1),
        ("FROM docker.io/library/node:8.17\n", 0),
        ("FROM node:10 AS old\nFROM old\n", 0),
        ("FROM node:10 AS old\nFROM node:20\n", 1),
        ("FROM own/node-base:1\n", 1),
    ],
)
def test_an_npm_that_knows_nothing_else_is_left_alone(base: str, count: int) -> None:
    assert len(_read(f"{base}RUN npm ci --production\n".encode()).observations) == count


@pytest.mark.parametrize("script", ["npm i " * 40_000, "npm install x " * 17_000 + "--production", "apt-key " * 30_000])
def test_long_scripts_take_no_time(script: str) -> None:
    started = time.process_time()
    _read(f"FROM a:1\nRUN {script}\n".encode())
    assert time.process_time() - started < allowed(2)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("FROM node AS node\nFROM node\n", ["node"]),
        ("FROM a:1 AS x\nFROM b:1 AS y\nCOPY --from=X a b\nCOPY --from=1 a b\nCOPY --from=2 a b\n", ["a", "b"]),
        ("FROM a:1\nARG B=2\nFROM b:$B\n", ["a", "b"]),
        ("ARG A=1\nARG A=2\nFROM a:$A\n", ["a"]),
        ("FROM\nFROM  \nFROM --platform=x\n", []),
        ("FROM SCRATCH\nCOPY --from=scratch a b\n", []),
        ("COPY --from= a b\nRUN --mount=from= x\nRUN --mount=type=cache x\n", []),
        ("ARG X=\nFROM $X\n", []),
        (
            "FROM a:1 AS Bin-Linux\nFROM a:1 AS bin-darwin\nFROM bin-$TARGETOS\nFROM ${TARGETOS}-bin\n",
            ["a", "a", "${TARGETOS}-bin"],
        ),
        ("FROM a:1 AS x\nFROM $ANY\n", ["a", "$ANY"]),
        ("FROM --platform=$BUILDPLATFORM a:1 AS b\nFROM b-${TARGETARCH} AS c\n", ["a", "b-${TARGETARCH}"]),
    ],
)
def test_stages_are_no_images(text: str, names: list[str]) -> None:
    assert [row.name for row in _read(text.encode()).dependencies] == names


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ('ARG V="18"\nFROM node:$V\n', "node", "18"),
        ("ARG V='18'\nFROM \"node:${V}-alpine\"\n", "node", "18"),
        ("ARG A=18\nARG B=$A-alpine\nFROM node:$B\n", "node", "18"),
        ("ARG IMAGE=node:18-alpine\nFROM $IMAGE\n", "node", "18-alpine"),
        ("ARG R=quay.io/a\nFROM $R/b:1.2\n", "quay.io/a/b", "1.2"),
        ("ARG OS=bookworm\nFROM python:3.11-${OS}\n", "python", "3.11"),
        ("FROM {{ registry }}/node:{{ version }} AS x\n", "{{ registry }}/node:{{ version }}", None),
    ],
)
def test_the_place_is_where_the_version_is_written(text: str, name: str, value: str | None) -> None:
    (row,) = _read(text.encode()).dependencies
    assert (row.name, row.value) == (name, value)
    assert value is None or text[row.place.start : row.place.end] == value


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            "https://github.com/moby/buildkit.git#v0.10.1 /x",
            ("github", "https://github.com/moby/buildkit.git", "v0.10.1", "0.10.1", None),
        ),
        (
            "--keep-git-dir=true git@github.com:moby/buildkit.git#master:docs /x",
            ("github", "git@github.com:moby/buildkit.git", "master", None, None),
        ),
        (
            "https://github.com/a/b.git#refs/tags/v1.0 /x",
            ("github", "https://github.com/a/b.git", "v1.0", "1.0", None),
        ),
        ('"https://gitlab.com/a/b.git" /x', ("gitlab", "https://gitlab.com/a/b.git", None, None, None)),
        (
            "https://u:p@git.example.com/a/b.git#1.0 /x",
            ("generic", "https://git.example.com/a/b.git", "1.0", "1.0", None),
        ),
        ("ssh://git@host.corp/a/b.git#1.0 /x", ("generic", "ssh://host.corp/a/b.git", "1.0", "1.0", "version-control")),
        (
            "https://github.com/a/b.git#$REF /x",
            ("github", "https://github.com/a/b.git", "$REF", None, "unpinned-expression"),
        ),
    ],
)
def test_repositories_that_are_added_are_rows(arguments: str, expected: tuple[str | None, ...]) -> None:
    content = f"FROM scratch\nADD {arguments}\n"
    (row,) = _read(content.encode()).dependencies
    assert (row.ecosystem, row.name, row.value, row.version, row.skip_reason) == expected
    assert row.kind == "dockerfile-add"
    assert row.value is None or content[row.place.start : row.place.end] == row.value


@pytest.mark.parametrize("arguments", ["a.git /x", "https://example.com/x.tar.gz /x", "[", "https://x/y.gi\\\nt /x"])
def test_other_sources_of_add_are_no_rows(arguments: str) -> None:
    assert _read(f"FROM scratch\nADD {arguments}\n".encode()).dependencies == ()


def test_a_file_of_a_size_that_no_dockerfile_has_is_refused() -> None:
    with pytest.raises(TooLargeError):
        _read(b"FROM a\n" * (MAX_LENGTH // 7 + 1))


def test_an_argument_inside_a_stage_is_not_seen_by_from() -> None:
    rows = _read(b"FROM a:1\nARG B=2\nFROM b:$B\n").dependencies
    assert [row.skip_reason for row in rows] == [None, "unpinned-expression"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Dockerfile", True),
        ("a/b/dockerfile", True),
        ("Dockerfile.dev", True),
        ("docker/Dockerfile.alpine3.18", True),
        ("web.Dockerfile", True),
        ("web.dockerfile", True),
        ("Containerfile", True),
        ("Containerfile.ci", True),
        ("Dockerfile.j2", True),
        ("tools/Dockerfile-logstash", True),
        ("dockerfile_dev", True),
        ("Dockerfile-14.2-alpine", True),
        ("Dockerfile-py3.11", True),
        ("Dockerfile_alpine.j2", True),
        ("Dockerfile.php", True),
        ("dockerfile_parser.php", False),
        ("dockerfile-icon.svg", False),
        ("containerfile_query.sql", False),
        ("Dockerfile-notes.md", False),
        ("dockerfiles", False),
        ("Dockerfile.dockerignore", False),
        ("Dockerfile.md", False),
        ("Dockerfile/readme", False),
        ("MyDockerfile", False),
        ("dockerfile_test.go", False),
        ("dockerfile.py", False),
        ("", False),
    ],
)
def test_names_of_dockerfiles(path: str, expected: bool) -> None:
    assert is_dockerfile(path) == expected


@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(st.sampled_from([*FIXTURE.read_bytes().splitlines(keepends=True), b"\xff", b"\0", b"\\\n"])).map(
            b"".join
        ),
    )
)
@settings(deadline=None, max_examples=150)
def test_any_bytes_end_in_a_reading_or_an_expected_error(content: bytes) -> None:
    try:
        reading = _read(content)
    except UnreadableError:
        return
    for row in reading.dependencies:
        if row.value is not None:
            assert content[row.place.start : row.place.end].decode("utf-8", "replace") == row.value or content[:2] in {
                b"\xff\xfe",
                b"\xfe\xff",
            }
