"""An organization of many repositories, made in a second or two: a handful of kinds, each copied many times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from tests.support.github.effects import signature_of
from tests.support.github.git_copies import add_commit, link_store
from tests.support.github.hosted import HostedRepository
from tests.support.github.standin import GitHubStandIn

Files = Mapping[str, str | bytes]

_WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-20.04
    steps:
      - uses: actions/checkout@v2
"""

KINDS: tuple[Files, ...] = (
    {
        "README.md": "# A web service\n",
        "requirements.txt": "flask==2.0.0\nrequests==2.25.0\n",
        "app.py": "def main(name):\n    if name:\n        return f'Hello {name}'\n    return 'Hello'\n",
        "Dockerfile": 'FROM python:3.8-slim\nCOPY . /app\nCMD ["python", "/app/app.py"]\n',
    },
    {
        "README.md": "# A page\n",
        "package.json": '{\n  "name": "page",\n  "dependencies": {\n    "lodash": "^4.17.15"\n  }\n}\n',
        "index.js": "module.exports = function add(a, b) {\n  return a + b;\n};\n",
    },
    {
        "README.md": "# A tool\n",
        "go.mod": "module example.org/tool\n\ngo 1.19\n\nrequire golang.org/x/text v0.3.7\n",
        "main.go": "package main\n\nfunc main() {}\n",
        ".github/workflows/ci.yml": _WORKFLOW,
    },
)
"""What repositories hold, unless told."""


def copies(
    github: GitHubStandIn,
    source: HostedRepository,
    names: Iterable[str],
    **settings: Any,  # noqa: ANN401 - fields of Repository
) -> list[HostedRepository]:
    """Make repositories (``owner/name``) with the files and the history of another, and a commit of their own on top.

    ``settings`` are as for `GitHubStandIn.repository`.
    """
    branch = source.settings.default_branch
    who = signature_of(github.world, github.world.account("ada"))
    below = source.settings.git.commit(source.head)
    made = []
    for name in names:
        git = link_store(source.settings.git, github.place_of(name))
        add_commit(git, branch, below, f"Begin {name}", who)
        made.append(github.host(name, git, default_branch=branch, **settings))
    return made


def organization(
    github: GitHubStandIn, login: str, count: int, kinds: Sequence[Files] = KINDS, *, private_every: int = 3
) -> list[HostedRepository]:
    """Make an organization with ``count`` repositories (``service-000``, …), of the kinds in turn.

    Each `private_every`-th is private; each has a commit that no other has.
    """
    sources = [github.repository(f"{login}-kinds/kind-{number}", files) for number, files in enumerate(kinds)]
    for source in sources:
        # One file instead of a folder an object.
        source.settings.git.run("gc", "--quiet")
    github.world.account(login, "Organization")
    made = []
    for number in range(count):
        private = private_every > 0 and number % private_every == private_every - 1
        name = f"{login}/service-{number:03d}"
        made += copies(github, sources[number % len(sources)], [name], private=private, organization=True)
    for source in sources:
        del github.world.repositories[source.name.lower()]
    return made


def pushed(repositories: Sequence[HostedRepository], count: int) -> Iterator[tuple[HostedRepository, str]]:
    """Commit to the first ``count`` repositories; yield each with its new commit."""
    for number, repository in enumerate(islice(repositories, count)):
        yield repository, repository.commit({"CHANGES.md": f"Change {number}\n"}, message=f"Change {number}")
