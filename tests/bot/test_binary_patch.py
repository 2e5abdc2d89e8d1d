"""Binary patches, with git as the judge."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.binary_patch import binary
from bot.diff import unified

SHA_256 = "0" * 64


def apply(folder: Path, diff: bytes, *flags: str) -> None:
    command = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", *flags, "-"]
    subprocess.run(command, cwd=folder, input=diff, check=True, timeout=60)


@settings(deadline=None, max_examples=25)
@given(st.binary(max_size=400), st.binary(max_size=400))
def test_git_applies_and_takes_back_whatever_the_bytes(
    tmp_path_factory: pytest.TempPathFactory, before: bytes, after: bytes
) -> None:
    folder = tmp_path_factory.mktemp("patch")
    old, new = b"\0" + before, b"\0" + after
    (folder / "file").write_bytes(old)
    patch = binary("file", old, new, None)
    assert bool(patch) == (old != new)
    if patch:
        apply(folder, patch)
        assert (folder / "file").read_bytes() == new
        apply(folder, patch, "--reverse")
    assert (folder / "file").read_bytes() == old


@pytest.mark.parametrize(("form", "commit"), [("sha1", "0" * 40), ("sha1", None), ("sha256", SHA_256)])
def test_git_applies_it_among_others_in_a_repository_of_either_kind(
    form: str, commit: str | None, tmp_path: Path
) -> None:
    subprocess.run(["git", "init", "-q", f"--object-format={form}"], cwd=tmp_path, check=True, timeout=60)
    name, old, new = 'a "b".txt', "web==1.0\n+++ b/x\n", "web==2.0\n--- a/x\n@@ -1 +1 @@\n"
    (tmp_path / name).write_bytes(old.encode("utf-16"))
    (tmp_path / "first").write_bytes(b"one")
    (tmp_path / "last").write_bytes(b"one\n")
    patches = (
        unified("first", b"one", b"two"),
        binary(name, old.encode("utf-16"), new.encode("utf-16"), commit),
        unified("last", b"one\n", b"two\n"),
    )
    apply(tmp_path, b"".join(patches))
    assert (tmp_path / name).read_bytes().decode("utf-16") == new
    assert [(tmp_path / other).read_bytes() for other in ("first", "last")] == [b"two", b"two\n"]


def test_what_changes_is_said_in_words_that_are_no_patch() -> None:
    old, new = "a\n--- b\nc\n", "a\nd\nc\n"
    said = binary("x", old.encode("utf-16-le"), new.encode("utf-16-le"), None).partition(b"diff --git")[0]
    assert said == b""  # without a mark nobody knows the encoding
    marked = binary("x", old.encode("utf-16"), new.encode("utf-16"), None).partition(b"diff --git")[0]
    assert marked.decode().splitlines() == [
        "# in utf-16-le, which git takes for binary; what changes is:",
        "# ---- b",
        "# +d",
    ]
