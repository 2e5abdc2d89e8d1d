from __future__ import annotations

import pytest

from analyzers.ecosystems.github_actions.reader import read_action, read_workflow
from analyzers.model.inventory import Observation
from analyzers.syntax.text import SourceText


def observed(script: str, shell: str = "") -> list[tuple[str, int, int]]:
    """Return (name, line and column in the script) of each command found in a block of its own."""
    step = "".join(f"          {line}\n" for line in script.split("\n"))
    text = f"jobs:\n  a:\n    steps:\n      - shell: {shell or 'bash'}\n        run: |\n{step}"
    found = read_workflow(SourceText("w.yml", text)).observations
    for entry in found:
        assert text.encode()[entry.place.start : entry.place.end].decode().lower() == f"::{entry.name}"
    return [(entry.name, entry.place.line - 5, entry.place.column - 10) for entry in found]


@pytest.mark.parametrize(
    ("script", "shell", "name"),
    [
        ('echo "::set-output name=a::b"', "", "set-output"),
        ("echo '::save-state name=a::b'", "", "save-state"),
        ("echo ::set-env name=A::b", "", "set-env"),
        ("echo ::add-path::/x", "", "add-path"),
        ("echo -n ::set-output name=a::b", "", "set-output"),
        ('printf "::set-output name=a::%s\\n" "$x"', "", "set-output"),
        ('printf "first\\n::set-output name=a::b"', "", "set-output"),
        ("printf '%s\\n' '::set-output name=a::b'", "", "set-output"),
        ('test -f x && echo "::set-output name=a::b"', "", "set-output"),
        ('if x; then echo "::set-output name=a::b"; fi', "", "set-output"),
        ('x | while read l; do echo "::set-output name=a::$l"; done', "", "set-output"),
        ("python -c 'print(\"::set-output name=a::b\")'", "", "set-output"),
        ("print(f'::set-output name=a::{b}')", "python", "set-output"),
        ('Write-Host "::set-output name=a::b"', "pwsh", "set-output"),
        ("Write-Output ::set-output name=a::b", "powershell", "set-output"),
        ('"::set-output name=a::$b"', "pwsh", "set-output"),
        ("@echo ::set-output name=a::b", "cmd", "set-output"),
        ("echo ::set-output name=a::b", "cmd", "set-output"),
        ('node -e "console.log(`::set-output name=a::b`)"', "", "set-output"),
        ('ECHO "::SET-OUTPUT NAME=a::b"', "", "set-output"),
        ("cat <<EOF\n::set-output name=a::b\nEOF", "", "set-output"),
        ("echo '\n  ::set-output name=a::b'", "", "set-output"),
        ('echo "::set-output name=a::$(cat x) # y"', "", "set-output"),
    ],
)
def test_a_printed_command_is_found(script: str, shell: str, name: str) -> None:
    assert [entry[0] for entry in observed(script, shell)] == [name]


@pytest.mark.parametrize(
    ("script", "shell"),
    [
        ("# echo '::set-output name=a::b'", ""),
        ("true # echo ::set-output name=a::b", ""),
        ("echo it is # '::set-output name=a::b'", ""),
        (":: echo ::set-output name=a::b", "cmd"),
        ("::set-output name=a::b", "cmd"),
        ("REM echo ::set-output name=a::b", "cmd"),
        ("grep -q '::set-output name=' x", ""),
        ("if ! git grep '::set-output name='; then exit 1; fi", ""),
        ("cat x | grep '::set-output name='", ""),
        ("sed -i 's/::set-output name=//' x", ""),
        ("echo 'do not print ::set-output name=a::b'", ""),
        ("echo '::set-output'", ""),
        ("echo '::set-outputs name=a::b'", ""),
        ("echo '::notice::text'", ""),
        ("echo '::add-path is gone'", ""),
        ('echo "a=b" >> "$GITHUB_OUTPUT"', ""),
    ],
)
def test_what_is_not_printed_is_no_command(script: str, shell: str) -> None:
    assert observed(script, shell) == []


def test_each_command_stands_at_its_own_line_and_column() -> None:
    script = 'echo one\n  echo "::set-output name=ü::1"; echo "::save-state name=b::2"\n\necho ::add-path::/x'
    line = script.split("\n")[1]
    assert observed(script) == [
        ("set-output", 2, line.index("::set-output") + 1),
        ("save-state", 2, line.index("::save-state") + 1),
        ("add-path", 4, 6),
    ]


@pytest.mark.parametrize(
    ("run", "column"),
    [
        ('run: echo "::set-output name=a::b"', 18),
        ("run: 'echo \"::set-output name=a::b\"'", 19),
        ('run: "echo \\"::set-output name=a::b\\""', 20),
    ],
)
def test_a_command_in_a_plain_or_quoted_scalar_is_found(run: str, column: int) -> None:
    text = f"jobs:\n  a:\n    steps:\n    - {run}\n"
    (found,) = read_workflow(SourceText("w.yml", text)).observations
    assert (found.place.line, found.place.column) == (4, column)
    assert text[found.place.start : found.place.end] == "::set-output"


def test_windows_line_ends_do_not_move_a_command() -> None:
    text = "jobs:\r\n  a:\r\n    steps:\r\n    - run: |\r\n        true\r\n        echo ::add-path::x\r\n"
    (found,) = read_workflow(SourceText("w.yml", text)).observations
    assert (found.place.line, found.place.column, found.text) == (6, 14, "echo ::add-path::x")


@pytest.mark.parametrize("where", ["workflow", "job", "step"])
def test_the_shell_may_be_a_default(where: str) -> None:
    default = "defaults: {run: {shell: cmd}}\n"
    text = (
        (default if where == "workflow" else "")
        + "jobs:\n  a:\n"
        + (f"    {default}" if where == "job" else "")
        + "    steps:\n    - run: '::set-output name=a::b'\n"
        + ("      shell: cmd\n" if where == "step" else "")
    )
    assert read_workflow(SourceText("w.yml", text)).observations == ()


def test_steps_of_an_action_are_read_too() -> None:
    text = "runs:\n  using: composite\n  steps:\n  - run: echo ::set-output name=a::b\n    shell: bash\n"
    found = read_action(SourceText("action.yml", text)).observations
    assert [(entry.kind, entry.name) for entry in found] == [
        ("action-runtime", "composite"),
        ("workflow-command", "set-output"),
    ]
    assert all(isinstance(entry, Observation) for entry in found)
