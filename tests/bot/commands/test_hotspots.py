from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.support.git_server import serve_git
from tests.support.repository import RepositoryBuilder

QUIET = ["--quiet", "--as-of", "2026-11-22"]
ADA, GRACE = "Ada Lovelace <ada@example.org>", "Grace Hopper <grace@example.org>"
BOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
DAYS = ("2025-12-20", "2026-03-10", "2026-07-01", "2026-11-10")


def split(branches: int) -> str:
    """Return a function with so many branches."""
    return "def choose(x):\n" + "".join(f"    if x == {at}:\n        return {at}\n" for at in range(branches))


def shop(folder: Path) -> RepositoryBuilder:
    """Return a repository with one function that grows, one that rests, and a table that changes."""
    made = RepositoryBuilder(folder).write("shop/rest.py", split(30)).commit("Begin", date="2025-10-01")
    for at, day in enumerate(DAYS):
        made.write("shop/choose.py", split(10 + at)).write("shop/table.py", f"AT = {at}\n")
        made.commit(f"Fix {at}", date=day, author=(ADA, GRACE)[at % 2])
    return made.write("shop/choose.py", split(14)).commit("Bump", date="2026-11-11", author=BOT)


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["hotspots", *arguments, "--format", "json", *QUIET]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_function_that_people_change_is_the_hotspot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, str(shop(tmp_path).path))
    (spot,) = found["hotspots"]
    assert (spot["path"], spot["function"], spot["complexity"]) == ("shop/choose.py", "choose", 15)
    assert (spot["revisions"], spot["authors"], spot["fixes"]) == (4, 2, 4)
    assert [row["path"] for row in found["hotspot_files"]] == ["shop/choose.py", "shop/table.py"]
    assert found["history"]["left_out"] == {"bot": 1}
    assert [target["function"] for target in found["targets"]] == ["choose"]
    assert found["skipped"] == []


def test_two_runs_write_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    folder = str(shop(tmp_path).path)
    first, second = document(capsys, folder), document(capsys, folder, "--jobs", "2")
    for found in (first, second):
        del found["timings"]
    assert first == second


def test_the_terminal_names_it_first_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hotspots", str(shop(tmp_path).path), *QUIET]) == 0
    text = capsys.readouterr().out
    assert "choose  shop/choose.py:1" in text
    assert "changed in 4 commits by 2 people in 12 months" in text
    assert "left out: 1 by a bot." in text


def test_since_moves_the_window(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(shop(tmp_path).path)
    assert document(capsys, folder, "--since", "6m")["hotspots"] == []
    (spot,) = document(capsys, folder, "--since", "2y")["hotspots"]
    assert (len(spot["trend"]), spot["revisions"]) == (24, 4)
    history = document(capsys, folder, "--since", "2026-03-10")["history"]
    assert (history["since"], history["commits"]) == ("2026-03-10", 3)
    assert document(capsys, folder, "--since", "2026-03-11")["history"]["commits"] == 2


@pytest.mark.parametrize("text", ["6", "0m", "m", "700m", "yesterday", "2026-13-01", "-6m"])
def test_a_window_that_is_none_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["hotspots", f"--since={text}"])
    assert ended.value.code == 2
    assert "write YYYY-MM-DD, 6m or 2y" in capsys.readouterr().err


def test_a_window_that_has_not_begun_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hotspots", str(tmp_path), "--since", "2027-01-01", *QUIET]) == 2
    assert "is after 2026-11-22" in capsys.readouterr().err
    assert main(["hotspots", str(tmp_path), "--since", "1970-01-01", *QUIET]) == 2
    assert "more than 50 years ago" in capsys.readouterr().err


def test_top_and_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(shop(tmp_path).path)
    assert len(document(capsys, folder, "--top", "1")["hotspot_files"]) == 1
    assert main(["hotspots", folder, "--files", "--top", "0", *QUIET]) == 0
    text = capsys.readouterr().out
    assert text.index("shop/table.py") < text.index("Split this first")


def test_a_number_of_rows_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("-1", "x", "1000001"):
        with pytest.raises(SystemExit):
            main(["hotspots", f"--top={text}"])
        assert "from 0 (all) to 1000000" in capsys.readouterr().err


def test_a_commit_is_read_without_a_checkout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = shop(tmp_path)
    (spot,) = document(capsys, str(made.path), "--commit", "HEAD~1")["hotspots"]
    assert spot["complexity"] == 14


def test_reports_go_to_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(shop(tmp_path / "shop").path)
    target = tmp_path / "hotspots.json"
    assert main(["hotspots", folder, "--output", f"json={target}", "--format", "terminal", *QUIET]) == 0
    said = capsys.readouterr()
    assert json.loads(target.read_text(encoding="utf-8"))["hotspots"]
    assert "Split this first" in said.out
    assert f"wrote {target}" in said.err


