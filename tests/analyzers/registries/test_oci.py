from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.errors import FetchError
from analyzers.http.cache import Cache
from analyzers.http.credentials import load_settings
from analyzers.http.fetch import Fetcher
from analyzers.http.retries import Patience
from analyzers.model.exchange import Exchange, Request, Response
from analyzers.model.facts import Answer, ImageManifest, ImageTags, Known, Unknown
from analyzers.model.question import Question
from analyzers.registries.oci import INDEX_TYPES, MANIFEST_TYPES, SOURCES, look_up_manifest, look_up_tags
from tests.support.http_server import Reply, Script, serve
from tests.support.oci import Registry, needs_registry, running_registry

SHA = "sha256:" + "0a" * 32
TAGS = {source.name: source for source in SOURCES}["oci-tags"]
NODE = Question("oci-tags", "docker.io/library/node")
NODE_18 = Question("oci-manifest", "docker.io/library/node:18-alpine")


def _drive(exchange: Exchange, fetcher: Fetcher) -> Answer:
    try:
        request = next(exchange)
        while True:
            try:
                response = fetcher.send(request)
            except FetchError as error:
                request = exchange.throw(error)
            else:
                request = exchange.send(response)
    except StopIteration as done:
        answer = done.value
        assert isinstance(answer, Known | Unknown)
        return answer


def _play(exchange: Exchange, *responses: Response | FetchError) -> tuple[Answer, list[Request]]:
    """Answer the exchange from a list; what it asked is returned beside its answer."""
    requests = []
    try:
        requests.append(next(exchange))
        for response in responses:
            if isinstance(response, FetchError):
                requests.append(exchange.throw(response))
            else:
                requests.append(exchange.send(response))
    except StopIteration as done:
        return done.value, requests
    raise AssertionError(f"asked once more: {requests[-1]}")


def _json(value: object, status: int = 200, **headers: str) -> Response:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(status, named, json.dumps(value).encode())


def _challenge(realm: str, kind: str = "Bearer", **parameters: str) -> Response:
    rest = "".join(f',{name}="{value}"' for name, value in parameters.items())
    return Response(401, {"www-authenticate": f'{kind} realm="{realm}"{rest}'}, b"")


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    patience = Patience(attempts=1, total=20)
    with Fetcher(user_agent="test", allow_private=True, environ={}, patience=patience) as opened:
        yield opened


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with running_registry(tmp_path_factory.mktemp("registry")) as running:
        yield running


@needs_registry
def test_a_real_registry_lists_its_tags(registry: Registry, fetcher: Fetcher) -> None:
    registry.push("library/node", "18-alpine", "24-alpine", "latest")
    answer = _drive(look_up_tags(NODE, {"oci:docker.io": registry.address}), fetcher)
    assert answer == Known(ImageTags("docker.io/library/node", ("18-alpine", "24-alpine", "latest")))


@needs_registry
def test_a_real_registry_gives_digest_and_platforms_of_a_tag(registry: Registry, fetcher: Fetcher) -> None:
    platforms = ("linux/amd64", "linux/arm64/v8", "linux/arm/v7", "unknown/unknown")
    digest = registry.push("library/debian", "12", platforms=platforms)
    question = Question("oci-manifest", "docker.io/library/debian:12")
    answer = _drive(look_up_manifest(question, {"oci:docker.io": registry.address}), fetcher)
    assert isinstance(answer, Known)
    assert isinstance(answer.value, ImageManifest)
    assert (answer.value.name, answer.value.digest) == (question.name, digest)
    assert answer.value.platforms == ("linux/amd64", "linux/arm/v7", "linux/arm64")
    assert len(answer.value.members) == 4


@needs_registry
def test_a_real_registry_gives_platform_and_date_of_a_single_image(registry: Registry, fetcher: Fetcher) -> None:
    digest = registry.push("own/app", "1", platforms=("linux/arm64",), created="2025-03-04T05:06:07Z")
    question = Question("oci-manifest", f"{registry.host}/own/app:1")
    answer = _drive(look_up_manifest(question, {}), fetcher)
    assert answer == Known(ImageManifest(question.name, digest, ("linux/arm64",), date(2025, 3, 4)))
    by_digest = Question("oci-manifest", f"{registry.host}/own/app@{digest}")
    answer = _drive(look_up_manifest(by_digest, {}), fetcher)
    assert isinstance(answer, Known)
    assert isinstance(answer.value, ImageManifest)
    assert answer.value.digest == digest


