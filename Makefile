# Everything a developer runs. On a new machine Python 3.11 and make are enough. `make` alone lists the targets.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV     ?= uv
VENV   := .venv
BENCH  := .venv-bench
BIN    := $(VENV)/bin
ARGS   ?=

CLIENTS       := tests/acceptance/live/clients
NODE_PACKAGES := $(if $(shell command -v npm),$(CLIENTS)/node_modules/.installed editor/node_modules/.installed)

# Tests of servers mostly wait for them, so more files run at once than there are cores.
JOBS    ?= $(shell echo $$((2 * $$(nproc 2>/dev/null || echo 2))))
AT_ONCE := -n $(JOBS) --dist loadfile

# Byte code is cached (set but empty means yes), else every start compiles every package anew.
export PYTHONDONTWRITEBYTECODE =
# One thread for numeric libraries: on few cores their default is many times slower.
export OMP_NUM_THREADS = 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo demo-app screenshots test test-all check format golden bench messages editor charts lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1@\2/' | \
		while IFS=@ read -r target text; do printf '  make %-9s %s\n' "$$target" "$$text"; done

# ---- what a person runs ---------------------------------------------------------------------------------

demo: $(VENV)/.base ## score an invented company from beginning to end (about a minute)
	$(BIN)/ripeline demo

demo-app: $(VENV)/.base ## the same, then the app full of it and of its past, with how to sign in (two minutes)
	$(BIN)/ripeline demo --app

test: $(VENV)/.dev ## run the tests, less the slow ones, on fewer examples (Python only); ARGS='-k decay' chooses
	$(BIN)/python -m pytest $(AT_ONCE) -m "not slow" --hypothesis-profile=quick $(ARGS)

test-all: $(VENV)/.dev $(NODE_PACKAGES) ## run every test, the slow ones too
	$(BIN)/python -m pytest $(AT_ONCE) --junitxml=.reports/tests.xml $(ARGS)

check: $(VENV)/.dev ## lint, format, types, and which way imports go
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

format: $(VENV)/.dev ## put the code into the shape that `make check` wants
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

golden: $(VENV)/.dev ## renew the golden files; review their diff before you commit
	RIPELINE_GOLDEN=renew $(BIN)/python -m pytest tests/golden tests/unit/definition/test_schema.py $(ARGS)

bench: $(BENCH)/.bench ## measure against hand-written SQL and others; writes docs/benchmarks.md
	$(BENCH)/bin/python -m benchmarks.run $(ARGS)

screenshots: $(VENV)/.dev ## take every page of the app, by day and by night, into .reports/screenshots; the README's four too
	$(BIN)/python docs/images/take_screenshots.py .reports/screenshots

messages: $(VENV)/.dev ## renew the app's messages for translators, locale/ripeline.pot
	$(BIN)/python -m ripeline.entry.server.pages.pot

editor: editor/node_modules/.installed ## bundle the app's text editor anew from the folder editor (needs npm)
	node editor/build.js

charts: charts/node_modules/.installed ## make the app's charts.js from charts/ (needs npm); commit what it writes
	node charts/build.mjs

lock: ## renew the locks from pyproject.toml (needs uv); ARGS=--upgrade takes newer versions
	$(COMPILE) --group build -o requirements.lock
	$(COMPILE) --group build --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --group build --group bench -c requirements.lock -o requirements-bench.lock

clean: ## remove environments, caches and reports
	rm -rf $(VENV) $(BENCH) $(CLIENTS)/node_modules editor/node_modules charts/node_modules .reports .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- environments ---------------------------------------------------------------------------------------
# A file inside an environment marks what it holds, so that a second call is quick and a changed lock installs.
# The locks hold the build tool too: nothing is downloaded that is not pinned by its hash.

INSTALL_LOCK = -m pip install --quiet --require-hashes -r
INSTALL_SELF = -m pip install --quiet --no-deps --no-build-isolation --editable .
COMPILE      = $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header $(ARGS)

$(VENV)/.made $(BENCH)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Ripeline needs Python 3.11 or newer: make PYTHON=...")'
	$(PYTHON) -m venv --clear $(@D)
	@touch $@

$(VENV)/.base: requirements.lock pyproject.toml $(VENV)/.made
	$(BIN)/python $(INSTALL_LOCK) requirements.lock
	$(BIN)/python $(INSTALL_SELF)
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.base
	$(BIN)/python $(INSTALL_LOCK) requirements-dev.lock
	@touch $@

# The tracking clients that tests drive, where npm is; their tests are skipped elsewhere.
$(CLIENTS)/node_modules/.installed: $(CLIENTS)/package.json $(CLIENTS)/package-lock.json
	npm ci --prefix $(CLIENTS) --omit=optional --ignore-scripts --loglevel=error --no-audit --no-fund
	@touch $@

# Without the scripts that packages would run; esbuild's program for this machine is an optional package of its own.
editor/node_modules/.installed: editor/package.json editor/package-lock.json
	npm ci --prefix editor --ignore-scripts --loglevel=error --no-audit --no-fund
	@touch $@

# No scripts of packages are run: esbuild finds its program among what is optional.
charts/node_modules/.installed: charts/package.json charts/package-lock.json
	npm ci --prefix charts --ignore-scripts --loglevel=error --no-audit --no-fund
	@touch $@

$(BENCH)/.bench: requirements-bench.lock pyproject.toml $(BENCH)/.made
	$(BENCH)/bin/python $(INSTALL_LOCK) requirements-bench.lock
	$(BENCH)/bin/python $(INSTALL_SELF)
	@touch $@
