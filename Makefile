# Vécu. `make help` lists every target.
SHELL := /bin/bash
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed-base
DEV_STAMP := $(VENV)/.installed-dev
# pip compiles what it installs on one core; afterwards, all of them do.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r
COMPILE := $(BIN)/python -m compileall -q -j 0 $(VENV)/lib
DEMO := DJANGO_SETTINGS_MODULE=config.settings.demo VECU_VAR=$(CURDIR)/var/demo

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset run test test-fast check bench crash messages docs lock

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Vécu needs Python 3.11 or newer, this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 demo" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(STAMP): requirements/base.txt | $(VENV)/bin/python
	@echo "Installing what Vécu needs (hashes are checked)…"
	@$(INSTALL) requirements/base.txt && $(COMPILE)
	@touch $@

$(DEV_STAMP): requirements/dev.txt | $(VENV)/bin/python
	@echo "Installing what the tests need (hashes are checked)…"
	@$(INSTALL) requirements/dev.txt && $(COMPILE)
	@touch $(STAMP) $@

demo: $(STAMP)  ## the demo world on http://127.0.0.1:8000 (PORT= changes it); a second start keeps the data
	@$(DEMO) $(BIN)/python manage.py demo --port $(PORT)

demo-reset:  ## forget the demo world; the next `make demo` starts over
	@rm -rf var/demo && echo "The demo starts over at the next 'make demo'."

run: $(STAMP)  ## a real instance on this machine; the first start asks for the organisation and its coordinator
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py first_start
	@PORT=$(PORT) $(BIN)/python manage.py serve

test: $(DEV_STAMP)  ## every test: both databases, the browser, the crashes; installs Chromium, PostgreSQL and Pango if it may
	@BIN=$(BIN) tests/run.sh all

test-fast: $(DEV_STAMP)  ## every test but the browser and crash ones, on SQLite
	@BIN=$(BIN) tests/run.sh fast

check: $(DEV_STAMP)  ## lint, format, types, floors and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/architecture

bench: $(DEV_STAMP)  ## the benchmarks, as a table and in var/bench.json
	@BIN=$(BIN) tests/run.sh bench

crash: $(DEV_STAMP)  ## the long crash harness: kill -9 of web and worker in mid-write, on both databases
	@BIN=$(BIN) tests/run.sh crash

messages: $(DEV_STAMP)  ## collect and compile the French catalogues (needs gettext)
	@for area in core people peers messaging safeguarding agenda recognition accompaniment recruitment training missions impact portal; do \
	  (cd vecu/$$area && mkdir -p locale/fr/LC_MESSAGES && $(CURDIR)/$(BIN)/python $(CURDIR)/manage.py makemessages -l fr --no-location --no-wrap -v 0 && $(CURDIR)/$(BIN)/python $(CURDIR)/manage.py compilemessages -l fr -v 0) || exit 1; done

docs: $(DEV_STAMP)  ## write docs/reference again from the code
	@$(BIN)/python manage.py reference
	@$(BIN)/python -m tests.access
	@$(BIN)/python -m tests.threats

lock: $(DEV_STAMP)  ## resolve the dependencies of pyproject.toml again, with hashes
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --no-annotate --no-header --universal --python-version 3.11 -o requirements/base.txt
	@$(BIN)/uv pip compile -q pyproject.toml --group dev --generate-hashes --no-emit-index-url --no-annotate --no-header --universal --python-version 3.11 -o requirements/dev.txt
