"""Upgrades made by hand, for tests of what is made of them: an ordinary one, a hostile one, a large one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from analyzers.config import Config
from analyzers.model.advisory import Flaw
from analyzers.model.facts import Facts, Known, ReleaseNote, ReleaseNotes
from analyzers.model.finding import Confidence, Finding, Fix, Severity, Subject
from analyzers.model.inventory import Churn, History, Inventory, Repository
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey
from analyzers.scan import ScanResult
from bot.upgrade.body import Background
from bot.upgrade.model import LeftOut, LockProblem, Move, OtherMove, Upgrade, Worth, Written
from bot.upgrade.preview import Preview, compare
from bot.upgrade.usage import Usage, UsedIn

AS_OF = date(2026, 11, 22)
COMMIT = "0123456789abcdef0123456789abcdef01234567"
FLAW = Flaw(
    id="CVE-2023-32681",
    aliases=("GHSA-j8r2-6x86-q33q", "PYSEC-2023-74"),
    records=("GHSA-j8r2-6x86-q33q", "PYSEC-2023-74"),
    summary="Proxy-Authorization header is sent to the destination of a redirect",
    level="medium",
    score=6.1,
    vector=None,
    published=date(2023, 5, 22),
    malicious=False,
)


def finding(
    name: str = "requests",
    *,
    rule: str = "vulnerable-dependency",
    minutes: int = 120,
    **given: Any,  # noqa: ANN401 - any of its fields
) -> Finding:
    """Return a finding about a package."""
    made = Finding(
        rule=rule,
        group="dependencies",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        title=f"{name} has known vulnerabilities",
        message=f"{name} has known vulnerabilities; upgrade it",
        path="requirements.txt",
        line=3,
        end_line=3,
        subject=Subject(ecosystem="pypi", name=name, current="2.19.0", latest="2.32.3"),
        key=SubjectKey("pypi", name),
        minutes=minutes,
        exposure=1.0,
        identity=name,
        fix=Fix(available=True, to="2.32.3", safe=True),
        flaws=(FLAW,) if rule == "vulnerable-dependency" else (),
    )
    return replace(made, **given)


def move(name: str = "requests", **given: Any) -> Move:  # noqa: ANN401 - any of its fields
    """Return a move of a package of PyPI."""
    made = Move(
        key=SubjectKey("pypi", name),
        name=name,
        current="2.19.0",
        target="2.32.3",
        kind="security",
        step="minor",
        edit=None,
        findings=(finding(name), finding(name, rule="outdated-dependency", minutes=30)),
        files=("requirements.in", "requirements.txt"),
        locks=("requirements.txt",),
        published=date(2024, 5, 29),
        current_published=date(2018, 6, 12),
        repository=f"github.com/psf/{name}",
        advisories=("GHSA-j8r2-6x86-q33q",),
    )
    return replace(made, **given)


def upgrade(*moves: Move, **given: Any) -> Upgrade:  # noqa: ANN401 - any of its fields
    """Return an upgrade of these moves."""
    made = Upgrade(
        id="pypi-requests-2",
        branch="debtscan/pypi-requests-2",
        title="Update requests to 2.32.3",
        moves=moves or (move(),),
        kind="security",
        worth=Worth(
            points=150,
            advisories=1,
            days_left=None,
            heat=42,
            risk=10,
            total=340.0,
            reasons=("first, because a known vulnerability goes with it", "its code changed 42 times within a year"),
        ),
        reasons=("alone, because it is a security update",),
    )
    return replace(made, **given)


def written(made: Upgrade | None = None, **given: Any) -> Written:  # noqa: ANN401 - any of its fields
    """Return an upgrade as files."""
    what = made or upgrade()
    files = {"requirements.in": b"requests==2.32.3\n", "requirements.txt": b"requests==2.32.3\nurllib3==2.2.1\n"}
    return replace(Written(upgrade=what, files=files, commits=((what.title, files),)), **given)


def result(findings: Iterable[Finding], skipped: Iterable[Skipped] = ()) -> ScanResult:
    """Return a scan with these findings."""
    history = History(
        since=date(2025, 11, 22),
        until=AS_OF,
        commits=60,
        left_out=(),
        churn=(
            Churn(path="shop/api.py", revisions=31, authors=4, last_changed=AS_OF),
            Churn(path="shop/fetch.py", revisions=11, authors=2, last_changed=AS_OF),
        ),
    )
    inventory = Inventory(
        repository=Repository("example/shop", COMMIT, "main"),
        history=history,
        importers={("pypi", "requests"): ("shop/api.py", "shop/fetch.py", "tools/once.py")},
    )
    return ScanResult(
        inventory=inventory,
        facts=Facts(AS_OF),
        findings=tuple(findings),
        ignored=(),
        skipped=tuple(skipped),
        config=Config(),
        as_of=AS_OF,
    )


def previewed(made: Upgrade | None = None, *, other_debt: int = 1800) -> Preview:
    """Return a preview in which an upgrade's findings are mended and others stay."""
    what = made or upgrade()
    rest = [finding(f"other-{number}", rule="outdated-dependency", minutes=300) for number in range(other_debt // 300)]
    mended = [entry for one in what.moves for entry in one.findings]
    return compare(result([*mended, *rest]), result(rest), (one.key for one in what.moves))


NOTES = """<!-- Release notes generated using configuration in .github/release.yml -->
## What's Changed
* Drop support for Python 3.7 by @someone in https://github.com/psf/requests/pull/6710
* Fix a leak of `Proxy-Authorization` on redirects (#6655), see
  [the guide](https://docs.example.org/guide?a=1&b=2#top)

### Details
> quoted words

| option | default |
|---|---|
| `verify` | on |

```python
session.get("https://example.org")  # @someone
```

**Full Changelog**: https://github.com/psf/requests/compare/v2.31.0...v2.32.0
"""


def note_facts(texts: Mapping[str, str], repository: str = "psf/requests") -> Facts:
    """Return the answer of GitHub about a repository's releases: tag → text."""
    listed = tuple(ReleaseNote(tag, date(2024, 5, 20), text) for tag, text in texts.items())
    question = Question("github-release-notes", repository)
    return Facts(AS_OF, {question: Known(ReleaseNotes(repository, listed))})


USAGE = Usage(
    name="requests",
    files=(
        UsedIn(path="shop/api.py", changes=31),
        UsedIn(path="shop/fetch.py", changes=11),
        UsedIn(path="tools/once.py", changes=0),
    ),
    count=3,
    imported=True,
)
OTHERS = (
    OtherMove(
        lock="requirements.txt", name="urllib3", before="1.24.3", after="2.2.1", why="required by requests 2.32.3"
    ),
    OtherMove(lock="requirements.txt", name="chardet", before="3.0.4", after=None),
)
PROBLEM = LockProblem(lock="poetry.lock", tool="poetry", detail="no version of django fits Python 3.9")
REFUSED = LeftOut(name="flask", target="2.32.3", reason="refused", detail="its hashes are not known")


def background(**given: Any) -> Background:  # noqa: ANN401 - any of its fields
    """Return what is known beside the files."""
    return replace(
        Background(as_of=AS_OF, commit=COMMIT, preview=previewed(), usages={"pypi:requests": USAGE}), **given
    )
