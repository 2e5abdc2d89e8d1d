from __future__ import annotations

import pytest

from analyzers.ecosystems.docker.products import codenames, layers, own_product, title
from analyzers.model.facts import Cycle
from analyzers.syntax.image_reference import ImageReference, canonical_name, parse


def _reference(text: str) -> ImageReference:
    reference = parse(text)
    assert reference is not None
    return ImageReference(canonical_name(reference.name), reference.tag, reference.digest)


@pytest.mark.parametrize(
    ("image", "named"),
    [
        ("python:3.8-slim-buster", ["python 3.8", "debian buster"]),
        ("node:18-alpine", ["nodejs 18"]),
        ("node:18.20.8-alpine3.19", ["nodejs 18.20.8", "alpine-linux alpine3.19"]),
        ("golang:1.25-alpine3.22", ["go 1.25", "alpine-linux alpine3.22"]),
        ("debian:bullseye-slim", ["debian bullseye"]),
        ("debian:11-slim", ["debian 11"]),
        ("ubuntu:focal", ["ubuntu focal"]),
        ("ubuntu:22.04", ["ubuntu 22.04"]),
        ("postgres:13", ["postgresql 13"]),
        ("postgres:13-bookworm", ["postgresql 13", "debian bookworm"]),
        ("alpine:3.18.4", ["alpine-linux 3.18.4"]),
        ("alpine:edge", []),
        ("alpine:20230901", []),
        ("amazonlinux:2", ["amazon-linux 2"]),
        ("amazonlinux:2023", ["amazon-linux 2023"]),
        ("amazoncorretto:17-al2023-jdk", ["amazon-corretto 17", "amazon-linux al2023"]),
        ("eclipse-temurin:17-jdk-jammy", ["eclipse-temurin 17", "ubuntu jammy"]),
        ("maven:3.9-eclipse-temurin-17", ["eclipse-temurin eclipse-temurin-17"]),
        ("elixir:1.15-otp-26-alpine", ["elixir 1.15", "erlang otp-26"]),
        ("wordpress:6.4-php8.2-apache", ["wordpress 6.4", "php php8.2"]),
        ("php:8.2-fpm-alpine3.18", ["php 8.2", "alpine-linux alpine3.18"]),
        ("mcr.microsoft.com/dotnet/sdk:8.0-jammy", ["dotnet 8.0", "ubuntu jammy"]),
        ("quay.io/centos/centos:stream9", ["centos-stream stream9"]),
        ("registry.access.redhat.com/ubi8/ubi:8.9", ["rhel "]),
        ("registry.access.redhat.com/ubi9/ubi-minimal", ["rhel "]),
        ("nvidia/cuda:12.2.0-devel-ubuntu22.04", ["ubuntu ubuntu22.04"]),
        ("bitnami/redis:7.2.0-debian-11-r5", ["redis 7.2.0", "debian debian-11"]),
        ("public.ecr.aws/docker/library/python:3.8", ["python 3.8"]),
        ("node:v18", ["nodejs 18"]),
        ("node:bookworm", ["debian bookworm"]),
        ("node:lts", []),
        ("node", []),
        ("python:3.15-rc-slim", []),
        ("grafana/loki:2.9", []),
        ("eclipse-temurin:21-jdk-alpine-3.20", ["eclipse-temurin 21", "alpine-linux alpine-3.20"]),
        ("eclipse-temurin:8u382-b05-jdk-focal", ["eclipse-temurin 8u382", "ubuntu focal"]),
        (
            "hexpm/elixir:1.14.5-erlang-25.3.2-alpine-3.18.0",
            ["erlang erlang-25.3.2", "alpine-linux alpine-3.18.0"],
        ),
        ("apache/airflow:2.7.3-python3.8", ["python python3.8"]),
        ("quay.io/jupyter/base-notebook:python-3.11.6", ["python python-3.11.6"]),
        ("timescale/timescaledb:2.13.0-pg13", ["postgresql pg13"]),
        ("nikolaik/python-nodejs:python3.9-nodejs16-slim", ["python python3.9", "nodejs nodejs16"]),
        # The code names of Node.js's lines are names of other things elsewhere.
        ("node:gallium-alpine", ["nodejs gallium"]),
        ("node:gallium-bullseye-slim", ["nodejs gallium", "debian bullseye"]),
        ("ros:iron", []),
        ("own/app:1-carbon", []),
        ("own/app:1-rex", []),
        # A small number behind a distribution counts something else.
        ("fluent/fluentd:v1.16-debian-1", []),
        ("mongodb/mongodb-community-server:7.0.5-ubuntu2204", []),
        # The name of an image may say what it rests on.
        ("gcr.io/distroless/base-debian10:nonroot", ["debian "]),
        ("gcr.io/distroless/static-debian11", ["debian "]),
        ("gcr.io/distroless/static", []),
        ("registry.access.redhat.com/ubi8/nodejs-18:1-72", ["rhel "]),
        ("redhat/ubi9-minimal:9.3", ["rhel "]),
    ],
)
def test_a_tag_names_its_products(image: str, named: list[str]) -> None:
    assert [f"{layer.product} {layer.text}" for layer in layers(_reference(image))] == named


def test_the_product_is_known_without_a_tag() -> None:
    assert own_product(_reference("node")) == "nodejs"
    assert own_product(_reference("own/node")) is None


def test_a_layer_can_be_written_at_another_cycle() -> None:
    cycle = Cycle("13", None, None, codename="trixie")
    debian, alpine = layers(_reference("own/app:1-buster"))[0], layers(_reference("own/app:1-alpine3.19"))[0]
    assert (debian.at(cycle), alpine.at(cycle)) == ("trixie", "alpine13")
    assert debian.at(Cycle("14", None, None)) is None


def test_code_names_belong_to_debian_and_ubuntu() -> None:
    assert {codenames()[name] for name in ("buster", "trixie")} == {"debian"}
    assert {codenames()[name] for name in ("focal", "noble")} == {"ubuntu"}


@pytest.mark.parametrize(("product", "name"), [("nodejs", "Node.js"), ("alpine-linux", "Alpine Linux")])
def test_products_have_names_that_people_use(product: str, name: str) -> None:
    assert title(product) == name