@needs_registry
def test_a_real_registry_that_has_no_such_image_says_so(registry: Registry, fetcher: Fetcher) -> None:
    for name in ("nobody/nothing", "nobody/nothing:1"):
        source = look_up_manifest if ":" in name else look_up_tags
        answer = _drive(source(Question("x", f"{registry.host}/{name}"), {}), fetcher)
        assert isinstance(answer, Unknown)
        assert answer.reason == "not-found"


@pytest.fixture
def server() -> Iterator[Script]:
    with serve() as script:
        yield script


def _tags_at(server: Script, fetcher: Fetcher) -> Answer:
    return _drive(look_up_tags(NODE, {"oci:docker.io": server.url}), fetcher)


FIRST = "/v2/library/node/tags/list?n=10000"


def test_pages_are_followed_to_the_last(server: Script, fetcher: Fetcher) -> None:
    second, third = "/v2/library/node/tags/list?last=b&n=2", "/v2/library/node/tags/list?last=d&n=2"
    pages = [(FIRST, ["a", "b"], second), (second, ["c", "d"], third), (third, ["e", None, "", "x" * 129], None)]
    for path, tags, following in pages:
        headers = {"Link": f'<{following}>; rel="next"'} if following else {}
        server.on(path, Reply(headers=headers, body=json.dumps({"tags": tags}).encode()))
    assert _tags_at(server, fetcher) == Known(ImageTags(NODE.name, ("a", "b", "c", "d", "e")))


def test_a_page_that_names_itself_ends(server: Script, fetcher: Fetcher) -> None:
    server.on(FIRST, Reply(headers={"Link": f"<{FIRST}>; rel=next"}, body=b'{"tags": ["a"]}'))
    answer = _tags_at(server, fetcher)
    assert isinstance(answer, Unknown)
    assert answer.reason == "too-large"
    assert len(server.seen) == 1


def test_pages_without_end_are_given_up() -> None:
    links = (
        f'<https://registry-1.docker.io/v2/library/node/tags/list?last={page}>; rel="next"' for page in range(1000)
    )
    answer, requests = _play(look_up_tags(NODE, {}), *(_json({"tags": ["a"]}, link=link) for link in links))
    assert isinstance(answer, Unknown)
    assert (answer.reason, len(requests)) == ("too-large", 100)


@pytest.mark.parametrize("link", ["https://other.example/x", "//other.example/x", "http://registry-1.docker.io/x"])
def test_pages_at_another_host_are_not_asked(link: str) -> None:
    answer, requests = _play(look_up_tags(NODE, {}), _json({"tags": ["a"]}, link=f'<{link}>; rel="next"'))
    assert isinstance(answer, Unknown)
    assert (answer.reason, len(requests)) == ("refused", 1)


def test_a_token_is_fetched_where_one_is_wanted(server: Script, fetcher: Fetcher) -> None:
    realm = f"{server.url}/token"
    scope = "repository:library/node:pull"
    challenge = f'Bearer realm="{realm}",service="registry.test",scope="{scope}"'
    following = "/v2/library/node/tags/list?last=a"
    headers = {"Link": f'<{following}>; rel="next"'}
    server.on(
        FIRST,
        Reply(status=401, headers={"WWW-Authenticate": challenge}),
        Reply(headers=headers, body=b'{"tags": ["a"]}'),
    )
    server.on(following, Reply(body=b'{"tags": ["b"]}'))
    token = "/token?service=registry.test&scope=repository%3Alibrary%2Fnode%3Apull"
    server.on(token, Reply(body=b'{"token": "abc", "expires_in": 300}'))
    assert _tags_at(server, fetcher) == Known(ImageTags(NODE.name, ("a", "b")))
    sent = [(request.path, request.headers.get("authorization")) for request in server.seen]
    assert sent == [(FIRST, None), (token, None), (FIRST, "Bearer abc"), (following, "Bearer abc")]


