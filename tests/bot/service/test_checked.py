from __future__ import annotations

from bot.service.checked import doubtful, failed, lines, ok


def test_each_thing_has_a_line_its_remedy_another_and_the_end_counts() -> None:
    found = [
        ok("disk", "9 MiB"),
        doubtful("clock", "20 s apart", "set it"),
        failed("key", "none\x1b[2J"),
        ok("git", "2.40"),
    ]
    assert list(lines(iter(found))) == [
        "ok        disk          9 MiB",
        "doubtful  clock         20 s apart",
        "                        → set it",
        "failed    key           none\\x1b[2J",
        "ok        git           2.40",
        "2 ok, 1 doubtful, 1 failed",
    ]
