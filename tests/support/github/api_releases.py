"""Releases and their notes."""

from __future__ import annotations

from urllib.parse import quote

from tests.support.github import render
from tests.support.github.api_repositories import REPOSITORY
from tests.support.github.messages import Json, Response, not_found
from tests.support.github.routing import Call, route
from tests.support.github.world import Release, Repository

_RELEASES = REPOSITORY + "/releases"


@route("GET", _RELEASES, "contents=read")
def list_releases(call: Call) -> Response:
    repository = call.repository
    return call.page([_release(call, repository, each) for each in repository.releases[::-1]])


@route("GET", _RELEASES + "/latest", "contents=read")
def get_latest(call: Call) -> Response:
    repository = call.repository
    for each in repository.releases[::-1]:
        if not each.prerelease:
            return Response(body=_release(call, repository, each))
    raise not_found()


@route("GET", _RELEASES + "/tags/{tag}", "contents=read")
def get_by_tag(call: Call) -> Response:
    repository = call.repository
    for each in repository.releases:
        if each.tag == call.parameters["tag"]:
            return Response(body=_release(call, repository, each))
    raise not_found()


def _release(call: Call, repository: Repository, value: Release) -> Json:
    url, tag = render.repository_url(call.world, repository), quote(value.tag)
    web = render.html_url(call.world, repository)
    return {
        "id": value.id,
        "node_id": render.node("RE", value.id),
        "url": f"{url}/releases/{value.id}",
        "html_url": f"{web}/releases/tag/{tag}",
        "assets_url": f"{url}/releases/{value.id}/assets",
        "upload_url": f"{url}/releases/{value.id}/assets{{?name,label}}",
        "tarball_url": f"{url}/tarball/{tag}",
        "zipball_url": f"{url}/zipball/{tag}",
        "tag_name": value.tag,
        "target_commitish": repository.default_branch,
        "name": value.name,
        "body": value.body,
        "draft": False,
        "prerelease": value.prerelease,
        "created_at": render.moment(value.published),
        "published_at": render.moment(value.published),
        "author": render.user(call.world, value.author),
        "assets": [],
    }
