# make run    installs what is missing, sets everything up, and runs Comptoir (Ctrl-C stops it)
# make test   installs what is missing, then lints and runs the whole test suite
# make bench  measures; prints figures and writes them as JSON
# make lint   the linters alone; make lock writes the exact versions; make clean removes what was built
#
# PYTHON=...         the interpreter to use            VENV=...   where its environment is
# PJSUA2_SOURCE=...  your own pjproject tarball        PYTEST=... arguments for pytest

SHELL := /bin/sh
SETUP := config/setup
VENV ?= $(CURDIR)/.venv
export VENV
export PYTHON_BIN := $(VENV)/bin/python
export STAMPS := $(VENV)/stamps
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# setuptools warns at length about what an editable installation is.
PIP := env PYTHONWARNINGS=ignore $(PYTHON_BIN) -m pip install -q --progress-bar off -c $(SETUP)/requirements.lock
ONCE := $(SETUP)/once
REQUIREMENTS := setup.cfg pyproject.toml $(SETUP)/requirements.lock
WEB := agent_ui/web
PURE := ivr orders pbx/acd pbx/calls pbx/sip config agent_ui/cobrowse
# An environment that was made for the tests keeps what they need.
TESTED = $(if $(wildcard $(STAMPS)/python-packages-test),-test)

.PHONY: run test bench lint lint-python lint-web lock clean packages-run packages-test venv install-run install-test pjsua2 web

run: packages-run venv install-run pjsua2 web
	@$(VENV)/bin/comptoir db upgrade
	@$(VENV)/bin/comptoir db demo --if-empty
	@exec $(VENV)/bin/comptoir up

test: packages-test venv install-test pjsua2 web
	@$(SETUP)/lint-and-test $(PYTEST)

bench: packages-test venv install-test pjsua2
	@$(PYTHON_BIN) -m tests.bench $(BENCH)

lint: lint-python lint-web

lint-python: venv install-test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy $(PURE)
	$(VENV)/bin/lint-imports

lint-web: web
	@cd $(WEB) && $(CURDIR)/$(SETUP)/node npm run --silent check

lock: install-test
	@$(PYTHON_BIN) -m config.setup.lock

clean:
	rm -rf $(VENV) build dist *.egg-info $(WEB)/node_modules agent_ui/static/dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

packages-run:
	@$(SETUP)/system-packages run

packages-test:
	@$(SETUP)/system-packages test

venv:
	@$(SETUP)/venv
	@$(ONCE) build-tools $(SETUP)/requirements.lock -- $(PIP) pip setuptools wheel

install-run: venv
	@$(ONCE) python-packages$(TESTED) $(REQUIREMENTS) -- $(PIP) --no-build-isolation -e ".$(if $(TESTED),[test])"

install-test: venv
	@$(ONCE) python-packages-test $(REQUIREMENTS) -- $(PIP) --no-build-isolation -e ".[test]"

pjsua2: venv
	@$(ONCE) pjsua2 config/pjsua2 "=$(PJSUA2_SOURCE)" -- $(SETUP)/pjsua2

web: venv
	@$(SETUP)/front-end
