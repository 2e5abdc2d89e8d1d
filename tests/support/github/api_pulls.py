"""Pull requests of branches of the same repository: opening, listing, changing, merging, reviewers."""

from __future__ import annotations

from tests.support.github import effects, happenings, render_commits, render_issues
from tests.support.github import render as shapes
from tests.support.github.api_repositories import REPOSITORY, changed_files
from tests.support.github.git_store import ABSENT
from tests.support.github.messages import Json, Refusal, Response, invalid, not_found
from tests.support.github.routing import Call, route
from tests.support.github.threads import Pull, Review
from tests.support.github.world import Repository

_PULLS = REPOSITORY + "/pulls"
_PULL = _PULLS + "/{pull_number}"
LONGEST_BODY = 65_536
LONGEST_TITLE = 256
_METHODS = {"merge": "allow_merge_commit", "squash": "allow_squash_merge", "rebase": "allow_rebase_merge"}


@route("GET", _PULLS, "pull_requests=read")
def list_pulls(call: Call) -> Response:
    repository, query = call.repository, call.request.query
    state, base, head = query.get("state", "open"), query.get("base"), query.get("head", "")
    owner, colon, branch = head.partition(":")
    found = [
        pull
        for pull in repository.pulls.values()
        if (state in {"all", pull.state})
        and base in {None, pull.base}
        # GitHub ignores a head that names no owner, and lists everything.
        and (not colon or (owner.lower() == _head_owner(repository, pull) and branch == pull.branch))
    ]
    by_update = query.get("sort") in {"updated", "popularity", "long-running"}
    found.sort(key=lambda pull: (pull.updated if by_update else pull.created, pull.number))
    descending = query.get("direction", "desc" if query.get("sort", "created") == "created" else "asc") == "desc"
    ordered = found[::-1] if descending else found
    return call.page([render_issues.pull_in_list(call.world, repository, pull) for pull in ordered])


@route("POST", _PULLS, "pull_requests=write")
def create_pull(call: Call) -> Response:
    repository, fields = call.repository, call.fields
    if call.actor.login == f"{effects.ACTIONS}[bot]" and not repository.actions_may_open_pulls:
        raise Refusal(403, "GitHub Actions is not permitted to create or approve pull requests.")
    branch, base = _sides(call, repository)
    if fields.get("draft") and not repository.allow_drafts:
        raise Refusal(422, "Draft pull requests are not supported in this repository.")
    _check_new(repository, branch, base)
    check_texts("PullRequest", fields)
    number = max(repository.issues, default=0) + 1
    pull = Pull(
        id=next(call.world.ids),
        number=number,
        author=call.actor,
        title=fields["title"],
        body=fields.get("body"),
        created=call.world.now,
        updated=call.world.now,
        branch=branch,
        base=base,
        head=repository.branches[branch],
        base_sha=repository.branches[base],
        draft=fields.get("draft", False),
    )
    repository.issues[number] = pull
    repository.git.update_ref(f"refs/pull/{number}/head", pull.head)
    happenings.pull_changed(call.world, repository, pull, "opened", call.actor)
    return Response(status=201, body=render_issues.pull(call.world, repository, pull))


@route("GET", _PULL, "pull_requests=read")
def get_pull(call: Call) -> Response:
    repository, pull = call.repository, _pull(call)
    shown = render_issues.pull(call.world, repository, pull)
    state = (pull.head, pull.base_sha)
    pull.looks[state] = pull.looks.get(state, 0) + 1
    if pull.state == "open" and pull.looks[state] <= repository.thinks:
        shown |= {"mergeable": None, "rebaseable": None, "mergeable_state": "unknown"}
    return Response(body=shown)