def test_an_unknown_format_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hotspots", str(tmp_path), "--format", "sarif", *QUIET]) == 2
    assert "there is no format 'sarif'" in capsys.readouterr().err


def test_code_that_does_not_parse_is_named_and_fails_strict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(shop(tmp_path).write("shop/old.py", "x = 1\nprint 'x'\n").commit("Old", date="2026-11-12").path)
    (skipped,) = document(capsys, folder)["skipped"]
    assert (skipped["path"], skipped["reason"]) == ("shop/old.py", "invalid-syntax")
    assert "line 2" in skipped["detail"]
    assert main(["hotspots", folder, "--strict", *QUIET]) == 4
    said = capsys.readouterr()
    assert "shop/old.py" in said.out
    assert "--strict: 1 thing was skipped" in said.err


def test_a_plain_folder_says_that_hotspots_need_commits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "choose.py").write_text(split(20))
    assert main(["hotspots", str(tmp_path), *QUIET]) == 0
    text = capsys.readouterr().out
    assert "Nothing is known of changes here" in text
    assert "no-history" in text
    assert main(["hotspots", str(tmp_path), "--strict", *QUIET]) == 4


def test_a_folder_that_is_none_is_explained_as_by_scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hotspots", str(tmp_path / "none"), *QUIET]) == 2
    assert "there is no such folder" in capsys.readouterr().err


def test_a_hotspot_that_people_set_aside_is_counted_and_not_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = shop(tmp_path)
    aside = split(14).replace("def choose(x):", "# debtscan: ignore[complexity-hotspot] a table\ndef choose(x):")
    folder = str(made.write("shop/choose.py", aside).commit("Accept", date="2026-11-12").path)
    found = document(capsys, folder)
    assert (found["hotspots"], found["accepted"]) == ([], 1)


def test_who_asks_for_hotspots_gets_them_though_the_rule_is_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "own.toml"
    config.write_text('disabled-rules = ["complexity-hotspot"]\n')
    folder = str(shop(tmp_path / "shop").path)
    assert len(document(capsys, folder, "--config", str(config))["hotspots"]) == 1


def test_manifests_are_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(shop(tmp_path).write("package.json", "{").commit("Broken", date="2026-11-12").path)
    assert document(capsys, folder)["skipped"] == []


def test_a_repository_on_github_is_copied_and_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with serve_git(tmp_path / "git") as host:
        shop(host.repository("octo/demo").path)
        monkeypatch.setenv("GITHUB_SERVER_URL", host.url)
        (spot,) = document(capsys, "octo/demo")["hotspots"]
    assert spot["function"] == "choose"


@pytest.mark.parametrize("form", ["terminal", "json", "markdown"])
def test_hostile_names_of_files_and_people_deceive_nobody(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, author = "a|b`c`\x1b[31m\u202e<b>.py", "<img src=x> | @octocat \u202e <eve@example.org>"
    made = RepositoryBuilder(tmp_path)
    for at, day in enumerate(DAYS):
        made.write(path, split(10 + at)).commit("Fix ::error:: \x1b]0;x\x07", date=day, author=author)
    assert main(["hotspots", str(made.path), "--files", "--format", form, *QUIET]) == 0
    text = capsys.readouterr().out
    assert all(char == "\n" or char.isprintable() for char in text)
    assert not re.search(r"^\s*::", text, re.MULTILINE)
    shown = html.unescape(text) if form == "markdown" else text
    assert "a|b`c`\\x1b[31m\\u202e<b>.py" in shown or form == "json"
    assert form != "markdown" or "<b>" not in text


def test_lines_are_counted_where_that_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(shop(tmp_path).path)
    assert {row["added"] for row in document(capsys, folder)["hotspot_files"]} == {None}
    rows = document(capsys, folder, "--lines")["hotspot_files"]
    assert {row["path"]: (row["added"], row["deleted"]) for row in rows} == {
        "shop/choose.py": (27, 0),
        "shop/table.py": (4, 3),
    }
    assert main(["hotspots", folder, "--lines", "--since", "2026-03-01", *QUIET]) == 0
    text = capsys.readouterr().out
    assert "6 lines added to its file, 0 deleted" in text
    assert "+3 −3" in text


def test_lines_that_git_cannot_count_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = shop(tmp_path / "shop")
    made.git("config", "uploadpack.allowFilter", "true")
    copy = tmp_path / "copy"
    RepositoryBuilder(tmp_path).git("clone", "--quiet", "--filter=blob:none", made.path.as_uri(), str(copy))
    RepositoryBuilder(copy).git("remote", "set-url", "origin", str(tmp_path / "gone"))
    found = document(capsys, str(copy), "--lines")
    assert {row["added"] for row in found["hotspot_files"]} == {None}
    assert "old contents are not in this clone" in " ".join(entry["detail"] for entry in found["skipped"])
