"""Every language states the packages that read it: what is kept depends on their versions."""

from __future__ import annotations

import json
import subprocess
import sys

from analyzers.metrics import edition
from analyzers.metrics.measure import languages

# A process for each language, so that each loads itself what it needs.
_LOADED = """
import importlib, json, os, pkgutil, sys
from analyzers.metrics.files import measure_file

def packages():
    names = {name.partition(".")[0] for name, module in sys.modules.items() if module}
    return names - {"analyzers", "msgspec"} - sys.stdlib_module_names

before = packages()
for entry in pkgutil.iter_modules(importlib.import_module("analyzers.metrics").__path__):
    if os.fork():
        os.wait()
        continue
    module = importlib.import_module("analyzers.metrics." + entry.name)
    for language in getattr(module, "LANGUAGES", ()):
        if os.fork():
            os.wait()
            continue
        for suffix in language.suffixes:
            # What one grammar cannot parse another may.
            for content in (b"x = 1", b"x = (", b"<script>x = (</script>"):
                measure_file("a" + suffix, language, content)
        print(json.dumps([language.name, sorted(packages() - before)]), flush=True)
        os._exit(0)
    os._exit(0)
"""


def test_a_language_states_the_packages_that_read_it() -> None:
    process = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, check=True, text=True)
    loaded = dict(json.loads(line) for line in process.stdout.splitlines())
    for name, language in languages().items():
        assert sorted({package.replace("-", "_") for package in language.packages}) == loaded[name], name


def test_a_package_that_is_not_there_has_no_version() -> None:
    assert edition._version("no-such-package-at-all") == ""
    assert edition._version("radon")
