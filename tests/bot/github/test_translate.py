from __future__ import annotations

import pytest
from github.GithubException import BadAttributeException, GithubException

from bot.github.errors import (
    AlreadyThereError,
    ForbiddenError,
    HostError,
    NotThereError,
    RateLimitedError,
    StaleError,
    UnreachableError,
)
from bot.github.translate import cleaned, translated

SECRET = "ghp_0123456789abcdefghijABCDEFGHIJ012345"


def error_of(error: Exception, permission: str = "") -> HostError:
    with pytest.raises(HostError) as raised, translated("do it", permission):
        raise error
    return raised.value


@pytest.mark.parametrize(
    ("status", "message", "kind", "said"),
    [
        (401, "Bad credentials", ForbiddenError, "expired or revoked"),
        (403, "Resource not accessible by integration", ForbiddenError, "give the permission 'contents'"),
        (403, "Repository was archived so is read-only.", ForbiddenError, "archived"),
        (
            403,
            "Although you appear to have the correct authorization, the org has an IP allow list enabled",
            ForbiddenError,
            "IP addresses",
        ),
        (404, "Not Found", NotThereError, "hidden from these credentials"),
        (451, "Repository access blocked", NotThereError, "blocked"),
        (409, "Git Repository is empty.", NotThereError, "empty"),
        (409, "Head branch was modified. Review and try the merge again.", StaleError, "modified"),
        (422, "Reference already exists", AlreadyThereError, "already exists"),
        (422, "Reference does not exist", NotThereError, "does not exist"),
        (422, "Object does not exist", NotThereError, "does not exist"),
        (422, "Update is not a fast forward", StaleError, "fast forward"),
        (422, "Repository rule violations found", ForbiddenError, "exempt debtscan from the rule"),
        (422, "Something else", HostError, "Something else"),
        (400, "", HostError, "status 400"),
    ],
)
def test_each_refusal_is_a_sentence_of_its_kind(status: int, message: str, kind: type[HostError], said: str) -> None:
    found = error_of(GithubException(status, {"message": message}, {}), "contents")
    assert type(found) is kind
    assert said in str(found)
    assert str(found).startswith("could not do it")


def test_the_reasons_of_a_failed_validation_are_told() -> None:
    errors = [{"resource": "PullRequest", "code": "custom", "message": "A pull request already exists for acme:x."}]
    assert type(error_of(GithubException(422, {"message": "Validation Failed", "errors": errors}))) is AlreadyThereError
    errors = [{"resource": "PullRequest", "field": "base", "code": "invalid"}]
    assert "PullRequest/base/invalid" in str(
        error_of(GithubException(422, {"message": "Validation Failed", "errors": errors}))
    )


def test_the_permission_is_named_where_github_tells_it() -> None:
    headers = {"x-accepted-github-permissions": "pull_requests=write; issues=write"}
    found = error_of(GithubException(403, {"message": "Resource not accessible by integration"}, headers))
    assert isinstance(found, ForbiddenError)
    assert found.permission == "pull_requests"
    message = "refusing to allow a GitHub App to create or update workflow `ci.yml` without `workflows` permission"
    found = error_of(GithubException(403, {"message": message}, {"x-accepted-github-permissions": "contents=write"}))
    assert isinstance(found, ForbiddenError)
    assert found.permission == "workflows"


def test_single_sign_on_is_told() -> None:
    headers = {"x-github-sso": "required; url=https://github.com/orgs/acme/sso?authorization_request=secret"}
    found = str(
        error_of(GithubException(403, {"message": "Resource protected by organization SAML enforcement."}, headers))
    )
    assert "single sign-on" in found
    assert "secret" not in found


def test_graphql_tells_its_refusals_in_a_list() -> None:
    def refused(kind: str, message: str) -> HostError:
        return error_of(GithubException(400, {"errors": [{"type": kind, "message": message}]}))

    assert type(refused("FORBIDDEN", "Resource not accessible by integration")) is ForbiddenError
    assert type(refused("RATE_LIMITED", "API rate limit exceeded")) is RateLimitedError
    assert type(refused("NOT_FOUND", "Could not resolve to a node")) is NotThereError
    assert "Auto merge is not allowed" in str(refused("UNPROCESSABLE", "Auto merge is not allowed for this repository"))


@pytest.mark.parametrize(
    "error",
    [
        KeyError("sha"),
        AssertionError(),
        TypeError("x"),
        RuntimeError("redirected"),
        BadAttributeException(1, (str, str), None),
    ],
)
def test_an_answer_of_another_form_is_no_traceback(error: Exception) -> None:
    assert "cannot be read" in str(error_of(error))
    assert isinstance(error_of(error), UnreachableError)


def test_foreign_texts_are_one_bounded_line_without_tokens() -> None:
    assert cleaned(f"a\x1b[31m\n::error::b {SECRET} c") == "a [31m ::error::b (token removed) c"
    assert len(cleaned("x" * 10_000)) == 300
    assert SECRET not in str(error_of(GithubException(422, {"message": f"bad {SECRET}"})))


def test_errors_of_debtscan_pass_unchanged() -> None:
    original = StaleError("as it was")
    assert error_of(original) is original
