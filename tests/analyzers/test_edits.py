"""The contract of edits, for every format of every ecosystem, and what is refused and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.edits import Applied, Editor, to_version
from analyzers.errors import EditRefusedError
from analyzers.manifests import read_manifests
from analyzers.model.edit import Change, Edit, RefusalReason
from analyzers.model.inventory import Dependency
from analyzers.read import ecosystems
from analyzers.rereading import difference
from analyzers.versions import npm, pep440
from tests.support.formats import Case, cases, snapshot

REASONS = frozenset(get_args(RefusalReason))
COMMIT = "d" * 40
DIGEST = f"sha256:{'c' * 64}"
MOST_ROWS = 40
SCHEMES = {world.name: world.scheme for world in ecosystems()}
VARIANTS = {
    "as it is": lambda content: content,
    "crlf": lambda content: content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "marked": lambda content: b"\xef\xbb\xbf" + content,
    "utf-16": lambda content: content.decode("utf-8", errors="replace").encode("utf-16"),
}


FIRST, LAST = re.compile("[0-9]+"), re.compile("[0-9]+(?![0-9.]*[0-9])")


def bumped(text: str, number: re.Pattern[str]) -> str:
    """Return the text with one number made larger by one."""
    return number.sub(lambda found: str(int(found[0]) + 1), text, count=1)


def wanted(case: Case, row: Dependency, which: re.Pattern[str]) -> Edit:
    """Return the edit that moves a row to a later version, by the scheme of its ecosystem where there is one."""
    if row.digest and row.digest == row.value:
        new = COMMIT if row.ecosystem != "docker" else DIGEST
        return Edit((Change(row=row, value=new, digest=new, comment="v9.9.9" if row.comment else None),))
    scheme = SCHEMES.get(row.ecosystem, case.world.scheme)
    if scheme is None or row.ecosystem == "docker":
        digest = DIGEST if row.digest_place else None
        return Edit((Change(row=row, value=bumped(row.value or "", which), digest=digest),))
    number = re.search(r"[0-9]+(?:\.[0-9]+)*", row.version or row.value or "")
    return to_version(row, bumped(number[0], which) if number else "1.0", scheme)


def attempts(case: Case, content: bytes) -> Iterator[tuple[Dependency, Edit | None, Applied | EditRefusedError]]:
    """Yield what comes of moving each row of a fixture that lies in a repository alone."""
    editor = Editor(snapshot({case.path: content}), (case.world,))
    rows = read_manifests(editor.snapshot, editor.worlds).dependencies
    for row in rows[:MOST_ROWS]:
        yield attempt(case, editor, row)


def attempt(case: Case, editor: Editor, row: Dependency) -> tuple[Dependency, Edit | None, Applied | EditRefusedError]:
    """Move a row to its next major version, or, where that is another package (Yarn 2), to the next of all."""
    for which in (FIRST, LAST):
        try:
            edit = wanted(case, row, which)
        except EditRefusedError as error:
            return row, None, error
        applied = editor.apply([edit])
        if not applied.refused or applied.refused[0].reason != "reads-otherwise":
            break
    return row, edit, applied


def said(row: Dependency) -> tuple[object, ...]:
    return (row.ecosystem, row.kind, row.dependency_group, row.marker, row.skip_reason, row.direct, row.index)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_each_row_is_changed_alone_or_refused_by_name(case: Case, variant: str) -> None:
    content = VARIANTS[variant](case.content)
    before = read_manifests(snapshot({case.path: content}), (case.world,)).dependencies
    for row, edit, outcome in attempts(case, content):
        if isinstance(outcome, EditRefusedError):
            assert outcome.reason in REASONS
        elif outcome.refused:
            assert outcome.refused[0].reason in REASONS - {"reads-otherwise", "unreadable"}, (row, outcome.refused)
        else:
            assert edit is not None
            check(case, before, content, edit.changes[0], outcome)


def check(case: Case, before: tuple[Dependency, ...], content: bytes, change: Change, outcome: Applied) -> None:
    """Compare with an edit made by hand: only the wanted texts differ, in the bytes and in the rows."""
    row, new = change.row, outcome.files[case.path]
    encoding = next(
        name
        for name in ("utf-8", "utf-16-le", "latin-1")
        if content[row.place.start : row.place.end] == (row.value or "").encode(name)
    )
    spans = [(row.place, change.value), (row.digest_place, change.digest), (row.comment, change.comment)]
    expected = content
    for place, text in sorted(((p, t) for p, t in spans if p and t is not None), reverse=True):
        expected = expected[: place.start] + text.encode(encoding) + expected[place.end :]
    assert new == expected
    after = read_manifests(snapshot({case.path: new}), (case.world,)).dependencies
    assert len(after) == len(before)
    for old, now in zip(before, after, strict=True):
        assert said(now) == said(old)
        assert now.value == (change.value if old.place == row.place else old.value)
        assert (now.place.path, now.place.line) == (old.place.path, old.place.line)
        if old.place != row.place:
            assert (now.name, now.version, now.digest) == (old.name, old.version, old.digest)


def test_every_format_that_can_be_edited_is() -> None:
    made: Counter[str] = Counter()
    editable = set()
    for case in cases():
        for row, _edit, outcome in attempts(case, case.content):
            is_made = isinstance(outcome, Applied) and bool(outcome.made)
            made[f"{case.world.name}/{case.form.name}"] += is_made
            refused = outcome.reason if isinstance(outcome, EditRefusedError) else next(iter(outcome.refused), None)
            if not row.skip_reason and getattr(refused, "reason", refused) not in {"lock-to-remake", "nothing-written"}:
                editable.add(f"{case.world.name}/{case.form.name}")
    assert {name for name in editable if not made[name]} == set()


def apply(files: dict[str, bytes], *edits: Edit) -> Applied:
    return Editor(snapshot(files), ecosystems()).apply(edits)


def rows(files: dict[str, bytes], name: str) -> list[Dependency]:
    found = read_manifests(snapshot(files), ecosystems()).dependencies
    return [row for row in found if row.name == name]


def refusal(files: dict[str, bytes], *changes: Change) -> str:
    applied = apply(files, Edit(changes))
    assert applied.files == {}
    return applied.refused[0].reason


def test_two_files_change_together_or_not_at_all() -> None:
    files = {"requirements.txt": b"a==1\n", "requirements-dev.txt": b"a==1\nb==1\n"}
    first, second = rows(files, "a")
    edit = Edit((Change(row=first, value="==2"), Change(row=second, value="==2")))
    assert apply(files, edit).files == {"requirements.txt": b"a==2\n", "requirements-dev.txt": b"a==2\nb==1\n"}
    torn = Edit((Change(row=first, value="==2"), Change(row=second, value="==2\nc==1")))
    assert apply(files, torn).files == {}


def test_a_bad_edit_costs_itself_and_no_other() -> None:
    files = {"requirements.txt": b"a==1\nb==1\nc==1\nd==1\n"}
    texts = {"a": "==2", "b": "==2; evil", "c": "==2", "d": "==2 #"}
    edits = [Edit((Change(row=rows(files, name)[0], value=text),)) for name, text in texts.items()]
    applied = apply(files, *edits)
    assert applied.files == {"requirements.txt": b"a==2\nb==1\nc==2\nd==1\n"}
    assert [(entry.edit, entry.reason) for entry in applied.refused] == [
        (edits[1], "reads-otherwise"),
        (edits[3], "reads-otherwise"),
    ]


def test_the_earlier_of_two_edits_of_one_text_wins() -> None:
    files = {"requirements.txt": b"a==1\n"}
    (row,) = rows(files, "a")
    applied = apply(files, *(Edit((Change(row=row, value=text),)) for text in ("==2", "==3")))
    assert applied.files == {"requirements.txt": b"a==2\n"}
    assert [entry.reason for entry in applied.refused] == ["conflicting-edits"]


def test_a_commit_and_its_comment_move_together() -> None:
    path = ".github/workflows/x.yml"
    line = "jobs: {a: {steps: [\n  {uses: 'a/b@%s'} # %s\n]}}\n"
    files = {path: (line % ("a" * 40, "v1.0.0")).encode()}
    (row,) = rows(files, "a/b")
    assert refusal(files, Change(row=row, value=COMMIT, digest=COMMIT)) == "comment-unknown"
    assert refusal(files, Change(row=row, value=COMMIT, comment="v2")) == "digest-unknown"
    edit = Edit((Change(row=row, value=COMMIT, digest=COMMIT, comment="v2.0.0"),))
    assert apply(files, edit).files == {path: (line % (COMMIT, "v2.0.0")).encode()}


@pytest.mark.parametrize(
    ("written", "after"),
    [
        (b"- uses: a/b@v1\n", b"- uses: a/b@%s # v1.2.0\n"),
        (b"- uses: 'a/b@v1'  \r\n", b"- uses: 'a/b@%s' # v1.2.0  \r\n"),
        (b'- uses: "a/b@v1"', b'- uses: "a/b@%s" # v1.2.0'),
        (b"- uses: a/b@v1 # why\n", None),
        (b"- {uses: a/b@v1}\n", None),
    ],
)
def test_pinning_an_action_notes_its_version_behind_it(written: bytes, after: bytes | None) -> None:
    head = b"jobs:\n  x:\n    steps:\n    "
    files = {".github/workflows/x.yml": head + written}
    (row,) = rows(files, "a/b")
    change = Change(row=row, value=COMMIT, digest=COMMIT, comment="v1.2.0")
    if after is None:
        assert refusal(files, change) == "no-room-for-comment"
    else:
        done = {".github/workflows/x.yml": head + after % COMMIT.encode()}
        assert apply(files, Edit((change,))).files == done


def test_a_tag_and_its_digest_move_together() -> None:
    files = {"Dockerfile": b"FROM node:18@sha256:" + b"a" * 64 + b"\n"}
    (row,) = rows(files, "node")
    assert refusal(files, Change(row=row, value="20")) == "digest-unknown"
    edit = Edit((Change(row=row, value="20", digest=DIGEST),))
    assert apply(files, edit).files == {"Dockerfile": f"FROM node:20@{DIGEST}\n".encode()}


def test_a_digest_that_is_written_in_parts_holds_its_tag_back() -> None:
    sha = b"image:\n  repository: x/y\n  tag: '1.0'\n  sha: " + b"a" * 64 + b"\n"
    files = {"Chart.yaml": b"name: c\nversion: 1.0.0\napiVersion: v2\n", "values.yaml": sha}
    (row,) = rows(files, "x/y")
    assert refusal(files, Change(row=row, value="2.0")) == "digest-unknown"
    assert refusal(files, Change(row=row, value="2.0", digest=DIGEST)) == "digest-unknown"


def test_a_shared_argument_changes_once_and_only_for_one_image() -> None:
    text = b"ARG V=%s\nFROM node:${V} AS a\nFROM --platform=linux/arm64 node:$V-alpine\n"
    files = {"Dockerfile": text % b"18"}
    first, second = rows(files, "node")
    applied = apply(files, *(Edit((Change(row=row, value="20"),)) for row in (first, second)))
    assert applied.files == {"Dockerfile": text % b"20"}
    assert len(applied.made) == 2
    files = {"Dockerfile": b"ARG V=18\nFROM node:${V}\nFROM mine:$V\n"}
    assert refusal(files, Change(row=rows(files, "node")[0], value="20")) == "conflicting-edits"
    pinned = {"Dockerfile": b"ARG V=18\nFROM node:${V} AS a\nFROM node:$V@sha256:" + b"a" * 64 + b"\n"}
    assert refusal(pinned, Change(row=rows(pinned, "node")[0], value="20")) == "digest-unknown"


def test_an_anchor_changes_once() -> None:
    files = {"compose.yaml": b"services:\n  a: &a\n    image: x:1\n  b: *a\n  c: {<<: *a}\n"}
    (row,) = rows(files, "x")
    assert apply(files, Edit((Change(row=row, value="2"),))).files["compose.yaml"].count(b"x:2") == 1


LOCK = b'{"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1.0.0"}}}'
HASHED = b'{"packageManager": "pnpm@8.0.0+sha256.aaaa"}'
COMPILED = b"# autogenerated by pip-compile\n#    pip-compile requirements.in\na==1\n    # via -r requirements.in\n"


LOCKED = {
    "terraform": (
        {
            "main.tf": b'terraform {\n required_providers {\n  x = { source = "a/b", version = "~> 5.0" }\n }\n}\n',
            ".terraform.lock.hcl": b'provider "registry.terraform.io/a/b" {\n  version = "5.1.0"\n}\n',
        },
        "a/b",
    ),
    "helm": (
        {
            "Chart.yaml": b"name: c\ndependencies:\n- {name: x, version: 1.0.0, repository: 'https://example.com'}\n",
            "Chart.lock": b"dependencies:\n- {name: x, version: 1.0.0, repository: 'https://example.com'}\n",
        },
        "x",
    ),
    "yarn": (
        {
            "package.json": b'{"dependencies": {"a": "^1.0.0"}}',
            "yarn.lock": b'# yarn lockfile v1\n\n\na@^1.0.0:\n  version "1.0.1"\n',
        },
        "a",
    ),
    "bun": ({"package.json": b'{"dependencies": {"a": "^1.0.0"}}', "bun.lockb": b"#!/usr/bin/env bun\n"}, "a"),
    "engines": ({"package.json": b'{"engines": {"node": ">=14"}}', "package-lock.json": LOCK}, "node"),
    "pipenv": (
        {"Pipfile": b'[packages]\na = "==1.0"\n', "Pipfile.lock": b'{"default": {"a": {"version": "==1.0"}}}'},
        "a",
    ),
    "poetry": (
        {
            "pyproject.toml": b'[tool.poetry.dependencies]\na = "1.0"\n',
            "poetry.lock": b'[[package]]\nname = "a"\nversion = "1.0"\n',
        },
        "a",
    ),
    "pep 751": (
        {
            "pyproject.toml": b'[project]\nname = "x"\ndependencies = ["a==1.0"]\n',
            "pylock.toml": b'lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1.0"\n',
        },
        "a",
    ),
}


@pytest.mark.parametrize("tool", LOCKED)
def test_nothing_changes_behind_the_back_of_a_lockfile(tool: str) -> None:
    files, name = LOCKED[tool]
    for row in rows(files, name):
        assert refusal(files, Change(row=row, value="9.9.9")) == "lock-to-remake"


@pytest.mark.parametrize(
    ("files", "name", "text", "reason"),
    [
        ({"package.json": b'{"dependencies": {"a": "^1"}}', "package-lock.json": LOCK}, "a", "^2", "lock-to-remake"),
        ({"package-lock.json": LOCK}, "a", "^2", "lock-to-remake"),
        ({"requirements.in": b"a\nb==1\n", "requirements.txt": COMPILED}, "b", "==2", "lock-to-remake"),
        ({"requirements.txt": COMPILED}, "a", "==2", "lock-to-remake"),
        ({"requirements.txt": b"a==1 --hash=sha256:aa\n"}, "a", "==2", "hashes-unknown"),
        ({"package.json": HASHED}, "pnpm", "9.0.0", "hashes-unknown"),
        ({"requirements.txt": b"a\n"}, "a", "==2", "nothing-written"),
        ({"vendor/requirements.txt": b"a==1\n"}, "a", "==2", "skipped"),
        ({"requirements.txt": b"a==1\n"}, "a", "==1", "unchanged"),
        ({"requirements.txt": b"a==1\n"}, "a", "==2\nb==3", "unwritable"),
        ({"requirements.txt": b"a==1\n"}, "a", "==\x1b[31m", "unwritable"),
        ({"requirements.txt": b"a==1\n"}, "a", "", "unwritable"),
        ({"requirements.txt": b"# coding: latin-1\na==1\n"}, "a", "==2\u20ac", "unwritable"),
        ({"requirements.txt": b"a==1\n"}, "a", "==2 --hash=x", "reads-otherwise"),
        ({"package.json": b'{"dependencies": {"a": "^1"}}'}, "a", '^2", "b": "1', "reads-otherwise"),
        ({"package.json": b'{"dependencies": {"a": "^1"}}'}, "a", "\\u005e2", "reads-otherwise"),
        ({"package.json": b'{"dependencies": {"a": "\\u005e1"}}'}, "a", "^2", "escaped"),
        ({"compose.yaml": b"services: {a: {image: x:1}}"}, "x", "2}, b: {image: y:1", "reads-otherwise"),
    ],
)  # fmt: skip
def test_what_would_be_a_lie_is_refused_by_name(files: dict[str, bytes], name: str, text: str, reason: str) -> None:
    assert refusal(files, Change(row=rows(files, name)[0], value=text)) == reason


@pytest.mark.parametrize(
    ("files", "name", "text", "said"),
    [
        (
            {"requirements.txt": b"a==1\n"},
            "a",
            "==2 --hash=x",
            "read again, the file says a ==2 where a ==2 --hash=x was wanted",
        ),
        (
            {"package.json": b'{"dependencies": {"a": "^1"}}'},
            "a",
            '^2", "b": "1',
            'read again, the file says a ^2 where a ^2", "b": "1 was wanted',
        ),
        (
            {"requirements.txt": b"a==1\n"},
            "a",
            f"==2 --hash={'x' * 500}",
            f"read again, the file says a ==2 where a ==2 --hash={'x' * 87}\u2026 was wanted",
        ),
    ],
)
def test_what_reads_otherwise_is_told_in_words(files: dict[str, bytes], name: str, text: str, said: str) -> None:
    change = Change(row=rows(files, name)[0], value=text)
    refused = Editor(snapshot(files), ecosystems()).apply([Edit((change,))]).refused
    assert [one.detail for one in refused] == [said]


def test_what_else_reads_otherwise_is_named() -> None:
    (row,) = rows({"requirements.txt": b"a==1\n"}, "a")
    other = replace(row, marker="python_version < '3'")
    assert difference([row], [other], (), ()) == "read again, a ==1 differs in its marker from what was wanted"
    assert difference([row], [], (), ()) == "read again, the file says less where a ==1 was wanted"
    hostile = replace(row, name="b\x1b[31m\nc")
    told = "read again, the file says b [31m c ==1 where nothing more was wanted"
    assert difference([row], [row, hostile], (), ()) == told


def test_a_latin_1_file_stays_one() -> None:
    files = {"requirements.txt": "# coding: latin-1\n# gr\xfc\xdfe\na==1 # \xfc\n".encode("latin-1")}
    (row,) = rows(files, "a")
    new = apply(files, to_version(row, "2", pep440.SCHEME)).files["requirements.txt"]
    assert new == files["requirements.txt"].replace(b"a==1", b"a==2")


def test_the_scheme_writes_the_new_text_in_the_style_of_the_old() -> None:
    files = {"package.json": b'{"dependencies": {"a": "^1.0.0", "b": "~2.1"}}'}
    edits = [to_version(rows(files, name)[0], "3.4.5", npm.SCHEME) for name in "ab"]
    assert apply(files, *edits).files == {"package.json": b'{"dependencies": {"a": "^3.4.5", "b": "~3.4"}}'}


def test_what_no_scheme_can_rewrite_is_refused() -> None:
    files = {"package.json": b'{"dependencies": {"a": "next"}}'}
    with pytest.raises(EditRefusedError) as caught:
        to_version(rows(files, "a")[0], "3.4.5", npm.SCHEME)
    assert caught.value.reason == "no-rewrite"


TEXT = st.text(max_size=12) | st.sampled_from(["==2", "~=1.5", ">=1,<3", "==2 ; x", "==2#", "==2 \\", "; x", " ==2"])


@settings(deadline=None, max_examples=200)
@given(TEXT)
def test_any_text_ends_as_exactly_that_value_or_is_refused(text: str) -> None:
    files = {"requirements.txt": b"x==1\na==1 ; python_version<'3'  # c\ny==1\n"}
    (row,) = rows(files, "a")
    applied = apply(files, Edit((Change(row=row, value=text),)))
    if applied.made:
        after = {entry.name: (entry.value, entry.marker) for entry in rows(dict(applied.files), "a")}
        assert after == {"a": (text, "python_version<'3'")}
        assert len(read_manifests(snapshot(applied.files), ecosystems()).dependencies) == 3
