"""Container images: what Dockerfiles and compose files are built on and run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzers.config import Docker
from analyzers.ecosystems.docker import _env_file, circleci, compose, devcontainer, dockerfile, gitlab_ci, quadlet
from analyzers.ecosystems.docker.images import (
    NAME,
    Image,
    images,
    lifecycle_question,
    manifest_question,
    normalise,
    tags_question,
)
from analyzers.ecosystems.docker.judgement import newer, way_out
from analyzers.ecosystems.docker.products import own_product
from analyzers.model.ecosystem import Ecosystem, Format, Reading
from analyzers.model.facts import Facts, Question
from analyzers.model.inventory import Inventory

# The configuration is not at hand while asking; another setting costs a platform check, nothing else.
_USUAL = Docker()


def questions(inventory: Inventory, facts: Facts) -> Iterator[Question]:
    """Name the tags, digests and lifecycles to ask about, then the platforms of the tags that would be chosen."""
    for image in images(inventory):
        yield from _first(image)
        yield from _second(image, facts)


def pair(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    """Join compose files with the variables beside, and development containers with their locks."""
    return devcontainer.pair(_env_file.pair(readings))


def _first(image: Image) -> Iterator[Question]:
    for layer in image.layers:
        yield lifecycle_question(layer.product)
    product = own_product(image.reference)
    if product:
        yield lifecycle_question(product)
    if image.tag:
        yield tags_question(image.name)
    if image.reference.tag and image.dependency.digest:
        yield manifest_question(image.name, image.reference.tag)


def _second(image: Image, facts: Facts) -> Iterator[Question]:
    """Ask what the tags to move to offer, and what the current one does, to compare platforms."""
    day = facts.looked_up
    choice = newer(image, facts, day, _USUAL.support, _USUAL.ending_days)
    chosen = [way_out(image, facts, day, _USUAL.support, _USUAL.ending_days), choice.tag if choice else None]
    for tag in filter(None, (*chosen, image.tag if any(chosen) else None)):
        yield manifest_question(image.name, tag)


ECOSYSTEM = Ecosystem(
    name=NAME,
    title="Docker",
    formats=(
        Format(
            name="dockerfile",
            title="Dockerfiles: bases, images in COPY and RUN --mount, the frontend of # syntax=",
            examples=("Dockerfile", "Dockerfile.dev", "web.Dockerfile", "Containerfile"),
            matches=dockerfile.is_dockerfile,
            read=dockerfile.read,
        ),
        Format(
            name="compose",
            title="compose files: the images of services, and Dockerfiles written inside",
            examples=("compose.yaml", "docker-compose.prod.yml"),
            matches=compose.is_compose,
            endings=(".yml", ".yaml"),
            read=compose.read,
        ),
        Format(
            name="compose-env",
            title="values of variables in the compose files beside",
            examples=(".env",),
            matches=_env_file.matches,
            endings=(".env",),
            read=_env_file.read,
        ),
        Format(
            name=gitlab_ci.FORMAT,
            title="GitLab pipelines: the images of jobs and services",
            examples=(".gitlab-ci.yml", "build.gitlab-ci.yml"),
            matches=gitlab_ci.matches,
            endings=(".yml", ".yaml"),
            read=gitlab_ci.read,
        ),
        Format(
            name=circleci.FORMAT,
            title="CircleCI: the images of jobs and executors",
            examples=(".circleci/config.yml",),
            matches=circleci.matches,
            endings=(".yml", ".yaml"),
            read=circleci.read,
        ),
        Format(
            name=quadlet.FORMAT,
            title="podman's units for systemd: images of containers",
            examples=("web.container", "web.image"),
            matches=quadlet.matches,
            endings=quadlet.ENDINGS,
            sniff=quadlet.sniff,
            read=quadlet.read,
        ),
        Format(
            name="devcontainer",
            title="development containers: the image, features, and the runtimes that features are told",
            examples=(".devcontainer/devcontainer.json", ".devcontainer.json", ".devcontainer/api/devcontainer.json"),
            matches=devcontainer.is_devcontainer,
            endings=(".json",),
            read=devcontainer.read,
        ),
        Format(
            name="devcontainer-lock",
            title="locked features of development containers",
            examples=(".devcontainer/devcontainer-lock.json", ".devcontainer-lock.json"),
            matches=devcontainer.is_lock,
            endings=(".json",),
            read=devcontainer.read_lock,
        ),
    ),
    questions=questions,
    normalise=normalise,
    pair=pair,
)
