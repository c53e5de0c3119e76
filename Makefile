# The ways in. Everything runs from this checkout's own .venv, which each target first brings up to date.
export UV_PYTHON_DOWNLOADS = never
export UV_SYSTEM_CERTS = 1
export NODE_USE_SYSTEM_CA = 1
export PYRIGHT_PYTHON_IGNORE_WARNINGS = 1

ARGS ?=
WORKERS ?= 2
COMPILE = .venv/bin/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --quiet

.DEFAULT_GOAL = help
.PHONY: help demo test bench bench-report setup sure format lint types contracts lock wheel clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile
	@echo '  ARGS reaches the command behind a target: make demo ARGS="--port 8123", make test ARGS="tests/orders -x"'

demo: ## start the portal with its demo company
	@.ci/bootstrap
	@exec .venv/bin/portal demo $(ARGS)

test: setup ## run the tests (WORKERS=2 at a time)
	@.venv/bin/pytest -n $(WORKERS) --dist worksteal $(ARGS)

bench: setup ## measure: ARGS="--orders 100000 --json --only W2,W4"
	@.venv/bin/python -m tests.benchmarks $(ARGS)

bench-report: setup ## measure all sizes and write docs/performance.md (takes long)
	@.venv/bin/python -m tests.benchmarks.report $(ARGS)

setup: ## install everything that demo and tests need
	@.ci/bootstrap tests

sure: lint types contracts test ## all that must hold before a commit: format, lint, types, contracts, tests

format: setup ## format the code and mend what the linter can
	@.venv/bin/ruff check --quiet --fix-only .
	@.venv/bin/ruff format .

lint: setup ## check format and style
	@.venv/bin/ruff format --quiet --diff .
	@.venv/bin/ruff check --quiet .

types: setup ## check types
	@.venv/bin/pyright

contracts: setup ## check who may import whom
	@.venv/bin/lint-imports --no-cache

lock: setup ## write the lock files anew (ARGS=--upgrade takes newer versions)
	@$(COMPILE) $(ARGS) --output-file requirements.lock >/dev/null
	@$(COMPILE) $(ARGS) --group dev --group build --constraint requirements.lock --output-file tests/requirements.lock >/dev/null
	@.venv/bin/npm install --package-lock-only --loglevel=error

wheel: setup ## build the wheel into dist/
	@.venv/bin/uv build --quiet --wheel --no-build-isolation --python .venv/bin/python --out-dir dist .

clean: ## remove what set-up, builds and tests made, but no data
	@rm -rf .venv .tools node_modules dist portal/web/static/vendor .pytest_cache .ruff_cache .hypothesis
	@find portal tests -name __pycache__ -prune -exec rm -rf {} +
