"""What the schemes with major, minor and patch share: versions written anew at the precision that was there."""

from __future__ import annotations


def at_precision(parts: str, version: str) -> str:
    """Write ``version`` with as many parts as ``parts`` has, keeping its ``x`` and ``*``."""
    old = parts.split(".")
    if len(old) == 3 and all(part.isdigit() for part in old):  # noqa: PLR2004 - major, minor, patch
        return version
    new = version.partition("-")[0].split(".")
    return ".".join(fresh if part.isdigit() else part for part, fresh in zip(old, new, strict=False))


def next_bound(parts: str, rest: str, version: str) -> str:
    """Return the exclusive upper bound above ``version``, of the same kind: ``<2.0.0`` → ``<3.0.0``."""
    old = parts.split(".")
    numbers = [int(part) for part in version.partition("-")[0].split(".")]
    last = max((index for index, part in enumerate(old) if part.strip("0")), default=0)
    bound = [number if index < last else 0 for index, number in enumerate(numbers)]
    bound[last] = numbers[last] + 1
    return ".".join(str(number) for number in bound[: len(old)]) + ("-0" if rest == "-0" else "")
