# Everything goes through the virtual environment in .venv, made by the first target that needs it.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
export UV_NO_CONFIG := 1
export PIP_NO_INPUT := 1
# Python keeps what it compiled, also where the shell says not to: each process starts in less than half the time.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run setup setup-dev test prove check fix docs bench lock clean

run: setup
	@exec $(BIN)/fourfold up --demo

setup: $(VENV)/.core
setup-dev: $(VENV)/.dev

$(BIN)/uv: requirements/bootstrap.txt
	@$(PYTHON) tools/check_python.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

$(VENV)/.core: $(BIN)/uv requirements/core.txt pyproject.toml
	@echo "Setting up Fourfold in $(VENV) …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/core.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.core requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

check: setup-dev
	@$(BIN)/python tools/check.py

fix: setup-dev
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

test: setup-dev check
	@$(BIN)/python tools/run_tests.py

prove: setup-dev
	@$(BIN)/python -m tools.prove

bench: setup-dev
	@$(BIN)/python -m benchmarks

docs: setup-dev
	@$(BIN)/python tools/screenshots.py

lock:
	@$(BIN)/python tools/lock.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
