from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from analyzers import readings as module
from analyzers.look_up import sources
from analyzers.model.advisory import Advisories, Advisory, AdvisoryIds, AffectedRange, Event
from analyzers.model.facts import (
    ActionDefinition,
    Answer,
    Cycle,
    GitRefs,
    HostedRepository,
    ImageManifest,
    ImageTags,
    Known,
    Lifecycle,
    Package,
    ProjectPage,
    Release,
    ReleaseNote,
    ReleaseNotes,
    Unknown,
)
from analyzers.model.question import Question
from analyzers.readings import READERS, Readings, reader_files, revision

DAY = date(2026, 3, 4)
RELEASES = (
    Release("1.0", DAY, "", None, ">=3.9", ("cp312", "cp38-abi3")),
    Release("2.0", None, None, "no longer", None, (), prerelease=True),
)
CYCLE = Cycle("3.9", DAY, None, DAY, "noble", "3.9.1", lts=True, ended=True, lts_from=DAY)
ADVISORY = Advisory(
    id="GHSA-1",
    aliases=("CVE-1",),
    level="high",
    score=7.5,
    published=DAY,
    ranges=(AffectedRange((Event("introduced", "0"), Event("fixed", "2.0"))),),
    versions=("1.0",),
)
ANSWERS: dict[str, Answer] = {
    "pypi": Known(Package("demo", RELEASES, "archived", "gone", None, None, "https://files.example/a.metadata")),
    "npm": Known(Package("demo", (), newest="2.0", repository="github:a/b"), known_since=DAY, bundled=True),
    "pypi-project": Known(ProjectPage("demo", "https://github.com/a/b", ("Topic :: Demo",))),
    "oci-tags": Known(ImageTags("demo", ("1", "2"))),
    "oci-manifest": Known(ImageManifest("demo", "sha256:1", ("linux/amd64",), DAY, ("sha256:2",), "base", "sha256:3")),
    "git-refs": Known(GitRefs("https://git.example/a", {"v1": "abc"}, {"main": "def"}, "main")),
    "action": Known(ActionDefinition("a/b@v1", "composite", ("c/d@v2",), or_older=True)),
    "github-repository": Known(HostedRepository("a/b", archived=True, moved_to="c/d", pushed=DAY, open_issues=3)),
    "github-release-notes": Known(
        ReleaseNotes("a/b", (ReleaseNote("v1", DAY, "Mends *all*"), ReleaseNote("v0", None, "")))
    ),
    "lifecycle": Known(Lifecycle("python", (CYCLE,), "endoflife.date", DAY)),
    "osv": Known(AdvisoryIds("demo", "1.0", ("GHSA-1",))),
    "osv-advisories": Known(Advisories("demo", (ADVISORY,))),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_the_same_after_packing(name: str) -> None:
    answers = (ANSWERS[name], Unknown("not-found", "gone"))
    asked = Question(name, "demo"), Question(name, "other")
    reader = Readings({})
    source = sources()[name]
    assert reader.unpack(source, asked, reader.pack(answers)) == dict(zip(asked, answers, strict=True))


def test_every_kind_of_value_is_tried_here() -> None:
    assert {source.value for source in sources().values()} == {sources()[name].value for name in ANSWERS}


@pytest.mark.parametrize("damage", [lambda packed: packed[:-9], lambda packed: b"no" + packed, lambda _packed: b""])
def test_what_is_damaged_is_not_unpacked(damage: Callable[[bytes], bytes]) -> None:
    reader = Readings({})
    asked = [Question("npm", "demo")]
    packed = reader.pack([ANSWERS["npm"]])
    assert reader.unpack(sources()["npm"], asked, damage(packed)) is None


def test_answers_that_do_not_fit_the_questions_are_not_unpacked() -> None:
    reader = Readings({})
    asked = [Question("npm", "a"), Question("npm", "b")]
    assert reader.unpack(sources()["npm"], asked, reader.pack([ANSWERS["npm"]])) is None
    assert reader.unpack(sources()["npm"], asked[:1], reader.pack([ANSWERS["lifecycle"]])) is None


def test_a_name_holds_all_that_decides_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    question = Question("npm", "a")
    names = [
        Readings(addresses).name(asked)
        for addresses in ({}, {"npm": "https://npm.example"})
        for asked in ([question], [Question("npm", "b")], [Question("npm", "a", "https://x.example")], [question] * 2)
    ]
    monkeypatch.setattr(module, "revision", lambda: b"another")
    names.append(Readings({}).name([question]))
    assert len(set(names)) == len(names) == 9
    assert Readings({}).name([question]) == Readings({}).name([question])


def test_code_that_cannot_be_told_apart_gives_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "revision", lambda: b"")
    assert Readings({}).name([Question("npm", "a")]) == b""


def test_other_code_is_another_revision(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = revision()
    changed = tmp_path / "pypi.py"
    changed.write_text("# another")
    monkeypatch.setattr(module, "reader_files", lambda: [changed])
    revision.cache_clear()
    other = revision()
    monkeypatch.setattr(module, "reader_files", lambda: [tmp_path / "not there"])
    revision.cache_clear()
    assert revision() == b""
    revision.cache_clear()
    assert len({before, other}) == 2


def test_sources_import_nothing_that_the_revision_leaves_out() -> None:
    allowed = tuple(f"analyzers.{name.removesuffix('.py')}" for name in READERS)
    files = reader_files()
    assert {"pypi.py", "facts.py", "yaml.py", "npm.py", "errors.py"} <= {file.name for file in files}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, file
                base = node.module or ""
                names = [f"{base}.{alias.name}" for alias in node.names] if base == "analyzers" else [base]
            for name in names:
                assert not name.startswith("analyzers") or name.startswith(allowed), (file, name)
