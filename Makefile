# The words a newcomer needs; `make` alone lists them. What a machine lacks is found and
# installed by bin/setup, which does nothing when nothing is missing.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check fix bench demo drills lock front-end lint

export DEPLOYMENT := demo
export PORT ?= 8000
export CHROMIUM ?= /usr/bin/chromium

MANAGE = bin/demo .venv/bin/python manage.py
# What is checked must not depend on a database that lies around.
CHECK = env -u DATABASE_URL $(MANAGE)
PYTHON_FILES = $$(find config reports meetings priorities board tests bench -name '*.py')
TEMPLATES = $$(find templates $(wildcard */templates) -name '*.html' -o -name '*.txt')

help: ## list these words
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 18

run: ## serve the demo on http://127.0.0.1:8000 (PORT= changes it)
	@bin/setup run
	@bin/demo bin/serve

test: ## checks, every test on SQLite, those of the database on PostgreSQL (ARGS=--whole: all)
	@bin/setup test
	@$(MAKE) --no-print-directory lint
	@.venv/bin/python -m tests.run $(ARGS)

check: ## style, templates, types, import directions, migrations, drawn workflows
	@bin/setup check
	@$(MAKE) --no-print-directory lint

fix: ## put right what check can put right by itself
	@bin/setup check
	.venv/bin/django-upgrade --target-version 5.2 --exit-zero-even-if-changed $(PYTHON_FILES)
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/djade --target-version 5.2 $(TEMPLATES) || true # not 0 means: changed something
	@$(MANAGE) draw_workflows

bench: ## the performance ratios
	@bin/setup run check
	@bin/demo .venv/bin/python -m bench

demo: ## load the demo without serving it
	@bin/setup run
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable --verbosity 0
	@$(MANAGE) demo

drills: ## attacks and failures, played through on both databases
	@bin/setup test
	@.venv/bin/python -m tests.run --drills $(ARGS)

lock: ## choose newer versions: requirements*.txt and package-lock.json, without addresses
	@bin/lock

front-end: ## build static/build/ from static/src/, if it changed
	@bin/setup front-end

lint:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djade --check --target-version 5.2 $(TEMPLATES)
	.venv/bin/lint-imports
	@env -u DATABASE_URL .venv/bin/python -m mypy
	@$(CHECK) makemigrations --check --dry-run
	@$(CHECK) draw_workflows --check
