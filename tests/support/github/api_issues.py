"""Issues, and what pull requests share with them: labels, assignees, comments, reactions, events."""

from __future__ import annotations

from tests.support.github import effects, render, render_issues
from tests.support.github.api_pulls import LONGEST_BODY, check_texts
from tests.support.github.api_repositories import REPOSITORY
from tests.support.github.messages import Json, Refusal, Response, invalid, not_found
from tests.support.github.routing import Call, route
from tests.support.github.world import Comment, Issue, Label, Pull, Reaction, Repository

_ISSUES = REPOSITORY + "/issues"
_ISSUE = _ISSUES + "/{issue_number}"
_COMMENT = _ISSUES + "/comments/{comment_id}"
_LABELS = REPOSITORY + "/labels"
_READ = ("issues=read", "pull_requests=read")
_WRITE = ("issues=write", "pull_requests=write")
_MOST_LABELS = 100
_MOST_ASSIGNEES = 10
_LONGEST_LABEL = 50


@route("GET", _ISSUES, "issues=read")
def list_issues(call: Call) -> Response:
    repository, query = call.repository, call.request.query
    state, wanted = query.get("state", "open"), {name for name in query.get("labels", "").split(",") if name}
    found = [
        issue
        for issue in repository.issues.values()
        if state in {"all", issue.state} and wanted <= set(issue.labels) and _by(issue, query.get("creator"))
    ]
    ordered = found if query.get("direction") == "asc" else found[::-1]
    return call.page([render_issues.issue(call.world, repository, issue) for issue in ordered])


@route("POST", _ISSUES, "issues=write")
def create_issue(call: Call) -> Response:
    repository, fields = call.repository, call.fields
    if not repository.has_issues:
        raise Refusal(410, "Issues has been disabled in this repository.")
    check_texts("Issue", {"title": str(fields.get("title", "")), "body": fields.get("body")})
    number = max(repository.issues, default=0) + 1
    issue = Issue(
        id=next(call.world.ids),
        number=number,
        author=call.actor,
        title=str(fields["title"]),
        body=fields.get("body"),
        created=call.world.now,
        updated=call.world.now,
    )
    _set_labels(call, issue, [_name(each) for each in fields.get("labels", [])])
    _assign(repository, issue, fields.get("assignees", []))
    repository.issues[number] = issue
    return Response(status=201, body=render_issues.issue(call.world, repository, issue))


@route("GET", _ISSUE, *_READ)
def get_issue(call: Call) -> Response:
    return Response(body=render_issues.issue(call.world, call.repository, _issue(call)))


@route("PATCH", _ISSUE, *_WRITE)
def update_issue(call: Call) -> Response:
    repository, issue, fields = call.repository, _issue(call), call.fields
    check_texts("Issue", {key: value for key, value in fields.items() if value is not None})
    if "labels" in fields:
        _set_labels(call, issue, [_name(each) for each in fields["labels"]])
    if "assignees" in fields:
        issue.assignees = []
        _assign(repository, issue, [each if isinstance(each, str) else each["login"] for each in fields["assignees"]])
    _set_state(call, issue, fields.get("state"))
    issue.title = str(fields.get("title") or issue.title)
    issue.body = fields.get("body", issue.body)
    issue.updated = call.world.now
    return Response(body=render_issues.issue(call.world, repository, issue))


@route("GET", _ISSUE + "/events", *_READ)
def list_events(call: Call) -> Response:
    return call.page([render_issues.event(call.world, call.repository, each) for each in _issue(call).events])


@route("GET", _ISSUE + "/comments", *_READ)
def list_comments(call: Call) -> Response:
    repository, issue = call.repository, _issue(call)
    return call.page([render_issues.comment(call.world, repository, issue, each) for each in issue.comments])


@route("POST", _ISSUE + "/comments", *_WRITE)
def create_comment(call: Call) -> Response:
    repository, issue = call.repository, _issue(call)
    now = call.world.now
    comment = Comment(id=next(call.world.ids), author=call.actor, body=_comment_body(call), created=now, updated=now)
    issue.comments.append(comment)
    issue.updated = now
    return Response(status=201, body=render_issues.comment(call.world, repository, issue, comment))


