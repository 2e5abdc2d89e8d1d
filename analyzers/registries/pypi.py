"""PyPI and every index that speaks the simple JSON API (PEP 691, 700, 792)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias
from urllib.parse import urljoin

import msgspec
from packaging.utils import canonicalize_name, canonicalize_version

from analyzers.model.exchange import Addresses, Exchange, Request, Source, base_address, day_of, host_of, refusal
from analyzers.model.facts import Answer, Known, Package, Release, Unknown
from analyzers.model.question import Question
from analyzers.typed import from_json

ADDRESS = "https://pypi.org/simple"
# HTML is accepted so that an index which has nothing else can be named as such.
_ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,212}[A-Za-z0-9])?")
_SOURCE_ENDINGS = (".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar.Z", ".tar")
_Status: TypeAlias = Literal["active", "archived", "deprecated", "quarantined"]
_STATUSES: Mapping[str, _Status] = {
    "archived": "archived",
    "deprecated": "deprecated",
    "quarantined": "quarantined",
}


class _File(msgspec.Struct, frozen=True, rename="kebab", gc=False):
    filename: str
    requires_python: str | None = None
    upload_time: str | None = None
    yanked: bool | str = False
    url: Any = None
    # Its hashes are of no use here, and there are tens of thousands.
    core_metadata: msgspec.Raw = msgspec.Raw(b"null")


class _ProjectStatus(msgspec.Struct, frozen=True):
    status: str = "active"
    reason: str | None = None


class _Project(msgspec.Struct, frozen=True, rename="kebab"):
    name: str
    files: tuple[_File, ...]
    versions: tuple[str, ...] = ()
    project_status: _ProjectStatus = _ProjectStatus()


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for one project; its name is normalised here."""
    if not _NAME.fullmatch(question.name):
        return Unknown("not-found", f"{question.name[:100]!r} is no name that an index can have")
    base = base_address(question, addresses, ADDRESS)
    host = host_of(base)
    response = yield Request(url=_page(base, question.name), headers={"accept": _ACCEPT}, credentials=host)
    unknown = refusal(response, host)
    if unknown:
        return unknown
    if "json" not in response.headers.get("content-type", "json"):
        return Unknown("malformed-answer", f"{host} answers in HTML only: it does not speak the simple JSON API")
    return _read(response.body, _page(base, question.name), host)


def _page(base: str, name: str) -> str:
    """Return the address of the project's page, to which the addresses of its files are relative."""
    return f"{base}/{canonicalize_name(name)}/"


def _read(body: bytes, page: str, asked: str) -> Answer:
    try:
        project = from_json(body, _Project)
    except ValueError as error:
        return Unknown("malformed-answer", f"{asked}: {error}")
    status = project.project_status
    return Known(
        Package(
            name=canonicalize_name(project.name),
            releases=tuple(_releases(project)),
            status=_STATUSES.get(status.status, "active"),
            status_reason=status.reason or "",
            metadata=_metadata(project.files, page),
        )
    )


def _metadata(files: Sequence[_File], page: str) -> str | None:
    """Return where the metadata of the wheel uploaded last stands; older indexes serve it without saying so."""
    wheels = [one for one in files if one.filename.endswith(".whl") and bytes(one.core_metadata) != b"false"]
    times = [one.upload_time or "" for one in wheels]
    last = wheels[times.index(max(times))] if wheels else None
    if last is None or not isinstance(last.url, str):
        return None
    try:
        return f"{urljoin(page, last.url.partition('#')[0])}.metadata"
    except ValueError:
        return None


def _releases(project: _Project) -> Iterator[Release]:
    """Yield the versions that have files: one without any cannot be installed, so it is no release."""
    files = _files_by_version(project)
    for version in project.versions or tuple(files):
        found = files.get(version)
        if found:
            yield _release(version, found)


def _release(version: str, files: list[_File]) -> Release:
    # The common case first: popular packages have thousands of releases.
    if len(files) == 1:
        file = files[0]
        needs = file.requires_python or None
        return Release(version, day_of(file.upload_time), _yanked(files), None, needs, _pythons(files))
    return Release(
        version=version,
        published=day_of(min([file.upload_time for file in files if file.upload_time], default=None)),
        yanked=_yanked(files),
        runtime=_runtime([file.requires_python for file in files]),
        pythons=_pythons(files),
    )


def _runtime(stated: list[str | None]) -> str | None:
    """Return what most files state."""
    if len(set(stated)) == 1:
        return stated[0] or None
    counts = Counter(stated)
    return max(counts, key=counts.__getitem__) or None


def _pythons(files: list[_File]) -> tuple[str, ...]:
    """Return the interpreter tags where a release has wheels only, and none that every Python 3 can take."""
    found = set()
    # The source stands last with most releases that have one, and settles it.
    for file in reversed(files):
        if not file.filename.endswith(".whl"):
            return ()
        python, abi, _platform = file.filename.rsplit("-", 3)[1:]
        for tag in python.split("."):
            if tag == "py3":
                return ()
            found.add(f"{tag}-abi3" if abi == "abi3" else tag)
    return tuple(sorted(found))


def _yanked(files: list[_File]) -> str | None:
    """Return the reason where every file is yanked: installers still take what is left otherwise."""
    reasons = []
    for file in files:
        if file.yanked is False:
            return None
        reasons.append(file.yanked)
    return next((reason for reason in reasons if isinstance(reason, str) and reason), "")


def _files_by_version(project: _Project) -> dict[str, list[_File]]:
    """Group the files by version, written as the index lists it, or as the file's name has it."""
    spelling = _Spelling(canonicalize_name(project.name))
    listed = {version: version for version in project.versions}
    canonical: dict[str, str] = {}
    grouped: defaultdict[str, list[_File]] = defaultdict(list)
    for file in project.files:
        written = _version_in(file.filename, spelling)
        if written is None:
            continue
        if written not in listed:
            canonical = canonical or {canonicalize_version(version): version for version in project.versions}
            listed[written] = canonical.get(canonicalize_version(written), written)
        grouped[listed[written]].append(file)
    return grouped


class _Spelling:
    """How the files of a project spell its normalised ``name``: nearly all alike, so the last one is tried first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._before = "\0"

    def after(self, stem: str) -> str | None:
        """Return what follows ``name-``: both the name and an old version may hold hyphens."""
        if stem.startswith(self._before):
            return stem[len(self._before) :] or None
        cut = stem.find("-")
        while cut > 0:
            if canonicalize_name(stem[:cut]) == self.name:
                self._before = stem[: cut + 1]
                return stem[cut + 1 :] or None
            cut = stem.find("-", cut + 1)
        return None


def _version_in(filename: str, spelling: _Spelling) -> str | None:
    """Return the version that a file's name holds, None for what installers do not take (eggs, ``.exe``, ``.rpm``)."""
    if filename.endswith(".whl"):
        parts = filename.split("-")
        return parts[1] if len(parts) in {5, 6} else None
    if filename.endswith(_SOURCE_ENDINGS):
        ending = next(ending for ending in _SOURCE_ENDINGS if filename.endswith(ending))
        return spelling.after(filename[: -len(ending)])
    return None


SOURCE = Source(
    name="pypi",
    title="PyPI (simple JSON API)",
    value=Package,
    look_up=look_up,
    limits="none published; served by a cache",
    seen_live=True,
)
