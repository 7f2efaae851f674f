# What one does with watchd's sources. Each target sets up .venv by itself; Python 3.11 or later and make are all it takes.

UV := 0.13.8
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo run test test-slow lint format bench setup clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: .venv/ready ## watchd against stand-ins of Trakt and TMDB, with a scripted living room
	@exec $(BIN)/watchd demo $(ARGS)

run: .venv/ready ## watchd itself, with your settings
	@exec $(BIN)/watchd run $(ARGS)

test: .venv/ready ## the fast tests and the import contracts
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q -m "not slow" $(ARGS)

test-slow: .venv/ready ## the long tests
	@$(BIN)/python -m pytest -q -m slow $(ARGS)

lint: .venv/ready ## style, format, types, import contracts
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy $(wildcard watchd tests bench)
	@$(BIN)/lint-imports

format: .venv/ready ## bring the code into the format that lint asks for
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: .venv/ready ## measure against bare aiohttp
	@$(BIN)/python -m bench $(ARGS)

setup: .venv/ready ## only make .venv

clean: ## remove .venv, caches and measurements
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis bench/out dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --inexact leaves pip and uv themselves in place.
.venv/ready: pyproject.toml uv.lock .venv/bin/uv
	@echo "Installing what uv.lock names into .venv"
	@env -u VIRTUAL_ENV UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never $(BIN)/uv sync --frozen --inexact --quiet
	@touch $@

.venv/bin/uv:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "make: no Python 3.11 or later on PATH; set PYTHON=/path/to/python3" >&2; exit 1; fi; \
	echo "Making .venv with $$("$$found" --version)"; \
	if ! "$$found" -m venv --clear .venv; then \
	  rm -rf .venv; echo "make: $$found cannot make a venv; on Debian: apt-get install python3-venv" >&2; exit 1; \
	fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-warn-script-location "uv==$(UV)" || { rm -rf .venv; exit 1; }
