"""Every reason for which something was skipped: what it means to a reader, and how to mend it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from analyzers.model.skipped import Skipped, SkipReason

_MAX_ENTRIES: Final = 40


class Remedy(NamedTuple):
    """`meaning` completes "was skipped because"; `mend` is one sentence of advice."""

    meaning: str
    mend: str


_READ = "Open the file and correct what the detail names, or exclude it under [scan] in debtscan.toml."
_RETRY = "Scan again later; answers that did arrive come from the cache."

REMEDIES: Final[Mapping[SkipReason, Remedy]] = {
    "unreadable": Remedy("it cannot be read", _READ),
    "too-large": Remedy("it is over the size limit", "Raise max-file-bytes under [scan], or exclude it."),
    "too-deep": Remedy("it nests deeper than any honest file", _READ),
    "invalid-syntax": Remedy("it is not what its name promises", _READ),
    "unsupported-syntax": Remedy(
        "it uses syntax that this reader does not know", "Scan with a newer Python or a newer debtscan."
    ),
    "not-measured": Remedy(
        "functions of its language are not measured",
        "Nothing to do: such files are ranked whole, by lines and changes.",
    ),
    "not-rendered": Remedy(
        "it is a template, and what it names shows only when it is rendered",
        "Nothing to do; or commit what helm template prints, and scan that.",
    ),
    "binary": Remedy("it holds bytes that are no text", _READ),
    "wrong-encoding": Remedy("it is in another encoding than UTF-8", "Save the file as UTF-8."),
    "outside-repository": Remedy(
        "it leads out of the repository", "Nothing outside is ever read; move the file inside if it matters."
    ),
    "missing-file": Remedy("a file names it and it is not there", "Add the file, or remove the line that names it."),
    "submodule": Remedy("it is another repository", "Scan the submodule's own repository."),
    "git-lfs-pointer": Remedy("only a Git LFS pointer is here", "Run git lfs pull before scanning."),
    "limit-reached": Remedy("a limit on number or size was reached", "Raise the limit under [scan], or exclude paths."),
    "overruled": Remedy(
        "the organisation locks what it configures", "Take it out of the file, or have the lock taken off."
    ),
    "test-data": Remedy(
        "it is what tests are fed with", "Nothing to do; include-test-data under [scan] judges it all the same."
    ),
    "vendored": Remedy(
        "it is somebody else's code", "Nothing to do; if it is your own, correct vendored under [scan]."
    ),
    "generated": Remedy("a program writes it", "Nothing to do; if people write it, correct generated under [scan]."),
    "ignored": Remedy("the configuration excludes it", "Nothing to do; see exclude under [scan]."),
    "no-history": Remedy("there is no git history", "Scan a clone instead of a plain folder; hotspots need commits."),
    "shallow-history": Remedy(
        "the clone does not reach back far enough",
        "Fetch the history: git fetch --unshallow, or fetch-depth: 0 in actions/checkout.",
    ),
    "not-found": Remedy(
        "the source answered that there is no such thing",
        "Check the name; for a private package configure its index in the ecosystem's own client.",
    ),
    "refused": Remedy("the source refused", "Give credentials for that host in your user settings."),
    "rate-limited": Remedy("the source's limit was reached", f"Give credentials to raise the limit. {_RETRY}"),
    "time-out": Remedy("the source did not answer in time", _RETRY),
    "unreachable": Remedy("the source could not be reached", f"Check network, proxy and certificates. {_RETRY}"),
    "server-error": Remedy("the source failed", _RETRY),
    "offline": Remedy("nothing was asked", "Scan without --offline, or once online to fill the cache."),
    "malformed-answer": Remedy("the answer could not be understood", f"If it stays so, report it. {_RETRY}"),
    "bundled-table": Remedy(
        "only the bundled table was at hand, not the live source",
        "Scan without --offline, from where the live source can be reached.",
    ),
    "not-dated": Remedy(
        "the answer carries no date, so nothing can be said of a past day", "Scan without --as-of to judge it today."
    ),
    "unpinned-expression": Remedy(
        "its version is computed when it runs", "Write a literal version, or a default where the format allows one."
    ),
    "local-path": Remedy("it is a path in this repository or beside it", "Nothing to do: it has no releases."),
    "direct-url": Remedy("it is an address, not a package of a registry", "Depend on a published release instead."),
    "version-control": Remedy("it is a commit of another repository", "Depend on a published release instead."),
    "no-registry": Remedy(
        "debtscan asks no registry for packages of this kind", "Nothing to do: it is listed, and not judged."
    ),
    "unsupported-version": Remedy("its version follows no known scheme", "Write a version that its registry lists."),
    "unsupported-source": Remedy(
        "it comes from a kind of source that debtscan does not ask", "Nothing to do: it is listed, and not judged."
    ),
    "set-elsewhere": Remedy(
        "another file or setting decides it", "Nothing to do here: it is judged where it is decided, if that is read."
    ),
    "held-back": Remedy(
        "a newer release is out and does not fit yet",
        "Nothing to do until the project's lowest runtime rises, or the release is old enough.",
    ),
    "unknown-label": Remedy(
        "the label is not one of GitHub's hosted runners", "Nothing to do for self-hosted and larger runners."
    ),
    "unknown-cycle": Remedy(
        "the table does not know this release line", "Scan online, or update debtscan for a newer table."
    ),
    "reader-failed": Remedy("its reader failed", "This is a fault of debtscan: please report it with the file."),
    "rule-failed": Remedy("the rule failed", "This is a fault of debtscan: please report it with the detail."),
    "plugin-failed": Remedy(
        "it is a plugin of an installed package, and failed", "Update or remove that package, or tell its authors."
    ),
    "stale-table": Remedy("the bundled table is too old to judge by", "Scan online, or update debtscan."),
}

_BY_TEXT: Final[Mapping[str, Remedy]] = dict(REMEDIES.items())
_OTHER = Remedy("it could not be handled", "The detail says more.")


def remedy(reason: str) -> Remedy:
    """Return what ``reason`` means; a reason of somebody else's plugin gets a general word."""
    return _BY_TEXT.get(reason, _OTHER)


@dataclass(frozen=True, slots=True)
class Cause:
    """Everything that was skipped for one reason; `more` entries beyond those listed."""

    reason: str
    remedy: Remedy
    count: int
    entries: tuple[Skipped, ...]
    more: int


def causes(skipped: Iterable[Skipped]) -> tuple[Cause, ...]:
    """Return what was skipped, by reason, the most frequent first."""
    by_reason: dict[str, list[Skipped]] = defaultdict(list)
    for entry in skipped:
        by_reason[entry.reason].append(entry)
    ordered = sorted(by_reason.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return tuple(
        Cause(reason, remedy(reason), len(entries), tuple(entries[:_MAX_ENTRIES]), len(entries) - _MAX_ENTRIES)
        for reason, entries in ordered
    )
