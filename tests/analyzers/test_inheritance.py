"""An organisation's configuration: below the repository's, with keys that it locks, and errors that are its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.config import Config, Upgrades
from analyzers.errors import ConfigError
from analyzers.inheritance import leaves, merged
from analyzers.organization import Organization
from analyzers.repository.snapshot import open_snapshot
from analyzers.settings import MOST_BYTES, Inherited, Settings, load, read_organization

RULES = ("outdated-dependency", "unpinned-action")
LOCKING = """[organization]
lock = ["gate.fail-under", "upgrades", "ignore"]
[gate]
fail-under = "80"
gate-on = "score"
[upgrades]
open-limit = 2
"""

_SHRINKING = """[[organization.wave]]
after = 2026-10-08
share = 10
[[organization.wave]]
after = 2026-10-01
share = 50
"""


def organization(text: str) -> Inherited:
    return Inherited.of("acme", text.encode())


def settings(
    folder: Path, own: str | None, below: str, path: str = "debtscan.toml", *, explicit: Path | None = None
) -> Settings:
    if own is not None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(own)
    snapshot = open_snapshot(folder, Config())
    return load(snapshot, explicit=explicit, rules=RULES, inherited=organization(below))


def test_without_a_file_of_its_own_a_repository_has_the_organisations(tmp_path: Path) -> None:
    found = settings(tmp_path, None, "\n[docker]\nending-days = 30\n")
    assert found.config.docker.ending_days == 30
    assert (found.path, found.inherits("docker.ending-days")) == (None, True)
    assert found.inherited_lines["docker.ending-days"] == 3


def test_tables_merge_and_lists_and_values_replace(tmp_path: Path) -> None:
    below = "[scan]\nexclude = ['a/']\nvendored = ['v/']\nmax-files = 7\n[docker]\nsupport = 'lts'\n"
    found = settings(tmp_path, "[scan]\nexclude = ['b/']\nmax-files = 9\n", below)
    scan = found.config.scan
    assert (scan.exclude, scan.vendored, scan.max_files) == (("b/",), ("v/",), 9)
    assert found.config.docker.support == "lts"
    assert found.sets("docker.support")
    assert not found.inherits("scan.exclude")


@pytest.mark.parametrize(
    ("path", "lead"),
    [(".github/debtscan.toml", ""), ("debtscan.toml", ""), ("pyproject.toml", "tool.debtscan.")],
)
def test_what_is_locked_is_overruled_and_told_with_its_line(path: str, lead: str, tmp_path: Path) -> None:
    own = f"[{lead}gate]\nfail-under = '10'\ngate-on = 'low'\n"
    found = settings(tmp_path, own, LOCKING, path)
    assert (found.config.gate.fail_under, found.config.gate.gate_on) == ("80", "low")
    (overruled,) = found.overruled
    assert overruled.sentence == (
        f"{path}:2: 'gate.fail-under' is overruled: acme/.github: debtscan.toml:2 locks it, and \"80\" counts; "
        "take it out of this file, or have the lock taken off"
    )
    assert "gate.fail-under" not in found.lines
    assert "gate.gate-on" in found.lines


def test_a_locked_table_holds_whole_with_defaults_where_the_organisation_says_nothing(tmp_path: Path) -> None:
    own = "[upgrades]\nopen-limit = 50\nweekly-limit = 3\nmajors = 'never'\n"
    found = settings(tmp_path, own, LOCKING)
    assert found.config.upgrades == Upgrades(open_limit=2)
    # The weekly limit is what it would be anyway, so nothing was taken from anybody.
    assert [(entry.key, entry.line, entry.counts) for entry in found.overruled] == [
        ("upgrades.open-limit", 2, "2"),
        ("upgrades.majors", 4, '"one-by-one"'),
    ]
    assert found.is_locked("upgrades.majors")
    assert not found.is_locked("gate.gate-on")


def test_a_locked_list_is_the_organisations_alone(tmp_path: Path) -> None:
    own = "[[ignore]]\nrule = 'unpinned-action'\nreason = 'mine'\n"
    found = settings(tmp_path, own, LOCKING)
    assert found.config.ignore == ()
    assert [entry.key for entry in found.overruled] == ["ignore"]
    assert not any(key.startswith("ignore") for key in found.lines)


def test_a_long_value_is_told_by_its_beginning(tmp_path: Path) -> None:
    below = f"[organization]\nlock = ['scan']\n[scan]\nexclude = {[f'folder-{at}/' for at in range(500)]}\n"
    (overruled,) = settings(tmp_path, "[scan]\nexclude = []\n", below).overruled
    assert len(overruled.sentence) < 500
    assert overruled.counts.endswith("…")


def test_a_file_that_the_user_names_counts_alone(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[gate]\nfail-under = '1'\n")
    (tmp_path / "repository").mkdir()
    found = settings(tmp_path / "repository", "[docker]\nending-days = 1\n", LOCKING, explicit=own)
    assert (found.config.gate.fail_under, found.config.docker, found.inherited) == ("1", Config().docker, None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[gate\n", r"^acme/\.github: debtscan\.toml:1: is not valid TOML"),
        ("[organisation]\n", r"debtscan\.toml:1: unknown key 'organisation'; did you mean 'organization'\?"),
        ("[organization]\nlocks = []\n", r"debtscan\.toml:2: unknown key 'locks' in \[organization\]; .*'lock'"),
        ("[organization]\nlock = [\n'gate.fail',\n]\n", r"debtscan\.toml:3: there is no key 'gate\.fail' to lock in"),
        ("[organization]\nlock = ['gates']\n", r"debtscan\.toml:2: .* 'gates' to lock; did you mean 'gate'\?"),
        ("[organization]\nlock = ['ignore.rule']\n", r"no key 'ignore\.rule' to lock"),
        ("[organization]\nlock = ['']\n", r"debtscan\.toml:2: 'organization\.lock\[0\]': expected"),
        ("[organization]\nenable = 'some'\n", r"debtscan\.toml:2: 'organization\.enable': invalid enum value"),
        ("[organization]\ntopics = ['A b']\n", r"debtscan\.toml:2: 'organization\.topics"),
        ("[[organization.wave]]\nafter = 2026-10-01\nshare = 0\n", r"debtscan\.toml:[123]: 'organization\.wave"),
        (
            _SHRINKING,
            r"debtscan\.toml:3: the wave after 2026-10-08 has a share of 10 percent, and an earlier one 50",
        ),
        ("[addresses]\npypi = 'x'\n", r"debtscan\.toml:1: 'addresses' may not be set by an organisation's file"),
        ("disabled-rules = ['nope']\n", r"debtscan\.toml:1: there is no rule 'nope'"),
        ("#" * (MOST_BYTES + 1), r"^acme/\.github: debtscan\.toml: is larger than 1,048,576 bytes"),
    ],
)
def test_what_is_wrong_in_the_organisations_file_is_the_organisations_error(
    text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=message):
        read_organization(organization(text), rules=RULES)
    with pytest.raises(ConfigError, match=message):
        settings(tmp_path, "[docker]\nending-days = 1\n", text)


def test_the_organisations_part_is_read_with_its_defaults() -> None:
    assert read_organization(organization(""), rules=RULES) == Organization()
    text = '[organization]\nenable = "all"\nrepositories = ["web-*"]\n[[organization.wave]]\nafter=2026-10-01\nshare=5'
    found = read_organization(organization(text), rules=RULES)
    assert (found.enable, found.repositories, found.wave[0].share) == ("all", ("web-*",), 5)


def test_a_repository_says_nothing_for_its_organisation(tmp_path: Path) -> None:
    message = r"^debtscan\.toml:2: \[organization\] stands in the organisation's file alone; move it to debtscan\.toml"
    with pytest.raises(ConfigError, match=message):
        settings(tmp_path, "\n[organization]\nlock = []\n", "")


def test_the_repository_that_holds_the_file_may(tmp_path: Path) -> None:
    folder = tmp_path / ".github"
    found = settings(folder, LOCKING, "[docker]\nending-days = 1\n")
    assert (found.config.gate.fail_under, found.config.docker) == ("80", Config().docker)
    assert found.is_shared


def test_what_both_say_together_has_to_fit(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^debtscan\.toml:2: 'history\.branch': 'work/x' begins as the branches"):
        settings(tmp_path, "[upgrades]\nbranch-prefix = 'work/'\n", "[history]\nbranch = 'work/x'\n")


_VALUES = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
_DOCUMENTS = st.dictionaries(st.sampled_from("abc"), _VALUES, max_size=3)


@given(_DOCUMENTS, _DOCUMENTS)
def test_merging_keeps_all_of_the_upper_and_what_it_does_not_touch_of_the_lower(
    below: dict[str, Any], above: dict[str, Any]
) -> None:
    whole = merged(below, above)
    assert merged(whole, above) == whole
    assert set(leaves(above)) <= set(leaves(whole))
    assert set(leaves(whole)) <= set(leaves(above)) | set(leaves(below))
    assert merged({}, above) == above
    assert merged(below, {}) == below
