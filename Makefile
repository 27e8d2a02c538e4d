# Everything is made inside this folder: .venv for Python, out/ for results, .local/ for the rest.
SHELL := /bin/bash
.DELETE_ON_ERROR:
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
AUDIT := $(BIN)/rolecall audit examples/diocese --as-of 2026-11-02 --signing-key out/signing-key
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input

.PHONY: help demo test lint format docs bench lock clean

help:  ## show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rolecall needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements/runtime.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(RUNTIME)  ## audit the example diocese and prove its log; results in out/
	@rm -rf out && mkdir out
	@$(BIN)/rolecall key new --name diocese.example/audit --signing-key out/signing-key \
	  > out/verifier-key 2>/dev/null
	@$(AUDIT) --log out/log --output out/findings.txt
	@for format in json csv ocsf; do \
	  suffix=$$format; test $$format != ocsf || suffix=ocsf.json; \
	  $(AUDIT) --log out/log.$$format --format $$format --output out/findings.$$suffix 2>/dev/null \
	    || exit 1; \
	  rm -r out/log.$$format; \
	done
	@cat out/findings.txt
	@echo
	@$(BIN)/rolecall log export out/log --output out/proof.zip
	@$(BIN)/rolecall verify out/proof.zip --key out/verifier-key
	@echo && echo "In out/: findings.txt findings.json findings.csv findings.ocsf.json" \
	  "log/ proof.zip verifier-key signing-key"

test: $(DEV)  ## run the tests with coverage
	@rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n 2 --dist worksteal -q --cov --cov-report=term

lint: $(DEV)  ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV)  ## put the code into its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(RUNTIME)  ## write the generated pages
	$(BIN)/python docs/generate.py

bench: $(DEV)  ## measure; prints ratios against peers and floors
	$(BIN)/python bench/engine.py
	$(BIN)/python bench/audit.py --scale
	$(BIN)/python bench/ledger.py

lock:  ## resolve the requirements again (needs uv)
	uv pip compile --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header \
	  pyproject.toml --group build -o requirements/runtime.txt
	uv pip compile --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header \
	  pyproject.toml --group build --group dev -o requirements/dev.txt

clean:  ## remove everything that was made
	rm -rf $(VENV) .local out .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis
