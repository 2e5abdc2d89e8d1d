"""Tags and branches of a git repository, by git's own protocol over HTTP: it does not count against API limits.

Version 2 of the protocol sends just the refs asked for; a server without it sends all that it has at once.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from typing import NamedTuple, TypeAlias
from urllib.parse import urljoin, urlsplit

from analyzers.model.exchange import Addresses, Exchange, Request, Response, Source, base_address, host_of, refusal
from analyzers.model.facts import GitRefs, Known, Unknown
from analyzers.model.question import Question

ADDRESS = "https://github.com"
MAX_BYTES = 32 * 1024 * 1024
MAX_REFS = 200_000
_MAX_NAME = 1024
_HEADER = 4
_SERVICE = "git-upload-pack"
_TAGS, _BRANCHES = "refs/tags/", "refs/heads/"
_PEELED = "^{}"
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LENGTH = re.compile(rb"[0-9a-fA-F]{4}")
_REDIRECTS = {301, 302, 307, 308}
_MAX_REDIRECTS = 3


class _MalformedError(Exception):
    """The server does not speak git's protocol."""


class _RefusedError(Exception):
    """The server answers with an error of its own."""


class _Ref(NamedTuple):
    """One ref; `target` is that of a symbolic one."""

    name: str
    commit: str
    target: str | None = None


_Answered: TypeAlias = Generator[Request, Response, "Iterable[_Ref] | Unknown"]


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for the refs of the repository at the URL ``question.name``; GitHub's address can be overridden."""
    url = _repository_url(question, addresses)
    if url is None:
        return Unknown("not-found", f"{question.name[:200]!r} is no address of a repository")
    response = yield Request(
        url=f"{url}/info/refs?service={_SERVICE}",
        headers={"git-protocol": "version=2"},
        credentials=host_of(url),
        max_bytes=MAX_BYTES,
    )
    unknown = refusal(response, host_of(url))
    if unknown:
        return unknown
    try:
        advertised = _advertised(response.body)
        found: Iterable[_Ref] | Unknown
        if advertised[:1] == [b"version 2"]:
            found = yield from _ls_refs(url, advertised)
        else:
            found = _version_0(advertised)
        return found if isinstance(found, Unknown) else Known(_refs(question.name, found))
    except _RefusedError as error:
        return Unknown("refused", f"{host_of(url)}: {error}")
    except _MalformedError as error:
        return Unknown("malformed-answer", f"{host_of(url)}: {error}")


def _repository_url(question: Question, addresses: Addresses) -> str | None:
    """Return the repository's address without credentials, None for what is no address of the web."""
    try:
        parts = urlsplit(question.name)
        path, host = parts.path.strip("/"), parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or not path or {".", ".."} & set(path.split("/")):
        return None
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    base = base_address(question, addresses, ADDRESS) if question.address or origin == ADDRESS else origin
    return f"{base}/{path.removesuffix('.git')}.git"


def _ls_refs(url: str, capabilities: Iterable[bytes]) -> _Answered:
    """Ask a server of version 2 for tags, branches and HEAD. A POST is not redirected by fetch, so it is here."""
    body = _request_body(capabilities)
    address = f"{url}/{_SERVICE}"
    for _ in range(_MAX_REDIRECTS + 1):
        response = yield Request(
            url=address,
            method="POST",
            headers={"git-protocol": "version=2", "content-type": f"application/x-{_SERVICE}-request"},
            body=body,
            credentials=host_of(url),
            max_bytes=MAX_BYTES,
        )
        location = response.headers.get("location", "")
        if response.status not in _REDIRECTS or not location:
            return refusal(response, host_of(url)) or map(_version_2, _lines(response.body))
        address = urljoin(address, location)
        if host_of(address) != host_of(url):
            return Unknown("refused", f"{host_of(url)} redirects to another host, which is not followed")
    return Unknown("malformed-answer", f"{host_of(url)} redirects more than {_MAX_REDIRECTS} times")