def test_an_answer_that_took_a_token_is_there_offline(server: Script, tmp_path: Path) -> None:
    server.on(
        FIRST,
        Reply(status=401, headers={"WWW-Authenticate": f'Bearer realm="{server.url}/token",service="s"'}),
        Reply(body=b'{"tags": ["a"]}'),
    )
    server.on("/token?service=s&scope=repository%3Alibrary%2Fnode%3Apull", Reply(body=b'{"access_token": "abc"}'))
    for offline in (False, True):
        cache = Cache(tmp_path / "cache")
        with Fetcher(user_agent="t", allow_private=True, environ={}, cache=cache, offline=offline) as fetcher:
            assert _tags_at(server, fetcher) == Known(ImageTags(NODE.name, ("a",)))


class _Basic:
    def authorization(self, url: str) -> str | None:
        return "Basic dTpw" if "localhost" in url else None


def test_basic_credentials_are_sent_once_asked_for(server: Script) -> None:
    server.on(FIRST, Reply(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'}), Reply(body=b'{"tags": ["a"]}'))
    with Fetcher(user_agent="t", allow_private=True, environ={}, credentials=_Basic()) as fetcher:
        assert _tags_at(server, fetcher) == Known(ImageTags(NODE.name, ("a",)))
    assert [request.headers.get("authorization") for request in server.seen] == [None, "Basic dTpw"]


@pytest.mark.parametrize(
    ("address", "realm", "credentials"),
    [
        ({}, "https://auth.docker.io/token", "auth.docker.io"),
        ({}, "https://registry-1.docker.io/token", "registry-1.docker.io"),
        ({}, "https://ghcr.io/token", ""),
        ({}, "https://other.example/token?x=1", ""),
        ({"oci:docker.io": "https://mirror.example"}, "https://auth.docker.io/token", ""),
        ({"oci:docker.io": "http://127.0.0.1:5000"}, "http://localhost:5001/token", ""),
    ],
)
def test_credentials_go_to_the_registrys_own_realm_only(
    address: Mapping[str, str], realm: str, credentials: str
) -> None:
    exchange = look_up_tags(NODE, address)
    next(exchange)
    request = exchange.send(_challenge(realm, service="s"))
    assert request.url.startswith(realm)
    assert request.credentials == credentials
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    "challenge",
    [
        _challenge("http://auth.docker.io/token"),
        _challenge("http://localhost/token"),
        _challenge("ftp://x/token"),
        _challenge("https:///token"),
        _challenge("https://[::1/token"),
        _challenge(""),
        _challenge("https://auth.docker.io/token", kind="Negotiate"),
        Response(401, {}, b""),
    ],
    ids=range(8),
)
def test_an_unsafe_challenge_is_a_refusal(challenge: Response) -> None:
    answer, requests = _play(look_up_tags(NODE, {}), challenge)
    assert isinstance(answer, Unknown)
    assert (answer.reason, len(requests)) == ("refused", 1)


@pytest.mark.parametrize(
    "token", [_json({}), _json([]), _json({"token": "a\nb"}), _json({"token": "ä"}), _json({"token": "x"}, status=403)]
)
def test_without_a_token_the_answer_is_a_refusal(token: Response) -> None:
    again = [token] if token.status == 403 else []
    answer, _ = _play(look_up_tags(NODE, {}), _challenge("https://auth.docker.io/token"), token, *again)
    assert isinstance(answer, Unknown)
    assert answer.reason == "refused"
    assert "no credential helper is run" in answer.detail


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (Response(404, {}, b""), "not-found"),
        (Response(403, {}, b""), "refused"),
        (Response(429, {}, b""), "rate-limited"),
        (Response(200, {}, b"<html>"), "malformed-answer"),
        (_json(["a"]), "malformed-answer"),
        (_json({"tags": "a"}), "malformed-answer"),
    ],
)
def test_each_failure_has_its_own_reason(response: Response, reason: str) -> None:
    answer, _ = _play(look_up_tags(NODE, {}), response)
    assert isinstance(answer, Unknown)
    assert answer.reason == reason


def test_no_tags_are_an_answer() -> None:
    assert _play(look_up_tags(NODE, {}), _json({"tags": None}))[0] == Known(ImageTags(NODE.name, ()))


