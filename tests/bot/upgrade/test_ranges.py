"""What is written in place of a requirement, by strategy."""

from __future__ import annotations

import pytest

from analyzers.model.scheme import Scheme
from analyzers.versions import npm, pep440, terraform
from bot.upgrade.ranges import Strategy, written

_UNION = "^1.0.0 || ^2.0.0 || ^3.1.0"
PYTHON, NPM, TERRAFORM = pep440.SCHEME, npm.SCHEME, terraform.SCHEME


@pytest.mark.parametrize(
    ("scheme", "value", "current", "target", "texts"),
    [
        # A pin is a pin, whatever the strategy.
        (PYTHON, "==1.2", "1.2", "1.5", ("==1.5", "==1.5", "==1.5")),
        (NPM, "1.2.0", "1.2.0", "1.5.0", ("1.5.0", "1.5.0", "1.5.0")),
        # What admits it already changes for a bump alone.
        (PYTHON, ">=1.2", "1.2", "1.5.1", (">=1.2", ">=1.2", ">=1.5")),
        (PYTHON, ">=1.2,<2", "1.2", "1.5.1", (">=1.2,<2", ">=1.2,<2", ">=1.5,<2")),
        (PYTHON, "~=1.2", "1.2", "1.5.1", ("~=1.2", "~=1.2", "~=1.5")),
        (PYTHON, "^1.2", "1.2", "1.5.1", ("^1.2", "^1.2", "^1.5")),
        (PYTHON, "==1.*", "1.2", "1.5.1", ("==1.*", "==1.*", "==1.*")),
        (NPM, "^1.2.0", "1.2.0", "1.5.1", ("^1.2.0", "^1.2.0", "^1.5.1")),
        (NPM, "~1.2.0", "1.2.0", "1.2.9", ("~1.2.0", "~1.2.0", "~1.2.9")),
        (NPM, ">=1.2.0 <2", "1.2.0", "1.5.1", (">=1.2.0 <2", ">=1.2.0 <2", ">=1.5.1 <2")),
        # What keeps it out.
        (PYTHON, "~=1.2", "1.9", "2.3", ("~=2.3", ">=1.2,<3", "~=2.3")),
        (PYTHON, "^1.2", "1.9", "2.3", ("^2.3", ">=1.2,<3", "^2.3")),
        (PYTHON, "^0.2.1", "0.2.9", "0.3.4", ("^0.3.4", ">=0.2.1,<0.4", "^0.3.4")),
        (PYTHON, ">=1.2,<2", "1.9", "2.3", (">=1.2,<3", ">=1.2,<3", ">=2.3,<3")),
        (PYTHON, "<2", "1.9", "2.3", ("<3", "<3", "<3")),
        (PYTHON, "==1.*", "1.9", "2.3", ("==2.*", "==2.*", "==2.*")),
        (NPM, "^1.2.0", "1.9.0", "2.3.0", ("^2.3.0", "^1.2.0 || ^2.3.0", "^2.3.0")),
        (NPM, "~1.2.0", "1.2.9", "1.3.0", ("~1.3.0", "~1.2.0 || ~1.3.0", "~1.3.0")),
        (NPM, "^1.0.0 || ^2.0.0", "2.9.0", "3.1.0", (_UNION, _UNION, _UNION)),
        (NPM, "1.x", "1.9.0", "2.3.0", ("2.x", "1.x || 2.x", "2.x")),
        (TERRAFORM, "~> 5.0", "5.9", "6.1", ("~> 6.0", "~> 6.0", "~> 6.1")),
        (TERRAFORM, ">= 5.0, < 6.0", "5.9", "6.1", (">= 5.0, < 7.0", ">= 5.0, < 7.0", ">= 6.1, < 7.0")),
    ],
)  # fmt: skip
def test_a_requirement_takes_a_release(
    scheme: Scheme, value: str, current: str, target: str, texts: tuple[str, str, str]
) -> None:
    def text(strategy: Strategy) -> str | None:
        return written(value, target, scheme, strategy, current=current, library=False)

    replace, widen, _ = texts
    assert (text("replace"), text("widen"), text("bump")) == texts
    assert all(scheme.satisfies(target, made) for made in texts)
    if scheme.pinned(value) is None and widen != replace:
        assert scheme.satisfies(current, widen)


@pytest.mark.parametrize(("library", "text"), [(True, "^1.2.0 || ^2.3.0"), (False, "^2.3.0")])
def test_auto_widens_for_libraries_alone(text: str, *, library: bool) -> None:
    assert written("^1.2.0", "2.3.0", NPM, "auto", current="1.9.0", library=library) == text


@pytest.mark.parametrize("value", ["!=2.3", ">=1,!=2.3", "not a version", ">=3"])
def test_what_cannot_be_rewritten_safely_is_not(value: str) -> None:
    assert written(value, "2.3", PYTHON, "auto", current="1.9", library=False) is None
