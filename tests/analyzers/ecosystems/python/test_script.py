"""Scripts that state their own requirements."""

from __future__ import annotations

import time

import pytest

from analyzers.ecosystems.python._files import may_be_script as matches
from analyzers.ecosystems.python._files import opens_block as sniff
from analyzers.errors import InvalidSyntaxError
from tests.support.pace import allowed
from tests.support.python_files import FIXTURES, read, read_fixture, row

CONTENT = (FIXTURES / "script/tool.py").read_bytes()
SCRIPT = read("tool.py", CONTENT)
BLOCK = '# /// script\n# dependencies = ["{}==1.0"]\n# ///\n'


@pytest.mark.parametrize(
    ("name", "value", "reason", "direct"),
    [
        ("requests", "<3", None, True),
        ("rich", None, None, True),
        ("fork", "v1.0", "version-control", True),
        ("idna", "<4", None, False),
    ],
)
def test_the_block_is_read_where_it_stands(name: str, value: str | None, reason: str | None, direct: bool) -> None:
    found = row(SCRIPT, name)
    assert (found.value, found.skip_reason, found.direct) == (value, reason, direct)
    assert CONTENT[found.place.start : found.place.end].decode() == (value or "")


def test_its_python_and_indexes_are_told() -> None:
    assert SCRIPT.manifest is not None
    assert SCRIPT.manifest.runtime == ">=3.11"
    assert row(SCRIPT, "python").kind == "requires-python"
    assert [seen.name for seen in SCRIPT.observations] == ["https://packages.example.org/simple"]


def test_the_lock_beside_a_script_resolves_it() -> None:
    readings = read_fixture("script")
    assert row(readings["tool.py"], "requests").locked_version == "2.31.0"
    manifest = readings["tool.py"].manifest
    assert manifest is not None
    assert (manifest.lockfile, manifest.application) == ("tool.py.lock", True)
    assert [found.name for found in readings["tool.py.lock"].dependencies] == ["idna"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (BLOCK.format("a"), ["a"]),
        (BLOCK.format("a").replace("\n", "\r\n"), ["a"]),
        ("#!x\n\n" + BLOCK.format("a") + "\n# /// other\n# b = 1\n# ///\n", ["a"]),
        ("# /// script\n# dependencies = ['a']\n", []),
        ("# /// script\n#dependencies = ['a']\n# ///\n", []),
        ("# /// script\nx = 1\n# ///\n", []),
        ("# /// script\n# ///\n", []),
        ("# /// script\n# dependencies = ['a']\n# ///\n# ///\n", None),
        (f'X = """\n{BLOCK.format("b")}"""\n', []),
        (BLOCK.format("a") + f"X = '''\n{BLOCK.format('b')}'''\n", ["a"]),
    ],
)
def test_blocks_are_found_as_the_standard_says(text: str, names: list[str] | None) -> None:
    if names is None:
        with pytest.raises(InvalidSyntaxError):
            read("x.py", text)
    else:
        assert [found.name for found in read("x.py", text).dependencies] == names


def test_a_second_block_is_an_error() -> None:
    with pytest.raises(InvalidSyntaxError) as raised:
        read("x.py", BLOCK.format("a") + "\n" + BLOCK.format("b"))
    assert raised.value.line == 6


def test_an_error_names_the_line_of_the_file() -> None:
    with pytest.raises(InvalidSyntaxError) as raised:
        read("x.py", "import a\n\n# /// script\n# dependencies = [\n# x\n# ///\n")
    assert raised.value.line is not None
    assert raised.value.line >= 4


def test_few_files_are_opened_for_good() -> None:
    assert matches("a/b.py")
    assert not matches("setup.py")
    assert not matches("a.pyi")
    assert sniff(CONTENT)
    assert sniff(b"x\r\n# /// script\r\n")
    assert not sniff(b"'# /// script'")


def test_many_blocks_and_strings_take_linear_time() -> None:
    text = f"X = '''\n{BLOCK.format('b')}'''\n" * 5000
    begun = time.process_time()
    assert not read("x.py", text).dependencies
    assert time.process_time() - begun < allowed(5)