@pytest.mark.parametrize("name", ["", "not/VALID", "a b", "../x", "docker.io/a?b"])
def test_what_is_no_image_is_not_asked(name: str) -> None:
    for source in SOURCES:
        answer, requests = _play_nothing(source.look_up(Question(source.name, name), {}))
        assert (answer.reason, requests) == ("not-found", 0)


def _play_nothing(exchange: Exchange) -> tuple[Unknown, int]:
    with pytest.raises(StopIteration) as done:
        next(exchange)
    assert isinstance(done.value.value, Unknown)
    return done.value.value, 0


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("docker.io/library/node", "https://registry-1.docker.io/v2/library/node/tags/list?n=10000"),
        ("quay.io/a/b", "https://quay.io/v2/a/b/tags/list?n=1000"),
        ("localhost:5000/a", "http://localhost:5000/v2/a/tags/list?n=1000"),
        ("localhost/a", "http://localhost/v2/a/tags/list?n=1000"),
        ("127.0.0.1:1/a", "http://127.0.0.1:1/v2/a/tags/list?n=1000"),
        ("[::1]:5000/a", "http://[::1]:5000/v2/a/tags/list?n=1000"),
    ],
)
def test_a_name_says_where_to_ask(name: str, url: str) -> None:
    assert next(look_up_tags(Question("oci-tags", name), {})).url == url


def test_a_manifest_is_asked_for_by_head_with_all_four_types() -> None:
    request = next(look_up_manifest(NODE_18, {}))
    assert (request.method, request.url) == (
        "HEAD",
        "https://registry-1.docker.io/v2/library/node/manifests/18-alpine",
    )
    assert request.headers["accept"].split(", ") == [*INDEX_TYPES, *MANIFEST_TYPES]


INDEX = {"manifests": [{"platform": {"os": "linux", "architecture": "amd64"}}, {"digest": SHA}]}


def test_a_registry_without_head_is_asked_by_get(server: Script, fetcher: Fetcher) -> None:
    body = json.dumps(INDEX).encode()
    server.on("/v2/library/node/manifests/18-alpine", Reply(status=405), Reply(body=body))
    answer = _drive(look_up_manifest(NODE_18, {"oci:docker.io": server.url}), fetcher)
    assert isinstance(answer, Known)
    assert isinstance(answer.value, ImageManifest)
    assert answer.value.platforms == ("linux/amd64",)
    assert answer.value.digest.startswith("sha256:")
    assert [request.method for request in server.seen] == ["HEAD", "GET"]


@pytest.mark.parametrize(
    "second",
    [FetchError("rate-limited", "x"), Response(429, {}, b""), _json({}), _json({"config": {"digest": "x/../y"}})],
    ids=range(4),
)
def test_a_digest_is_worth_having_without_platforms(second: Response | FetchError) -> None:
    head = Response(200, {"docker-content-digest": SHA}, b"")
    answer, _ = _play(look_up_manifest(NODE_18, {}), head, second)
    assert answer == Known(ImageManifest(NODE_18.name, SHA))


def test_where_the_users_login_is_refused_the_public_is_asked() -> None:
    answer, requests = _play(
        look_up_tags(NODE, {}),
        _challenge("https://auth.docker.io/token", service="s"),
        _json({}, status=401),
        _json({"token": "public"}),
        _json({"tags": ["a"]}),
    )
    assert answer == Known(ImageTags(NODE.name, ("a",)))
    assert [request.credentials for request in requests] == ["", "auth.docker.io", "", "registry-1.docker.io"]
    assert requests[-1].headers["authorization"] == "Bearer public"


def test_a_token_that_has_run_out_between_pages_is_fetched_anew() -> None:
    challenge = _challenge("https://auth.docker.io/token")
    answer, requests = _play(
        look_up_tags(NODE, {}),
        challenge,
        _json({"token": "one"}),
        _json({"tags": ["a"]}, link='<?last=a>; rel="next"'),
        Response(401, {}, b""),
        challenge,
        _json({"token": "two"}),
        _json({"tags": ["b"]}),
    )
    assert answer == Known(ImageTags(NODE.name, ("a", "b")))
    assert requests[-1].headers["authorization"] == "Bearer two"


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("Bearer realm=https://quay.io/v2/auth, service=quay.io", "https://quay.io/v2/auth"),
        ('Basic realm="x", Bearer realm="https://quay.io/v2/auth"', "https://quay.io/v2/auth"),
        ('Bearer realm="ftp://x", Basic realm="y"', "https://quay.io/v2/a/b/tags/list"),
    ],
)
def test_a_challenge_is_read_without_quotes_and_beside_others(header: str, asked: str) -> None:
    exchange = look_up_tags(Question("oci-tags", "quay.io/a/b"), {})
    next(exchange)
    request = exchange.send(Response(401, {"www-authenticate": header}, b""))
    assert request.url.startswith(asked)
    assert request.credentials == "quay.io"


