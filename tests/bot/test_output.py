"""Where results go."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.errors import UsageError
from bot.output import Target, plan, write

KNOWN = {"terminal": ".txt", "json": ".json", "html": ".html", "sarif": ".sarif", "cyclonedx": ".json"}


@pytest.mark.parametrize(
    ("formats", "outputs", "expected"),
    [
        ((), (), [Target("terminal", None)]),
        (("json",), (), [Target("json", None)]),
        (("json",), ("out.txt",), [Target("json", Path("out.txt"))]),
        (("terminal",), ("html=a.html",), [Target("html", Path("a.html")), Target("terminal", None)]),
        ((), ("a.html",), [Target("html", Path("a.html"))]),
        (
            ("terminal", "sarif"),
            ("sarif=a=b.sarif",),
            [Target("sarif", Path("a=b.sarif")), Target("terminal", None)],
        ),
        (("json", "html"), ("a.html", "b.json"), [Target("html", Path("a.html")), Target("json", Path("b.json"))]),
    ],
)
def test_formats_and_files_are_paired(
    formats: tuple[str, ...], outputs: tuple[str, ...], expected: list[Target]
) -> None:
    assert list(plan(formats, outputs, KNOWN)) == expected


@pytest.mark.parametrize(
    ("formats", "outputs", "message"),
    [
        (("nope",), (), "no format 'nope'"),
        (("json", "sarif"), (), "only one format can go to standard output"),
        ((), ("report.json",), "which format"),
        ((), ("report",), "which format"),
        ((), ("html=",), "names no file"),
        (("json",), ("",), "names no file"),
    ],
)
def test_what_cannot_be_paired_is_an_error_with_a_remedy(
    formats: tuple[str, ...], outputs: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        plan(formats, outputs, KNOWN)


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("old")
    write(Target("json", target), "new\n")
    assert target.read_text() == "new\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write(Target("json", tmp_path / "nowhere" / "report.json"), "x")