@route("PATCH", _PULL, "pull_requests=write")
def update_pull(call: Call) -> Response:
    repository, pull, fields = call.repository, _pull(call), call.fields
    check_texts("PullRequest", fields)
    if "base" in fields:
        if fields["base"] not in repository.branches:
            raise invalid("PullRequest", "invalid", "base")
        pull.base, pull.base_sha = fields["base"], repository.branches[fields["base"]]
    state = fields.get("state")
    if state == "open" and pull.state == "closed":
        reopen(call, repository, pull)
    elif state == "closed" and pull.state == "open":
        effects.close(call.world, repository, pull, call.actor)
    title, body = fields.get("title", pull.title), fields.get("body", pull.body)
    effects.edit(call.world, repository, pull, call.actor, title=title, body=body)
    return Response(body=render_issues.pull(call.world, repository, pull))


@route("GET", _PULL + "/merge", "pull_requests=read")
def is_merged(call: Call) -> Response:
    if _pull(call).merged is None:
        raise not_found()
    return Response(status=204)


@route("PUT", _PULL + "/merge", "contents=write")
def merge_pull(call: Call) -> Response:
    repository, pull, fields = call.repository, _pull(call), call.fields
    method = fields.get("merge_method", "merge")
    if not getattr(repository, _METHODS[method]):
        raise Refusal(405, f"{method.capitalize()} merges are not allowed on this repository.")
    if fields.get("sha") not in {None, pull.head}:
        raise Refusal(409, "Head branch was modified. Review and try the merge again.")
    message = "\n\n".join(part for part in (fields.get("commit_title"), fields.get("commit_message")) if part)
    sha = effects.merge(call.world, repository, pull, method, call.actor, message)
    return Response(body={"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


@route("GET", _PULL + "/files", "pull_requests=read")
def list_files(call: Call) -> Response:
    repository, pull = call.repository, _pull(call)
    return call.page(changed_files(call, repository, _fork_point(repository, pull), pull.head))


@route("GET", _PULL + "/commits", "pull_requests=read")
def list_commits(call: Call) -> Response:
    repository, pull = call.repository, _pull(call)
    commits = repository.git.log(f"{_fork_point(repository, pull)}..{pull.head}")[::-1]
    return call.page([render_commits.full_commit(call.world, repository, commit) for commit in commits])


@route("GET", REPOSITORY + "/commits/{commit_sha}/pulls", "pull_requests=read")
def pulls_of_commit(call: Call) -> Response:
    repository, sha = call.repository, call.parameters["commit_sha"]
    found = [pull for pull in repository.pulls.values() if sha in {pull.head, pull.merge_commit}]
    return call.page([render_issues.pull_in_list(call.world, repository, pull) for pull in found])


@route("GET", _PULL + "/requested_reviewers", "pull_requests=read")
def list_reviewers(call: Call) -> Response:
    shown = render_issues.pull_in_list(call.world, call.repository, _pull(call))
    return Response(body={"users": shown["requested_reviewers"], "teams": shown["requested_teams"]})


@route("POST", _PULL + "/requested_reviewers", "pull_requests=write")
def request_reviewers(call: Call) -> Response:
    repository, pull = call.repository, _pull(call)
    logins, teams = call.fields.get("reviewers", []), call.fields.get("team_reviewers", [])
    if pull.author.login in logins:
        raise Refusal(422, "Review cannot be requested from pull request author.")
    known = {login.lower(): login for login in (*repository.collaborators, repository.owner.login)}
    if any(login.lower() not in known for login in logins) or not set(teams) <= repository.teams:
        raise Refusal(
            422,
            "Reviews may only be requested from collaborators. One or more of the users or teams you specified "
            f"is not a collaborator of the {repository.full_name} repository.",
        )
    pull.reviewers += [known[login.lower()] for login in logins if known[login.lower()] not in pull.reviewers]
    pull.teams += [slug for slug in teams if slug not in pull.teams]
    return Response(status=201, body=render_issues.pull_in_list(call.world, repository, pull))


@route("DELETE", _PULL + "/requested_reviewers", "pull_requests=write")
def remove_reviewers(call: Call) -> Response:
    pull = _pull(call)
    gone = {*call.fields.get("reviewers", []), *call.fields.get("team_reviewers", [])}
    pull.reviewers = [login for login in pull.reviewers if login not in gone]
    pull.teams = [slug for slug in pull.teams if slug not in gone]
    return Response(body=render_issues.pull_in_list(call.world, call.repository, pull))


@route("GET", _PULL + "/reviews", "pull_requests=read")
def list_reviews(call: Call) -> Response:
    repository, pull = call.repository, _pull(call)
    return call.page([_review(call, repository, pull, review) for review in pull.reviews])


def check_texts(resource: str, fields: Json) -> None:
    """Refuse a title or a body that is too long, and a title of nothing."""
    title, body = fields.get("title"), fields.get("body")
    if title is not None and not str(title).strip():
        raise invalid(resource, "missing_field", "title")
    if title is not None and len(str(title)) > LONGEST_TITLE:
        raise invalid(resource, "custom", "title", f"title is too long (maximum is {LONGEST_TITLE} characters)")
    if body is not None and len(body) > LONGEST_BODY:
        raise invalid(resource, "custom", "body", f"body is too long (maximum is {LONGEST_BODY} characters)")


def _sides(call: Call, repository: Repository) -> tuple[str, str]:
    owner, colon, branch = call.fields["head"].partition(":")
    if not colon:
        owner, branch = repository.owner.login, owner
    base = call.fields["base"]
    if owner.lower() != repository.owner.login.lower() or branch not in repository.branches:
        raise invalid("PullRequest", "invalid", "head")
    if base not in repository.branches:
        raise invalid("PullRequest", "invalid", "base")
    if not call.fields.get("title"):
        raise invalid("PullRequest", "missing_field", "title")
    return branch, base


def _check_new(repository: Repository, branch: str, base: str) -> None:
    if repository.git.is_ancestor(repository.branches[branch], repository.branches[base]):
        raise invalid("PullRequest", "custom", message=f"No commits between {base} and {branch}")
    label = f"{repository.owner.login}:{branch}"
    open_ones = [pull for pull in repository.pulls.values() if pull.state == "open" and pull.fork is None]
    if any(pull.branch == branch and pull.base == base for pull in open_ones):
        raise invalid("PullRequest", "custom", message=f"A pull request already exists for {label}.")


def _head_owner(repository: Repository, pull: Pull) -> str:
    return (pull.fork or repository.owner).login.lower()


def reopen(call: Call, repository: Repository, pull: Pull) -> None:
    """Open a closed pull request again. Raises Refusal."""
    tip = repository.branches.get(pull.branch)
    if pull.merged or tip is None:
        why = "The pull request was merged." if pull.merged else f"The {pull.branch} branch has been deleted."
        raise invalid("PullRequest", "custom", "state", f"state cannot be changed. {why}")
    if not repository.git.is_ancestor(pull.head, tip):
        raise invalid(
            "PullRequest",
            "custom",
            "state",
            f"state cannot be changed. The {pull.branch} branch was force-pushed or recreated.",
        )
    _check_new(repository, pull.branch, pull.base)
    effects.reopen(call.world, repository, pull, call.actor)


def _pull(call: Call) -> Pull:
    found = call.repository.pulls.get(call.number("pull_number"))
    if found is None:
        raise not_found()
    return found


def _fork_point(repository: Repository, pull: Pull) -> str:
    return repository.git.attempt("merge-base", pull.base_sha, pull.head).stdout.decode().strip() or ABSENT


def _review(call: Call, repository: Repository, pull: Pull, review: Review) -> Json:
    shown = render_issues.pull_in_list(call.world, repository, pull)
    page = f"{shown['html_url']}#pullrequestreview-{review.id}"
    return {
        "id": review.id,
        "node_id": shapes.node("PRR", review.id),
        "user": shapes.user(call.world, review.author),
        "body": review.body,
        "state": review.state,
        "html_url": page,
        "pull_request_url": shown["url"],
        "_links": {"html": {"href": page}, "pull_request": {"href": shown["url"]}},
        "submitted_at": shapes.moment(review.submitted),
        "commit_id": review.commit,
        "author_association": "COLLABORATOR",
    }
