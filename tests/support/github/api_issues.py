"""Issues, and what pull requests share with them: labels, assignees, comments, reactions, events."""

from __future__ import annotations

from tests.support.github import effects, happenings, render, render_issues
from tests.support.github.api_pulls import check_texts, reopen
from tests.support.github.api_repositories import REPOSITORY
from tests.support.github.messages import Json, Refusal, Response, invalid, not_found
from tests.support.github.routing import Call, route
from tests.support.github.threads import Issue, Label, Pull
from tests.support.github.world import Repository

ISSUES = REPOSITORY + "/issues"
ISSUE = ISSUES + "/{issue_number}"
_LABELS = REPOSITORY + "/labels"
READ = ("issues=read", "pull_requests=read")
WRITE = ("issues=write", "pull_requests=write")
_MOST_LABELS = 100
_MOST_ASSIGNEES = 10
_LONGEST_LABEL = 50


@route("GET", ISSUES, "issues=read")
def list_issues(call: Call) -> Response:
    repository, query = call.repository, call.request.query
    state, wanted = query.get("state", "open"), {name for name in query.get("labels", "").split(",") if name}
    found = [
        issue
        for issue in repository.issues.values()
        if state in {"all", issue.state} and wanted <= set(issue.labels) and _by(issue, query.get("creator"))
    ]
    # Those changed in the same moment stay in the order of their numbers.
    found.sort(key=lambda issue: issue.updated if query.get("sort") == "updated" else issue.created)
    ordered = found if query.get("direction") == "asc" else found[::-1]
    return call.page([render_issues.issue(call.world, repository, issue) for issue in ordered])


@route("POST", ISSUES, "issues=write")
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
    happenings.issue_changed(call.world, repository, issue, "opened", call.actor)
    return Response(status=201, body=render_issues.issue(call.world, repository, issue))


@route("GET", ISSUE, *READ)
def get_issue(call: Call) -> Response:
    return Response(body=render_issues.issue(call.world, call.repository, issue_of(call)))


@route("PATCH", ISSUE, *WRITE)
def update_issue(call: Call) -> Response:
    repository, issue, fields = call.repository, issue_of(call), call.fields
    check_texts("Issue", {key: value for key, value in fields.items() if value is not None})
    if "labels" in fields:
        _set_labels(call, issue, [_name(each) for each in fields["labels"]])
    if "assignees" in fields:
        issue.assignees = []
        _assign(repository, issue, [each if isinstance(each, str) else each["login"] for each in fields["assignees"]])
    _set_state(call, issue, fields.get("state"))
    title, body = str(fields.get("title") or issue.title), fields.get("body", issue.body)
    effects.edit(call.world, repository, issue, call.actor, title=title, body=body)
    return Response(body=render_issues.issue(call.world, repository, issue))


@route("GET", ISSUE + "/events", *READ)
def list_events(call: Call) -> Response:
    return call.page([render_issues.event(call.world, call.repository, each) for each in issue_of(call).events])


@route("GET", _LABELS, *READ)
def list_labels(call: Call) -> Response:
    repository = call.repository
    return call.page([render.label(call.world, repository, each) for each in repository.labels.values()])


@route("POST", _LABELS, *WRITE)
def create_label(call: Call) -> Response:
    repository, name = call.repository, call.fields["name"]
    if name.lower() in repository.labels:
        raise invalid("Label", "already_exists", "name")
    label = _new_label(call, name)
    repository.labels[name.lower()] = label
    return Response(status=201, body=render.label(call.world, repository, label))


@route("GET", _LABELS + "/{name}", *READ)
def get_label(call: Call) -> Response:
    repository = call.repository
    found = repository.labels.get(call.parameters["name"].lower())
    if found is None:
        raise not_found()
    return Response(body=render.label(call.world, repository, found))


@route("DELETE", _LABELS + "/{name}", *WRITE)
def delete_label(call: Call) -> Response:
    repository = call.repository
    gone = repository.labels.pop(call.parameters["name"].lower(), None)
    if gone is None:
        raise not_found()
    for issue in repository.issues.values():
        issue.labels = [name for name in issue.labels if name != gone.name]
    return Response(status=204)


@route("GET", ISSUE + "/labels", *READ)
def labels_of_issue(call: Call) -> Response:
    return call.page(render_issues.labels(call.world, call.repository, issue_of(call)))


@route("POST", ISSUE + "/labels", *WRITE)
def add_labels(call: Call) -> Response:
    issue = issue_of(call)
    _set_labels(call, issue, issue.labels + _names(call))
    return Response(body=render_issues.labels(call.world, call.repository, issue))


@route("PUT", ISSUE + "/labels", *WRITE)
def set_labels(call: Call) -> Response:
    issue = issue_of(call)
    _set_labels(call, issue, _names(call))
    return Response(body=render_issues.labels(call.world, call.repository, issue))


@route("DELETE", ISSUE + "/labels/{name}", *WRITE)
def remove_label(call: Call) -> Response:
    issue, name = issue_of(call), call.parameters["name"]
    if name.lower() not in {each.lower() for each in issue.labels}:
        raise Refusal(404, "Label does not exist")
    issue.labels = [each for each in issue.labels if each.lower() != name.lower()]
    return Response(body=render_issues.labels(call.world, call.repository, issue))


@route("GET", REPOSITORY + "/assignees/{assignee}", "metadata=read")
def is_assignable(call: Call) -> Response:
    if call.parameters["assignee"].lower() not in _assignable(call.repository):
        raise not_found()
    return Response(status=204)


@route("POST", ISSUE + "/assignees", *WRITE)
def add_assignees(call: Call) -> Response:
    issue = issue_of(call)
    _assign(call.repository, issue, call.fields.get("assignees", []))
    return Response(status=201, body=render_issues.issue(call.world, call.repository, issue))


@route("DELETE", ISSUE + "/assignees", *WRITE)
def remove_assignees(call: Call) -> Response:
    issue, gone = issue_of(call), set(call.fields.get("assignees", []))
    issue.assignees = [login for login in issue.assignees if login not in gone]
    return Response(body=render_issues.issue(call.world, call.repository, issue))


def _by(issue: Issue, creator: str | None) -> bool:
    return creator is None or issue.author.login.lower() == creator.lower()


def issue_of(call: Call) -> Issue:
    found = call.repository.issues.get(call.number("issue_number"))
    if found is None:
        raise not_found()
    return found


def _set_state(call: Call, issue: Issue, state: str | None) -> None:
    if state == "closed" and issue.state == "open":
        effects.close(call.world, call.repository, issue, call.actor)
    elif state == "open" and issue.state == "closed":
        if isinstance(issue, Pull):
            reopen(call, call.repository, issue)
            return
        effects.reopen(call.world, call.repository, issue, call.actor)


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
