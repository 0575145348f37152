# make alone lists the targets.
PYTHON ?= python3
UV_VERSION = 0.13.9
export UV_PYTHON_DOWNLOADS = never
export UV_COMPILE_BYTECODE = 1
export UV_PROJECT_ENVIRONMENT = .venv
UV = .uv/bin/uv
BIN = .venv/bin
# Databases that are thrown away need no disk: in memory, where there is room, the tests take half the time.
ROOMY = $(shell test "$$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 2>/dev/null && echo TMPDIR=/dev/shm)
# One more than there are cores, since tests also wait; at most four, since each has a PostgreSQL of its own.
TESTERS = $(shell $(PYTHON) -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))')

.DEFAULT_GOAL := help
.PHONY: help run test prove check format bench screenshots eval clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/.run ## Start a demo server on http://127.0.0.1:8000
	$(BIN)/calendo serve --demo $(if $(PORT),--port $(PORT))

test: .venv/.dev ## Run all tests, the long proofs in reduced counts
	$(ROOMY) $(BIN)/python -m pytest -n $(TESTERS) --dist worksteal \
		--cov=calendo.core --cov=calendo.ops --cov-branch --cov-fail-under=95

prove: .venv/.dev ## Run the long proofs in full and print their figures
	CALENDO_PROVE=1 $(BIN)/python -m pytest -m prove -s -q

check: .venv/.dev ## Format, lint, types, import contracts, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m calendo.locales.catalogs

format: .venv/.dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.dev ## Measure our figures beside a bare server, in one run
	$(BIN)/python -m bench

screenshots: .venv/.dev ## Take the pictures in docs/images anew
	$(BIN)/python -m tests.browser.screenshots

eval: .venv/.eval ## Measure how well the assistant understands, on the sentences in CALENDO_EVAL
	$(BIN)/python bench/understanding.py

clean: ## Remove what make made
	rm -rf .venv .uv .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache

.uv/bin/uv:
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .uv uv==$(UV_VERSION)

.venv/.run: .uv/bin/uv pyproject.toml uv.lock
	$(UV) sync --quiet --locked --no-dev --inexact --python $(PYTHON)
	@touch $@

.venv/.dev: .uv/bin/uv pyproject.toml uv.lock
	$(UV) sync --quiet --locked --python $(PYTHON)
	@touch $@ .venv/.run

.venv/.eval: .uv/bin/uv pyproject.toml uv.lock
	$(UV) sync --quiet --locked --group eval --python $(PYTHON)
	@touch $@ .venv/.dev .venv/.run
