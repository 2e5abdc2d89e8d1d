"""Many repositories at once: quick to make, and none changed by what happens in another."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.github import GitHubStandIn
from tests.support.github.estate import KINDS, copies, organization, pushed
from tests.support.github.git_store import environment


def test_two_hundred_repositories_are_each_their_own(github: GitHubStandIn, tmp_path: Path) -> None:
    made = organization(github, "acme", 200)
    assert len({each.head for each in made}) == 200
    assert [each.name for each in made[:2]] == ["acme/service-000", "acme/service-001"]
    assert sum(each.settings.private for each in made) == 66
    assert len(github.world.repositories) == 200
    assert {each.settings.owner.kind for each in made} == {"Organization"}
    assert made[4].files() == {path: _bytes(text) for path, text in KINDS[1].items()}
    before = {each.name: each.head for each in made}
    changed = {each.name: sha for each, sha in pushed(made, 20)}
    assert {each.name: each.head for each in made} == before | changed
    made[5].point("trunk", made[5].head)
    made[5].set_default_branch("trunk")
    assert made[8].settings.git.text("symbolic-ref", "HEAD") == "refs/heads/main"
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", made[3].clone_url, str(clone)], check=True, env=environment())
    assert (clone / "CHANGES.md").read_text() == "Change 3\n"
    assert "error" not in made[7].settings.git.text("fsck", "--strict")


def test_a_copy_has_the_history_of_the_other(github: GitHubStandIn) -> None:
    source = github.repository("acme/one", {"a": "1"})
    source.commit({"a": "2"}, message="Second")
    (copy,) = copies(github, source, ["acme/two"], private=True, topics=("x",))
    log = copy.settings.git.log(copy.head)
    assert [each.message for each in log] == ["Begin acme/two", "Second", "Begin"]
    source.commit({"a": "3"})
    copy.commit({"a": "4"})
    assert (source.file("a"), copy.file("a")) == (b"3", b"4")


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
