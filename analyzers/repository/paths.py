"""What a path says about its file: somebody else's, written by a program, a test, and who owns it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from analyzers.errors import UnreadableError
from analyzers.model.snapshot import Snapshot
from analyzers.repository.patterns import PathPattern, PathPatterns, path_pattern

OWNERS_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where CODEOWNERS may lie; the first one found counts."""

_VENDORED = re.compile(
    r"(?:^|/)(?:node_modules|bower_components|jspm_packages|vendors?|_vendor|vendored|_vendored|third[-_]?party"
    r"|3rdparty|\.?venv|virtualenv|site-packages|dist-packages|__pypackages__|\.tox|\.nox|\.eggs|Godeps|Pods"
    r"|Carthage|\.yarn|\.bundle|\.terraform|\.terragrunt-cache)/",
    re.IGNORECASE,
)
# Of lower-case names: that is several times as fast as an expression that does not care.
_GENERATED_FOLDER = re.compile(r"(?:^|/)(?:__generated__|[^/]+\.(?:egg|dist)-info)/")
_GENERATED_NAME = re.compile(
    r"(?:_pb2(?:_grpc)?\.pyi?|\.pb(?:\.gw)?\.go|\.pb\.(?:cc|h)|\.pb\.dart|\.g\.dart|\.freezed\.dart)$"
    r"|(?:\.min\.(?:js|css|mjs)|\.bundle\.js|-min\.js|\.(?:js|css)\.map)$"
    r"|(?:\.designer\.cs|\.g\.(?:i\.)?cs|\.generated\.\w+|_generated\.go|_gen\.go|_string\.go)$"
    r"|^(?:zz_generated[^/]*\.go|bindata\.go|parsetab\.py|lextab\.py|\.pnp\.c?js|_version_info\.py)$"
)
_LOCKFILE_ENDINGS = (
    ".lock",
    ".json",
    ".yaml",
    ".yml",
    ".hcl",
    ".sum",
    "lockfile",
    ".resolved",
    ".lockb",
    ".toml",
    ".txt",
)
_LOCKFILE = re.compile(
    r"(?:^|/)(?:[^/]*\.lock|[^/]*-lock\.(?:json|ya?ml)|[^/]*\.lock\.(?:json|hcl)|npm-shrinkwrap\.json|go\.sum"
    r"|gradle\.lockfile|packages\.lock\.json|package\.resolved|bun\.lockb?|pylock(?:\.[^/]+)?\.toml"
    r"|(?:[^/]*requirements|constraints)[^/]*\.txt|requirements/[^/]+\.txt|flake\.lock)$"
)
_TEST = re.compile(
    r"(?:^|/)(?:tests?|__tests__|specs?|e2e|(?:__)?testdata(?:__)?|test-fixtures|src/test"
    r"|_?(?:unit|integration|functional|acceptance|smoke|system)[-_]?tests?)/"
    r"|(?:^|/)(?:test_[^/]*\.py|tests\.(?:py|rs)|conftest\.py|[^/]*\.bats|[^/]*-tests?\.sh|[^/]*_spec\.rb"
    r"|[^/]*_tests?\.(?:py|go|rb|rs|c|cc|cpp|dart|exs|[jt]sx?|sh)"
    r"|[^/]*\.(?:test(?:-d)?|spec|cy)\.[cm]?[jt]sx?|[^/]*Tests?\.(?:java|kt|cs|swift|php|scala))$"
)

_TEST_DATA = re.compile(
    r"(?:^|/)(?:__fixtures__|testdata|test[-_]data|test[-_]fixtures|__snapshots__)/"
    r"|(?:^|/)(?:tests?|__tests__|specs?|e2e)/(?:[^/]+/)*(?:fixtures?|data|cassettes|snapshots)/"
)


def suffix_of(path: str) -> str:
    """Return what a file's name ends with, in small letters: ``.py``; nothing for a name without a dot."""
    return posixpath.splitext(path)[1].lower()


def endings(paths: Iterable[str]) -> tuple[bytes, ...]:
    """Return what the names of files end with, sorted; the whole path of one without a suffix."""
    return tuple(sorted({(posixpath.splitext(path)[1] or path).encode() for path in paths}))


def is_lockfile(path: str) -> bool:
    """Whether a package manager writes the file. Such a file is judged, so it never counts as generated."""
    path = path.lower()
    return path.endswith(_LOCKFILE_ENDINGS) and _LOCKFILE.search(path) is not None


def is_test(path: str) -> bool:
    """Whether the file is a test or belongs to one."""
    return _TEST.search(path) is not None


def is_test_data(path: str) -> bool:
    """Whether the file is what tests feed to a program: old or broken on purpose, and installed by nobody."""
    return _TEST_DATA.search(path) is not None


_MOST_LINES = 10_000
_ATTRIBUTES = ("linguist-vendored", "linguist-generated")
_Rule = tuple[PathPattern, Mapping[str, bool | None]]


