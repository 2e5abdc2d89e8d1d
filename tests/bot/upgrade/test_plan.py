"""Situations and the plans that they lead to. The first seven are what people tell the makers of such tools."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from analyzers.config import Config, Upgrades
from analyzers.model.subject import SubjectKey
from bot.upgrade.model import Existing, LeftOutReason, Plan, WaitReason
from bot.upgrade.plan import plan
from tests.support.plans import NOW, Situation, finding, flaw, move, opened, pull, said, settings

_MANY = [move(f"lib{number} 1.0 1.{number + 1} minor") for number in range(40)]
_MAJORS = [move(f"lib{number} 1.0 2.0 major", points=100 - number) for number in range(9)]
_MILD, _BAD = SubjectKey("pypi", "mild"), SubjectKey("pypi", "bad")
_YOUNG = (NOW - timedelta(days=1)).date()
_SAID: dict[str, Any] = {"asked_by": "ada", "why": "we wait"}


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


COMPLAINTS = [
    Situation(
        "too many pull requests",
        _MANY,
        {"group_limit": 40},
        open=["pypi-minor"],
        says=["share one pull request"],
    ),
    Situation(
        "too much in one of them",
        _MANY,
        open=["pypi-minor"],
        waiting=["pypi-minor limit-group"],
        says=["its group is full: 15 of 40 go first, by worth, and group-limit is 15"],
    ),
    Situation(
        "one bad member blocks a group: once it is closed or ignored, the rest goes on",
        [move("good 1.0 1.1 minor"), move("bad 1.0 1.1 minor")],
        {"ignore": [{"name": "bad", "reason": "breaks the build", "until": date(2027, 1, 31)}]},
        open=["pypi-minor"],
        left_out=["bad ignored"],
        says=["breaks the build (until 2027-01-31)"],
    ),
    Situation(
        "line-edited pins that break the lock: the lock is part of the move",
        [move("requests 2.30 2.32 minor", locks=("uv.lock",), files=("pyproject.toml", "uv.lock"))],
        open=["pypi-minor"],
    ),
    Situation(
        "ignores nobody can see or undo: what a person closed is listed, with the way back",
        [move("django 4.2 5.2 major")],
        existing=[pull(7, "pypi-django-5", "closed", person=True, django="5.2")],
        left_out=["django closed"],
        says=["#7 was closed by a person; reopen it to undo that"],
    ),
    Situation(
        "SHA comments that drift: correcting one is an upgrade of its own kind",
        [move("actions/checkout v4 v4.2.2 pin", "githubactions")],
        open=["githubactions-pins"],
        says=["Pin actions/checkout"],
    ),
    Situation(
        "permissions that fail silently: what cannot be written is named and takes nobody's place",
        [
            move("actions/checkout v3 v5 major", "githubactions", files=(".github/workflows/ci.yml",)),
            move("a 1.0 2.0 major", points=1),
        ],
        {"open_limit": 1},
        existing=[pull(1, "githubactions-minor"), pull(2, "githubactions-actions+x-1", "merged")],
        open=["pypi-a-2"],
        waiting=["githubactions-actions+checkout-5 withheld"],
        obsolete=[1],
        says=["the permission Workflows is missing"],
        withheld={".github/workflows/": "the permission Workflows is missing"},
    ),
    Situation(
        "no idea what is worth merging first",
        [
            move("dull 1.0 2.0 major", points=10),
            move("flawed 1.0 1.1 minor CVE-2026-9", points=10),
            move("ended 1.0 2.0 major", points=10, ends=date(2026, 1, 1)),
        ],
        open=["pypi-flawed-1", "pypi-ended-2", "pypi-dull-2"],
        says=["It mends CVE-2026-9 (high).", "ended 328 days ago, on 2026-01-01", "Risk 60: some of it may break"],
    ),
]

GROUPS = [
    Situation("nothing to do", []),
    Situation(
        "one package, alone in its group", [move("a 1.0 1.1 minor")], open=["pypi-minor"], says=["Update a from"]
    ),
    Situation(
        "one group an ecosystem",
        [move("a 1.0 1.0.1 patch"), move("b 1.0 1.1 minor", "npm")],
        open=["npm-minor", "pypi-minor"],
    ),
    Situation(
        "a family of small steps goes with its ecosystem's group",
        [
            move("react 19.0 19.1 minor", "npm"),
            move("react-dom 19.0 19.1 minor", "npm"),
            move("x 1.0 1.1 minor", "npm"),
        ],
        open=["npm-minor"],
        says=["They move together: react-dom refuses"],
    ),
    Situation(
        "a major of a family is one",
        [
            move("react 18.3 19.1 major", "npm"),
            move("react-dom 18.3 19.1 major", "npm"),
            move("@types/react 18.0 19.0 major", "npm"),
        ],
        open=["npm-react-19"],
        says=["Update react, react-dom and types/react to 19"],
    ),
    Situation(
        "a small step of one member goes along with the major of another",
        [move("react 18.3 19.1 major", "npm"), move("@types/react-dom 19.0 19.1 minor", "npm")],
        open=["npm-react-19"],
    ),
    Situation(
        "families can be switched off",
        [move("react 18.3 19.1 major", "npm"), move("react-dom 18.3 19.1 major", "npm")],
        {"families": False},
        open=["npm-react-19", "npm-react-dom-19"],
    ),
    Situation(
        "plugins of pytest are no family",
        [move("pytest 8.0 9.0 major"), move("pytest-cov 6.0 7.0 major")],
        open=["pypi-pytest-9", "pypi-pytest-cov-7"],
    ),
    Situation(
        "boto3 and botocore",
        [move("boto3 1.40 1.42 minor"), move("botocore 1.40 1.42 minor")],
        {"group_kinds": []},
        open=["pypi-boto-1"],
    ),
    Situation(
        "parts of one package of PyPI that need the exact version",
        [
            move("psycopg 3.2.1 3.3.9 minor"),
            move("psycopg-binary 3.2.1 3.3.9 minor"),
            move("psycopg-pool 3.2.1 3.3.0 minor"),
        ],
        {"group_kinds": []},
        open=["pypi-psycopg-3", "pypi-psycopg-pool-3"],
        says=["the parts in C are of the exact version"],
    ),
    Situation(
        "OpenTelemetry's contributed parts are below 1.0; the id follows the highest line",
        [move("opentelemetry-sdk 1.30 1.38 minor"), move("opentelemetry-instrumentation 0.51b0 0.59b0 minor")],
        {"group_kinds": []},
        open=["pypi-opentelemetry-1"],
    ),
    Situation(
        "the two actions for artifacts",
        [
            move("actions/upload-artifact v3 v4 major", "githubactions"),
            move("actions/download-artifact v3 v4 major", "githubactions"),
        ],
        open=["githubactions-artifact-4"],
        says=["one cannot read what another major of the other wrote"],
    ),
    Situation(
        "one source repository",
        [
            move("@tc/a 10.0 11.0 major", "npm", family="tc/tc", family_reason="they are released from one repository"),
            move("@tc/b 10.0 12.0 major", "npm", family="tc/tc", family_reason="they are released from one repository"),
        ],
        open=["npm-tc+tc-12"],
        says=["They move together: they are released from one repository."],
    ),
    Situation(
        "one image in several variants",
        [
            move("python 3.11-slim 3.13-slim major", "docker"),
            move("python 3.11-alpine 3.13-alpine major", "docker"),
        ],
        open=["docker-python-3.13"],
        says=["One thing in several variants is one change."],
    ),
    Situation(
        "a lock of Terraform is moved as a whole",
        [
            move("hashicorp/aws 5.0 6.0 major", "terraform", locks=("infra/.terraform.lock.hcl",)),
            move("hashicorp/random 2.0 3.0 major", "terraform", locks=("infra/.terraform.lock.hcl",)),
            move("hashicorp/null 2.0 3.0 major", "terraform", locks=("other/.terraform.lock.hcl",)),
        ],
        open=["terraform-hashicorp+null-3", "terraform-lock-f32db41b-x"],
        says=["terraform init -upgrade moves every provider"],
    ),
    Situation(
        "a lock of npm is not: its tool moves packages alone",
        [
            move("a 1.0 2.0 major", "npm", locks=("package-lock.json",)),
            move("b 1.0 2.0 major", "npm", locks=("package-lock.json",)),
        ],
        open=["npm-a-2", "npm-b-2"],
    ),
    Situation(
        "what mends a flaw goes apart",
        [move("a 1.0 1.1 minor CVE-2026-1"), move("b 1.0 1.1 minor")],
        open=["pypi-a-1", "pypi-minor"],
        says=["goes apart, and before the rest", "Update a from 1.0 to 1.1 (security)"],
    ),
    Situation(
        "a flaw in one member takes its family along",
        [move("react 19.0 19.1 minor CVE-2026-1", "npm"), move("react-dom 19.0 19.1 minor", "npm")],
        open=["npm-react-19"],
    ),
    Situation(
        "but not by a greater step than the flaw takes",
        [move("react 18.2 18.3 minor CVE-2026-1", "npm"), move("react-dom 18.2 19.1 major", "npm")],
        open=["npm-react-18"],
        left_out=["react-dom later"],
        says=["react goes first, which mends a known vulnerability by a smaller step"],
    ),
    Situation(
        "flaws in what others bring in are mended together, in the lockfile",
        [
            move("semver 7.0 7.7 minor CVE-2026-1", "npm", indirect=True, locks=("package-lock.json",)),
            move("ws 8.0 8.1 minor CVE-2026-2", "npm", indirect=True, locks=("package-lock.json",)),
            move("axios 1.0 1.2 minor CVE-2026-3", "npm"),
        ],
        open=["npm-axios-1", "npm-security-indirect"],
    ),
    Situation(
        "a group of one's own takes what its patterns name",
        [move("ruff 0.13 0.14 minor"), move("mypy 1.0 1.1 minor"), move("django 5.1 5.2 minor")],
        {"group": [{"name": "tools", "match": ["ruff", "my*"]}]},
        open=["group-tools", "pypi-minor"],
        says=["Update the group tools (2 Python packages)"],
    ),
    Situation(
        "the first group that matches wins; exclude and ecosystems limit it",
        [move("a-x 1.0 1.1 minor"), move("a-y 1.0 1.1 minor"), move("a-z 1.0 1.1 minor", "npm")],
        {
            "group": [
                {"name": "one", "match": ["a-*"], "exclude": ["*-y"], "ecosystems": ["pypi"]},
                {"name": "two", "match": ["*"], "ecosystems": ["pypi"]},
            ]
        },
        open=["group-one", "group-two", "npm-minor"],
    ),
    Situation(
        "a group takes majors where it says so",
        [move("a 1.0 2.0 major"), move("b 1.0 1.1 minor")],
        {"group": [{"name": "all", "match": ["*"], "kinds": ["patch", "minor", "major"]}]},
        open=["group-all"],
    ),
    Situation(
        "no group takes what mends a flaw",
        [move("a 1.0 1.1 minor CVE-2026-1"), move("b 1.0 1.1 minor")],
        {"group": [{"name": "all", "match": ["*"]}]},
        open=["pypi-a-1", "group-all"],
    ),
    Situation(
        "pins and digests share one, apart from new versions",
        [
            move("actions/a v1 v1.2 pin", "githubactions"),
            move("actions/b v1 v2.2 pin", "githubactions"),
            move("actions/c v1.1 v1.2 minor", "githubactions"),
        ],
        open=["githubactions-minor", "githubactions-pins"],
        says=["Pin actions/a and actions/b"],
    ),
    Situation(
        "digests of images",
        [move("redis 7.2 7.2@sha256:abc digest", "docker"), move("nginx 1.27 1.27@sha256:def digest", "docker")],
        open=["docker-pins"],
        says=["Refresh the digests of nginx and redis"],
    ),
    Situation(
        "everything alone",
        [move("a 1.0 1.1 minor"), move("b 1.0 1.1 patch")],
        {"group_kinds": []},
        open=["pypi-a-1", "pypi-b-1"],
    ),
    Situation(
        "majors in one as well",
        [move("a 1.0 2.0 major"), move("b 1.0 2.0 major")],
        {"group_kinds": ["major"]},
        open=["pypi-major"],
    ),
]

LIMITS = [
    Situation(
        "so many majors are open at once, by worth",
        _MAJORS,
        open=["pypi-lib0-2", "pypi-lib1-2"],
        waiting=[f"pypi-lib{number}-2 major-waits" for number in range(2, 9)],
        says=["2 majors are open, and major-limit is 2"],
    ),
    Situation(
        "so many are new a week, and the rest waits until the week is over",
        _MAJORS[:4],
        {"major_limit": 9},
        open=["pypi-lib0-2", "pypi-lib1-2", "pypi-lib2-2"],
        waiting=["pypi-lib3-2 limit-week"],
        says=["3 are new this week, and weekly-limit is 3"],
    ),
    Situation(
        "so many are open at once; those that are open count",
        _MAJORS[:4],
        {"major_limit": 9, "open_limit": 3},
        existing=[pull(1, "pypi-lib2-2", lib2="2.0"), pull(2, "pypi-lib3-2", lib3="2.0")],
        open=["pypi-lib0-2", "pypi-lib2-2", "pypi-lib3-2"],
        waiting=["pypi-lib1-2 limit-open"],
    ),
    Situation(
        "what is open stays open over the limit",
        _MAJORS[:3],
        {"open_limit": 1, "major_limit": 0, "weekly_limit": 0},
        existing=[pull(1, "pypi-lib1-2", lib1="2.0"), pull(2, "pypi-lib2-2", lib2="2.0")],
        open=["pypi-lib1-2", "pypi-lib2-2"],
        waiting=["pypi-lib0-2 limit-open"],
    ),
    Situation(
        "flaws know no limits, and take no place",
        [move("a 1.0 1.1 minor CVE-2026-1"), move("b 1.0 2.0 major CVE-2026-2"), move("c 1.0 1.1 minor")],
        {"open_limit": 1, "weekly_limit": 1, "major_limit": 0},
        open=["pypi-a-1", "pypi-b-2", "pypi-minor"],
    ),
    Situation(
        "a limit of none opens nothing but what mends flaws",
        [move("a 1.0 1.1 minor CVE-2026-1"), move("c 1.0 1.1 minor")],
        {"open_limit": 0},
        open=["pypi-a-1"],
        waiting=["pypi-minor limit-open"],
    ),
    Situation(
        "what was opened and closed this week counts as new",
        [move("a 1.0 1.1 minor")],
        {"weekly_limit": 1},
        existing=[pull(1, "npm-x-2", "merged", days=2, x="2.0")],
        waiting=["pypi-minor limit-week"],
    ),
    Situation(
        "what was opened longer ago does not",
        [move("a 1.0 1.1 minor")],
        {"weekly_limit": 1},
        existing=[pull(1, "npm-x-2", "merged", days=8, x="2.0")],
        open=["pypi-minor"],
    ),
    Situation(
        "one that mended a flaw does not count",
        [move("a 1.0 1.1 minor")],
        {"weekly_limit": 1, "open_limit": 1},
        existing=[pull(1, "npm-x-2", "merged", days=2, security=True, x="2.0")],
        open=["pypi-minor"],
    ),
    Situation(
        "one that nothing needs any more makes room",
        [move("a 1.0 1.1 minor")],
        {"open_limit": 1},
        existing=[pull(1, "npm-x-2", x="2.0")],
        open=["pypi-minor"],
        obsolete=[1],
    ),
]

SIZES = [
    Situation(
        "a family is never parted, and not left behind for its size",
        [
            move("a 1.0 1.1 minor", "npm", points=1),
            *(move(f"@babel/{name} 7.1 7.2 minor", "npm", points=9) for name in "abcd"),
        ],
        {"group_limit": 2},
        open=["npm-minor"],
        waiting=["npm-minor limit-group"],
        says=[
            "Update babel to 7.2 (4 npm packages)",
            "4 of 5 go first, since they cannot be parted, and group-limit is 2",
        ],
    ),
    Situation(
        "what there is no room for lets smaller ones pass",
        [
            move("a 1.0 1.1 minor", "npm", points=300),
            *(move(f"@babel/{name} 7.1 7.2 minor", "npm", points=9) for name in "abcd"),
            move("b 1.0 1.1 minor", "npm", points=1),
        ],
        {"group_limit": 3},
        open=["npm-minor"],
        waiting=["npm-minor limit-group"],
        says=["Update a and b to 1.1", "Update babel to 7.2 (4 npm packages)", "2 of 6 go first, by worth"],
    ),
    Situation(
        "tags of one image count once",
        [move(f"redis 7.2-{tag} 7.2-{tag}@sha256:ab digest", "docker") for tag in "abcd"],
        {"group_limit": 1},
        open=["docker-pins"],
    ),
    Situation(
        "a group of one's own has the same limit",
        [move("ruff 0.13 0.14 minor"), move("mypy 1.0 1.1 minor")],
        {"group_limit": 1, "group": [{"name": "tools", "match": ["*"]}]},
        open=["group-tools"],
        waiting=["group-tools limit-group"],
    ),
    Situation(
        "flaws in what others bring in do not wait for one another",
        [move(f"x{number} 1.0 1.1 minor CVE-{number}", "npm", indirect=True) for number in range(3)],
        {"group_limit": 1},
        open=["npm-security-indirect"],
    ),
    Situation(
        "what is too young takes no room",
        [move("a 1.0 1.1 minor", published=_YOUNG, points=300), move("b 1.0 1.1 minor"), move("c 1.0 1.1 minor")],
        {"group_limit": 1},
        open=["pypi-minor"],
        waiting=["pypi-minor too-young", "pypi-minor limit-group"],
    ),
]

APPROVALS = [
    Situation(
        "a major waits for somebody's word, and takes no place",
        [move("django 4.2 5.2 major"), move("b 1.0 2.0 major", points=1), move("c 1.0 1.1 minor")],
        {"approval_kinds": ["major"], "approved": ["b"], "major_limit": 1},
        open=["pypi-b-2", "pypi-minor"],
        waiting=["pypi-django-5 needs-approval"],
        says=['it needs approval: name "pypi-django-5" in [upgrades] approved'],
    ),
    Situation(
        "approved by its id: another line is another question",
        [move("django 4.2 5.2 major"), move("b 1.0 3.0 major")],
        {"approval_kinds": ["major"], "approved": ["pypi-django-5", "pypi-b-2"]},
        open=["pypi-django-5"],
        waiting=["pypi-b-3 needs-approval"],
    ),
    Situation(
        "one word for what cannot be parted",
        [move("react 18.3 19.1 major", "npm"), move("react-dom 18.3 19.1 major", "npm")],
        {"approval_kinds": ["major"], "approved": ["react-dom"]},
        open=["npm-react-19"],
    ),
    Situation(
        "a group goes on without those that wait for it",
        [move("a 1.0 1.0.1 patch"), move("b 1.0 1.1 minor"), move("c 1.0 1.1 minor")],
        {"approval_kinds": ["minor"]},
        open=["pypi-minor"],
        waiting=["pypi-b-1 needs-approval", "pypi-c-1 needs-approval"],
    ),
    Situation(
        "flaws wait for nobody", [move("a 1.0 2.0 major CVE-1")], {"approval_kinds": ["major"]}, open=["pypi-a-2"]
    ),
    Situation(
        "what is open is approved, with its next patch too",
        [move("django 4.2 5.2.9 major")],
        {"approval_kinds": ["major"]},
        existing=[pull(1, "pypi-django-5", django="5.2.8")],
        open=["pypi-django-5"],
    ),
    Situation(
        "but not its next major",
        [move("django 4.2 6.0 major")],
        {"approval_kinds": ["major"]},
        existing=[pull(1, "pypi-django-5", django="5.2.8")],
        waiting=["pypi-django-6 needs-approval"],
        obsolete=[1],
    ),
]

WISHES = [
    Situation(
        "what somebody wants now has no limit and no schedule, by the id of the upgrade",
        [move("a 1.0 2.0 major"), move("b 1.0 2.0 major", points=90)],
        {"open_limit": 0, "weekly_limit": 0, "schedule": ["sat"]},
        asked=["pypi-a-2"],
        open=["pypi-a-2"],
        waiting=["pypi-b-2 schedule"],
    ),
    Situation(
        "or by a name, however it is spelled, and it takes its place",
        [move("Django 4.2 5.2 major"), move("b 1.0 2.0 major", points=90)],
        {"open_limit": 1},
        asked=["DJANGO"],
        open=["pypi-b-2", "pypi-django-5"],
    ),
    Situation(
        "it need not be old, approved of, enabled or worth its points",
        [move("a 1.0 2.0 major", published=_YOUNG)],
        {"approval_kinds": ["major"], "majors": "never"},
        costly={"pypi-a-2": "it adds debt"},
        asked=["pypi-a-2"],
        open=["pypi-a-2"],
    ),
    Situation(
        "with its group where it is in one, beyond what there is room for",
        [move("a 1.0 1.1 minor", points=90), move("b 1.0 1.1 minor"), move("c 1.0 1.1 minor", points=50)],
        {"group_limit": 1},
        asked=["b"],
        open=["pypi-minor"],
        waiting=["pypi-minor limit-group"],
        says=["its group is full: 2 of 3 go first"],
    ),
    Situation(
        "a permission that is missing stays missing",
        [move("a 1.0 2.0 major")],
        withheld={"requirements": "the permission is missing"},
        asked=["pypi-a-2"],
        waiting=["pypi-a-2 withheld"],
    ),
    Situation(
        "an ignore has to be taken back first",
        [move("a 1.0 2.0 major")],
        {"ignore": [{"name": "a", "reason": "no"}]},
        asked=["a"],
        left_out=["a ignored"],
    ),
    Situation(
        "closed by a command it is left out up to that day, and says for whom and why",
        [move("a 1.0 2.0 major")],
        existing=[replace(pull(4, "pypi-a-2", "closed", person=True, a="2.0"), **_SAID, until=date(2026, 11, 25))],
        left_out=["a closed"],
        says=["#4 was closed for ada until 2026-11-25 (we wait); reopen it to undo that"],
    ),
    Situation(
        "and not a day longer",
        [move("a 1.0 2.0 major")],
        existing=[replace(pull(4, "pypi-a-2", "closed", person=True, a="2.0"), **_SAID, until=date(2026, 11, 24))],
        open=["pypi-a-2"],
    ),
    Situation(
        "without a day for good",
        [move("a 1.0 2.0 major")],
        existing=[replace(pull(4, "pypi-a-2", "closed", person=True, a="2.0"), **_SAID)],
        left_out=["a closed"],
        says=["#4 was closed for ada (we wait); reopen it to undo that"],
    ),
]

COSTS = [
    Situation(
        "what costs points waits, and its place goes to the next",
        [move("a 1.0 2.0 major", points=90), move("b 1.0 2.0 major")],
        {"open_limit": 1},
        costly={"pypi-a-2": "merging it adds 480 points of debt"},
        open=["pypi-b-2"],
        waiting=["pypi-a-2 costs-points"],
        says=["merging it adds 480 points of debt"],
    ),
    Situation(
        "unless it is open already",
        [move("a 1.0 2.0 major")],
        existing=[pull(1, "pypi-a-2", a="2.0")],
        costly={"pypi-a-2": "it adds debt"},
        open=["pypi-a-2"],
    ),
    Situation(
        "or mends a flaw", [move("a 1.0 2.0 major CVE-1")], costly={"pypi-a-2": "it adds debt"}, open=["pypi-a-2"]
    ),
]

AGES = [
    Situation(
        "too young: it waits, and until when is told",
        [move("a 1.0 1.1 minor", published=_YOUNG)],
        waiting=["pypi-minor too-young"],
        says=["a 1.1: younger than 3 days until 2026-11-27"],
    ),
    Situation("old enough on the day", [move("a 1.0 1.1 minor", published=date(2026, 11, 22))], open=["pypi-minor"]),
    Situation(
        "nobody says how old: it does not wait for ever", [move("a 1.0 1.1 minor", published=None)], open=["pypi-minor"]
    ),
    Situation(
        "a young member does not hold back its group",
        [move("a 1.0 1.1 minor", published=_YOUNG), move("b 1.0 1.1 minor")],
        open=["pypi-minor"],
        waiting=["pypi-minor too-young"],
    ),
    Situation(
        "but its family",
        [move("react 19.0 19.1 minor", "npm", published=_YOUNG), move("react-dom 19.0 19.1 minor", "npm")],
        waiting=["npm-minor too-young"],
    ),
    Situation(
        "nor its family",
        [move("react 19.0 19.1 minor CVE-1", "npm"), move("react-dom 19.0 19.1 minor", "npm", published=_YOUNG)],
        open=["npm-react-19"],
    ),
    Situation("what mends a flaw does not wait", [move("a 1.0 1.1 minor CVE-1", published=_YOUNG)], open=["pypi-a-1"]),
    Situation(
        "what is open already is not closed over it",
        [move("a 1.0 1.1 minor", published=_YOUNG)],
        existing=[pull(1, "pypi-minor", a="1.1")],
        open=["pypi-minor"],
    ),
    Situation(
        "a pull request whose next release is too young stays as it is",
        [move("a 1.0 1.2 minor", published=_YOUNG)],
        existing=[pull(1, "pypi-minor", a="1.1")],
        waiting=["pypi-minor too-young"],
    ),
    Situation(
        "no age asked for",
        [move("a 1.0 1.1 minor", published=_YOUNG)],
        {"minimum_release_age_days": 0},
        open=["pypi-minor"],
    ),
]

SCHEDULES = [
    Situation(
        "outside of the window nothing new is opened",
        [move("a 1.0 1.1 minor")],
        {"schedule": ["mon-fri 18:00-20:00"]},
        waiting=["pypi-minor schedule"],
        says=["the schedule opens Wed 25 Nov 18:00 (UTC)"],
    ),
    Situation("inside it is", [move("a 1.0 1.1 minor")], {"schedule": ["weekdays 08:00-11:00"]}, open=["pypi-minor"]),
    Situation(
        "the zone counts: ten in London is eleven in Berlin",
        [move("a 1.0 1.1 minor")],
        {"schedule": ["daily 08:00-11:00"], "time_zone": "Europe/Berlin"},
        waiting=["pypi-minor schedule"],
        says=["Thu 26 Nov 08:00 (Europe/Berlin)"],
    ),
    Situation(
        "what is open stays", [move("a 1.0 1.1 minor")], {"schedule": ["weekends"]},
        existing=[pull(1, "pypi-minor", a="1.1")], open=["pypi-minor"],
    ),
    Situation(
        "flaws know no schedule", [move("a 1.0 1.1 minor CVE-1")], {"schedule": ["weekends"]}, open=["pypi-a-1"]
    ),
    Situation(
        "a window over midnight belongs to the day on which it opens",
        [move("a 1.0 1.1 minor")],
        {"schedule": ["tue 22:00-04:00"]},
        now=_at(25, 3, 59),
        open=["pypi-minor"],
    ),
    Situation(
        "and is closed at its end",
        [move("a 1.0 1.1 minor")],
        {"schedule": ["tue 22:00-04:00"]},
        now=_at(25, 4),
        waiting=["pypi-minor schedule"],
        says=["Tue 1 Dec 22:00 (UTC)"],
    ),
    Situation(
        "weekly",
        [move("a 1.0 1.1 minor")],
        {"schedule": ["weekly on monday 06:00-12:00"]},
        waiting=["pypi-minor schedule"],
        says=["Mon 30 Nov 06:00 (UTC)"],
    ),
    Situation(
        "monthly is the first such day",
        [move("a 1.0 1.1 minor")],
        {"schedule": ["monthly on thursday"]},
        waiting=["pypi-minor schedule"],
        says=["Thu 3 Dec 00:00 (UTC)"],
    ),
]  # fmt: skip

CHOICES = [
    Situation("denied", [move("a 1.0 1.1 minor")], {"deny": ["a"]}, left_out=["a denied"], says=["deny names it: a"]),
    Situation(
        "only what is allowed",
        [move("a-1 1.0 1.1 minor"), move("b 1.0 1.1 minor")],
        {"allow": ["A-*"]},
        open=["pypi-minor"],
        left_out=["b not-allowed"],
    ),
    Situation(
        "deny wins over allow", [move("a 1.0 1.1 minor")], {"allow": ["*"], "deny": ["a"]}, left_out=["a denied"]
    ),
    Situation(
        "denied with a flaw: people have the last word, and it is listed",
        [move("a 1.0 1.1 minor CVE-1")],
        {"deny": ["a"]},
        left_out=["a denied"],
    ),
    Situation(
        "an ignore of majors lets the small steps pass",
        [move("a 1.0 2.0 major"), move("b 1.0 1.1 minor")],
        {"ignore": [{"name": "*", "reason": "frozen", "kinds": ["major"]}]},
        open=["pypi-minor"],
        left_out=["a ignored"],
    ),
    Situation(
        "an ignore holds on its last day",
        [move("a 1.0 1.1 minor")],
        {"ignore": [{"name": "a", "reason": "later", "until": date(2026, 11, 25)}]},
        left_out=["a ignored"],
    ),
    Situation(
        "and not on the next",
        [move("a 1.0 1.1 minor")],
        {"ignore": [{"name": "a", "reason": "later", "until": date(2026, 11, 24)}]},
        open=["pypi-minor"],
    ),
    Situation(
        "an ignore of another ecosystem",
        [move("a 1.0 1.1 minor")],
        {"ignore": [{"name": "a", "reason": "no", "ecosystem": "npm"}]},
        open=["pypi-minor"],
    ),
    Situation(
        "majors switched off",
        [move("a 1.0 2.0 major")],
        {"majors": "never"},
        waiting=["pypi-a-2 not-enabled"],
    ),
    Situation(
        "majors switched off, but one mends a flaw",
        [move("a 1.0 2.0 major CVE-1")],
        {"majors": "never"},
        open=["pypi-a-2"],
    ),
]

PULLS = [
    Situation(
        "a new patch release goes to the same branch",
        [move("django 4.2 5.2.9 major")],
        existing=[pull(1, "pypi-django-5", django="5.2.8")],
        open=["pypi-django-5"],
    ),
    Situation(
        "closed by a person: not for another release of that line either",
        [move("django 4.2 5.2.9 major")],
        existing=[pull(1, "pypi-django-5", "closed", person=True, django="5.2.8")],
        left_out=["django closed"],
    ),
    Situation(
        "but for the next major",
        [move("django 4.2 6.0 major")],
        existing=[pull(1, "pypi-django-5", "closed", person=True, django="5.2.8")],
        open=["pypi-django-6"],
    ),
    Situation(
        "closed by debtscan itself says nothing",
        [move("django 4.2 5.2.9 major")],
        existing=[pull(1, "pypi-django-5", "closed", django="5.2.8")],
        open=["pypi-django-5"],
    ),
    Situation(
        "reopened counts again",
        [move("django 4.2 5.2.9 major")],
        existing=[pull(1, "pypi-django-5", "open", person=True, django="5.2.8")],
        open=["pypi-django-5"],
    ),
    Situation(
        "a closed group leaves out its members, not what came later",
        [move("a 1.0 1.2 minor"), move("b 1.0 1.1 minor"), move("c 1.0 1.1 minor")],
        existing=[pull(1, "pypi-minor", "closed", person=True, a="1.1", b="1.1")],
        open=["pypi-minor"],
        left_out=["a closed", "b closed"],
    ),
    Situation(
        "a flaw found later is news",
        [move("a 1.0 1.2 minor CVE-1")],
        existing=[pull(1, "pypi-minor", "closed", person=True, a="1.2")],
        open=["pypi-a-1"],
    ),
    Situation(
        "but not when it was closed as such",
        [move("a 1.0 1.2 minor CVE-1")],
        existing=[pull(1, "pypi-a-1", "closed", person=True, security=True, a="1.2")],
        left_out=["a closed"],
    ),
    Situation(
        "an action that was closed, and its next major",
        [move("actions/checkout v3 v6 major", "githubactions")],
        existing=[replace(pull(1, "x", "closed", person=True), targets={"githubactions:actions/checkout": "v5.0.1"})],
        open=["githubactions-actions+checkout-6"],
    ),
    Situation(
        "merged and found again: somebody put it back",
        [move("a 1.0 2.0 major")],
        existing=[pull(1, "pypi-a-2", "merged", closed=NOW - timedelta(days=3), a="2.0")],
        left_out=["a merged"],
        says=["#1 was merged and it is found again, so somebody put it back; proposed anew from 2026-12-22 on"],
    ),
    Situation(
        "merged long ago: it is proposed again",
        [move("a 1.0 2.0 major")],
        existing=[pull(1, "pypi-a-2", "merged", days=90, a="2.0")],
        open=["pypi-a-2"],
    ),
    Situation(
        "merged, and a newer release is out",
        [move("a 2.0 2.1 minor")],
        existing=[pull(1, "pypi-a-2", "merged", days=3, a="2.0")],
        open=["pypi-minor"],
    ),
    Situation(
        "closed in another world: a name alone says nothing",
        [move("redis 6.0 7.0 major", "npm")],
        existing=[pull(1, "docker-redis-8", "closed", person=True, redis="8.2")],
        open=["npm-redis-7"],
    ),
    Situation(
        "open, and withheld since: it is left as it is, and counts",
        [
            move("actions/checkout v3 v5 major", "githubactions", files=(".github/workflows/ci.yml",)),
            move("a 1.0 2.0 major"),
        ],
        {"open_limit": 1},
        existing=[pull(1, "githubactions-actions+checkout-5")],
        waiting=["githubactions-actions+checkout-5 withheld", "pypi-a-2 limit-open"],
        withheld={".github/workflows/": "no permission"},
    ),
    Situation(
        "its marker is gone: it counts by its branch, and is never closed",
        [move("a 1.0 2.0 major")],
        {"open_limit": 1},
        existing=[
            replace(pull(1, "pypi-a-2"), id="", targets={}),
            replace(pull(2, "somebodys-own"), id="", targets={}),
        ],
        open=["pypi-a-2"],
    ),
    Situation("nothing needs it any more", [], existing=[pull(1, "pypi-a-2", a="2.0")], obsolete=[1]),
    Situation(
        "it went into another pull request",
        [move("a 1.0 1.1 minor CVE-1")],
        existing=[pull(1, "pypi-minor", a="1.1")],
        open=["pypi-a-1"],
        obsolete=[1],
    ),
    Situation(
        "ignored since: its pull request is obsolete",
        [move("a 1.0 2.0 major")],
        {"deny": ["a"]},
        existing=[pull(1, "pypi-a-2", a="2.0")],
        left_out=["a denied"],
        obsolete=[1],
    ),
    Situation(
        "closed and merged ones are never obsolete",
        [],
        existing=[pull(1, "pypi-a-2", "closed", a="2.0"), pull(2, "pypi-b-2", "merged", b="2.0")],
    ),
]

ORDER = [
    Situation(
        "a worse flaw first",
        [
            move("mild 1.0 1.1 minor CVE-1", findings=(finding(_MILD, "1.1", flaws=[flaw("CVE-1", "low")]),)),
            move("bad 1.0 1.1 minor CVE-2", findings=(finding(_BAD, "1.1", flaws=[flaw("CVE-2", "critical")]),)),
        ],
        open=["pypi-bad-1", "pypi-mild-1"],
    ),
    Situation(
        "what ends sooner first",
        [move("later 1.0 2.0 major", ends=date(2027, 9, 1)), move("sooner 1.0 2.0 major", ends=date(2026, 12, 1))],
        open=["pypi-sooner-2", "pypi-later-2"],
        says=["ends in 6 days, on 2026-12-01"],
    ),
    Situation(
        "hot code first",
        [move("cold 1.0 2.0 major", heat=0), move("hot 1.0 2.0 major", heat=37)],
        open=["pypi-hot-2", "pypi-cold-2"],
        says=["The files that use it changed 37 times in the window."],
    ),
    Situation(
        "for development first, where all else is the same: less can break",
        [move("a 1.0 2.0 major"), move("b 1.0 2.0 major", development=True)],
        open=["pypi-b-2", "pypi-a-2"],
        says=["Risk 30"],
    ),
    Situation(
        "the small step before the great one",
        [move("a 1.0 2.0 major"), move("b 1.0 1.1 minor")],
        open=["pypi-minor", "pypi-a-2"],
    ),
    Situation(
        "below 1.0 a minor step may break",
        [move("a 0.1 0.2 minor"), move("b 1.1 1.2 minor")],
        {"group_kinds": []},
        open=["pypi-b-1", "pypi-a-0.2"],
        says=["Risk 30"],
    ),
]  # fmt: skip

ALL = [*COMPLAINTS, *GROUPS, *LIMITS, *SIZES, *APPROVALS, *WISHES, *COSTS, *AGES, *SCHEDULES, *CHOICES, *PULLS, *ORDER]


@pytest.mark.parametrize("given", ALL, ids=lambda given: given.what)
def test_a_situation_leads_to_its_plan(given: Situation) -> None:
    made = given.plan()
    assert sorted(one.id for one in made.open) == sorted(given.open)
    assert sorted(f"{one.upgrade.id} {one.reason}" for one in made.waiting) == sorted(given.waiting)
    assert sorted(f"{one.name} {one.reason}" for one in made.left_out) == sorted(given.left_out)
    assert [one.number for one in made.obsolete] == list(given.obsolete)
    for text in given.says:
        assert text in said(made)


@pytest.mark.parametrize("given", [COMPLAINTS[-1], *ORDER], ids=lambda given: given.what)
def test_what_is_worth_most_comes_first(given: Situation) -> None:
    assert [one.id for one in given.plan().open] == list(given.open)


@pytest.mark.parametrize("given", ALL, ids=lambda given: given.what)
def test_each_choice_says_why(given: Situation) -> None:
    made = given.plan()
    assert all(one.worth.reasons for one in made.open)
    assert all(one.reasons for one in made.open if len({move.key for move in one.moves}) > 1)
    assert all(one.detail and one.upgrade.worth.reasons for one in made.waiting)
    assert all(one.detail for one in made.left_out)


def test_there_are_enough_situations() -> None:
    assert len(ALL) >= 60


def test_every_reason_to_wait_is_given_in_some_situation_and_told_in_the_documentation() -> None:
    reasons = set(get_args(WaitReason))
    assert {one.rpartition(" ")[2] for given in ALL for one in given.waiting} == reasons
    page = (Path(__file__).parents[3] / "docs" / "upgrades.md").read_text(encoding="utf-8")
    assert {one for one in (*reasons, *get_args(LeftOutReason)) if f"`{one}`" not in page} == set()


def _merged(pulls: list[Existing], made: Plan, number: int) -> list[Existing]:
    """Return the pull requests after the only one of a plan was merged."""
    (upgrade,) = made.open
    again = pull(number, upgrade.id, "merged", closed=NOW)
    return [*(one for one in pulls if one.state != "open"), replace(again, targets=upgrade.targets)]


def test_a_full_group_is_merged_in_parts_and_nothing_moves_but_what_goes() -> None:
    left, pulls, parts = list(_MANY), list[Existing](), list[set[str]]()
    asked = settings(group_limit=15, weekly_limit=9)
    while left:
        made = plan(left, (), asked, pulls, NOW)
        parts.append({one.name for one in made.open[0].moves})
        stays = [one for one in pulls if one.state == "merged"] + opened(made, NOW)
        # Another package is found that is worth more, and a member goes: the others stay, and one comes.
        gone, *_ = made.open[0].moves
        found = [*(one for one in left if one is not gone), move("urgent 1.0 1.1 minor", points=400)]
        after = plan(found, (), asked, stays, NOW)
        comes = {one.name for one in after.open[0].moves} - parts[-1]
        assert {one.name for one in after.open[0].moves} - comes == parts[-1] - {gone.name}
        assert comes == {"urgent"}
        pulls = _merged(pulls, made, len(pulls) + 1)
        left = [one for one in left if one.name not in parts[-1]]
    assert [len(one) for one in parts] == [15, 15, 10]


def test_the_configuration_in_the_documentation_is_one() -> None:
    page = (Path(__file__).parents[3] / "docs" / "upgrades.md").read_text(encoding="utf-8")
    block = page.partition("```toml\n")[2].partition("```")[0]
    told = msgspec.convert(tomllib.loads(block), Config).upgrades
    assert set(tomllib.loads(block)["upgrades"]) == {field.encode_name for field in msgspec.structs.fields(Upgrades)}
    assert (told.open_limit, told.weekly_limit, told.group_kinds) == (5, 3, Upgrades().group_kinds)


def test_what_waits_is_no_reason_for_what_goes() -> None:
    moves = [move("a 1.0 1.1 minor", "npm", points=300), *(move(f"@babel/{one} 7.1 7.2 minor", "npm") for one in "bc")]
    made = plan(moves, (), settings(group_limit=1), (), NOW)
    (goes,), (waits,) = made.open, [entry.upgrade for entry in made.waiting]
    assert not any("Babel" in why for why in goes.reasons)
    assert any("Babel" in why for why in waits.reasons)
    assert set(goes.reasons) < set(waits.reasons)
