# `make` alone lists what there is to do.
.DEFAULT_GOAL := help
.PHONY: help run demo test lint unit screenshots bench soak audit advice messages migration pins clean environment dev-environment check
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

PORT ?= 8501
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check

help: ## List every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: environment ## Start the app (PORT=8501, DATABASE_URL=sqlite:///var/pm.db)
	@mkdir -p var
	@$(BIN)/python manage.py db upgrade
	@exec $(BIN)/streamlit run app.py --server.port=$(PORT)

demo: environment ## Look around in a year of a made-up company, thrown away at the end (PORT=8501)
	@mkdir -p var && rm -f var/demo.db*
	@export DATABASE_URL=sqlite:///var/demo.db PM_PUBLIC_URL=http://localhost:$(PORT); \
	  $(BIN)/python manage.py demo && trap 'rm -f var/demo.db*' EXIT INT TERM \
	  && $(BIN)/streamlit run app.py --server.port=$(PORT) --server.address=localhost

test: dev-environment ## Check everything: lint, types, layers, tests on both databases and in a browser
	@PM_CHROMIUM="$$($(BIN)/python -m tests.browser.chromium --install)" && export PM_CHROMIUM && $(MAKE) check

# Only the rules' own tests are watched for coverage: the rules owe every branch to them, and watching doubles the time.
# Modules are compiled once per run, not by each of its many processes.
check: export PYTHONDONTWRITEBYTECODE =
check: lint
	@$(BIN)/python -m pytest tests/unit -n auto --dist worksteal --cov --cov-report=term-missing:skip-covered
	@$(BIN)/python -m pytest --ignore tests/unit -n auto --dist worksteal

lint: dev-environment ## Style, layers and types only
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "Run '$(BIN)/ruff format'."; exit 1; }
	@$(BIN)/lint-imports --no-logo > .venv/layers.txt || { cat .venv/layers.txt; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@echo "Style, layers and types are fine."

unit: dev-environment ## The fast tests: rules, use cases and SQL on SQLite, pages; no browser, no PostgreSQL
	@$(BIN)/python -m pytest -n auto -m "not browser and not postgres"

soak: dev-environment ## Three people write on one text for three minutes while the server is killed
	@PM_CHROMIUM="$$($(BIN)/python -m tests.browser.chromium --install)" $(BIN)/python -m pytest -m minutes

screenshots: dev-environment ## Picture every page of the demo: wide and narrow, light and dark, in both languages
	@PM_CHROMIUM="$$($(BIN)/python -m tests.browser.chromium --install)" $(BIN)/python -m tests.browser.screenshots

advice: dev-environment ## How often advice speaks on real post-mortems: make advice d=DIRECTORY
	@$(BIN)/python -m tests.advice_on "$(d)"

bench: dev-environment ## Measure every page at three sizes, in empty pages; fails when a bound is passed
	@$(BIN)/python -m tests.bench $(BENCH)

audit: dev-environment ## Let LibreOffice calculate the workbook of the metrics anew and compare it with the page
	@$(BIN)/python -m tests.audit

messages: dev-environment ## Bring the catalogues up to the sentences in the code
	@$(BIN)/python -m tests.catalogues

migration: dev-environment ## Write a migration from the models: make migration m="Add what"
	@test -n "$(m)" || { echo 'Say what it does: make migration m="Add what"'; exit 1; }
	@mkdir -p var && rm -f var/migration.db*
	@export DATABASE_URL=sqlite:///var/migration.db && $(BIN)/alembic --quiet upgrade head \
	  && $(BIN)/alembic --quiet revision --autogenerate -m "$(m)"
	@sed -i '/# ### /d' db/migrations/versions/*.py
	@rm -f var/migration.db* && $(BIN)/ruff check --quiet --fix db/migrations && $(BIN)/ruff format --quiet db/migrations
	@git status --short db/migrations

pins: ## Renew requirements.txt and requirements-dev.txt from the .in files
	@rm -rf .venv-pins && $(call make-venv,.venv-pins)
	@.venv-pins/bin/python -m pip install -qq -r requirements.in
	@.venv-pins/bin/python -m pip freeze > requirements.txt
	@.venv-pins/bin/python -m pip install -qq -r requirements-dev.in
	@{ echo "-r requirements.txt"; .venv-pins/bin/python -m pip freeze | grep -vxFf requirements.txt; } > requirements-dev.txt
	@rm -rf .venv-pins

clean: ## Remove everything that can be made again; the database in var/ stays
	@rm -rf .venv .venv-pins .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage* tests/browser/pictures
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -- the virtual environment: made once, installed into only when the pins changed --

define make-venv
{ for name in python3 python3.13 python3.12 python3.11 python; do \
    if command -v $$name > /dev/null && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then found=$$name; break; fi; \
  done; \
  if [ -n "$$found" ]; then $$found -m venv $(1) || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)."; exit 1; }; \
  elif command -v uv > /dev/null; then uv venv --quiet --seed --python 3.13 $(1); \
  else echo "Python 3.11 or later is needed, and none was found."; exit 1; fi; }
endef

environment:
	@$(BIN)/python -c '' 2> /dev/null || { echo "Making .venv ..."; rm -rf .venv; $(call make-venv,.venv); }
	@cmp -s requirements.txt .venv/requirements.txt || { \
	  echo "Installing what the app needs ..."; $(PIP) -r requirements.txt && cp requirements.txt .venv/; }

dev-environment: environment
	@cmp -s requirements-dev.txt .venv/requirements-dev.txt || { \
	  echo "Installing what the tests need ..."; $(PIP) -r requirements-dev.txt && cp requirements-dev.txt .venv/; }
