"""App manifests: what GitHub takes, and the App that it makes of one."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from tests.support.github.grants import App
from tests.support.github.messages import Json, Refusal
from tests.support.github.tokens import EVERYTHING, key_pair
from tests.support.github.world import World

# Event → the permissions of which one lets an App subscribe to it. What is sent to every App cannot be asked for.
EVENTS = {
    "check_run": {"checks"},
    "check_suite": {"checks"},
    "installation_target": {"metadata"},
    "issue_comment": {"issues", "pull_requests"},
    "issues": {"issues"},
    "pull_request": {"pull_requests"},
    "push": {"contents"},
    "repository": {"metadata"},
}
UNASKED = {"github_app_authorization", "installation", "installation_repositories", "ping"}
_KEYS = {
    "callback_urls": list,
    "default_events": list,
    "default_permissions": dict,
    "description": str,
    "hook_attributes": dict,
    "name": str,
    "public": bool,
    "redirect_url": str,
    "request_oauth_on_install": bool,
    "setup_on_update": bool,
    "setup_url": str,
    "url": str,
}
_LEVELS = ("read", "write", "admin")
_LONGEST_NAME = 34
_MOST_CALLBACKS = 10


def read_manifest(text: str) -> Json:
    """Return a manifest. Raises Refusal, with GitHub's reason or one like it."""
    try:
        found = json.loads(text)
    except ValueError:
        raise Refusal(422, "The manifest is no JSON.") from None
    for name, value in found.items():
        if not isinstance(value, _KEYS.get(name, ())):
            raise Refusal(422, f"{name} is not expected, or not of this kind.")
    missing = {"name", "redirect_url", "url"} - found.keys()
    if missing:
        raise Refusal(422, f"{', '.join(sorted(missing))} wasn't supplied.")
    _check_addresses(found)
    _check_wishes(found)
    return dict(found)


def _check_addresses(manifest: Json) -> None:
    if len(manifest["name"]) > _LONGEST_NAME:
        raise Refusal(422, f"Name is too long (maximum is {_LONGEST_NAME} characters).")
    hook = manifest.get("hook_attributes", {})
    if hook and (set(hook) - {"active", "url"} or "url" not in hook):
        raise Refusal(422, "Hook is invalid.")
    callbacks = manifest.get("callback_urls", [])
    if len(callbacks) > _MOST_CALLBACKS:
        raise Refusal(422, f"Only {_MOST_CALLBACKS} callback URLs are allowed.")
    for url in (manifest["redirect_url"], manifest["url"], *callbacks, *([hook["url"]] if hook else [])):
        if urlsplit(url).scheme not in {"http", "https"}:
            raise Refusal(422, f"{url} must be an http or https address.")


def _check_wishes(manifest: Json) -> None:
    wanted = manifest.get("default_permissions", {})
    for name, level in wanted.items():
        if name not in EVERYTHING or level not in _LEVELS[: _LEVELS.index(EVERYTHING[name]) + 1]:
            raise Refusal(422, f"Default permission records resource is not included in the list: {name}={level}.")
    for event in manifest.get("default_events", []):
        if not EVENTS.get(event, set()) & {"metadata", *wanted}:
            raise Refusal(422, f"Default events unsupported: {event}.")


def app_of_manifest(world: World, owner: str, manifest: Json) -> App:
    """Return the App of a manifest, with secrets of its own."""
    slug = "-".join(manifest["name"].lower().split())
    private, public = key_pair()
    return App(
        id=next(world.ids),
        slug=slug,
        name=manifest["name"],
        owner=world.account(owner),
        bot=world.account(f"{slug}[bot]", "Bot"),
        permissions={"metadata": "read", **manifest.get("default_permissions", {})},
        events=tuple(manifest.get("default_events", ())),
        private_key=private,
        public_key=public,
        client_secret=f"{next(world.ids):040x}",
        callbacks=tuple(manifest.get("callback_urls", ())),
        hook_url=manifest.get("hook_attributes", {}).get("url", ""),
        hook_secret=f"{next(world.ids):040x}" if manifest.get("hook_attributes") else "",
    )
