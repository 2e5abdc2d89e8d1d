"""What the stand-in remembers of each request."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.github.messages import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and what came of it.

    `template` is that of the operation (``/repos/{owner}/{repo}/pulls``). `status` is what the operation answered,
    also where that answer was lost; 0 where a fault kept it from being done at all, 422 for a mutation of GraphQL that
    was refused (GraphQL itself says 200).
    """

    request: Request
    template: str
    status: int
    faulty: bool = False

    @property
    def name(self) -> str:
        """Method and template."""
        return f"{self.request.method} {self.template}"

    @property
    def is_write(self) -> bool:
        """Whether it changed something on GitHub, its answer lost or not."""
        return self.request.is_write and 200 <= self.status < 300
