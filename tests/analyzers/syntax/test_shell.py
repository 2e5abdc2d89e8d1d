from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.syntax.shell import without_comments
from tests.support.pace import allowed


@pytest.mark.parametrize(
    ("script", "code", "shell"),
    [
        ("echo a # b", "echo a ", "bash"),
        ("# all of it", "", "bash"),
        ("echo '# text'", "echo '# text'", "bash"),
        ('echo "# text" # b', 'echo "# text" ', "bash"),
        ("echo a#b ${#x} $#", "echo a#b ${#x} $#", "bash"),
        ("a;# b", "a;", "bash"),
        (r"echo \# a", r"echo \# a", "bash"),
        (r'echo "a\"# b"', r'echo "a\"# b"', "bash"),
        (r"echo 'a\' # b", r"echo 'a\' ", "bash"),
        ("echo 'a\n# text\nb' # c", "echo 'a\n# text\nb' ", "bash"),
        ("cat <<EOF\nit's\n# text\nEOF\n# comment", "cat <<EOF\nit's\n# text\nEOF\n", "bash"),
        ("cat <<-'END' | x\n\t# text\n\tEND\na # b", "cat <<-'END' | x\n\t# text\n\tEND\na ", "bash"),
        ("read <<< word\n# b", "read <<< word\n", "bash"),
        ("echo '<<EOF'\n# b", "echo '<<EOF'\n", "bash"),
        ("x=$((1 << n))\n# b\nn", "x=$((1 << n))\n\nn", "bash"),
        ("x = 1 << n\n# b", "x = 1 << n\n", "python"),
        ("# don't\n# b", "\n", "bash"),
        ('Write-Host "C:\\" # b', 'Write-Host "C:\\" ', "pwsh"),
        ('Write-Host "a`"# b"', 'Write-Host "a`"# b"', "powershell"),
        ("print('a') # b", "print('a') ", "python"),
        ("REM a\n:: b\n@rem c\nremove d\necho # e", "\n\n\nremove d\necho # e", "cmd"),
        ("echo don't\n:: b", "echo don't\n", "cmd"),
        ("", "", "bash"),
    ],
)
def test_a_line_ends_where_its_comment_begins(script: str, code: str, shell: str) -> None:
    assert list(without_comments(script.split("\n"), shell)) == code.split("\n")


@given(st.lists(st.text("a #'\"\\<EOF\t;", max_size=12), max_size=8), st.sampled_from(["bash", "cmd", "pwsh"]))
@settings(deadline=None, max_examples=200)
def test_every_line_is_answered_by_its_beginning(lines: list[str], shell: str) -> None:
    found = list(without_comments(lines, shell))
    assert len(found) == len(lines)
    assert all(line.startswith(code) for line, code in zip(lines, found, strict=True))


@pytest.mark.parametrize("text", ["<<" * 200_000, "<<-" + " " * 400_000, "'\"" * 200_000, "# " * 200_000])
def test_long_lines_take_no_longer_than_they_are(text: str) -> None:
    begun = time.process_time()
    list(without_comments([text, text]))
    assert time.process_time() - begun < allowed(5)