@route("GET", _COMMENT, *_READ)
def get_comment(call: Call) -> Response:
    issue, comment = _comment(call)
    return Response(body=render_issues.comment(call.world, call.repository, issue, comment))


@route("PATCH", _COMMENT, *_WRITE)
def update_comment(call: Call) -> Response:
    issue, comment = _comment(call)
    comment.body, comment.updated = _comment_body(call), call.world.now
    return Response(body=render_issues.comment(call.world, call.repository, issue, comment))


@route("DELETE", _COMMENT, *_WRITE)
def delete_comment(call: Call) -> Response:
    issue, comment = _comment(call)
    issue.comments.remove(comment)
    return Response(status=204)


@route("GET", _ISSUE + "/reactions", *_READ)
def list_reactions(call: Call) -> Response:
    return call.page([render.reaction(call.world, each) for each in _issue(call).reactions])


@route("POST", _ISSUE + "/reactions", *_WRITE)
def react_to_issue(call: Call) -> Response:
    return _react(call, _issue(call).reactions)


@route("GET", _COMMENT + "/reactions", *_READ)
def list_reactions_to_comment(call: Call) -> Response:
    return call.page([render.reaction(call.world, each) for each in _comment(call)[1].reactions])


@route("POST", _COMMENT + "/reactions", *_WRITE)
def react_to_comment(call: Call) -> Response:
    return _react(call, _comment(call)[1].reactions)


@route("GET", _LABELS, *_READ)
def list_labels(call: Call) -> Response:
    repository = call.repository
    return call.page([render.label(call.world, repository, each) for each in repository.labels.values()])


@route("POST", _LABELS, *_WRITE)
def create_label(call: Call) -> Response:
    repository, name = call.repository, call.fields["name"]
    if name.lower() in repository.labels:
        raise invalid("Label", "already_exists", "name")
    label = _new_label(call, name)
    repository.labels[name.lower()] = label
    return Response(status=201, body=render.label(call.world, repository, label))


@route("GET", _LABELS + "/{name}", *_READ)
def get_label(call: Call) -> Response:
    repository = call.repository
    found = repository.labels.get(call.parameters["name"].lower())
    if found is None:
        raise not_found()
    return Response(body=render.label(call.world, repository, found))


@route("DELETE", _LABELS + "/{name}", *_WRITE)
def delete_label(call: Call) -> Response:
    repository = call.repository
    gone = repository.labels.pop(call.parameters["name"].lower(), None)
    if gone is None:
        raise not_found()
    for issue in repository.issues.values():
        issue.labels = [name for name in issue.labels if name != gone.name]
    return Response(status=204)


@route("GET", _ISSUE + "/labels", *_READ)
def labels_of_issue(call: Call) -> Response:
    return call.page(render_issues.labels(call.world, call.repository, _issue(call)))


@route("POST", _ISSUE + "/labels", *_WRITE)
def add_labels(call: Call) -> Response:
    issue = _issue(call)
    _set_labels(call, issue, issue.labels + _names(call))
    return Response(body=render_issues.labels(call.world, call.repository, issue))


@route("PUT", _ISSUE + "/labels", *_WRITE)
def set_labels(call: Call) -> Response:
    issue = _issue(call)
    _set_labels(call, issue, _names(call))
    return Response(body=render_issues.labels(call.world, call.repository, issue))


@route("DELETE", _ISSUE + "/labels/{name}", *_WRITE)
def remove_label(call: Call) -> Response:
    issue, name = _issue(call), call.parameters["name"]
    if name.lower() not in {each.lower() for each in issue.labels}:
        raise Refusal(404, "Label does not exist")
    issue.labels = [each for each in issue.labels if each.lower() != name.lower()]
    return Response(body=render_issues.labels(call.world, call.repository, issue))


@route("GET", REPOSITORY + "/assignees/{assignee}", "metadata=read")
def is_assignable(call: Call) -> Response:
    if call.parameters["assignee"].lower() not in _assignable(call.repository):
        raise not_found()
    return Response(status=204)


@route("POST", _ISSUE + "/assignees", *_WRITE)
def add_assignees(call: Call) -> Response:
    issue = _issue(call)
    _assign(call.repository, issue, call.fields.get("assignees", []))
    return Response(status=201, body=render_issues.issue(call.world, call.repository, issue))


