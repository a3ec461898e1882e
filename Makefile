# The commands of this project; `make help` lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
DEPENDENCIES := import sys, tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
	print(*p['dependencies'], *(line for extra in sys.argv[1:] for line in p['optional-dependencies'][extra]), sep='\n')
PORT ?= 8000
export PORT
export LINEAGE_PUBLIC_URL ?= http://127.0.0.1:$(PORT)

.PHONY: help run test test-all lint bench clean
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.installed ## serve the site on http://127.0.0.1:8000 (PORT=…), with a demo project on first start
	@$(BIN)/python manage.py serve --demo

test: $(VENV)/.installed-dev ## run the test suite, on SQLite and on PostgreSQL, with a real browser and the real SDK
	@$(BIN)/python -m tests.run

test-all: $(VENV)/.installed-dev ## the same with the slow tests
	@$(BIN)/python -m tests.run --slow

lint: $(VENV)/.installed-dev node_modules/.installed ## check style, types, layers, migrations, scripts, styles and templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=lineage_site.settings_test $(BIN)/python manage.py makemigrations --check --dry-run
	npx --no-install biome check
	npx --no-install tsc --project .
	node --test tests/js/*.test.js
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')

bench: $(VENV)/.installed-dev ## measure lineage on both databases; fails when a ratio target is missed
	$(BIN)/python -m benchmarks.lineage

clean: ## remove the environment and build output; the data directory stays
	rm -rf $(VENV) node_modules build .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	@$(INSTALL) --upgrade pip

# pyproject.toml is the one list of what is needed; the site itself runs from the checkout
$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the site needs …"
	@$(BIN)/python -c "$(DEPENDENCIES)" | $(INSTALL) --requirement /dev/stdin
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the site and its tests need …"
	@$(BIN)/python -c "$(DEPENDENCIES)" dev | $(INSTALL) --requirement /dev/stdin
	@tests/install-system-packages
	@touch $@ $(VENV)/.installed

node_modules/.installed: package.json
	npm install --silent
	@touch $@
