"""Comments and reactions."""

from __future__ import annotations

from tests.support.github import effects, happenings, render, render_issues
from tests.support.github.api_issues import ISSUE, ISSUES, READ, WRITE, issue_of
from tests.support.github.api_pulls import LONGEST_BODY
from tests.support.github.messages import Refusal, Response, invalid, not_found
from tests.support.github.routing import Call, route
from tests.support.github.threads import Comment, Issue, Reaction

_COMMENT = ISSUES + "/comments/{comment_id}"
_MAY_SPEAK = {"triage", "write", "maintain", "admin"}


@route("GET", ISSUE + "/comments", *READ)
def list_comments(call: Call) -> Response:
    repository, issue = call.repository, issue_of(call)
    return call.page([render_issues.comment(call.world, repository, issue, each) for each in issue.comments])


@route("POST", ISSUE + "/comments", *WRITE)
def create_comment(call: Call) -> Response:
    repository, issue = call.repository, issue_of(call)
    if issue.locked and repository.collaborators.get(call.actor.login) not in _MAY_SPEAK:
        raise Refusal(403, "Unable to create comment because issue is locked.")
    comment = effects.say(call.world, repository, issue, call.actor, _comment_body(call))
    return Response(status=201, body=render_issues.comment(call.world, repository, issue, comment))


@route("GET", _COMMENT, *READ)
def get_comment(call: Call) -> Response:
    issue, comment = _comment(call)
    return Response(body=render_issues.comment(call.world, call.repository, issue, comment))


@route("PATCH", _COMMENT, *WRITE)
def update_comment(call: Call) -> Response:
    issue, comment = _comment(call)
    old, comment.body, comment.updated = comment.body, _comment_body(call), call.world.now
    happenings.commented(call.world, call.repository, issue, comment, "edited", call.actor, old=old)
    return Response(body=render_issues.comment(call.world, call.repository, issue, comment))


@route("DELETE", _COMMENT, *WRITE)
def delete_comment(call: Call) -> Response:
    issue, comment = _comment(call)
    issue.comments.remove(comment)
    happenings.commented(call.world, call.repository, issue, comment, "deleted", call.actor)
    return Response(status=204)


@route("GET", ISSUE + "/reactions", *READ)
def list_reactions(call: Call) -> Response:
    return call.page([render.reaction(call.world, each) for each in issue_of(call).reactions])


@route("POST", ISSUE + "/reactions", *WRITE)
def react_to_issue(call: Call) -> Response:
    return _react(call, issue_of(call).reactions)


@route("GET", _COMMENT + "/reactions", *READ)
def list_reactions_to_comment(call: Call) -> Response:
    return call.page([render.reaction(call.world, each) for each in _comment(call)[1].reactions])


@route("POST", _COMMENT + "/reactions", *WRITE)
def react_to_comment(call: Call) -> Response:
    return _react(call, _comment(call)[1].reactions)


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


def _react(call: Call, reactions: list[Reaction]) -> Response:
    content = call.fields["content"]
    for each in reactions:
        if each.author == call.actor and each.content == content:
            return Response(body=render.reaction(call.world, each))
    made = Reaction(id=next(call.world.ids), author=call.actor, content=content, created=call.world.now)
    reactions.append(made)
    return Response(status=201, body=render.reaction(call.world, made))
