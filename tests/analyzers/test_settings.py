"""The configuration: where it is looked for, and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.config import Config
from analyzers.errors import ConfigError
from analyzers.repository.snapshot import open_snapshot
from analyzers.settings import Settings, load

RULES = ("outdated-dependency", "unpinned-action")


def settings(folder: Path, files: dict[str, str], explicit: Path | None = None) -> Settings:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return load(open_snapshot(folder, Config()), explicit=explicit, rules=RULES)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert settings(tmp_path, {}) == Settings(Config())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".github/debtscan.toml", "[hotspots]\nwindow-months = 6\n"),
        ("debtscan.toml", "[hotspots]\nwindow-months = 6\n"),
        ("pyproject.toml", "[project]\nname = 'x'\n[tool.debtscan.hotspots]\nwindow-months = 6\n"),
    ],
)
def test_each_place_is_found_and_says_which_line_set_a_value(name: str, text: str, tmp_path: Path) -> None:
    found = settings(tmp_path, {name: text})
    assert found.config.hotspots.window_months == 6
    assert found.path == name
    assert found.lines["hotspots.window-months"] == text.count("\n", 0, text.index("window")) + 1


def test_a_pyproject_without_our_table_configures_nothing(tmp_path: Path) -> None:
    assert settings(tmp_path, {"pyproject.toml": "[tool.ruff]\nline-length = 1\n"}).path is None


def test_an_explicit_file_wins_and_may_set_addresses(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[addresses]\npypi = "http://127.0.0.1:1/simple"\n')
    (tmp_path / "repository").mkdir()
    found = settings(tmp_path / "repository", {"debtscan.toml": "[hotspots]\nbulk-files = 5\n"}, explicit=own)
    assert found.config.addresses == {"pypi": "http://127.0.0.1:1/simple"}
    assert found.config.hotspots.bulk_files == 30


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[hotspot]\n", r"debtscan.toml:1: unknown key 'hotspot'; did you mean 'hotspots'\?"),
        ("[scan]\n\nexcluded = []\n", r"debtscan.toml:3: unknown key 'excluded' in \[scan\]; did you mean 'exclude'\?"),
        ("[scan]\nzzz = 1\n", r"debtscan.toml:2: .*valid keys are exclude, vendored"),
        ("[hotspots]\nwindow-months = 0\n", r"debtscan.toml:2: 'hotspots.window-months': expected"),
        ("[docker]\nsupport = 'both'\n", r"debtscan.toml:2: 'docker.support': invalid enum value 'both'"),
        ("a = 1\na = 2\n", r"debtscan.toml:2: is not valid TOML"),
        (
            "disabled-rules = [\n 'unpinned-action',\n 'nope',\n]\n",
            r"debtscan.toml:3: there is no rule 'nope'",
        ),
        (
            "[[ignore]]\nrule = 'unpinned-action'\nreason = 'r'\n[[ignore]]\nrule = 'nope'\nreason = 'r'\n",
            r"debtscan.toml:5: there is no rule 'nope'",
        ),
        (
            "[hotspots]\nfix-patterns = [\n'fix',\n'(?=x)']",
            r"debtscan.toml:4: 'hotspots.fix-patterns\[1\]': is no expression of RE2's syntax",
        ),
        ("disabled-rules = ['unpined-action']\n", r"no rule 'unpined-action'; did you mean 'unpinned-action'\?"),
        ("[[ignore]]\nrule = 'unpinned-action'\nreson = 'x'\n", r"debtscan.toml:3: unknown key 'reson'.*'reason'"),
        ("[[ignore]]\nrule = 'unpinned-action'\n", r"debtscan.toml:[12]: .*missing required field `reason`"),
        ("[upgrades]\nopen-limit = -1\n", r"debtscan.toml:2: 'upgrades.open-limit': expected"),
        ("[upgrades]\n\ntime-zone = 'Europe/Atlantis'\n", r"debtscan.toml:3: there is no time zone 'Europe/Atlantis'"),
        ("[upgrades]\nschedule = ['sometimes']\n", r"debtscan.toml:2: .*'sometimes' is no window; write"),
        ("[history]\nbranch = 'a..b'\n", r"debtscan.toml:2: .*'a\.\.b' is no name of a branch; write one"),
        ("[history]\nbranch = '-x'\n", r"debtscan.toml:2: .*'-x' is no name of a branch"),
        ("[history]\nbranch = 'x.lock'\n", r"debtscan.toml:2: .*'x\.lock' is no name of a branch"),
        ("[history]\nbranch = 'debtscan/history'\n", r"debtscan.toml:2: .*begins as the branches of upgrades do"),
        ("[upgrades]\nbranch-prefix = 'debtscan-'\n", r"debtscan.toml:2: 'history.branch'.* is 'debtscan-'\)"),
        ("[upgrades]\nbranch-prefix = 'debtscan-history/'\n", r"debtscan.toml:2: 'history.branch'"),
        ("[upgrades]\nbranch-prefix = '-x/'\n", r"debtscan.toml:2: 'upgrades.branch-prefix': expected"),
        ("[[upgrades.ignore]]\nname = 'a'\n", r"debtscan.toml:[12]: .*missing required field `reason`"),
        ("[[upgrades.group]]\nname = 'A b'\nmatch = ['*']\n", r"debtscan.toml:2: 'upgrades.group\[0\].name'"),
        ("[addresses]\npypi = 'x'\n", r"debtscan.toml:1: 'addresses' may not be set by a scanned repository"),
    ],
)
def test_a_wrong_file_names_line_and_remedy(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message):
        settings(tmp_path, {"debtscan.toml": text})


def test_two_places_are_an_error_that_names_both(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"both \.github/debtscan\.toml and debtscan\.toml"):
        settings(tmp_path, {".github/debtscan.toml": "", "debtscan.toml": ""})


def test_a_missing_explicit_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read"):
        settings(tmp_path, {}, explicit=tmp_path / "nowhere.toml")
