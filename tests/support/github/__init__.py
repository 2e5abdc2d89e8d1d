r"""GitHub on loopback, for tests: stateful, with real git behind it.

    def test_…(github: GitHubStandIn) -> None:
        repository = github.repository("acme/shop", {"requirements.txt": "flask==2.0\n"}, private=True)
        token = github.token(without=["workflows"])
        …                                         # the bot works at github.api_url
        assert repository.pulls[0].title == "…"   # and repository.files("debtscan/flask"), .branches, …
        repository.merge(1)                       # what people do: commit, close, comment, review, check, …
        assert github.writes == []

- `standin.GitHubStandIn` makes repositories, tokens, Apps and faults, and keeps every request. As
  ``GitHubStandIn(path, enterprise=True)`` it is an Enterprise Server, with ``tls=`` it speaks HTTPS.
- ``github.fault("write", nth=3, after=True, drop=True)``: the third write happens and its answer is lost. Faults have a
  status, a secondary limit, a drop, a cut, a delay, or call a function (to end a process, to act as a person).
- `hosted.HostedRepository` is a repository in a test's hands.
- ``repository.settings`` are fields of `world.Repository`: `restricted`, `allow_drafts`, `thinks`, `archived`, …
- Permissions are those of fine-grained tokens and Apps; refusals carry GitHub's status and message.
- Every request and answer is held to GitHub's published OpenAPI description (`openapi`; trimmed by `trim_openapi` to
  tests/fixtures/github/openapi.json, which names its source). What is flawed fails the test when the stand-in ends,
  whoever's flaw it is. GraphQL is not described there: `graphql` has its own small table.
- An operation is a function in an ``api_*.py`` with a `route`; after adding one, run `trim_openapi` again.

- ``github.hooks.on(app, url)`` gives an App a hook: what happens from then on (pushes, pull requests, boxes that are
  ticked, installations, renames, …: `happenings`) is really posted there, signed, and kept in ``github.hooks.log``. An
  entry can be delivered ``again``; ``github.hooks.settle()`` waits for all. Payloads are held to the description too.
- ``github.app(on=["acme"])``, ``github.install(app, "globex")`` → `installed.InstalledApp`: add, remove, suspend,
  accept, uninstall. What owners do with a repository as a whole is in `owned`: rename, archive, hide, delete, …
- `web` are GitHub's pages for people (an App from a manifest, consent to sign in); `pages.press` presses their button.
  ``github.member("acme", "ada")`` lets somebody read all of an organization, ``world.visitor`` is who signs in.
- `estate.organization` makes an organization of 200 repositories in a second or two.

What it does not do: forks beyond their pull requests, pushes over git, projects, milestones.
"""

from tests.support.github.exchange import Exchange
from tests.support.github.hosted import HostedRepository
from tests.support.github.standin import GitHubStandIn

__all__ = ["Exchange", "GitHubStandIn", "HostedRepository"]
