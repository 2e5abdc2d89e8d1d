"""Pull requests closed because somebody said so, and opened again: what was said stands in their markers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.github.errors import HostError, RateLimitedError
from bot.github.host import Host
from bot.github.objects import Pull
from bot.upgrade import marker
from bot.upgrade.marker import Ignored, Marker

# The last comment that was obeyed by closing: a person who opens it again has the last word.
_OBEYED: Final = "obeyed"


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Writes to one repository. Methods raise HostError."""

    host: Host

    def settled(self, pull: Pull) -> Pull:
        """Forget what was said of one that people opened again; return it as it is then."""
        said = marker.parse(pull.body)
        if pull.state != "open" or said is None or (said.ignored is None and not said.taken_back):
            return pull
        return self._stated(pull, said.with_ignored(None))

    def close(self, pull: Pull, said: Marker, ignored: Ignored, comment: int) -> str:
        """Close one because of a comment, in one write; return what was done, "" where that was before."""
        last = said.state.get(_OBEYED, "")
        if last.isdecimal() and int(last) >= comment:
            return ""
        body = marker.restate(pull.body, {**said.with_ignored(ignored), _OBEYED: str(comment)})
        self.host.update_pull(pull.number, body=body, open=False)
        until = f" until {ignored.until}" if ignored.until else ""
        return f"closed #{pull.number} for {ignored.by}{until}"

    def take_back(self, pull: Pull) -> str:
        """Open one again; where its branch is gone, let the plan propose it anew. Return what was done."""
        said = marker.parse(pull.body)
        try:
            self.host.update_pull(
                pull.number, body=marker.restate(pull.body, said.with_ignored(None)) if said else None, open=True
            )
        except RateLimitedError:
            raise
        except HostError:
            if said is None:
                raise
            self._stated(pull, said.with_taken_back())
            return f"took back that #{pull.number} was closed"
        return f"opened #{pull.number} again"

    def _stated(self, pull: Pull, state: dict[str, str]) -> Pull:
        body = marker.restate(pull.body, state)
        self.host.update_pull(pull.number, body=body)
        return replace(pull, body=body)
