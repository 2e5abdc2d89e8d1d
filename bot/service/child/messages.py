"""What the service and its child say to each other. Whatever comes from the child may be anything.

msgspec reads a message in one go, in which no other thread of the service gets a turn, unless some Python runs: what
there may be many of checks itself in a `__post_init__`, and has no pattern, which makes a text take six times as long.
A ValueError there is a msgspec.ValidationError to who reads the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from analyzers.model.question import Question
from analyzers.settings import Inherited
from bot.github.objects import Pull, Repo
from bot.store.model import Digest, Entry

Work: TypeAlias = Literal["scan", "act", "compare", "invite"]
Kept: TypeAlias = Annotated[str, Meta(pattern=r"^[^\0]*\Z")]
"""What databases keep as text."""
Told: TypeAlias = Annotated[Kept, Meta(max_length=20_000)]

MOST_TEXT: Final = 4000
"""Characters of a path or a sentence; what is longer is cut before it is sent."""
Text: TypeAlias = Annotated[str, Meta(max_length=MOST_TEXT)]
# Small things take much more room here than on their way: what there may be of them is bounded before any is read.
Lines: TypeAlias = Annotated[tuple[Text, ...], Meta(max_length=100_000)]

MOST_NAMES: Final = 500
"""In one part of a `Bring`: they are checked in some tenths of a millisecond."""
_NAME: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """An error that crosses: the name of its class, its message, and what some carry beside it.

    `number` is that of the service's own error, where it is one: the child hands it back as it got it.
    """

    kind: Annotated[str, Meta(max_length=100)]
    message: Told
    permission: Annotated[str, Meta(max_length=200)] = ""
    until: datetime | None = None
    number: int = -1
    log: Told = ""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What the child may use up: bytes of address space, seconds of processor time, bytes of one file."""

    memory: int
    processor: int
    file: int


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What the child is to do, and all that it is given for that.

    `folder` is the mirror, `kept` where it may keep what it measured, for this repository alone. `home` is the user's,
    of which no lock tool may see anything; `hosts` may be asked by them, as in `bot.service.hosts`. `inherited` is the
    organisation's configuration. `entries` are the past ones, oldest first; None: without a history. `inventory` was
    read from the same commit under `edition`; `facts` are those of the scan that is acted on. `repo` and `url` (the
    page) are for what acts; `head` and `base` are revisions of the pull request that is compared.
    """

    work: Work
    name: str
    branch: str
    commit: str
    as_of: date
    now: datetime
    folder: str
    kept: str
    home: str
    bounds: Bounds
    hosts: tuple[str, ...] = ()
    jobs: int = 1
    inherited: Inherited | None = None
    entries: tuple[Entry, ...] | None = None
    inventory: bytes = b""
    edition: str = ""
    facts: bytes = b""
    repo: Repo | None = None
    url: str = ""
    pull: Pull | None = None
    head: str = ""
    base: str = ""
    # As in `bot.service.scanning.Invitation`.
    why: str = ""
    page: str = ""
    again: bool = False


class Names(msgspec.Struct, frozen=True):
    """Some names of objects."""

    names: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=MOST_NAMES)]

    def __post_init__(self) -> None:
        """Raise ValueError where one of them is none."""
        if not all(map(_NAME.fullmatch, self.names)):
            raise ValueError("a name that no object has")


class Bring(msgspec.Struct, frozen=True, tag="bring"):
    """Fetch contents by their names into the mirror: 1,000,000 at most, twice the files of the largest browsers."""

    parts: Annotated[tuple[Names, ...], Meta(max_length=2000)]

    @classmethod
    def of(cls, names: Sequence[str]) -> Bring:
        """Return the message that asks for these. Raises ValueError where one is no name of an object."""
        starts = range(0, len(names), MOST_NAMES)
        return cls(tuple(Names(tuple(names[start : start + MOST_NAMES])) for start in starts))

    @property
    def names(self) -> tuple[str, ...]:
        """All names."""
        return tuple([name for part in self.parts for name in part.names])


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """Answer these questions."""

    questions: Annotated[tuple[Question, ...], Meta(max_length=20_000)]


class PastFacts(msgspec.Struct, frozen=True, tag="past"):
    """Give the Facts of one of the past entries, by its id."""

    entry: Annotated[str, Meta(max_length=100)]


class Call(msgspec.Struct, frozen=True, tag="call"):
    """Call a method of `bot.github.host.Host` with these arguments."""

    method: Annotated[str, Meta(max_length=100)]
    arguments: msgspec.Raw


class Done(msgspec.Struct, frozen=True, tag="done"):
    """The work is done; what came of it, and the most memory (bytes) that the process held."""

    result: msgspec.Raw
    memory: int = 0


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The work could not be done."""

    failure: Failure