@pytest.mark.parametrize(
    "link",
    [
        "?last=a&n=2",
        "/v2/library/node/tags/list?last=a&n=2",
        "https://registry-1.docker.io/v2/library/node/tags/list?last=a&n=2",
        "https://registry-1.docker.io:443/v2/library/node/tags/list?last=a&n=2",
        # What stands behind a proxy, or behind a redirect, has another path.
        "/v2/k8s-artifacts-prod/images/node/tags/list?last=a&n=2",
    ],
)
def test_the_next_page_is_asked_where_the_first_was(link: str) -> None:
    header = f'<https://x/>; rel="prev", <{link}>; rel="next"'
    answer, requests = _play(look_up_tags(NODE, {}), _json({"tags": ["a"]}, link=header), _json({"tags": ["b"]}))
    assert answer == Known(ImageTags(NODE.name, ("a", "b")))
    assert requests[1].url == "https://registry-1.docker.io/v2/library/node/tags/list?last=a&n=2"


BASE = {
    "org.opencontainers.image.base.name": "docker.io/library/debian:12",
    "org.opencontainers.image.base.digest": SHA,
}


@pytest.mark.parametrize(
    ("annotations", "base"),
    [
        (BASE, ("docker.io/library/debian:12", SHA)),
        ({"org.opencontainers.image.base.name": "not a NAME"}, ("", "")),
        ({"org.opencontainers.image.base.digest": "md5:1", "org.opencontainers.image.base.name": 1}, ("", "")),
        (None, ("", "")),
    ],
)
def test_an_image_says_what_it_was_built_on(annotations: object, base: tuple[str, str]) -> None:
    head = Response(200, {"docker-content-digest": SHA}, b"")
    index = {"manifests": [], "annotations": annotations}
    answer, _ = _play(look_up_manifest(NODE_18, {}), head, _json(index))
    assert isinstance(answer, Known)
    assert isinstance(answer.value, ImageManifest)
    assert (answer.value.base_name, answer.value.base_digest) == base


def test_the_entries_of_an_index_say_it_where_the_index_does_not() -> None:
    head = Response(200, {"docker-content-digest": SHA}, b"")
    platform = {"os": "linux", "architecture": "amd64"}
    created = {"org.opencontainers.image.created": "2026-08-19T01:02:03Z"}
    entries = [
        {"digest": SHA, "platform": {"os": "unknown"}, "annotations": {"x": "y"}},
        {"digest": SHA, "platform": platform, "annotations": {**BASE, **created}},
    ]
    answer, _ = _play(look_up_manifest(NODE_18, {}), head, _json({"manifests": entries}))
    assert isinstance(answer, Known)
    assert isinstance(answer.value, ImageManifest)
    assert (answer.value.base_name, answer.value.base_digest) == ("docker.io/library/debian:12", SHA)
    assert answer.value.created == date(2026, 8, 19)


def test_labels_say_it_where_annotations_do_not() -> None:
    head = Response(200, {"docker-content-digest": SHA}, b"")
    config = {"os": "linux", "architecture": "amd64", "created": "2026-01-02T03:04:05Z", "config": {"Labels": BASE}}
    answer, _ = _play(look_up_manifest(NODE_18, {}), head, _json({"config": {"digest": SHA}}), _json(config))
    expected = ImageManifest(
        NODE_18.name,
        SHA,
        ("linux/amd64",),
        date(2026, 1, 2),
        base_name="docker.io/library/debian:12",
        base_digest=SHA,
    )
    assert answer == Known(expected)


