"""Which products an image's tag names: its own (Node.js 18), and what that rests on (Debian 10 by ``-buster``)."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzers.lifecycles import table
from analyzers.model.facts import Cycle
from analyzers.syntax.image_reference import ImageReference
from analyzers.versions import image_tag

# Products that tags name by a word and a number (``alpine3.22``, ``ubi9``, ``python3.11``), by that word.
_NUMBERED = {
    "al": "amazon-linux",
    "alma": "almalinux",
    "almalinux": "almalinux",
    "alpine": "alpine-linux",
    "amazonlinux": "amazon-linux",
    "centos": "centos",
    "debian": "debian",
    "fedora": "fedora",
    "node": "nodejs",
    "nodejs": "nodejs",
    "ol": "oracle-linux",
    "oraclelinux": "oracle-linux",
    "pg": "postgresql",
    "php": "php",
    "python": "python",
    "rocky": "rocky-linux",
    "rockylinux": "rocky-linux",
    "stream": "centos-stream",
    "ubi": "rhel",
    "ubuntu": "ubuntu",
}
# Products that tags name by elements of their own: ``3.9-eclipse-temurin-17``, ``1.18-otp-28``, ``16.2-debian-12``.
_SPELLED = {
    "alpine": "alpine-linux",
    "amazoncorretto": "amazon-corretto",
    "debian": "debian",
    "eclipse-temurin": "eclipse-temurin",
    "erlang": "erlang",
    "otp": "erlang",
    "python": "python",
    "ubuntu": "ubuntu",
}
# Where a distribution's counting is in use: fluentd's ``v1.16-debian-1`` is its first image on Debian.
_FIRST = {"alpine-linux": (2, 1), "debian": (6,), "ubuntu": (6, 6), "postgresql": (8,), "python": (2,), "nodejs": (4,)}
# No line of a product has so high a number; ``ubuntu2204`` is another way of writing.
_HIGHEST = 2030
_CODENAMED = ("debian", "ubuntu")
# The code names of Node.js's long-term lines, which its tags use and the tables of lifecycles lack.
_NODE_NAMES = {
    "4": "argon",
    "6": "boron",
    "8": "carbon",
    "10": "dubnium",
    "12": "erbium",
    "14": "fermium",
    "16": "gallium",
    "18": "hydrogen",
    "20": "iron",
    "22": "jod",
    "24": "krypton",
}
_NUMBERED_ELEMENT = re.compile(r"([a-z]+)([0-9]+(?:\.[0-9]+)*)")
_SPELLED_PAIR = re.compile(rf"(?:^|-)({'|'.join(_SPELLED)})-([0-9]+(?:\.[0-9]+)*)(?=-|$)")
# The major version of Red Hat's universal base image is in its name, the minor one its tag.
_UNIVERSAL_BASE = re.compile(
    r"(?:registry\.(?:access\.redhat\.com|redhat\.io)|docker\.io/redhat)/ubi([0-9]{1,3})(?![0-9])"
)
# Google's images without a shell name the Debian that they rest on.
_DISTROLESS = re.compile(r"gcr\.io/distroless/[a-z0-9-]+-debian([0-9]{1,3})")


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
        """Return `text` as it would be at another cycle; None where that cycle has no code name, or no tag says it."""
        if not self.text:
            return None
        return codename_of(self.product, cycle) if self.codename else f"{self.lead}{cycle.name}"


@functools.lru_cache(maxsize=8192)
def layers(reference: ImageReference) -> tuple[Layer, ...]:
    """Return the products that the reference names, the image's own first; nothing without a tag."""
    own = _own(reference)
    found = [own] if own else []
    for layer in (*_beneath(reference.tag or ""), *_named(reference.canonical)):
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
    if product == "rhel":
        return next((dataclasses.replace(layer, is_own=True) for layer in _named(reference.canonical)), None)
    tag = image_tag.parse(reference.tag or "")
    if tag.version and tag.is_stable and not set(tag.prefix) - {"v"}:
        return Layer(product, tag.version, tag.numbers, is_own=True)
    named = next((layer for layer in _spoken(reference.tag or "", product) if layer.product == product), None)
    return dataclasses.replace(named, is_own=True) if named else None


def _named(canonical: str) -> Iterator[Layer]:
    """Yield what the name of an image says it rests on, whatever its tag."""
    for product, pattern in (("rhel", _UNIVERSAL_BASE), ("debian", _DISTROLESS)):
        found = pattern.match(canonical)
        if found:
            yield Layer(product, "", (int(found.group(1)),))


def _spoken(tag: str, product: str) -> Iterator[Layer]:
    """Yield the layers that a tag names by words, those of Node.js's lines only where the image is Node.js."""
    yield from _beneath(tag)
    names = {name: (int(cycle),) for cycle, name in _NODE_NAMES.items()} if product == "nodejs" else {}
    for element in tag.split("-"):
        if element in names:
            yield Layer(product, element, names[element], codename=element)


def _beneath(tag: str) -> Iterator[Layer]:
    for word, number in _SPELLED_PAIR.findall(tag):
        if _is_counted(_SPELLED[word], number):
            yield Layer(_SPELLED[word], f"{word}-{number}", _numbers(number), lead=f"{word}-")
    for element in tag.split("-"):
        codename = codenames().get(element)
        if codename:
            yield Layer(codename, element, codename=element)
        numbered = _NUMBERED_ELEMENT.fullmatch(element)
        if numbered and numbered.group(1) in _NUMBERED:
            word, number = numbered.groups()
            if _is_counted(_NUMBERED[word], number):
                yield Layer(_NUMBERED[word], element, _numbers(number), lead=word)


def _is_counted(product: str, number: str) -> bool:
    """Whether the number can be that of a line of the product. One that says less than the first line may be."""
    numbers = _numbers(number)
    first = _FIRST.get(product, (0,))
    return numbers[0] < _HIGHEST and numbers >= first[: len(numbers)]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


@functools.cache
def codenames() -> Mapping[str, str]:
    """Return the product (Debian, Ubuntu) of every code name."""
    found: dict[str, str] = {}
    for product in _CODENAMED:
        lifecycle = table.products().get(product)
        for cycle in lifecycle.cycles if lifecycle else ():
            # Older names are everyday words (``rex``, ``potato``), and older than any image.
            if cycle.codename and _numbers(cycle.name) >= _FIRST[product]:
                found.setdefault(cycle.codename, product)
    return found


def codename_of(product: str, cycle: Cycle) -> str | None:
    """Return the code name that the tags of a product use for one of its lines."""
    return _NODE_NAMES.get(cycle.name) if product == "nodejs" else cycle.codename


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