@route("DELETE", _ISSUE + "/assignees", *_WRITE)
def remove_assignees(call: Call) -> Response:
    issue, gone = _issue(call), set(call.fields.get("assignees", []))
    issue.assignees = [login for login in issue.assignees if login not in gone]
    return Response(body=render_issues.issue(call.world, call.repository, issue))


def _by(issue: Issue, creator: str | None) -> bool:
    return creator is None or issue.author.login.lower() == creator.lower()


def _issue(call: Call) -> Issue:
    found = call.repository.issues.get(call.number("issue_number"))
    if found is None:
        raise not_found()
    return found


def _comment(call: Call) -> tuple[Issue, Comment]:
    wanted = call.number("comment_id")
    for issue in call.repository.issues.values():
        for comment in issue.comments:
            if comment.id == wanted:
                return issue, comment
    raise not_found()


def _comment_body(call: Call) -> str:
    body = str(call.fields["body"])
    if not body.strip():
        raise invalid("IssueComment", "missing_field", "body")
    if len(body) > LONGEST_BODY:
        raise invalid("IssueComment", "custom", "body", f"body is too long (maximum is {LONGEST_BODY} characters)")
    return body


def _set_state(call: Call, issue: Issue, state: str | None) -> None:
    if state == "closed" and issue.state == "open":
        effects.close(call.world, issue, call.actor)
    elif state == "open" and issue.state == "closed":
        if isinstance(issue, Pull) and (issue.merged or issue.branch not in call.repository.branches):
            raise invalid("Issue", "custom", "state", "state cannot be changed.")
        issue.state, issue.closed, issue.closed_by = "open", None, None
        effects.note(call.world, issue, call.actor, "reopened")


def _react(call: Call, reactions: list[Reaction]) -> Response:
    content = call.fields["content"]
    for each in reactions:
        if each.author == call.actor and each.content == content:
            return Response(body=render.reaction(call.world, each))
    made = Reaction(id=next(call.world.ids), author=call.actor, content=content, created=call.world.now)
    reactions.append(made)
    return Response(status=201, body=render.reaction(call.world, made))


def _names(call: Call) -> list[str]:
    """Return the labels of a body: an object with ``labels``, or a bare array."""
    listed = call.body if isinstance(call.body, list) else call.fields.get("labels", [])
    return [_name(each) for each in listed]


def _name(label: str | Json) -> str:
    return label if isinstance(label, str) else str(label["name"])


def _set_labels(call: Call, issue: Issue, names: list[str]) -> None:
    """Give an issue exactly these labels; GitHub makes those that the repository has not."""
    known = call.repository.labels
    made = {name.lower(): _new_label(call, name) for name in names if name.lower() not in known}
    every = {**known, **made}
    kept = list(dict.fromkeys(every[name.lower()].name for name in names))
    if len(kept) > _MOST_LABELS:
        raise invalid("Issue", "custom", "labels", f"An issue can have at most {_MOST_LABELS} labels.")
    known.update(made)
    issue.labels = kept
    issue.updated = call.world.now


def _new_label(call: Call, name: str) -> Label:
    if not name.strip() or len(name) > _LONGEST_LABEL:
        long = f"name is too long (maximum is {_LONGEST_LABEL} characters)"
        raise invalid("Label", "custom" if name.strip() else "missing_field", "name", long if name.strip() else "")
    fields = call.fields if call.fields.get("name") == name else {}
    color = fields.get("color", "ededed").lstrip("#")
    return Label(id=next(call.world.ids), name=name, color=color, description=fields.get("description"))


def _assignable(repository: Repository) -> dict[str, str]:
    roles = {"write", "maintain", "admin", "triage"}
    logins = [login for login, role in repository.collaborators.items() if role in roles]
    return {login.lower(): login for login in (repository.owner.login, *logins)}


def _assign(repository: Repository, issue: Issue, logins: list[str]) -> None:
    """Add who can be assigned. GitHub says nothing about the others, and takes ten at most."""
    known = _assignable(repository)
    taken = [known[login.lower()] for login in logins if login.lower() in known]
    issue.assignees = list(dict.fromkeys(issue.assignees + taken))[:_MOST_ASSIGNEES]