def test_a_manifest_of_the_first_schema_has_no_digest_that_lasts() -> None:
    headers = {
        "docker-content-digest": SHA,
        "content-type": "application/vnd.docker.distribution.manifest.v1+prettyjws; charset=utf-8",
    }
    answer, _ = _play(look_up_manifest(NODE_18, {}), Response(200, headers, b""))
    assert isinstance(answer, Unknown)
    assert answer.reason == "malformed-answer"


def test_no_login_and_no_token_follows_a_redirect_to_another_host(server: Script) -> None:
    with serve() as store:
        server.on(
            FIRST,
            Reply(status=401, headers={"WWW-Authenticate": f'Bearer realm="{server.url}/token",service="s"'}),
            Reply(status=307, headers={"Location": f"{store.url}/tags"}),
        )
        server.on("/token?service=s&scope=repository%3Alibrary%2Fnode%3Apull", Reply(body=b'{"token": "abc"}'))
        store.on("/tags", Reply(body=b'{"tags": ["a"]}'))
        with Fetcher(user_agent="t", allow_private=True, environ={}, credentials=_Basic()) as fetcher:
            assert _tags_at(server, fetcher) == Known(ImageTags(NODE.name, ("a",)))
        assert server.seen[-1].headers["authorization"] == "Bearer abc"
        assert "authorization" not in store.seen[0].headers


def test_an_identity_token_is_exchanged_by_a_form_and_goes_nowhere_else(server: Script, tmp_path: Path) -> None:
    folder = tmp_path / ".docker"
    folder.mkdir()
    host = server.url.removeprefix("http://")
    login = {"auth": "MDAwOg==", "identitytoken": "secret"}
    (folder / "config.json").write_text(json.dumps({"auths": {host: login}}))
    found = load_settings({"DOCKER_CONFIG": str(folder)}, tmp_path)
    server.on(
        FIRST,
        Reply(status=401, headers={"WWW-Authenticate": f'Bearer realm="{server.url}/token",service="s"'}),
        Reply(body=b'{"tags": ["a"]}'),
    )
    server.on("/token", Reply(body=b'{"access_token": "abc"}'))
    with Fetcher(user_agent="t", allow_private=True, environ={}, credentials=found.credentials) as fetcher:
        assert _tags_at(server, fetcher) == Known(ImageTags(NODE.name, ("a",)))
    token = server.asked("/token")[0]
    assert (token.method, dict(parse_qsl(token.body.decode()))) == (
        "POST",
        {
            "service": "s",
            "scope": "repository:library/node:pull",
            "grant_type": "refresh_token",
            "client_id": "debtscan",
            "refresh_token": "secret",
        },
    )
    assert [request.headers.get("authorization") for request in server.seen] == [None, None, "Bearer abc"]
    assert not any(b"secret" in request.body or "secret" in request.path for request in server.asked(FIRST))


def test_a_name_without_tag_points_at_nothing() -> None:
    answer, _ = _play_nothing(look_up_manifest(Question("oci-manifest", "docker.io/library/node"), {}))
    assert answer.reason == "not-found"


_RESPONSES = st.builds(
    Response,
    st.sampled_from([200, 200, 401, 404, 405, 429, 302]),
    st.dictionaries(
        st.sampled_from(["www-authenticate", "link", "docker-content-digest"]),
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(['Bearer realm="https://x/y"', '<a>; rel="next"', "<//[>; rel=next", SHA, "Basic"]),
        ),
    ),
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from([b'{"token": "t"}', b'{"tags": ["a"]}', b'{"manifests": [null]}', b"[" * 9999]),
        st.builds(lambda digest: json.dumps({"config": {"digest": digest}}).encode(), st.sampled_from([SHA, "x"])),
    ),
)


@given(st.lists(_RESPONSES, min_size=1, max_size=8), st.sampled_from(SOURCES))
@settings(deadline=None, max_examples=150)
def test_whatever_a_registry_sends_ends_in_an_answer(responses: list[Response], source: object) -> None:
    look_up = look_up_tags if source is TAGS else look_up_manifest
    exchange = look_up(NODE if source is TAGS else NODE_18, {})
    answer, requests = _play(exchange, *(responses * 300)[:300])
    assert isinstance(answer, Known | Unknown)
    assert all(request.url.startswith("https://") for request in requests)
