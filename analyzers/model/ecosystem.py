"""What an ecosystem states: its formats, how lockfiles pair with manifests, and what to ask the world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analyzers.model.inventory import Dependency, Inventory, Manifest, Observation
from analyzers.model.place import Place
from analyzers.model.scheme import Scheme
from analyzers.model.skipped import Skipped

if TYPE_CHECKING:
    from analyzers.model.facts import Facts
    from analyzers.model.question import Question

    # The one upward edge of model/, for types only: the reader's argument.
    from analyzers.syntax.text import SourceText


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """One resolved package in a lockfile. `deprecated` is npm's own note in the lock.

    `within` is the folder below which it counts, as npm nests (``node_modules/a``, ``packages/b``). `local` says that
    it is a folder of this repository and not a release. `alias` is the name under which it is installed, where that
    is not its own. `descriptors` are the requirements that it answers, in the words of a lockfile that resolves them
    one by one (``lodash@^4.17.0``, ``lodash@npm:^4.17.0``).
    """

    name: str
    version: str
    place: Place | None = None
    deprecated: str | None = None
    development: bool = False
    within: str = ""
    local: bool = False
    alias: str = ""
    descriptors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one reader found in one file.

    `includes` are files to read as well, with the format to read them in: ``-r base.in`` leads to
    ``("requirements/base.in", "requirements")`` wherever that lies inside the repository.
    `locked` is what a lockfile resolves; pairing fills ``locked_version`` from it. `members` are the folders (or
    patterns of them), relative to the file's own, that a workspace root or its lockfile speaks for as well.
    `provides` is the package that this manifest itself is: name and version (``""`` where it states none).
    `written` holds, by a dependency's place, key and text as they stand in the file, where these are not name and
    value: ``("old", "npm:real@^1")`` of an alias, the key of an override.
    """

    dependencies: tuple[Dependency, ...] = ()
    manifest: Manifest | None = None
    observations: tuple[Observation, ...] = ()
    includes: tuple[tuple[str, str], ...] = ()
    locked: tuple[Locked, ...] = ()
    members: tuple[str, ...] = ()
    provides: tuple[str, str] | None = None
    written: Mapping[Place, tuple[str, str]] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of file. `matches` sees the path only and must be cheap; `read` may raise UnreadableError.

    `endings` is what every path of this format ends with after its last dot, in lower case (``.tf``; the whole name
    where there is no dot, and ``""`` for all such names): with it most files are told apart before anything is called.
    Empty means any.
    `sniff` is a cheap test on the bytes (a substring, no parsing) for formats that many files might be by their
    names: where it says no, the file is not of this format. It is not asked about a file that another one includes.
    `opaque` says that nothing can be read in it (binary, of one tool only): the reader gets an empty text.
    `title` and `examples` stand in the README's table of what is read. `declares_encoding` says that a PEP 263
    comment in one of the first two lines names the file's encoding.
    """

    name: str
    title: str
    examples: tuple[str, ...]
    matches: Callable[[str], bool]
    read: Callable[[SourceText], Reading]
    sniff: Callable[[bytes], bool] | None = None
    endings: tuple[str, ...] = ()
    declares_encoding: bool = False
    opaque: bool = False


def named(*names: str) -> Callable[[str], bool]:
    """Return the test of paths for files of these names in any folder."""
    wanted = frozenset(names)
    return lambda path: path.rpartition("/")[2] in wanted


def no_pairing(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    """Return the readings as they are: for ecosystems without lockfiles."""
    return readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecosystem:
    """A world of packages. One file (or folder) in ``ecosystems/`` states one of these as ``ECOSYSTEM``.

    `pair` gets all readings of this ecosystem by path and returns them with lockfiles and manifests joined.
    `questions` is asked again with the grown Facts until it names nothing new; it may repeat itself.
    `normalise` makes two spellings of one package equal. `package` is the question that gets a dependency's
    releases (answered by a Package, or by GitRefs whose tags are the releases), None for what has none; with `scheme`
    it lets the general rules of ``checks/dependencies`` judge this ecosystem, so both or neither are stated.
    `types` are the purl types of its dependencies, where that is not just `name`.
    """

    name: str
    title: str
    formats: tuple[Format, ...]
    questions: Callable[[Inventory, Facts], Iterable[Question]]
    normalise: Callable[[str], str]
    pair: Callable[[Mapping[str, Reading]], Mapping[str, Reading]] = no_pairing
    package: Callable[[Dependency], Question | None] | None = None
    scheme: Scheme | None = None
    types: tuple[str, ...] = ()
