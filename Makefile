# Everything is made inside this folder: .venv for Python, out/ for results, .local/ for the rest.
SHELL := /bin/bash
.DELETE_ON_ERROR:
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
PAGES := $(VENV)/.pages
AUDIT := $(BIN)/rolecall audit examples/diocese --as-of 2026-11-02 --signing-key out/signing-key
LOCK := .local/uv/bin/uv pip compile --generate-hashes --universal --no-strip-extras --no-emit-index-url \
  --no-header --quiet
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
# What is locked goes in, and nothing is looked for beside it: neither a dependency nor what builds one.
INSTALL := $(PIP) install --no-deps --require-hashes --only-binary :all:

TOOLS := .local/.tools
UV_VERSION := 0.13.8
MINISTACK_VERSION := 1.5.33
SAM_VERSION := 1.170.0

.PHONY: help demo test lint format docs pictures bench test-stack test-pages fuzz tools up down logs deploy destroy lock clean

help:  ## show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rolecall needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	$(INSTALL) -r requirements/runtime.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	$(PIP) check
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	$(INSTALL) -r requirements/dev.txt
	$(PIP) check
	@touch $@

$(PAGES): requirements/pages.txt $(DEV)
	$(INSTALL) -r requirements/pages.txt
	$(PIP) check
	@touch $@

demo: $(RUNTIME)  ## audit the example diocese and prove its log; results in out/
	@rm -rf out && mkdir out
	@$(BIN)/rolecall key new --name diocese.example/audit --signing-key out/signing-key \
	  > out/verifier-key 2>/dev/null
	@$(AUDIT) --log out/log --output out/findings.txt --report out
	@cat out/findings.txt
	@echo
	@$(BIN)/rolecall verify out/proof.zip --key out/verifier-key
	@echo && echo "In out/: report.pdf report.html report.xlsx report.md findings.txt findings.csv" \
	  "findings.json findings.ocsf.json findings.asff.json facts.json log/ proof.zip verifier-key signing-key"

test: $(DEV)  ## run the tests with coverage
	@rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n 2 --dist worksteal -q --cov --cov-report=term --ignore=tests/stack --ignore=tests/pages

test-stack: $(DEV)  ## run the tests that need the stack of make up
	$(BIN)/python -m pytest -q tests/stack

test-pages: $(PAGES)  ## look at the reports with Chromium and axe-core, and with veraPDF
	$(BIN)/python -m pytest -q tests/pages

CASES ?= 10000
fuzz: $(DEV)  ## send CASES requests that nobody would think of to the API of make up
	$(BIN)/python -m infra.fuzz --cases $(CASES)

lint: $(DEV)  ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV)  ## put the code into its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(RUNTIME)  ## write the generated pages
	$(BIN)/python docs/generate.py

pictures: $(PAGES)  ## take the pictures of the README
	$(BIN)/python docs/pictures.py

bench: $(DEV)  ## measure; prints ratios against peers and floors
	$(BIN)/python bench/engine.py
	$(BIN)/python bench/audit.py --scale
	$(BIN)/python bench/ledger.py
	$(BIN)/python bench/plan.py
	$(BIN)/python bench/formats.py
	$(BIN)/python bench/report.py
	$(BIN)/python bench/cloud.py
	$(BIN)/python bench/cost.py
	$(BIN)/python bench/vault.py
	$(BIN)/python bench/api.py
	$(BIN)/python bench/reach.py

# The tools of AWS bring dependencies of their own: each lives in an environment of its own.
$(TOOLS): $(MAKEFILE_LIST)
	@mkdir -p .local
	@test -x .local/uv/bin/uv || $(PYTHON) -m venv .local/uv
	@.local/uv/bin/python -m pip --disable-pip-version-check --quiet --no-input install uv==$(UV_VERSION)
	@export UV_TOOL_DIR=$(CURDIR)/.local/tools UV_TOOL_BIN_DIR=$(CURDIR)/.local/bin; \
	.local/uv/bin/uv tool install --quiet --python $(PYTHON) ministack==$(MINISTACK_VERSION) \
	  --with aws-sam-translator --with cryptography && \
	.local/uv/bin/uv tool install --quiet --python $(PYTHON) aws-sam-cli==$(SAM_VERSION)
	@touch $@

tools: $(TOOLS)  ## install the AWS SAM CLI and the emulator below .local/

up: $(RUNTIME) $(TOOLS)  ## AWS on this machine: deploy, import the example, run the night
	@$(BIN)/python -m infra.local_stack up

down:  ## stop it; its state stays in .local/
	@$(BIN)/python -m infra.local_stack down

logs:  ## follow the logs of its functions
	@$(BIN)/python -m infra.local_stack logs

deploy: $(RUNTIME) $(TOOLS)  ## deploy to AWS, with questions (docs/deploy.md)
	UV=$(CURDIR)/.local/uv/bin/uv .local/bin/sam build --build-dir .local/sam-aws
	.local/bin/sam deploy --guided --template-file .local/sam-aws/template.yaml --capabilities CAPABILITY_IAM

destroy: $(TOOLS)  ## delete the stack from AWS; says what remains (docs/deploy.md)
	@echo "The tables, the locked bucket and both keys stay: they hold the audit log, and nobody can"
	@echo "delete what is locked before its retention ends. docs/deploy.md says how to let go of them."
	.local/bin/sam delete

lock: $(TOOLS)  ## resolve the requirements again
	$(LOCK) --python-version 3.11 pyproject.toml --extra aws --extra reports --group build -o requirements/runtime.txt
	$(LOCK) --python-version 3.11 pyproject.toml --extra aws --extra reports --group build --group dev \
	  -o requirements/dev.txt
	$(LOCK) --python-version 3.11 pyproject.toml --group pages -c requirements/dev.txt --no-emit-package rolecall \
	  -o requirements/pages.txt
	$(LOCK) --python-version 3.13 layers/deps/requirements.in -c requirements/runtime.txt \
	  --no-annotate -o layers/deps/requirements.txt
	$(LOCK) --python-version 3.13 layers/api/requirements.in -c requirements/runtime.txt \
	  --no-annotate -o layers/api/requirements.txt
	$(LOCK) --python-version 3.13 layers/reporting/requirements.in -c requirements/runtime.txt \
	  --no-annotate -o layers/reporting/requirements.txt

clean:  ## stop what runs, and remove everything that was made
	@test ! -x $(BIN)/python || $(BIN)/python -m infra.local_stack down
	rm -rf $(VENV) .local out .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis
