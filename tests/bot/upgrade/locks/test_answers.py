"""Which words of a lock tool tell that nobody answered it: of uv, pip, Poetry, npm, pnpm and Yarn."""

from __future__ import annotations

import pytest

from bot.upgrade.locks.answers import is_unanswered


@pytest.mark.parametrize(
    "output",
    [
        "error: Failed to fetch: `https://pypi.org/simple/red/`\n  Caused by: error sending request for url (https://…)",
        "  Caused by: dns error: failed to lookup address information: Temporary failure in name resolution",
        "npm error code ENOTFOUND\nnpm error network request to https://registry.npmjs.org/red failed",
        "npm error code ECONNREFUSED",
        "ERR_PNPM_META_FETCH_FAIL  GET https://registry.npmjs.org/red: request to … failed, reason: connect ETIMEDOUT",
        "All attempts to connect to pypi.org failed.\n\nProbable Causes:\n - Max retries exceeded with url",
        "error An unexpected error occurred: getaddrinfo EAI_AGAIN registry.yarnpkg.com",
        "HTTPError: 503 Server Error: Service Unavailable for url: https://pypi.org/simple/red/",
        "bwrap: Can't find source path /tmp/debtscan-lock-1: No such file or directory",
    ],
)
def test_another_run_may_do_better(output: str) -> None:
    assert is_unanswered(output)


@pytest.mark.parametrize(
    "output",
    [
        "× No solution found when resolving dependencies:\n ╰─▶ Because only green<=1.0 is available and red needs",
        "npm error code ERESOLVE\nnpm error ERESOLVE could not resolve",
        "npm error code ETARGET\nnpm error notarget No matching version found for timeout@9.0.0.",
        "Because app depends on connection (1.0) which doesn't match any versions, version solving failed.",
        "error: HTTP status client error (404 Not Found) for url (https://pypi.org/simple/request/)",
    ],
)
def test_a_refusal_stays_one(output: str) -> None:
    assert not is_unanswered(output)