@dataclass(frozen=True)
class Attributes:
    """What ``.gitattributes`` say of linguist's attributes. Rules by folder (``""`` or ``src/``), in file order."""

    rules: Mapping[str, Sequence[_Rule]] = field(default_factory=dict)

    @classmethod
    def read(cls, paths: Iterable[str], content: Callable[[str], bytes]) -> Attributes:
        """Read every ``.gitattributes`` among ``paths``; one that cannot be read says nothing."""
        rules: dict[str, list[_Rule]] = {}
        for path in paths:
            folder, _, name = path.rpartition("/")
            if name != ".gitattributes":
                continue
            try:
                text = content(path).decode(errors="replace")
            except UnreadableError:
                continue
            found = [rule for line in text.splitlines()[:_MOST_LINES] for rule in _attribute_rule(line)]
            if found:
                rules[f"{folder}/" if folder else ""] = found
        return cls(rules)

    def value(self, path: str, attribute: str) -> bool | None:
        """Return what is said of the file; None when nothing is. The nearest file wins, within it the last line."""
        if not self.rules:
            return None
        folder = path.rpartition("/")[0]
        while True:
            prefix = f"{folder}/" if folder else ""
            for pattern, stated in reversed(self.rules.get(prefix, ())):
                if attribute in stated and pattern.names(path[len(prefix) :]):
                    return stated[attribute]
            if not folder:
                return None
            folder = folder.rpartition("/")[0]


def _attribute_rule(line: str) -> Iterable[_Rule]:
    if "linguist-" not in line or line.lstrip().startswith("#"):
        return
    pattern, *words = line.split()
    stated: dict[str, bool | None] = {}
    for word in words:
        for name in _ATTRIBUTES:
            if word in {name, f"{name}=true", f"{name}=1"}:
                stated[name] = True
            elif word in {f"-{name}", f"{name}=false", f"{name}=0"}:
                stated[name] = False
            elif word == f"!{name}":
                stated[name] = None
    # git refuses negated patterns here.
    if stated and not pattern.startswith("!"):
        yield path_pattern(pattern.strip('"')), stated


@dataclass(frozen=True)
class PathKinds:
    """Tells vendored and generated files, by name, by ``.gitattributes`` and by configuration, which wins."""

    vendored: PathPatterns = field(default_factory=PathPatterns)
    generated: PathPatterns = field(default_factory=PathPatterns)
    attributes: Attributes = field(default_factory=Attributes)

    def is_vendored(self, path: str) -> bool:
        """Whether the file is somebody else's code."""
        if self.vendored.match(path):
            return True
        stated = self.attributes.value(path, "linguist-vendored")
        return _VENDORED.search(path) is not None if stated is None else stated

    def is_generated(self, path: str) -> bool:
        """Whether a program writes the file; lockfiles never count."""
        if is_lockfile(path):
            return False
        if self.generated.match(path):
            return True
        stated = self.attributes.value(path, "linguist-generated")
        return _looks_generated(path.lower()) if stated is None else stated


def _looks_generated(path: str) -> bool:
    return bool(_GENERATED_NAME.search(path[path.rfind("/") + 1 :]) or _GENERATED_FOLDER.search(path))


Owners = tuple[tuple[str, tuple[str, ...]], ...]


def read_owners(snapshot: Snapshot) -> Owners:
    """Return the rules of CODEOWNERS in file order: pattern and owners. Empty where there is no such file."""
    listed = frozenset(snapshot.paths())
    for path in OWNERS_PLACES:
        if path in listed:
            try:
                return parse_owners(snapshot.read(path).decode(errors="replace"))
            except UnreadableError:
                return ()
    return ()


def parse_owners(text: str) -> Owners:
    """Read the text of a CODEOWNERS file. Sections of GitLab are passed over, their rules count."""
    rules = []
    for line in text.splitlines()[:_MOST_LINES]:
        words = re.split(r"(?<!\\)\s+", re.sub(r"(?:^|\s)#.*", "", line).strip())
        if words[0] and not re.match(r"\^?\[[^\]]+\]", words[0]):
            rules.append((words[0].replace("\\ ", " "), tuple(words[1:])))
    return tuple(rules)


def owners_of(path: str, rules: Owners) -> tuple[str, ...]:
    """Return the owners of one file: those of the last rule that covers it."""
    for pattern, owners in reversed(rules):
        if _owner_pattern(pattern).covers(path):
            return owners
    return ()


def _owner_pattern(text: str) -> PathPattern:
    """Return the pattern of a rule: ``docs/*`` means the files right there, not those further below."""
    if text.startswith("!"):
        return path_pattern("")
    found = path_pattern(text)
    if text.endswith("/*"):
        return PathPattern(text, negated=False, whole=found.whole, inside=found.whole)
    return found
