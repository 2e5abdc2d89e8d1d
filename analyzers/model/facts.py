"""What the world says, dated. Frozen and serialisable; a stored scorecard keeps its Facts and can be replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from analyzers.model.advisory import Advisories, AdvisoryIds
from analyzers.model.question import Question

UnknownReason = Literal[
    "not-found",
    "refused",
    "rate-limited",
    "time-out",
    "unreachable",
    "server-error",
    "offline",
    "malformed-answer",
    "too-large",
]


@dataclass(frozen=True, slots=True)
class Release:
    """One published version. `published` is None where the registry does not say.

    `yanked` and `deprecated` hold the registry's reason (``""`` when it gives none), None when neither applies.
    `runtime` is the runtime constraint of that release (``>=3.9``), as the registry states it. `pythons` are the
    interpreter tags of its wheels (``cp312``, ``cp38-abi3``), where it has nothing else and none for every Python.
    `prerelease` says that its publisher calls it one, whatever its version looks like.
    """

    version: str
    published: date | None = None
    yanked: str | None = None
    deprecated: str | None = None
    runtime: str | None = None
    pythons: tuple[str, ...] = ()
    prerelease: bool = False


@dataclass(frozen=True, slots=True)
class Package:
    """All releases of a package, in the registry's order. `newest` is the version the registry itself recommends.

    `status` is the registry's own word on the whole package; `status_reason` what it adds. `repository` is where the
    registry says its source is, as written there; None where it does not say. `metadata` is the address of what the
    file uploaded last says about itself (PEP 658), where the registry serves that.
    """

    name: str
    releases: tuple[Release, ...]
    status: Literal["active", "archived", "deprecated", "quarantined"] = "active"
    status_reason: str = ""
    newest: str | None = None
    repository: str | None = None
    metadata: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """What a release says about itself: where its source is (`repository`), and its trove `classifiers`."""

    name: str
    repository: str | None = None
    classifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImageTags:
    """The tags of one image repository, as listed."""

    name: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImageManifest:
    """What one tag points at: the index's (or only manifest's) `digest`, and the platforms it offers.

    `members` are the digests of an index's manifests: who pins one of them pins the same image, for one platform.
    `base_name` (with its tag) and `base_digest` are what the image says it was built on; ``""`` where it says nothing.
    """

    name: str
    digest: str
    platforms: tuple[str, ...] = ()
    created: date | None = None
    members: tuple[str, ...] = ()
    base_name: str = ""
    base_digest: str = ""


@dataclass(frozen=True, slots=True)
class GitRefs:
    """Refs of a remote repository: name → commit, annotated tags peeled. `head` is the default branch.

    A commit is ``""`` where only a bundled table names the ref.
    """

    url: str
    tags: Mapping[str, str]
    branches: Mapping[str, str]
    head: str | None = None


@dataclass(frozen=True, slots=True)
class ActionDefinition:
    """An action at an exact ref: `using` is ``node20``, ``docker`` or ``composite``.

    `uses` lists what a composite action calls. `or_older` says that `using` is only known to be the upper bound.
    """

    name: str
    using: str
    uses: tuple[str, ...] = ()
    or_older: bool = False


@dataclass(frozen=True, slots=True)
class HostedRepository:
    """A repository as its host sees it. `moved_to` is its name now, where it was renamed.

    `pushed` is the day of the last push to any branch, `open_issues` counts open pull requests as well.
    """

    name: str
    archived: bool
    moved_to: str | None = None
    pushed: date | None = None
    open_issues: int | None = None


@dataclass(frozen=True, slots=True)
class ReleaseNote:
    """What is said about one release: the `text` is its publisher's Markdown, at most 20,000 characters of it."""

    tag: str
    published: date | None
    text: str


@dataclass(frozen=True, slots=True)
class ReleaseNotes:
    """What the newest releases of a repository say, in its host's order."""

    name: str
    notes: tuple[ReleaseNote, ...]


@dataclass(frozen=True, slots=True)
class Cycle:
    """One release line of a product. `end` is its last supported day, `extended` that of LTS or paid support.

    ``end is None`` means that no date is known (not: supported for ever). `released` None: date not known.
    `ended` says that it has ended on a day that nobody recorded: true from the table's date on, unknown before.
    `codename` is the one word that image tags use (``bookworm``, ``noble``). `lts` says that it is or becomes a line
    of long-term support, `lts_from` since when; None: since its release, or the date is not known.
    """

    name: str
    released: date | None
    end: date | None
    extended: date | None = None
    codename: str | None = None
    latest: str | None = None
    lts: bool = False
    ended: bool = False
    lts_from: date | None = None

    def is_long_term(self, on: date) -> bool:
        """Whether it is a line of long-term support on that day."""
        return self.lts and (self.lts_from is None or self.lts_from <= on)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All cycles of one product, newest first; `source` and `table_date` say where they come from."""

    product: str
    cycles: tuple[Cycle, ...]
    source: str
    table_date: date


FactValue: TypeAlias = (
    Package
    | ProjectPage
    | ImageTags
    | ImageManifest
    | GitRefs
    | ActionDefinition
    | HostedRepository
    | ReleaseNotes
    | Lifecycle
    | AdvisoryIds
    | Advisories
)


@dataclass(frozen=True, slots=True)
class Known:
    """An answer. Without `known_since` it is unknown on a past date, unless the value carries dates of its own.

    `bundled` says that it comes from a table shipped with debtscan because the live source was not asked.
    """

    value: FactValue
    known_since: date | None = None
    bundled: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer, and why."""

    reason: UnknownReason
    detail: str = ""


Answer: TypeAlias = Known | Unknown


@dataclass(frozen=True, slots=True)
class Facts:
    """All answers of one scan. `looked_up` is the date on which they were collected."""

    looked_up: date
    answers: Mapping[Question, Answer] = field(default_factory=dict)

    def get(self, question: Question) -> Answer:
        """Return the answer; a question never asked is Unknown."""
        return self.answers.get(question, Unknown("offline", "not asked"))
