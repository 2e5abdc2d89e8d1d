from __future__ import annotations

import gzip
import itertools
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.errors import FetchError
from analyzers.http.bodies import KEPT_PLAIN, BodyReader, PackedResponse, unpacked
from analyzers.model.exchange import Response


def read(content: bytes, *, encoding: str = "", piece: int = 1000, max_bytes: int = 10**8) -> BodyReader:
    reader = BodyReader(encoding, max_bytes)
    for start in range(0, len(content), piece):
        reader.feed(content[start : start + piece])
    reader.finish()
    return reader


@settings(deadline=None, max_examples=60)
@given(content=st.binary(max_size=5000), piece=st.integers(1, 700), packed=st.booleans())
def test_a_body_survives_any_cut_into_pieces(content: bytes, piece: int, packed: bool) -> None:
    wire = gzip.compress(content) if packed else content
    reader = read(wire, encoding="gzip" if packed else "", piece=piece)
    assert reader.size == len(content)
    assert reader.response(200, {}).body == content
    assert unpacked(200, {}, reader.packed, reader.size) == Response(200, {}, content)


@pytest.mark.parametrize(("size", "kind"), [(KEPT_PLAIN, Response), (KEPT_PLAIN + 1, PackedResponse)])
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_large_body_is_kept_packed(size: int, kind: type[Response], encoding: str) -> None:
    content = bytes(itertools.islice(itertools.cycle(b"abcdefg"), size))
    reader = read(gzip.compress(content) if encoding else content, encoding=encoding, piece=65536)
    response = reader.response(404, {"a": "b"})
    assert type(response) is kind
    assert (response.status, response.headers, response.body) == (404, {"a": "b"}, content)
    assert type(unpacked(404, {}, reader.packed, reader.size)) is kind


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_an_empty_body_is_one(encoding: str) -> None:
    reader = read(b"", encoding=encoding)
    assert reader.response(200, {}).body == b""
    assert unpacked(200, {}, reader.packed, 0).body == b""


def test_the_bound_is_exact() -> None:
    assert read(b"x" * 100, max_bytes=100).size == 100
    with pytest.raises(FetchError, match="too-large"):
        read(b"x" * 101, max_bytes=100)
    with pytest.raises(FetchError, match="too-large"):
        read(gzip.compress(b"x" * 101), encoding="gzip", max_bytes=100)


def test_a_bomb_is_stopped_before_it_has_grown() -> None:
    reader = BodyReader("gzip", 1_000_000)
    with pytest.raises(FetchError, match="too-large"):
        reader.feed(gzip.compress(b"\0" * 100_000_000))
    assert reader.size < 1_500_000


@settings(deadline=None, max_examples=60)
@given(content=st.binary(max_size=300))
def test_damaged_bytes_are_malformed_and_never_worse(content: bytes) -> None:
    # Whatever else it raised would fail the test.
    with suppress(FetchError):
        read(b"\x1f\x8b" + content, encoding="gzip")
