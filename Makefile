# Both commands set up what they need: Python 3.11+, git and make are enough.
.DEFAULT_GOAL := help
.PHONY: help demo test setup lint types contracts tests docs bench clean

# The first that really runs and is new enough: a name on the path may be a shim for a Python that is not there.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell $(p) -c '$(NEW_ENOUGH)' 2>/dev/null && echo $(p))))
BIN := .venv/bin
STAMP := .venv/.installed

help:
	@echo "make demo    set up, generate the demo company, run everything and serve it"
	@echo "make test    set up and run every check: lint, types, import contracts, tests"
	@echo "make bench   the benchmarks; minutes, and several gigabytes of disk"

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Carpel needs Python 3.11 or newer; none was found on the path."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what Carpel needs (a minute or two, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

setup: $(STAMP)

demo: setup
	@$(BIN)/carpel demo --to demo --serve

lint: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: setup
	@$(BIN)/mypy

contracts: setup
	@$(BIN)/lint-imports

tests: setup
	@$(BIN)/python -m tests.servers
	@$(BIN)/pytest -q -n 2 --dist loadgroup

test: lint types contracts tests

bench: setup
	@$(BIN)/python -m benchmarks

clean:
	@rm -rf .venv dist build demo
