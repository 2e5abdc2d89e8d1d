"""Check runs, check suites and commit statuses."""

from __future__ import annotations

from datetime import datetime

from tests.support.github import effects, happenings, render, render_checks, standing
from tests.support.github.api_repositories import REPOSITORY
from tests.support.github.grants import App
from tests.support.github.messages import Json, Refusal, Response, invalid, not_found
from tests.support.github.routing import Call, route
from tests.support.github.world import CheckRun, Repository, Status

_CHECKS = REPOSITORY + "/check-runs"
_CHECK = _CHECKS + "/{check_run_id}"
_COMMIT = REPOSITORY + "/commits/{ref}"
_MOST_STATUSES = 1000
_LONGEST_TITLE = 255
_LARGEST_MESSAGE = 64 * 1024


@route("POST", _CHECKS, "checks=write")
def create_check(call: Call) -> Response:
    repository, app, fields = call.repository, _app(call), call.fields
    sha = fields["head_sha"]
    if repository.git.kind(sha) != "commit":
        raise Refusal(422, f"No commit found for SHA: {sha}")
    run = CheckRun(
        id=next(call.world.ids),
        suite=effects.suite(call.world, repository, sha, app.id),
        name=fields["name"],
        sha=sha,
        status="queued",
        conclusion=None,
        started=call.world.now,
        completed=None,
        app=app,
    )
    _change(call, run)
    repository.check_runs.append(run)
    happenings.checked(call.world, repository, run, "created", call.actor)
    _tell_completed(call, run, was_done=False)
    effects.settle(call.world, repository)
    return Response(status=201, body=render_checks.run(call.world, repository, run))


@route("PATCH", _CHECK, "checks=write")
def update_check(call: Call) -> Response:
    repository, run = call.repository, _find(call)
    if run.app.id != _app(call).id:
        raise Refusal(
            403,
            "Invalid app_id `"
            + str(_app(call).id)
            + "` - check run can only be modified by the GitHub App that created it.",
        )
    was_done = run.status == "completed"
    _change(call, run)
    _tell_completed(call, run, was_done=was_done)
    effects.settle(call.world, repository)
    return Response(body=render_checks.run(call.world, repository, run))


@route("GET", _CHECK, "checks=read")
def get_check(call: Call) -> Response:
    return Response(body=render_checks.run(call.world, call.repository, _find(call)))


@route("GET", _COMMIT + "/check-runs", "checks=read")
def list_checks(call: Call) -> Response:
    repository, query = call.repository, call.request.query
    sha = _sha(call, repository)
    latest = query.get("filter", "latest") == "latest"
    runs = (
        standing.latest_runs(repository, sha) if latest else [each for each in repository.check_runs if each.sha == sha]
    )
    found = [
        render_checks.run(call.world, repository, run)
        for run in runs
        if query.get("check_name") in {None, run.name}
        and query.get("status") in {None, run.status}
        and query.get("app_id") in {None, str(run.app.id)}
    ]
    return call.page(found, wrap=lambda shown, total: {"total_count": total, "check_runs": shown})


@route("GET", _COMMIT + "/check-suites", "checks=read")
def list_suites(call: Call) -> Response:
    repository = call.repository
    sha = _sha(call, repository)
    found = [
        render_checks.suite(call.world, repository, sha, app) for commit, app in repository.suites if commit == sha
    ]
    return call.page(found, wrap=lambda shown, total: {"total_count": total, "check_suites": shown})


@route("POST", REPOSITORY + "/statuses/{sha}", "statuses=write")
def create_status(call: Call) -> Response:
    repository, sha, fields = call.repository, call.parameters["sha"], call.fields
    if repository.git.kind(sha) != "commit":
        raise Refusal(422, f"No commit found for SHA: {sha}")
    context = fields.get("context", "default")
    if sum(each.sha == sha and each.context == context for each in repository.statuses) >= _MOST_STATUSES:
        raise invalid("Status", "custom", message="This SHA and context has reached the maximum number of statuses.")
    status = Status(
        id=next(call.world.ids),
        sha=sha,
        context=context,
        state=fields["state"],
        description=fields.get("description"),
        target_url=fields.get("target_url"),
        creator=call.actor,
        created=call.world.now,
    )
    repository.statuses.append(status)
    effects.settle(call.world, repository)
    shown = {**_status(call, repository, status), "creator": render.user(call.world, status.creator)}
    return Response(status=201, body=shown)