class Answered(msgspec.Struct, frozen=True, tag="answered"):
    """What the service answers."""

    value: msgspec.Raw


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """Why the service does not."""

    failure: Failure


FromChild: TypeAlias = Bring | Ask | PastFacts | Call | Done | Failed
FromService: TypeAlias = Answered | Refused


# They refer to nothing that could refer to them: collecting garbage need not go through all of them, which would stop
# every thread as well.
class Usage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One dependency as the table of usages keeps it."""

    ecosystem: Annotated[str, Meta(max_length=40)]
    name: Annotated[str, Meta(max_length=255)]
    kind: Annotated[str, Meta(max_length=40)]
    path: Text
    line: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    direct: bool
    value: Annotated[str, Meta(max_length=255)] = ""
    version: Annotated[str, Meta(max_length=100)] = ""

    def __post_init__(self) -> None:
        """Raise ValueError for what no database keeps."""
        _check((self.ecosystem, self.name, self.kind, self.path, self.value, self.version))


class Ending(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that ends, and the first place that uses it."""

    subject: Annotated[str, Meta(max_length=255)]
    ends_on: date
    path: Text = ""

    def __post_init__(self) -> None:
        """Raise ValueError for what no database keeps."""
        _check((self.subject, self.path))


class Scanned(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a scan."""

    document: bytes
    hotspots: bytes
    inventory: bytes
    edition: Told
    facts: bytes
    entry: Entry
    # Lock files of some thousand packages each, a hundred of them.
    usages: Annotated[tuple[Usage, ...], Meta(max_length=500_000)]
    ends: Annotated[tuple[Ending, ...], Meta(max_length=100_000)]
    skipped: int
    configured: Told
    upgrades: bool
    notes: Lines
    timings: Annotated[dict[Annotated[Kept, Meta(max_length=255)], float], Meta(max_length=1000)]
    plan_digest: Digest
    judged: bool

    def __post_init__(self) -> None:
        """Raise ValueError for what no database keeps."""
        _check(self.notes)


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What came of acting. `limited` is set where GitHub's limit ended it in the middle."""

    upgrades: bytes
    done: Lines
    withheld: Lines
    failed: Lines
    again_at: datetime | None
    limited: Failure | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for what no database keeps."""
        _check(self.done, self.withheld, self.failed)


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asking a repository whether debtscan may work there. `pull` is the question's number, 0 for none."""

    standing: Literal["silent", "invited", "posting", "declined"]
    pull: int
    done: Lines
    left: Lines

    def __post_init__(self) -> None:
        """Raise ValueError for what no database keeps."""
        _check(self.done, self.left)


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What came of comparing."""

    conclusion: Told
    done: Lines
    withheld: Lines
    failed: Lines
    fresh: int
    mended: int
    score_won: float
    limited: Failure | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for what no database keeps."""
        _check(self.done, self.withheld, self.failed)


def _check(*texts: Iterable[str]) -> None:
    for some in texts:
        for text in some:
            if "\0" in text:
                raise ValueError("a text with a zero byte, which no database keeps")
