"""Which products an image's tag names: its own (Node.js 18), and what that rests on (Debian 10 by ``-buster``)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzers.lifecycles import table
from analyzers.model.facts import Cycle
from analyzers.syntax.image_reference import ImageReference
from analyzers.versions import docker_tag

# Distributions that tags name by a word and a number (``alpine3.22``, ``ubi9``), by that word.
_NUMBERED = {
    "al": "amazon-linux",
    "almalinux": "almalinux",
    "alpine": "alpine-linux",
    "amazonlinux": "amazon-linux",
    "centos": "centos",
    "debian": "debian",
    "fedora": "fedora",
    "ol": "oracle-linux",
    "oraclelinux": "oracle-linux",
    "php": "php",
    "rockylinux": "rocky-linux",
    "stream": "centos-stream",
    "ubi": "rhel",
    "ubuntu": "ubuntu",
}
# Products that tags name by elements of their own: ``3.9-eclipse-temurin-17``, ``1.18-otp-28``, ``16.2-debian-12``.
_SPELLED = {
    "eclipse-temurin": "eclipse-temurin",
    "amazoncorretto": "amazon-corretto",
    "otp": "erlang",
    "debian": "debian",
}
_CODENAMED = ("debian", "ubuntu")
_NUMBERED_ELEMENT = re.compile(r"([a-z]+)([0-9]+(?:\.[0-9]+)*)")
_SPELLED_PAIR = re.compile(rf"(?:^|-)({'|'.join(_SPELLED)})-([0-9]+(?:\.[0-9]+)*)(?=-|$)")
# The minor version of Red Hat's universal base image is its tag, the major its name.
_UNIVERSAL_BASE = re.compile(r"/ubi([0-9]+)/")


@dataclass(frozen=True, slots=True)
class Layer:
    """One product that a tag names, by `numbers` or by `codename`.

    `text` is the part of the tag that says so (``18``, ``buster``, ``alpine3.22``), `lead` what of it stands before
    the number. `is_own` marks the product that the image itself is.
    """

    product: str
    text: str
    numbers: tuple[int, ...] = ()
    codename: str | None = None
    lead: str = ""
    is_own: bool = False

    def at(self, cycle: Cycle) -> str | None:
        """Return `text` as it would be at another cycle; None where that cycle has no code name."""
        return cycle.codename if self.codename else f"{self.lead}{cycle.name}"


@functools.lru_cache(maxsize=8192)
def layers(reference: ImageReference) -> tuple[Layer, ...]:
    """Return the products that the reference names, the image's own first; nothing without a tag."""
    own = _own(reference)
    found = [own] if own else []
    for layer in _beneath(reference.tag or ""):
        if layer.product not in {known.product for known in found}:
            found.append(layer)
    return tuple(found)


def own_product(reference: ImageReference) -> str | None:
    """Return the product that the image is, whatever its tag."""
    return table.product_of_image(reference.canonical)


def _own(reference: ImageReference) -> Layer | None:
    product = own_product(reference)
    if not product:
        return None
    base = _UNIVERSAL_BASE.search(reference.canonical)
    if base and product == "rhel":
        return Layer(product, "", (int(base.group(1)),), is_own=True)
    tag = docker_tag.parse(reference.tag or "")
    if tag.version and tag.is_stable and not set(tag.prefix) - {"v"}:
        return Layer(product, tag.version, tag.numbers, is_own=True)
    named = next((layer for layer in _beneath(reference.tag or "") if layer.product == product), None)
    return Layer(product, named.text, named.numbers, named.codename, named.lead, is_own=True) if named else None


def _beneath(tag: str) -> Iterator[Layer]:
    for word, number in _SPELLED_PAIR.findall(tag):
        yield Layer(_SPELLED[word], f"{word}-{number}", _numbers(number), lead=f"{word}-")
    for element in tag.split("-"):
        codename = codenames().get(element)
        if codename:
            yield Layer(codename, element, codename=element)
        numbered = _NUMBERED_ELEMENT.fullmatch(element)
        if numbered and numbered.group(1) in _NUMBERED:
            word, number = numbered.groups()
            yield Layer(_NUMBERED[word], element, _numbers(number), lead=word)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


@functools.cache
def codenames() -> Mapping[str, str]:
    """Return the product (Debian, Ubuntu) of every code name."""
    found: dict[str, str] = {}
    for product in _CODENAMED:
        lifecycle = table.products().get(product)
        for cycle in lifecycle.cycles if lifecycle else ():
            if cycle.codename:
                found.setdefault(cycle.codename, product)
    return found


_TITLES = {
    "almalinux": "AlmaLinux",
    "amazon-corretto": "Amazon Corretto",
    "apache-http-server": "Apache HTTP Server",
    "bun": "Bun",
    "centos": "CentOS Linux",
    "centos-stream": "CentOS Stream",
    "dotnet": ".NET",
    "eclipse-temurin": "Eclipse Temurin",
    "haproxy": "HAProxy",
    "influxdb": "InfluxDB",
    "mariadb": "MariaDB",
    "microsoft-build-of-openjdk": "Microsoft Build of OpenJDK",
    "mongodb": "MongoDB",
    "mysql": "MySQL",
    "nginx": "nginx",
    "nodejs": "Node.js",
    "opensearch": "OpenSearch",
    "opensuse": "openSUSE Leap",
    "php": "PHP",
    "postgresql": "PostgreSQL",
    "rabbitmq": "RabbitMQ",
    "rhel": "Red Hat Enterprise Linux",
    "vinyl-cache": "Varnish",
    "wordpress": "WordPress",
    "zookeeper": "ZooKeeper",
}


def title(product: str) -> str:
    """Return the product's name as people write it."""
    return _TITLES.get(product) or product.replace("-", " ").title()
