"""An installation's own templates: what they change, what they cannot, and that a wrong one ends a run at its start."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands._templates import installed
from bot.posts import boxes
from bot.posts.boxes import Wish
from bot.report import rollup_markdown
from bot.report.history import render_markdown
from bot.upgrade import marker
from tests.support.checked import Opening, run
from tests.support.entries import entry_of
from tests.support.repository import RepositoryBuilder
from tests.support.rollups import organisation

SETTINGS = """\
[upgrades]
group-kinds = []
open-limit = 1
[posts]
dashboard = true
check-run = false
"""
MINE = "Mine: grade B, 83.3 of 100\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "our templates"
    made.mkdir()
    return made


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    made = tmp_path / "shop"
    RepositoryBuilder(made).write("Dockerfile", "FROM debian:8\n").commit(date="2026-11-01")
    return made


def _scan(shop: Path, *arguments: str) -> int:
    return main(
        [
            "scan",
            str(shop),
            "--offline",
            "--as-of",
            "2026-11-22",
            "--quiet",
            "--jobs",
            "1",
            "--format",
            "markdown",
            *arguments,
        ]
    )


def test_a_report_is_drawn_by_ours_unless_the_folder_has_its_own(
    shop: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _scan(shop) == 0
    ours = capsys.readouterr().out
    monkeypatch.setenv("DEBTSCAN_TEMPLATES", str(folder))
    assert _scan(shop) == 0
    assert capsys.readouterr().out == ours
    (folder / "report.md.j2").write_text("Mine: {{ headline }}\n", encoding="utf-8")
    assert _scan(shop) == 0
    assert capsys.readouterr().out == MINE
    monkeypatch.delenv("DEBTSCAN_TEMPLATES")
    assert _scan(shop) == 0
    assert capsys.readouterr().out == ours
    monkeypatch.chdir(folder.parent)
    assert _scan(shop, "--templates", folder.name) == 0
    assert capsys.readouterr().out == MINE


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "report.md.j2",
            "a\n{{ headlin }}",
            "report.md.j2:2: 'headlin' is undefined. The values there are: ",
        ),
        ("report.md.j2", "{% for one in findings %}\n{{ one.titel }}{% endfor %}", "report.md.j2:2: "),
        ("dashboard.md.j2", "{% if %}", "dashboard.md.j2:1: Expected an expression"),
        ("dashboard.md.j2", "<!-- x -->", "dashboard.md.j2:1: hidden comments are debtscan's own marks"),
        ("change.md.j2", "\n{{ 'a' * 10 ** 12 }}", "change.md.j2:2: takes more than 10 s or 512 MiB"),
        ("report.html.j2", "", "is no template that can be replaced; these are: dashboard.md.j2, "),
        ("comment.md.j2", "a" * 300_000, "is no file of at most 262,144 bytes"),
        ("comment.md.j2", "\udcff", "cannot be read as UTF-8 text"),
    ],
)
def test_what_is_wrong_ends_it_before_anything_is_scanned(
    shop: Path, folder: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    (folder / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    assert _scan(shop, "--templates", str(folder)) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert "Traceback" not in told.err


def test_a_scanned_repository_has_no_templates(shop: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "templates").mkdir()
    (shop / "link").symlink_to(folder)
    inside = shop / "src"
    inside.mkdir()
    (folder / "in").symlink_to(shop / "templates")
    for named in (shop / "templates", shop / "link", folder / "in"):
        assert _scan(inside, "--templates", str(named)) == 2
        assert "must not lie in the repository that is scanned" in capsys.readouterr().err
    assert _scan(shop, "--templates", str(folder / "missing")) == 2
    assert "cannot be read as a folder of templates" in capsys.readouterr().err


def test_posts_keep_their_marks_and_only_the_boxes_that_are_drawn(
    opening: Opening, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "pull-request.md.j2").write_text(
        "Ours: {% for move in moves %}{{ move.name }}{% endfor %}\n\n", encoding="utf-8"
    )
    (folder / "dashboard.md.j2").write_text("Ours\n\n{{ refresh }} anew\n", encoding="utf-8")
    monkeypatch.setenv("DEBTSCAN_TEMPLATES", str(folder))
    repository = opening(SETTINGS, names=("ant", "bee"))
    run(capsys)
    (pull,) = repository.pulls
    assert (pull.body or "").startswith("Ours: ant\n<!-- debtscan: ")
    assert marker.parse(pull.body or "")
    (issue,) = repository.issues
    body = issue.body or ""
    assert body.startswith("Ours\n\n- [ ] <!-- debtscan:box=refresh/ --> anew\n<!-- debtscan-dashboard: ")
    assert boxes.wishes(body.replace("- [ ]", "- [x]")) == {Wish("refresh")}
    found = boxes.parse(body)
    assert found
    assert found.boxes == {Wish("refresh").mark}
    before = len(opening.github.writes)
    run(capsys)
    assert opening.github.writes[before:] == []


def test_a_wrong_template_ends_a_run_before_github_is_asked(
    opening: Opening, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pull-request.md.j2").write_text("{{ upgrade.titel }}", encoding="utf-8")
    opening(SETTINGS, names=("ant",))
    before = len(opening.github.requests)
    assert main(["run", "acme/shop", "--templates", str(folder)]) == 2
    told = capsys.readouterr().err
    assert "pull-request.md.j2:1: " in told
    assert "has no attribute 'titel'; it has id, branch, title, moves" in told
    assert len(opening.github.requests) == before


def test_what_is_too_long_at_its_shortest_is_told_and_not_posted(
    opening: Opening, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "dashboard.md.j2").write_text("a" * 70_000, encoding="utf-8")
    monkeypatch.setenv("DEBTSCAN_TEMPLATES", str(folder))
    repository = opening(SETTINGS, names=("ant",))
    assert main(["run", "acme/shop", "--quiet"]) != 0
    assert "dashboard.md.j2: draws 70," in " ".join(capsys.readouterr().out.split())
    assert not repository.issues


def test_the_table_of_the_history_is_replaced_as_well(tmp_path: Path) -> None:
    entry = entry_of(date(2026, 11, 26))
    before = render_markdown("acme/shop", [entry])
    (tmp_path / "history.md.j2").write_text("{{ repository }}: {{ rows | length }} of ours\n")
    with installed(str(tmp_path)):
        assert render_markdown("acme/shop", [entry]) == "acme/shop: 1 of ours\n"
    assert render_markdown("acme/shop", [entry]) == before


def test_the_roll_up_in_markdown_is_replaced_as_well(tmp_path: Path) -> None:
    (tmp_path / "roll-up.md.j2").write_text("{{ title }}: {{ names(['a/b']) }} {{ rolled.members | length }}\n")
    rolled = organisation(3)
    with installed(str(tmp_path)):
        told = rollup_markdown.render(rolled)
    assert told.endswith(f"<code>a/b</code> {len(rolled.members)}\n")
    assert rollup_markdown.render(rolled).startswith("## Technical debt")


def test_the_hotspots_can_be_drawn_with_an_own_template(
    shop: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "hotspots.md.j2").write_text("Mine: {{ count(report.functions | length, 'hotspot') }}, {{ commits }}\n")
    command = ["hotspots", str(shop), "--quiet", "--as-of", "2026-11-22", "--format", "markdown"]
    assert main([*command, "--templates", str(folder)]) == 0
    assert capsys.readouterr().out == "Mine: 0 hotspots, 1 commit from 2025-11-23 to 2026-11-22 counts.\n"
