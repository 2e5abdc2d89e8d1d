"""The images of an inventory, and what is asked about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzers.ecosystems.docker import _files
from analyzers.ecosystems.docker.products import Layer, layers
from analyzers.model.facts import Facts, ImageManifest, ImageTags, Known, Lifecycle
from analyzers.model.inventory import Dependency, Inventory
from analyzers.model.question import Question
from analyzers.model.subject import SubjectKey
from analyzers.syntax.image_reference import ImageReference, canonical_name, reference_of

TAGS = "oci-tags"
MANIFEST = "oci-manifest"
LIFECYCLE = "lifecycle"
_MOVING = "latest"


@dataclass(frozen=True, slots=True)
class Image:
    """One place that names an image, and the reference under its full name; of a digest alone, without tag."""

    dependency: Dependency
    reference: ImageReference

    @property
    def name(self) -> str:
        """The full name of the repository."""
        return self.reference.name

    @property
    def key(self) -> SubjectKey:
        """The subject: all tags of one repository are one."""
        return SubjectKey(_files.NAME, self.name)

    @property
    def tag(self) -> str | None:
        """The tag, None where there is none or it only says ``latest``."""
        return None if self.reference.tag == _MOVING else self.reference.tag

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The products that the tag names."""
        return layers(self.reference)

    @property
    def shown(self) -> str:
        """The image as it is written, with its tag and without its digest."""
        return f"{self.dependency.name}:{self.reference.tag}" if self.reference.tag else self.dependency.name


def images(inventory: Inventory) -> Iterator[Image]:
    """Yield every image that can be judged, wherever it is written."""
    for dependency in inventory.dependencies:
        if dependency.ecosystem == _files.NAME and not dependency.skip_reason:
            reference = reference_of(dependency.purl)
            if reference:
                yield Image(dependency, ImageReference(reference.canonical, reference.tag, dependency.digest))


def normalise(name: str) -> str:
    """Return the full name of an image's repository."""
    return canonical_name(name)


def tags_question(name: str) -> Question:
    """Ask which tags the repository has; ``name`` is complete."""
    return Question(TAGS, name)


def manifest_question(name: str, tag: str) -> Question:
    """Ask what a tag points at."""
    return Question(MANIFEST, f"{name}:{tag}")


def lifecycle_question(product: str) -> Question:
    """Ask how long the lines of a product are supported."""
    return Question(LIFECYCLE, product)


def tags_of(image: Image, facts: Facts) -> tuple[str, ...] | None:
    """Return the tags of an image's repository, None where they are not known."""
    answer = facts.get(tags_question(image.name))
    return answer.value.tags if isinstance(answer, Known) and isinstance(answer.value, ImageTags) else None


def manifest_of(image: Image, tag: str, facts: Facts) -> ImageManifest | None:
    """Return what a tag of the image's repository points at, None where that is not known."""
    answer = facts.get(manifest_question(image.name, tag))
    return answer.value if isinstance(answer, Known) and isinstance(answer.value, ImageManifest) else None


def lifecycle_of(product: str, facts: Facts) -> Lifecycle | None:
    """Return a product's lifecycle, None where it is not known."""
    answer = facts.get(lifecycle_question(product))
    return answer.value if isinstance(answer, Known) and isinstance(answer.value, Lifecycle) else None
