"""Container images: what Dockerfiles and compose files are built on and run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzers.ecosystems.docker import _files
from analyzers.model.ecosystem import Ecosystem, Format
from analyzers.model.later import later

if TYPE_CHECKING:
    from analyzers.ecosystems.docker import (
        _env_file,
        _pairing,
        circleci,
        compose,
        devcontainer,
        dockerfile,
        gitlab_ci,
        images,
        quadlet,
        questions,
    )
else:
    _env_file, _pairing, circleci, compose, devcontainer, dockerfile, gitlab_ci, images, quadlet, questions = later(
        __package__,
        "_env_file",
        "_pairing",
        "circleci",
        "compose",
        "devcontainer",
        "dockerfile",
        "gitlab_ci",
        "images",
        "quadlet",
        "questions",
    )

ECOSYSTEM = Ecosystem(
    name=_files.NAME,
    title="Docker",
    formats=(
        Format(
            name="dockerfile",
            title="Dockerfiles: bases, images in COPY and RUN --mount, the frontend of # syntax=",
            examples=("Dockerfile", "Dockerfile.dev", "web.Dockerfile", "Containerfile"),
            matches=_files.is_dockerfile,
            read=dockerfile.read,
        ),
        Format(
            name="compose",
            title="compose files: the images of services, and Dockerfiles written inside",
            examples=("compose.yaml", "docker-compose.prod.yml"),
            matches=_files.is_compose,
            endings=(".yml", ".yaml"),
            read=compose.read,
        ),
        Format(
            name="compose-env",
            title="values of variables in the compose files beside",
            examples=(".env",),
            matches=_files.is_env_file,
            endings=(".env",),
            read=_env_file.read,
        ),
        Format(
            name=_files.GITLAB_CI,
            title="GitLab pipelines: the images of jobs and services",
            examples=(".gitlab-ci.yml", "build.gitlab-ci.yml"),
            matches=_files.is_pipeline,
            endings=(".yml", ".yaml"),
            read=gitlab_ci.read,
        ),
        Format(
            name=_files.CIRCLECI,
            title="CircleCI: the images of jobs and executors",
            examples=(".circleci/config.yml",),
            matches=_files.is_circleci,
            endings=(".yml", ".yaml"),
            read=circleci.read,
        ),
        Format(
            name=_files.QUADLET,
            title="podman's units for systemd: images of containers",
            examples=("web.container", "web.image"),
            matches=_files.is_quadlet,
            endings=_files.QUADLET_ENDINGS,
            sniff=_files.has_unit_of_podman,
            read=quadlet.read,
        ),
        Format(
            name="devcontainer",
            title="development containers: the image, features, and the runtimes that features are told",
            examples=(".devcontainer/devcontainer.json", ".devcontainer.json", ".devcontainer/api/devcontainer.json"),
            matches=_files.is_devcontainer,
            endings=(".json",),
            read=devcontainer.read,
        ),
        Format(
            name="devcontainer-lock",
            title="locked features of development containers",
            examples=(".devcontainer/devcontainer-lock.json", ".devcontainer-lock.json"),
            matches=_files.is_devcontainer_lock,
            endings=(".json",),
            read=devcontainer.read_lock,
        ),
    ),
    questions=questions.questions,
    normalise=images.normalise,
    pair=_pairing.pair,
)