@route("GET", _COMMIT + "/status", "statuses=read")
def combined_status(call: Call) -> Response:
    repository = call.repository
    sha = _sha(call, repository)
    latest = list({each.context: each for each in repository.statuses if each.sha == sha}.values())
    states = {each.state for each in latest}
    failed = bool(states & {"failure", "error"})
    state = "failure" if failed else "pending" if "pending" in states or not latest else "success"
    url = f"{render.repository_url(call.world, repository)}/commits/{sha}"
    return call.page(
        [_status(call, repository, each) for each in latest],
        wrap=lambda shown, total: {
            "state": state,
            "statuses": shown,
            "sha": sha,
            "total_count": total,
            "repository": render.minimal_repository(call.world, repository),
            "commit_url": url,
            "url": f"{url}/status",
        },
    )


@route("GET", _COMMIT + "/statuses", "statuses=read")
def list_statuses(call: Call) -> Response:
    repository = call.repository
    sha = _sha(call, repository)
    found = [each for each in repository.statuses if each.sha == sha][::-1]
    return call.page(
        [{**_status(call, repository, each), "creator": render.user(call.world, each.creator)} for each in found]
    )


@route("POST", _CHECK + "/rerequest", "checks=write")
def rerequest_check(call: Call) -> Response:
    run = _find(call)
    happenings.checked(call.world, call.repository, run, "rerequested", call.actor)
    return Response(status=201, body={})


def _tell_completed(call: Call, run: CheckRun, *, was_done: bool) -> None:
    if run.status == "completed" and not was_done:
        happenings.checked(call.world, call.repository, run, "completed", call.actor)


def _app(call: Call) -> App:
    if call.token is None or call.token.installation is None:
        raise Refusal(403, "You must authenticate via a GitHub App.")
    return call.token.installation.app


def _find(call: Call) -> CheckRun:
    wanted = call.number("check_run_id")
    found = next((run for run in call.repository.check_runs if run.id == wanted), None)
    if found is None:
        raise not_found()
    return found


def _sha(call: Call, repository: Repository) -> str:
    sha = repository.git.resolve(call.parameters["ref"].removeprefix("heads/"))
    if sha is None:
        raise Refusal(422, f"No commit found for SHA: {call.parameters['ref']}")
    return sha


def _change(call: Call, run: CheckRun) -> None:
    fields = call.fields
    status, conclusion = fields.get("status"), fields.get("conclusion")
    if status == "completed" and conclusion is None:
        raise invalid("CheckRun", "missing_field", "conclusion")
    run.name = fields.get("name", run.name)
    run.external_id = fields.get("external_id", run.external_id)
    run.details_url = fields.get("details_url", run.details_url)
    run.started = _when(fields.get("started_at"), run.started)
    if conclusion is not None:
        run.status, run.conclusion = "completed", conclusion
        run.completed = _when(fields.get("completed_at"), call.world.now)
    elif status is not None:
        run.status, run.conclusion, run.completed = status, None, None
    output = fields.get("output", {})
    _check_output(output)
    run.annotations += output.get("annotations", [])
    run.title = output.get("title", run.title)
    run.summary = output.get("summary", run.summary)
    run.text = output.get("text", run.text)


def _check_output(output: Json) -> None:
    """Refuse what is longer than GitHub takes. The description itself bounds how many annotations there may be."""
    titles = [output.get("title", ""), *(each.get("title", "") for each in output.get("annotations", ()))]
    if any(len(title) > _LONGEST_TITLE for title in titles):
        raise invalid("CheckRun", "custom", "title", f"title is too long (maximum is {_LONGEST_TITLE} characters)")
    if any(len(each["message"].encode()) > _LARGEST_MESSAGE for each in output.get("annotations", ())):
        raise invalid("CheckRun", "custom", "message", "message is too long (maximum is 64 KB)")


def _when(text: str | None, default: datetime | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else default


def _status(call: Call, repository: Repository, status: Status) -> Json:
    return {
        "url": f"{render.repository_url(call.world, repository)}/statuses/{status.sha}",
        "avatar_url": f"{call.world.url}/avatars/{status.creator.id}",
        "id": status.id,
        "node_id": render.node("SC", status.id),
        "state": status.state,
        "description": status.description,
        "target_url": status.target_url,
        "context": status.context,
        "created_at": render.moment(status.created),
        "updated_at": render.moment(status.created),
    }
