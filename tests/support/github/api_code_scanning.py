"""Code scanning: analyses, and the upload of results."""

from __future__ import annotations

import base64
import gzip
import json

from tests.support.github import render
from tests.support.github.api_repositories import REPOSITORY
from tests.support.github.messages import Json, Refusal, Response
from tests.support.github.routing import Call, route
from tests.support.github.world import Analysis, Repository

_SCANNING = REPOSITORY + "/code-scanning"
_LARGEST = 10 * 1024 * 1024
_MOST_RESULTS = 25_000


@route("GET", _SCANNING + "/analyses", "security_events=read")
def list_analyses(call: Call) -> Response:
    repository, query = _repository(call), call.request.query
    found = [
        _shown(call, repository, each)
        for each in reversed(repository.analyses)
        if query.get("ref") in {None, each.ref} and query.get("tool_name") in {None, _driver(each)["name"]}
    ]
    if not found:
        raise Refusal(404, "no analysis found")
    return call.page(found)


@route("POST", _SCANNING + "/sarifs", "security_events=write")
def upload(call: Call) -> Response:
    repository, fields = _repository(call), call.fields
    packed = base64.b64decode(fields["sarif"], validate=True)
    if len(packed) > _LARGEST:
        raise Refusal(413, "Payload too large")
    sarif = json.loads(gzip.decompress(packed))
    if repository.git.kind(fields["commit_sha"]) != "commit":
        raise Refusal(404, "commit not found")
    if any(len(run["results"]) > _MOST_RESULTS for run in sarif["runs"]):
        raise Refusal(400, "too many results")
    made = Analysis(
        id=next(call.world.ids),
        upload=f"47177e22-5596-11eb-80a1-{next(call.world.ids):012d}",
        commit=fields["commit_sha"],
        ref=fields["ref"],
        sarif=sarif,
        created=call.world.now,
    )
    repository.analyses.append(made)
    url = f"{render.repository_url(call.world, repository)}/code-scanning/sarifs/{made.upload}"
    return Response(status=202, body={"id": made.upload, "url": url})


def _repository(call: Call) -> Repository:
    found = call.repository
    if not found.code_scanning:
        raise Refusal(403, "Advanced Security must be enabled for this repository to use code scanning.")
    return found


def _driver(analysis: Analysis) -> Json:
    driver: Json = analysis.sarif["runs"][0]["tool"]["driver"]
    return driver


def _shown(call: Call, repository: Repository, analysis: Analysis) -> Json:
    run, driver = analysis.sarif["runs"][0], _driver(analysis)
    base = f"{render.repository_url(call.world, repository)}/code-scanning"
    # What stands after the last slash tells runs of one category apart.
    category = run.get("automationDetails", {}).get("id", "").rpartition("/")[0]
    return {
        "ref": analysis.ref,
        "commit_sha": analysis.commit,
        "analysis_key": "(default)",
        "environment": "",
        "category": category,
        "error": "",
        "warning": "",
        "created_at": render.moment(analysis.created),
        "results_count": len(run["results"]),
        "rules_count": len(driver.get("rules", ())),
        "id": analysis.id,
        "url": f"{base}/analyses/{analysis.id}",
        "sarif_id": analysis.upload,
        "tool": {"name": driver["name"], "guid": driver.get("guid"), "version": driver.get("version")},
        "deletable": True,
    }
