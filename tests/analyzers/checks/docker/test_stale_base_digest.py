from __future__ import annotations

from datetime import date

import pytest

from analyzers.checks.docker.stale_base_digest import check
from analyzers.model.facts import ImageManifest, Unknown
from analyzers.model.finding import Fix
from analyzers.model.question import Question
from tests.support.images import evidence, findings, notes

OLD, NEW, MEMBER = (f"sha256:{letter * 64}" for letter in "abc")
MANIFESTS = {"node:24": ImageManifest("docker.io/library/node:24", NEW, ("linux/amd64",), members=(MEMBER,))}


def test_a_digest_behind_its_tag_is_renewed_where_it_stands() -> None:
    text = f"FROM node:24@{OLD} AS x\n"
    (found,) = findings(check, evidence(text, manifests=MANIFESTS))
    assert found.fix == Fix(available=True, to=NEW, safe=True)
    assert text[found.column - 1 :].startswith(OLD)
    assert (found.minutes, found.subject.latest) == (5, NEW)
    assert found.message == (
        f"FROM node:24 is pinned to {OLD[:19]}, and the tag now points at {NEW[:19]}. "
        "Renew the digest to get what was fixed since."
    )


@pytest.mark.parametrize("digest", [NEW, MEMBER, NEW.replace("b", "B")])
def test_the_tags_own_digest_and_those_of_its_platforms_are_current(digest: str) -> None:
    assert findings(check, evidence(f"FROM node:24@{digest}\n", manifests=MANIFESTS)) == []


@pytest.mark.parametrize("base", ["node:24", f"node@{OLD}", "node"])
def test_without_tag_and_digest_there_is_nothing_to_compare(base: str) -> None:
    known = evidence(f"FROM {base}\n", manifests=MANIFESTS)
    assert list(check(known)) == []


def test_a_digest_in_two_places_cannot_be_edited() -> None:
    text = f"FROM node:24@{OLD[:20]}\\\n{OLD[20:]}\n"
    (found,) = findings(check, evidence(text, manifests=MANIFESTS))
    assert found.fix == Fix(available=False, to=None, safe=True)


def test_an_unanswered_registry_is_named() -> None:
    unknown = {Question("oci-manifest", "docker.io/library/node:24"): Unknown("rate-limited", "too many")}
    known = evidence(f"FROM node:24@{OLD}\n" * 2, unknown=unknown)
    assert [(note.source, note.reason) for note in notes(check, known)] == [("oci-manifest", "rate-limited")]


def test_a_digest_of_today_says_nothing_of_a_past_day() -> None:
    known = evidence(f"FROM node:24@{OLD}\n", manifests=MANIFESTS, as_of=date(2026, 1, 1))
    assert findings(check, known) == []
    assert [note.reason for note in notes(check, known)] == ["not-dated"]