def _request_body(capabilities: Iterable[bytes]) -> bytes:
    # A server of SHA-256 repositories wants its object format repeated.
    formats = [line for line in capabilities if line.startswith(b"object-format=")]
    command = b"".join(map(_packet, (b"command=ls-refs\n", *formats)))
    wanted = (b"peel\n", b"symrefs\n", b"ref-prefix HEAD\n", b"ref-prefix refs/tags/\n", b"ref-prefix refs/heads/\n")
    return command + b"0001" + b"".join(map(_packet, wanted)) + b"0000"


def _packet(line: bytes) -> bytes:
    return b"%04x%b" % (len(line) + _HEADER, line)


def _packets(body: bytes) -> Iterator[bytes | None]:
    """Yield the payload of each packet, None for the marks between sections."""
    at = 0
    while at < len(body):
        header = body[at : at + _HEADER]
        if not _LENGTH.fullmatch(header):
            raise _MalformedError("does not answer in git's packet format")
        length = int(header, 16)
        if length < _HEADER:
            at += _HEADER
            yield None
            continue
        if at + length > len(body):
            raise _MalformedError("breaks off in the middle of a packet")
        payload = body[at + _HEADER : at + length].removesuffix(b"\n")
        if payload.startswith(b"ERR "):
            raise _RefusedError(payload[4:204].decode(errors="replace"))
        yield payload
        at += length


def _lines(body: bytes) -> Iterator[bytes]:
    """Yield the payloads of all sections. Raises once there are too many."""
    for count, payload in enumerate(_packets(body)):
        if count > MAX_REFS:
            raise _MalformedError(f"has more than {MAX_REFS} refs")
        if payload is not None:
            yield payload


def _advertised(body: bytes) -> list[bytes]:
    """Return what the server offers: capabilities, or in older versions the refs themselves."""
    lines = list(_lines(body))
    if not lines:
        raise _MalformedError("offers nothing")
    # Before version 2 this line comes first, and nothing behind it where the repository is empty.
    return lines[1:] if lines[0].startswith(b"# service=") else lines


def _version_2(line: bytes) -> _Ref:
    commit, _, rest = line.decode(errors="replace").partition(" ")
    name, *attributes = rest.split(" ")
    named = dict(attribute.partition(":")[::2] for attribute in attributes)
    return _Ref(name, named.get("peeled", commit), named.get("symref-target"))


def _version_0(lines: list[bytes]) -> Iterator[_Ref]:
    """Yield the refs of an advertisement: a peeled tag follows the tag itself, capabilities hide in the first line."""
    first = 1 if lines[:1] == [b"version 1"] else 0
    for line in lines[first:]:
        entry, _, capabilities = line.decode(errors="replace").partition("\0")
        commit, blank, name = entry.partition(" ")
        if not blank or not _COMMIT.fullmatch(commit):
            raise _MalformedError("does not list refs")
        symbolic = next((word for word in capabilities.split(" ") if word.startswith("symref=HEAD:")), "")
        yield _Ref(name.removesuffix(_PEELED), commit)
        if symbolic:
            yield _Ref("HEAD", commit, symbolic.removeprefix("symref=HEAD:"))


def _refs(url: str, found: Iterable[_Ref]) -> GitRefs:
    """Sort the refs. Names that are no text, or longer than any honest one, are left out."""
    tags: dict[str, str] = {}
    branches: dict[str, str] = {}
    head = None
    for ref in found:
        if len(ref.name) > _MAX_NAME or "\ufffd" in ref.name or not _COMMIT.fullmatch(ref.commit):
            continue
        if ref.name.startswith(_TAGS):
            tags[ref.name.removeprefix(_TAGS)] = ref.commit
        elif ref.name.startswith(_BRANCHES):
            branches[ref.name.removeprefix(_BRANCHES)] = ref.commit
        elif ref.name == "HEAD" and ref.target:
            head = ref.target.removeprefix(_BRANCHES)
    return GitRefs(url, dict(sorted(tags.items())), dict(sorted(branches.items())), head)


SOURCE = Source(
    name="git-refs",
    title="git hosts (tags and branches, by git's own protocol)",
    value=GitRefs,
    look_up=look_up,
    limits="two requests a repository; no key",
)
