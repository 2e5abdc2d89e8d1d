"""What came of posting: each part stands for itself, so that one that is refused costs no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.github.errors import ForbiddenError, HostError, RateLimitedError
from bot.github.objects import Missing
from bot.posts.judged import Judged
from bot.store.errors import ForeignBranchError, HistoryError


@dataclass(slots=True, kw_only=True)
class Posted:
    """What came of it, in sentences.

    `withheld` is what these credentials may not do, `failed` what GitHub refused otherwise, `missing` what the
    preflight found. `in_passing` are those withheld that nobody asked for and no setting of these credentials would
    give. `is_marked` says that new findings are marked at their lines by a check run, `limited` that the
    limit of requests was used up in the middle.
    """

    verdict: Judged
    done: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    missing: tuple[Missing, ...] = ()
    in_passing: set[str] = field(default_factory=set)
    is_marked: bool = False
    limited: RateLimitedError | None = None

    def attempt(self, what: str, make: Callable[[], str]) -> bool:
        """Do one part and keep what came of it; return whether it stands as it should. Past the limit none is begun."""
        if self.limited:
            return False
        try:
            done = make()
        except RateLimitedError as error:
            self.limited = error
        except (ForbiddenError, ForeignBranchError) as error:
            self.withheld.append(f"{what}: {error}")
        except (HostError, HistoryError) as error:
            self.failed.append(f"{what}: {error}")
        else:
            self.done += [done] if done else []
            return True
        return False

    def is_allowed(self, what: str, missing: Sequence[Missing], *, asked: bool) -> bool:
        """Whether nothing is ``missing`` for a part; keep what is.

        What these credentials can never be given is said in passing, unless people ``asked`` for that part.
        """
        for one in missing:
            if one.never and not asked:
                said = f"{what}: {one.remedy}"
                self.withheld.append(said)
                self.in_passing.add(said)
            else:
                self.missing = (*self.missing, replace(one, never=False))
        return not missing
