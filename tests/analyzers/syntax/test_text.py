from __future__ import annotations

import codecs
import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.errors import UnreadableError
from analyzers.syntax import json
from analyzers.syntax.node import Mapping
from analyzers.syntax.text import BinaryError, SourceText, WrongEncodingError


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        ("é=1".encode(), "utf-8", "é=1"),
        (codecs.BOM_UTF8 + "é=1".encode(), "utf-8", "é=1"),
        (codecs.BOM_UTF16_LE + "é=1".encode("utf-16-le"), "utf-16-le", "é=1"),
        (codecs.BOM_UTF16_BE + "é=1".encode("utf-16-be"), "utf-16-be", "é=1"),
        (codecs.BOM_UTF32_LE + "é=1".encode("utf-32-le"), "utf-32-le", "é=1"),
        ("# coding: latin-1\né".encode("latin-1"), "iso8859-1", "# coding: latin-1\né"),
        ("#\n# -*- coding: utf-8-unix -*-\né".encode(), "utf-8", "#\n# -*- coding: utf-8-unix -*-\né"),
        ("# coding: shift_jis\n日本".encode("shift_jis"), "shift_jis", "# coding: shift_jis\n日本"),
    ],
)
def test_text_is_decoded_by_its_mark_or_its_declaration(content: bytes, encoding: str, text: str) -> None:
    source = SourceText.decode("x", content, declared=True)
    assert (source.encoding, source.text) == (encoding, text)
    place = source.place(len(text) - 1, len(text))
    assert content[place.start : place.end].decode(encoding) == text[-1]


def test_a_declaration_counts_only_where_it_may() -> None:
    with pytest.raises(WrongEncodingError):
        SourceText.decode("x", "# coding: latin-1\né".encode("latin-1"))


@pytest.mark.parametrize(
    "name",
    ["idna", "punycode", "unicode_escape", "utf-7", "utf-16", "hex", "rot13", "undefined", "hz", "nonsense", "a" * 999],
)
def test_an_encoding_without_exact_spans_is_refused(name: str) -> None:
    with pytest.raises(WrongEncodingError):
        SourceText.decode("x", f"# coding: {name}\nfoo==1\n".encode(), declared=True)


def test_nul_bytes_make_a_file_binary() -> None:
    with pytest.raises(BinaryError):
        SourceText.decode("x", b"a\0b")


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from([b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b"# coding: cp1252\n", b"# coding: gb18030\n"]),
    st.binary() | st.text().map(str.encode),
)
def test_any_bytes_are_text_with_exact_spans_or_refused(head: bytes, body: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        source = SourceText.decode("x", head + body, declared=True)
        for at in range(len(source.text)):
            place = source.place(at, at + 1)
            assert (head + body)[place.start : place.end].decode(source.encoding) == source.text[at]


@pytest.mark.parametrize(
    ("text", "is_verbatim"), [('{"k": "a1"}', True), ('{"k": "\\u0061\\u0031"}', False), ('{"k": 1}', True)]
)
def test_only_what_is_written_as_its_value_can_be_edited(text: str, *, is_verbatim: bool) -> None:
    source = SourceText("a.json", text)
    root = json.parse(source)
    scalar = root.scalar("k") if isinstance(root, Mapping) else None
    assert scalar is not None
    assert source.is_verbatim(scalar) is is_verbatim
    place = source.place_of(scalar)
    assert (place.line, text.encode()[place.start : place.end]) == (1, text[6:-1].strip('"').encode())
