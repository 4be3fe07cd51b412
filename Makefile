# `make run` starts the app, `make test` runs every test. Each sets up what it needs and is quick when repeated.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 7860
# One more than two cores have: tests often wait for a vendor's deadline, a process to end or a browser.
PYTEST_ARGS ?= -n 3 --dist loadfile --no-loadscope-reorder
BIN := .venv/bin
# Python compiles what it imports, once; pip would compile everything: two minutes more. Some containers forbid Python
# to keep what it compiled: every process would compile it all again, at every start.
QUICKLY := --quiet --no-compile
export PYTHONDONTWRITEBYTECODE :=

export HOST PORT
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export GRADIO_ANALYTICS_ENABLED := False
# Idle OpenMP threads must sleep, not spin: engines share the cores.
export OMP_WAIT_POLICY := PASSIVE
# Python's packages and Debian's are installed side by side.
MAKEFLAGS += --jobs=2

.PHONY: run test lint lint-types lint-code lint-web bench ready clean

run: .venv/.packages .venv/.debian
	@$(BIN)/python app.py

test: ready
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: lint-types lint-code lint-web

lint-types: .venv/.packages-for-tests
	$(BIN)/mypy

lint-code: .venv/.packages-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lint-web: .venv/.packages-for-tests
	$(BIN)/biome check --error-on-warnings

bench: ready
	$(BIN)/python -m benchmarks

ready: .venv/.packages-for-tests .venv/.debian-for-tests .venv/.compiled

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Inkquest needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Install one and say which: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || sh .ci/debian-packages python3-venv
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing. Run: sudo apt-get install python3-venv"; exit 1; }

.venv/.packages: requirements.txt | .venv/bin/python
	@echo "Installing Inkquest's packages into .venv (a few minutes the first time) ..."
	@$(BIN)/pip install $(QUICKLY) --upgrade 'pip>=25.1'
	@$(BIN)/pip install $(QUICKLY) -r requirements.txt
	@touch $@

.venv/.debian: packages.txt | .venv/bin/python
	@sh .ci/debian-packages $$(grep -v '^#' packages.txt)
	@touch $@

.venv/.packages-for-tests: .venv/.packages pyproject.toml
	@$(BIN)/pip install $(QUICKLY) --group dev
	@touch $@

# Each of the processes that test would compile the same modules: they start together.
.venv/.compiled: .venv/.packages-for-tests
	@$(BIN)/python -m pytest --collect-only --quiet >/dev/null || true
	@touch $@

.venv/.debian-for-tests: .venv/.debian
	@sh .ci/debian-packages chromium-headless-shell postgresql
	@touch $@
