"""The contents before and after each commit of the window, for those who follow functions through them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from analyzers.repository.commits import PLAIN_DIFF, read_commits
from analyzers.repository.days import day_of
from analyzers.repository.git import GitRepository
from analyzers.repository.messages import IS_FIX
from analyzers.repository.paths import endings
from analyzers.repository.rows import IS_MERGE
from analyzers.repository.versions import Step
from analyzers.repository.walk import Seen


def read_steps(
    git: GitRepository, seen: Iterable[Seen], paths: Collection[str], *, include_merges: bool
) -> Sequence[Step]:
    """Return the commits that changed files with the endings of ``paths``, in the order in which they were seen.

    Merges do so where a file differs from both sides, and lead on to either; or as other commits, where they count.
    Raises GitFailedError.
    """
    ends = endings(paths)
    wanted = {one.name.hex().encode(): one for one in seen if _concerns(one, ends)} if paths else {}
    merges = "first-parent" if include_merges else "combined"
    return tuple(_steps(git, wanted, f"--diff-merges={merges}")) if wanted else ()


def _concerns(one: Seen, endings: tuple[bytes, ...]) -> bool:
    if one.flags & IS_MERGE and not one.changed:
        return True
    return any(path.endswith(endings) for path in (*one.changed, *one.moved))


def _steps(git: GitRepository, wanted: dict[bytes, Seen], merges: str) -> Iterator[Step]:
    command = ("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "--root", merges, *PLAIN_DIFF, "--format=%H")
    with git.stream(*command, content=b"\n".join([*wanted, b""])) as output:
        for commit in read_commits(output):
            one = wanted[commit.name]
            yield Step(
                day=day_of(one.time),
                author=one.author,
                is_fix=bool(one.flags & IS_FIX),
                counts=one.counts,
                changes=commit.changes,
                renames=list(zip(one.moved[::2], one.moved[1::2], strict=True)),
            )
