"""What is told of a tool that failed. The texts are those of the tools, shortened where dots stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.upgrade.locks.told import told

HERE, CACHE = Path("/tmp/debtscan-lock-a"), Path("/tmp/debtscan-locks-b")  # noqa: S108 - names, and no files

UV = """\
  × No solution found when resolving dependencies:
  ╰─▶ Because all versions of red depend on green<2 and blue depends on green>=2, we can conclude that red and blue
      are incompatible.
      And because your project depends on blue==1.0, we can conclude that your project's requirements are unsatisfiable.
"""
NEW_UV = """\
Using CPython 3.11.7
error: No solution found when resolving dependencies
  cause: Because there is no version of red==9 and your project depends on red==9, we can conclude that …
"""
POETRY = """\
Updating dependencies
Resolving dependencies...

Because red (1.0) depends on green (<2)
 and blue (1.0) depends on green (>=2), red (1.0) is incompatible with blue (1.0).
So, because app depends on both red (1.0) and blue (1.0), version solving failed.
"""
PIP = """\
Using pip-tools configuration defaults found in '.debtscan-pip-tools.toml'.
  Collecting red==1.0 (from -r requirements.in (line 2))
  ERROR: Cannot install -r requirements.in (line 2) and -r requirements.in (line 3) because these package versions \
have conflicting dependencies.

  The conflict is caused by:
      red 1.0 depends on green<2
      blue 1.0 depends on green>=2

  To fix this you could try to:
  1. loosen the range of package versions you've specified
  2. remove package versions to allow pip to attempt to solve the dependency conflict

Traceback (most recent call last):
  File "/tmp/debtscan-lock-a/x.py", line 103, in resolve
    result = self._result = resolver.resolve(
                            ^^^^^^^^^^^^^^^^^
pip._vendor.resolvelib.resolvers.exceptions.ResolutionImpossible: [RequirementInformation(requirement=…)]

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/tmp/debtscan-lock-a/bin/pip-compile", line 10, in <module>
    sys.exit(cli())
pip._internal.exceptions.DistributionNotFound: ResolutionImpossible: for help visit https://pip.pypa.io/
"""
SHIM = """\
bash: warning: setlocale: LC_ALL: cannot change locale (C.UTF-8)
/home/ada/.pyenv/libexec/pyenv-exec: line 24: /home/ada/.pyenv/pyenv.d: Permission denied
pyenv: cannot rehash: /home/ada/.pyenv/shims isn't writable
"""
PYENV = """\
pyenv: uv: command not found

The `uv' command exists in these Python versions:
  3.12.1

Note: See 'pyenv help global' for tips on allowing both
      python2 and python3 to be found.
"""
TRACEBACK = """\
Traceback (most recent call last):
  File "/tmp/debtscan-lock-a/copy/tool.py", line 1, in <module>
    x = bytearray(3_000_000_000)
MemoryError
"""
NPM = """\
npm error code ERESOLVE
npm error ERESOLVE unable to resolve dependency tree
npm error
npm error While resolving: app@1.0.0
npm error Could not resolve dependency:
npm error peer host@"^2.0.0" from red@1.0.0
npm error
npm error Fix the upstream dependency conflict, or retry this command with --force or --legacy-peer-deps …
npm error
npm error For a full report see:
npm error /tmp/debtscan-locks-b/npm/_logs/a-eresolve-report.txt
npm error A complete log of this run can be found in: /tmp/debtscan-locks-b/npm/_logs/a-debug-0.log
"""
PNPM = """\
 WARN  GET http://127.0.0.1:1/red error (502). Will retry in 10 seconds. 2 retries left.
Progress: resolved 1, reused 0, downloaded 0, added 0
 ERR_PNPM_FETCH_404  GET http://localhost:1/nothing: Not Found - 404

This error happened while installing a direct dependency of /tmp/debtscan-lock-a/copy

nothing is not in the npm registry, or you have no permission to fetch it.
"""
YARN = """\
warning package.json: No license field
/usr/lib/node_modules/yarn/lib/cli.js:66658
            throw new (_errors || _load_errors()).ResponseError(_this3.reporter.lang('requestFailed', description));
            ^

ResponseError: Request failed "502 Bad Gateway"
    at ResponseError.ExtendableBuiltin (/usr/lib/node_modules/yarn/lib/cli.js:696:66)
    at IncomingMessage.emit (node:events:536:35) {
  responseCode: 502
}

Node.js v20.20.2
"""


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (
            UV,
            (
                "No solution found when resolving dependencies: Because all versions of red depend on green<2 "
                "and blue "
                "depends on green>=2, we can conclude that red and blue are incompatible. And because your "
                "project depends "
                "on blue == 1.0, we can conclude that your project's requirements are unsatisfiable."
            ),
        ),
        (
            NEW_UV,
            (
                "error: No solution found when resolving dependencies cause: Because there is no version of red "
                "== 9 and "
                "your project depends on red == 9, we can conclude that …"
            ),
        ),
        (
            POETRY,
            (
                "Because red (1.0) depends on green (<2) and blue (1.0) depends on green (>=2), red (1.0) is "
                "incompatible "
                "with blue (1.0). So, because app depends on both red (1.0) and blue (1.0), version solving failed."
            ),
        ),
        (
            PIP,
            (
                "ERROR: Cannot install -r requirements.in (line 2) and -r requirements.in (line 3) because "
                "these package "
                "versions have conflicting dependencies. The conflict is caused by: red 1.0 depends on green<2 "
                "blue 1.0 "
                "depends on green>=2 DistributionNotFound: ResolutionImpossible: for help visit https://pip.pypa.io/"
            ),
        ),
        (TRACEBACK, "MemoryError"),
        (
            NPM,
            (
                "ERESOLVE unable to resolve dependency tree While resolving: app@1.0.0 Could not resolve dependency: "
                'peer host@"^2.0.0" from red@1.0.0'
            ),
        ),
        (
            PNPM,
            (
                "ERR_PNPM_FETCH_404  GET http://localhost:1/nothing: Not Found - 404 This error happened while "
                "installing a "
                "direct dependency of …/copy nothing is not in the npm registry, or you have no permission to "
                "fetch it."
            ),
        ),
        (YARN, 'ResponseError: Request failed "502 Bad Gateway" responseCode: 502'),
        ('error Couldn\'t find any versions for "red"\n', 'error Couldn\'t find any versions for "red"'),
        ("Resolving dependencies...\n\n", ""),
        ("one\ntwo\n", "one two"),
        # A tool that pyenv stands in for, whose words no pattern knows; and what pyenv says where it finds none.
        (f"{SHIM}the cache is of a newer uv\n", "the cache is of a newer uv"),
        (PYENV, "pyenv: uv: command not found The `uv' command exists in these Python versions: 3.12.1"),
        ("see https://u:hunter2@h.example/\n", "see https://h.example/"),
    ],
)
def test_the_reason_and_nothing_else(output: str, expected: str) -> None:
    assert told(output, HERE, CACHE) == expected


@pytest.mark.parametrize(
    ("output", "begins", "ends"),
    [
        ("a " * 600 + "\nERROR: it\n" + "b " * 600, "ERROR: it b b", " …"),
        ("a " * 600 + " it is an error of mine " + "b " * 600, "error of mine b", "b  …"),
        ("a " * 600 + "the end", "… ", "the end"),
    ],
)
def test_long_texts_are_cut_where_the_reason_stands(output: str, begins: str, ends: str) -> None:
    text = told(output, HERE, CACHE)
    assert text.startswith(begins)
    assert text.endswith(ends)
    assert len(text) < 700
