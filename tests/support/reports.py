"""Reports for tests of renderers: a rich one with hostile names, an empty one, a perfect one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from analyzers.config import Config
from analyzers.model.facts import Facts
from analyzers.model.finding import Confidence, Finding, Fix, Group, Severity, Subject
from analyzers.model.inventory import (
    Churn,
    Dependency,
    Function,
    History,
    Inventory,
    Manifest,
    Repository,
    SourceFile,
)
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey
from analyzers.scan import ScanResult
from analyzers.set_aside import Ignored
from bot.assemble import build
from bot.scorecard import Report
from bot.tables import TableAge

AS_OF = date(2026, 11, 22)
SCANNED_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
REPOSITORY = Repository("example/shop", "0123456789abcdef0123456789abcdef01234567", "main", dirty=True)
HOSTILE_NAMES = (
    "a|b`c`.py",
    "<script>alert(1)</script>.py",
    "@octocat #1 [link](https://example.com).py",
    "\x1b[2J\x1b[31mred.py",
    "gnp.\u202eyp",
    "line\nbreak ::error::x.py",
    "%0A%25 100%.py",
    "half\udc80.py",
    "漢字 é 🚀.py",
    "very/" * 20 + "long.py",
)


TABLES = (
    TableAge(name="lifecycles", source="endoflife.date", dated=date(2026, 4, 1), days=235),
    TableAge(name="actions", source="GitHub", dated=date(2026, 11, 1), days=21),
)


def sample_report(*, baseline: frozenset[str] | None = None) -> Report:
    """Return a report of a middling monorepo: about 60 findings, 300 files, everything that can be shown."""
    return _report(sample_result(), TABLES, baseline)


def ending(*days: tuple[str, str]) -> Report:
    """Return the sample with nothing but findings about things (`product`) whose support ends on a day."""
    sample = sample_report()
    rows = tuple(
        replace(row, finding=replace(row.finding, details={"end_of_life": day, "product": product}))
        for row, (day, product) in zip(sample.findings, days, strict=False)
    )
    return replace(sample, findings=rows)


def empty_report() -> Report:
    """Return the report of a repository in which there is nothing to read."""
    return _report(_result(Inventory(repository=Repository("example/empty"))))


def perfect_report() -> Report:
    """Return the report of a repository that was judged and in which nothing was found."""
    return _report(_result(replace(_inventory(), owners=())))


def unjudged_report() -> Report:
    """Return the report of a repository of which nothing could be judged: offline, with an empty cache."""
    inventory = replace(_inventory(), functions=(), history=None)
    skipped = tuple(
        Skipped(
            what="look-up",
            path=dependency.place.path,
            source=dependency.ecosystem,
            reason="offline",
            detail="not asked: offline, and nothing in the cache",
            subject=SubjectKey(dependency.ecosystem, dependency.name),
        )
        for dependency in inventory.dependencies
        if dependency.skip_reason is None
    )
    return _report(replace(_result(inventory), skipped=skipped, offline=True))


def _report(
    result: ScanResult, tables: tuple[TableAge, ...] = TABLES[1:], baseline: frozenset[str] | None = None
) -> Report:
    # The bundled tables are renewed from time to time; what tests expect is not.
    return replace(build(result, scanned_at=SCANNED_AT, baseline=baseline), tables=tables)


def sample_result() -> ScanResult:
    """Return the result from which `sample_report` is built."""
    findings = tuple(sorted(_findings(), key=lambda finding: (finding.path, finding.line, finding.rule)))
    return replace(
        _result(_inventory()),
        findings=findings,
        ignored=tuple(_ignored()),
        skipped=tuple(sorted(_skipped(), key=lambda entry: (entry.what, entry.path, entry.source, entry.reason))),
        timings={"read": 0.25, "look_up": 1.5, "check": 0.125},
    )


def finding(
    rule: str,
    group: Group,
    name: str,
    *,
    path: str = "pyproject.toml",
    line: int = 1,
    minutes: int = 20,
    exposure: float = 1.0,
    ecosystem: str = "pypi",
    current: str | None = "1.0",
    latest: str | None = "2.0",
    severity: Severity = Severity.MEDIUM,
    confidence: Confidence = Confidence.HIGH,
    title: str = "",
    message: str = "",
    details: dict[str, str | int | float | bool | None] | None = None,
    key: SubjectKey | None = None,
) -> Finding:
    """Return a finding with the usual values filled in."""
    return Finding(
        rule=rule,
        group=group,
        severity=severity,
        confidence=confidence,
        title=title or f"{name} {current} is behind {latest}",
        message=message or _message(name, current, latest),
        path=path,
        line=line,
        end_line=line,
        subject=Subject(
            ecosystem=ecosystem, name=name, current=current, latest=latest, purl=f"pkg:{ecosystem}/pkg@{current}"
        ),
        key=key or SubjectKey(ecosystem, name),
        minutes=minutes,
        exposure=exposure,
        identity=f"{name}|{current}",
        column=5,
        fix=Fix(available=latest is not None, to=latest, safe=rule == "outdated-dependency" and minutes <= 20),
        details=details or {},
    )


def _message(name: str, current: str | None, latest: str | None) -> str:
    if latest is None:
        return f"{name} {current} can change without notice. Pin it."
    return f"{name} is at {current}; {latest} was released on 2026-05-01. Move to {latest}."


def _result(inventory: Inventory) -> ScanResult:
    return ScanResult(
        inventory=inventory,
        facts=Facts(AS_OF),
        findings=(),
        ignored=(),
        skipped=inventory.skipped,
        config=Config(),
        as_of=AS_OF,
    )


def _findings() -> Iterator[Finding]:
    yield from _package_findings()
    yield from _docker_findings()
    yield from _action_findings()
    yield from _hotspot_findings()
    for index, path in enumerate(HOSTILE_NAMES):
        hostile = "ignore @everyone | <img src=x onerror=alert(1)> `rm` \x1b]0;x\x07 [x](javascript:alert(1))"
        yield finding(
            "outdated-dependency",
            "dependencies",
            f"{hostile} {index}",
            path=path,
            line=index + 1,
            minutes=10,
            title=f"{path} is behind",
            message=f"{hostile}\nSecond line of {path}.",
            confidence=Confidence.LOW,
        )


def _package_findings() -> Iterator[Finding]:
    for index, (name, current, latest, minutes, years) in enumerate(
        (
            ("requests", "2.19.0", "2.32.5", 20, 6.9),
            ("django", "2.2.28", "5.2.8", 240, 5.1),
            ("urllib3", "1.26.5", "2.5.0", 120, 4.0),
            ("flask", "2.0.1", "3.1.2", 120, 3.7),
            ("boto3", "1.40.1", "1.40.9", 10, 0.1),
            ("numpy", "1.26.4", "2.3.4", 120, 1.7),
        )
    ):
        for path in ("services/api/pyproject.toml", "services/worker/requirements.txt")[: 1 + index % 2]:
            yield finding(
                "outdated-dependency",
                "dependencies",
                name,
                path=path,
                line=10 + index,
                minutes=minutes,
                current=current,
                latest=latest,
                exposure=2.0 if name == "django" else 1.0,
                severity=Severity.LOW if minutes < 20 else Severity.MEDIUM,
                details={"libyears": years},
            )
    yield finding(
        "vulnerable-dependency",
        "dependencies",
        "requests",
        path="services/api/pyproject.toml",
        line=10,
        minutes=60,
        current="2.19.0",
        latest="2.32.5",
        severity=Severity.CRITICAL,
        title="requests 2.19.0 has 2 known advisories",
    )
    for index in range(12):
        yield finding(
            "outdated-dependency",
            "dependencies",
            f"@scope/package-{index}",
            path="web/package.json",
            line=12 + index,
            ecosystem="npm",
            current=f"{index}.1.0",
            latest=f"{index + 1}.0.0",
            minutes=120,
            exposure=0.5,
            details={"libyears": 0.5 + index / 4},
        )
    yield finding(
        "deprecated-dependency",
        "dependencies",
        "request",
        path="web/package.json",
        line=9,
        ecosystem="npm",
        current="2.88.2",
        latest=None,
        minutes=240,
        severity=Severity.HIGH,
        title="request is deprecated",
        message="request has been deprecated on npm since 2020-02-11. Replace it.",
    )
    yield finding(
        "end-of-life-runtime",
        "dependencies",
        "python",
        path="services/worker/.python-version",
        ecosystem="generic",
        current="3.8",
        latest="3.14",
        minutes=120,
        exposure=4.0,
        severity=Severity.HIGH,
        title="Python 3.8 ended on 2024-10-07",
        message=".python-version names Python 3.8, which ended on 2024-10-07 (776 days ago). Move to 3.14.",
        details={"end_of_life": "2024-10-07"},
    )


def _docker_findings() -> Iterator[Finding]:
    for name, tag, latest, product, end, exposure in (
        ("node", "18-alpine", "24-alpine", "Node.js 18", "2025-04-30", 4.0),
        ("python", "3.8-slim-buster", "3.14-slim-trixie", "Python 3.8", "2024-10-07", 4.0),
        ("python", "3.8-slim-buster", "3.14-slim-trixie", "Debian 10", "2022-09-10", 4.0),
        ("postgres", "14", "18", "PostgreSQL 14", "2026-11-12", 1.0),
    ):
        yield finding(
            "end-of-life-base-image",
            "docker",
            name,
            path=f"services/{name}/Dockerfile",
            line=3,
            ecosystem="docker",
            current=tag,
            latest=latest,
            minutes=120,
            exposure=exposure,
            severity=Severity.HIGH,
            title=f"{product} ended on {end}",
            message=f"FROM {name}:{tag} rests on {product}, which ended on {end}. Move to {name}:{latest}.",
            details={"end_of_life": end, "product": product},
        )
    yield finding(
        "ending-base-image",
        "docker",
        "alpine",
        path="web/Dockerfile",
        line=1,
        ecosystem="docker",
        current="3.21",
        latest="3.23",
        minutes=120,
        exposure=0.5,
        title="Alpine 3.21 ends on 2027-01-01",
        details={"end_of_life": "2027-01-01"},
    )
    for index, name in enumerate(("redis", "nginx", "rabbitmq")):
        yield finding(
            "unpinned-base-image",
            "docker",
            name,
            path="compose.yaml",
            line=10 * (index + 1),
            ecosystem="docker",
            current="latest",
            latest=None,
            minutes=5,
            severity=Severity.LOW,
            title=f"{name}:latest can change under you",
        )


def _action_findings() -> Iterator[Finding]:
    yield finding(
        "failing-action-version",
        "actions",
        "actions/upload-artifact",
        path=".github/workflows/ci.yml",
        line=40,
        ecosystem="githubactions",
        current="v3",
        latest="v5",
        minutes=30,
        exposure=2.0,
        severity=Severity.CRITICAL,
        title="actions/upload-artifact v3 fails since 2025-01-30",
    )
    yield finding(
        "retired-runner",
        "actions",
        "ubuntu-20.04",
        path=".github/workflows/ci.yml",
        line=8,
        ecosystem="generic",
        current="ubuntu-20.04",
        latest="ubuntu-24.04",
        minutes=60,
        exposure=4.0,
        severity=Severity.HIGH,
        title="Runner ubuntu-20.04 was retired on 2025-04-15",
        details={"end_of_life": "2025-04-15"},
    )
    for index in range(8):
        yield finding(
            "unpinned-action",
            "actions",
            f"someone/action-{index}",
            path=".github/workflows/release.yml",
            line=12 + index,
            ecosystem="githubactions",
            current="v1",
            latest=None,
            minutes=5,
            severity=Severity.LOW,
            confidence=Confidence.MEDIUM if index % 2 else Confidence.HIGH,
            title=f"someone/action-{index}@v1 is not pinned to a commit",
        )


def _hotspot_findings() -> Iterator[Finding]:
    for index, function in enumerate(_functions()[:8]):
        yield finding(
            "complexity-hotspot",
            "hotspots",
            function.name,
            path=function.path,
            line=function.line,
            ecosystem="function",
            key=SubjectKey("function", f"{function.path}::{function.name}"),
            current=None,
            latest=None,
            minutes=min(480, 20 + 10 * (function.complexity - 10)),
            exposure=(4.0, 2.0, 1.0, 0.5)[index // 2],
            severity=Severity.HIGH if index < 4 else Severity.MEDIUM,
            title=f"{function.name} is complex and changes often",
            message=f"{function.name} has {function.complexity} paths and changed 30 times in 12 months. Split it.",
            details={
                "revisions": 40 - index,
                "authors": 4,
                "months": ",".join(str((index + month) % 6) for month in range(12)),
                "reasons": f"complexity {function.complexity}; 30 revisions in 12 months; 4 authors",
            },
        )


def _ignored() -> Iterator[Ignored]:
    yield Ignored(
        finding=finding("archived-dependency", "dependencies", "nose", path="setup.cfg", minutes=240),
        reason="leaves with the old test suite",
        until=date(2027, 1, 31),
    )
    yield Ignored(
        finding=finding("outdated-dependency", "dependencies", "six", path="setup.cfg", minutes=10),
        reason="false-positive vendored | by `pip`",
        until=date(2027, 2, 28),
        false_positive=True,
    )


def _skipped() -> Iterator[Skipped]:
    for index in range(7):
        yield Skipped(
            what="look-up",
            path="web/package.json",
            source="npm",
            reason="time-out",
            detail="no answer within 20 seconds",
            subject=SubjectKey("npm", f"slow-{index}"),
        )
    yield Skipped(
        what="file", path="old/setup.py", source="python", reason="unsupported-syntax", detail="needs Python 3.14"
    )
    yield Skipped(
        what="file", path="broken|`x`\x1b.toml", source="pyproject", reason="invalid-syntax", detail="line 3: no value"
    )
    yield Skipped(what="file", path="vendor/x/package.json", source="package-json", reason="vendored")
    yield Skipped(what="repository", path="third_party/lib", source="git", reason="submodule", detail="is a submodule")
    yield Skipped(what="history", source="git", reason="shallow-history", detail="50 commits are here; fetch the rest")
    yield Skipped(
        what="look-up",
        path="services/node/Dockerfile",
        source="oci",
        reason="bundled-table",
        detail="judged by the bundled table of 2026-04-01",
        subject=SubjectKey("docker", "node"),
    )


def _inventory() -> Inventory:
    return Inventory(
        repository=REPOSITORY,
        dependencies=tuple(_dependencies()),
        manifests=tuple(
            Manifest(path=path, ecosystem=ecosystem, format=name)
            for path, ecosystem, name in (
                (".github/workflows/ci.yml", "githubactions", "workflow"),
                ("pyproject.toml", "pypi", "pyproject"),
                ("services/api/pyproject.toml", "pypi", "pyproject"),
                ("services/worker/requirements.txt", "pypi", "requirements"),
                ("web/package.json", "npm", "package-json"),
            )
        ),
        functions=_functions(),
        history=_history(),
        sources=_sources(),
        owners=(("*", ("@example/core",)), ("/web/", ("@example/web", "@alice"))),
    )


def _dependencies() -> Iterator[Dependency]:
    rows = (
        ("pypi", "requests", "services/api/pyproject.toml", "pyproject", "==2.19.0", "2.19.0"),
        ("pypi", "django", "services/worker/requirements.txt", "requirements", ">=2.2", None),
        ("npm", "@scope/package-0", "web/package.json", "package-json", "^0.1.0", None),
        ("docker", "node", "services/node/Dockerfile", "dockerfile-from", "18-alpine", "18-alpine"),
        ("githubactions", "actions/upload-artifact", ".github/workflows/ci.yml", "workflow-uses", "v3", "3"),
    )
    for index, (ecosystem, name, path, kind, value, version) in enumerate(rows):
        yield Dependency(
            ecosystem=ecosystem,
            name=name,
            place=Place(path, 3 + index, 9, 40, 40 + len(value)),
            kind=kind,
            purl=f"pkg:{ecosystem}/{name.replace('@', '%40')}" + (f"@{version}" if version else ""),
            value=value,
            version=version,
            locked_version="2.2.28" if name == "django" else None,
            digest="sha256:" + "ab" * 32 if name == "node" else None,
        )
    yield Dependency(
        ecosystem="docker",
        name="$BASE",
        place=Place("web/Dockerfile", 1, 6, 5, 10),
        kind="dockerfile-from",
        purl="pkg:docker/unknown",
        value="$BASE",
        skip_reason="unpinned-expression",
    )


def _functions() -> tuple[Function, ...]:
    return tuple(
        Function(
            path=f"services/api/module_{index:03}.py",
            name=f"Checkout.step_{index}",
            language="python",
            line=20 + index,
            end_line=90 + index,
            complexity=60 - index,
            lines=70,
        )
        for index in range(50)
    )


def _history() -> History:
    churn = tuple(
        Churn(
            path=f"services/api/module_{index:03}.py",
            revisions=max(1, 40 - index),
            authors=1 + index % 5,
            last_changed=date(2026, 11, 1),
            months=tuple((index * month) % 7 for month in range(12)),
        )
        for index in range(60)
    )
    return History(
        since=date(2025, 11, 22),
        until=date(2026, 11, 20),
        commits=812,
        left_out=(("bot", 120), ("bulk", 4), ("merge", 210)),
        churn=churn,
        complete=False,
    )


def _sources() -> tuple[SourceFile, ...]:
    python = [
        SourceFile(path=f"services/api/module_{index:03}.py", language="python", lines=40 + (index * 37) % 400)
        for index in range(200)
    ]
    script = [
        SourceFile(path=f"web/src/part_{index % 9}/view_{index:03}.js", language="javascript", lines=20 + index * 3)
        for index in range(90)
    ]
    hostile = [SourceFile(path=path, language="python", lines=50) for path in HOSTILE_NAMES]
    return tuple(sorted([*python, *script, *hostile], key=lambda source: source.path))
