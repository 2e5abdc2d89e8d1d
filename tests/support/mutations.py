"""Mutations of files: of their bytes, their lines, their words, and of two files into one."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence

import yaml

LARGEST = 64 * 1024
_WORD = re.compile(rb"[A-Za-z0-9_.@:/^~<>=*-]+|[^\sA-Za-z0-9]")
_DICTIONARY = tuple(
    word.encode()
    for word in (
        *("\0", "\r", "\r\n", "\n", "\t", "\\", "\\\n", "\\u0041", "\u00fc", "\u2028", "\u202e", "\U0001f600"),
        *('"', "'", '"""', "'''", "`", "#", "//", "/*", "*/", "<!--", "-->", "<![CDATA[", "]]>", "---\n", "...\n"),
        *("[", "]", "{", "}", "(", ")", "<", ">", "</", "&", "&a ", "*a ", "<<: ", "!!binary ", "|\n", ">-\n", "? "),
        *("${", "${{", "{{", "}}", "{%", "%}", "$(", "<%", "@", ":", "=", "==", ">=", "~=", "^", "||", " - ", ","),
        *("0", "-1", "1.0", "v1", "999999999999999999999", "1e9", "true", "null", "latest", "1.2.3-rc.1+b", "*"),
        *("npm:", "file:", "git+https://", "../../", "/", "http://", "docker://", "workspace:", "catalog:"),
        *("sha256:" + "a" * 64, "a" * 40, "--hash=", "-r ", "-e ", "# syntax=", "FROM ", "ARG ", "uses: ", "image: "),
        *("&lt;", "&#x41;", "<!DOCTYPE a [", "<!ENTITY a 'b'>", "%25", "\ufeff"),
    )
)
_ASSIGNED = re.compile(rb"(?m)^[ \t-]*[\w.\"'@/-]+[ \t]*[=:][ \t]*([^\r\n]+)$")
_VALUES = tuple(
    value.encode()
    for value in (
        *(
            '"x"',
            '""',
            "'x'",
            "1",
            "-1.5",
            "true",
            "null",
            "[]",
            "{}",
            '["a", 1]',
            '["a", "b"]',
            '{ a = "b" }',
            "~",
            "&a x",
        ),
        *(
            '{"a": 1}',
            '"""a\nb"""',
            "[[1]]",
            "2020-01-01",
            "|",
            ">-",
            "*a",
            "!!str 1",
            "<<EOF\na\nEOF",
            '"a\\u00e9"',
            "inf",
        ),
        *('{ version = "1", git = "x" }', '">=1,<2"', '"^1 || ^2"', '"v1.0"', '"1.0 # x"', '"${x}"', "x${y}z", '"\\""'),
    )
)
_NODES: tuple[object, ...] = (
    *(
        None,
        True,
        0,
        -1,
        1.5,
        10**30,
        "",
        "x",
        "1.0",
        "^1.0.0",
        ">=1,<2",
        "v1",
        " 1 ",
        "a\nb",
        "\u00fc\u2028",
        "../x",
        "*",
    ),
    *(
        [],
        {},
        [None],
        {"version": 1},
        {"": ""},
        ["a", {"b": []}],
        "npm:a@1",
        "workspace:*",
        "${x}",
        "x@sha256:" + "a" * 64,
    ),
)
_NAMES = ("", "version", "name", "image", "uses", "dependencies", "ref", "tag", "\u00fc", "a b", "0", "__proto__", "<<")
_LARGEST_TREE = 8000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LANGUAGES: tuple[tuple[Callable[[bytes], object], Callable[[object], str]], ...] = (
    (json.loads, lambda tree: json.dumps(tree, indent=2, ensure_ascii=False)),
    (
        lambda content: yaml.load(content, _LOADER),  # noqa: S506 - a safe loader
        lambda tree: str(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)),
    ),
)
Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def _span(dice: random.Random, content: bytes, most: int = 400) -> tuple[int, int]:
    start = dice.randrange(len(content) + 1)
    return start, min(len(content), start + dice.randrange(1, most))


def _flip(dice: random.Random, content: bytes, _others: Sequence[bytes]) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.randrange(1, 4) if content else 0):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _delete(dice: random.Random, content: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(dice, content)
    return content[:start] + content[end:]


def _repeat(dice: random.Random, content: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(dice, content, 60)
    return content[:end] + content[start:end] * dice.choice((1, 2, 10, 100, 2000)) + content[end:]


def _insert(dice: random.Random, content: bytes, _others: Sequence[bytes]) -> bytes:
    start = dice.randrange(len(content) + 1)
    return content[:start] + dice.choice(_DICTIONARY) * dice.choice((1, 1, 1, 2, 50)) + content[start:]


def _replace_word(dice: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    words = list(_WORD.finditer(content))
    if not words:
        return _insert(dice, content, others)
    word = dice.choice(words)
    new = dice.choice((dice.choice(_DICTIONARY), dice.choice(words)[0], b"", word[0] * 2))
    return content[: word.start()] + new + content[word.end() :]


def _lines(dice: random.Random, content: bytes, _others: Sequence[bytes]) -> bytes:
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    at, to = dice.randrange(len(lines)), dice.randrange(len(lines))
    act = dice.randrange(4)
    if act == 0:
        lines.insert(to, lines[at])
    elif act == 1:
        lines[at], lines[to] = lines[to], lines[at]
    elif act == 2:
        lines[at] = dice.choice((b" ", b"  ", b"\t", b"- ")) + lines[at]
    else:
        lines[at] = lines[at].lstrip(b" \t")
    return b"".join(lines)


def _cross(dice: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    other = dice.choice(others)
    start, end = _span(dice, other, 2000)
    at = dice.randrange(len(content) + 1)
    return content[:at] + other[start:end] + content[at + (end - start) * dice.randrange(2) :]


def _assign(dice: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Give a key a value of another kind: right in syntax, wrong in meaning."""
    found = list(_ASSIGNED.finditer(content))
    if not found:
        return _replace_word(dice, content, others)
    spot = dice.choice(found)
    return content[: spot.start(1)] + dice.choice(_VALUES) + content[spot.end(1) :]


def _tree(dice: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Change one node of what JSON or YAML holds, and write it anew."""
    if len(content) > _LARGEST_TREE:
        return _assign(dice, content, others)
    for load, dump in _LANGUAGES:
        try:
            tree = load(content)
            if isinstance(tree, dict | list):
                return dump(_changed(dice, tree)).encode(errors="replace")
        except (ValueError, yaml.YAMLError, RecursionError, TypeError, OverflowError):
            continue
    return _assign(dice, content, others)


def _changed(dice: random.Random, tree: object) -> object:
    """Return a tree in which one node is another: a value of another kind, a neighbour, a list of itself, gone."""
    if isinstance(tree, dict) and tree:
        key = dice.choice(list(tree))
        act = dice.randrange(8)
        if act == 0:
            return {name: value for name, value in tree.items() if name != key}
        if act == 1:
            return {dice.choice(_NAMES) if name == key else name: value for name, value in tree.items()}
        return {name: _changed(dice, value) if name == key else value for name, value in tree.items()}
    if isinstance(tree, list) and tree:
        at = dice.randrange(len(tree))
        return [*tree[:at], _changed(dice, tree[at]), *tree[at + dice.randrange(2) :]]
    return dice.choice((*_NODES, [tree], {"a": tree}, [[[tree]]], f"{tree}{tree}"))


def _dress(dice: random.Random, content: bytes, _others: Sequence[bytes]) -> bytes:
    """Put the same text into other clothes: line ends, a byte order mark, another encoding."""
    act = dice.randrange(4)
    if act == 0:
        return content.replace(b"\n", b"\r\n")
    if act == 1:
        return b"\xef\xbb\xbf" + content
    if act == 2:
        return content.decode("utf-8", errors="replace").encode("utf-16")
    return content.replace(b"\n", b"\r")


_MUTATIONS: tuple[Mutation, ...] = (
    *(_flip, _delete, _repeat, _insert, _insert, _replace_word, _replace_word, _replace_word),
    *(_lines, _lines, _cross, _dress, _assign, _assign, _tree, _tree),
)


def mutated(dice: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Return ``content`` after one to five mutations; ``others`` (not empty) are files to take pieces from."""
    for _ in range(dice.choice((1, 1, 2, 3, 5))):
        content = dice.choice(_MUTATIONS)(dice, content, others)[:LARGEST]
    return content


def minimised(content: bytes, still: Callable[[bytes], bool], tries: int = 400) -> bytes:
    """Return a shorter content for which ``still`` holds, by leaving out ever smaller pieces."""
    size = max(1, len(content) // 2)
    while size and tries > 0:
        at = 0
        while at < len(content) and tries > 0:
            shorter = content[:at] + content[at + size :]
            tries -= 1
            if still(shorter):
                content = shorter
            else:
                at += size
        size //= 2
    return content
