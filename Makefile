# Everything is made inside this folder: .venv for Python, out/ for results, .local/ for the rest.
SHELL := /bin/bash
.DELETE_ON_ERROR:
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.python
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
PAGES := $(VENV)/.pages
PIPELINES := $(VENV)/.pipelines
TOOLS := .local/tools
UV_CLI := $(TOOLS)/uv/bin/uv

.PHONY: help demo test calls test-wide cover deep mutants lint format docs site pictures bench test-dynamodb test-states \
  test-stack test-pages test-pipelines test-site test-setup test-install dist fuzz shared tools up down logs deploy destroy adopt lock clean

help:  ## show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

# -- what is installed (docs/adr/0020-what-is-locked-is-installed.md) ---------------------------

PIP := -m pip --disable-pip-version-check --quiet --no-input
# What is locked goes in, and nothing is looked for beside it: neither a dependency nor what builds one.
INSTALL := $(PIP) install --no-deps --require-hashes --only-binary :all:

# $(call install,ENVIRONMENT,NAME[,MORE]): what requirements/NAME.txt locks, and MORE. The environment
# counts as unfinished until all of it is there: who interrupts make gets a new one the next time.
define install
@touch $(1)/.unfinished
$(1)/bin/python $(INSTALL) -r requirements/$(2).txt || \
  { echo "requirements/$(2).txt does not go into $$($(1)/bin/python -V): see above" >&2; exit 1; }
$(3)
$(1)/bin/python -m pip check
@rm $(1)/.unfinished
endef

# $(call environment,ENVIRONMENT): an empty one, instead of whatever was there.
define environment
@command -v $(PYTHON) > /dev/null || \
  { echo "there is no $(PYTHON) here: install Python 3.11 or later, or name it: make PYTHON=..." >&2; exit 1; }
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
  { echo "Rolecall needs Python 3.11 or later, and $(PYTHON) is $$($(PYTHON) -V 2>&1): name another," \
  "make PYTHON=..." >&2; exit 1; }
@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || \
  { echo "$(PYTHON) lacks venv: on Debian and Ubuntu, apt install python3-venv" >&2; exit 1; }
@rm -f $(addprefix $(1)/,.python .runtime .dev .pages .pipelines)
$(PYTHON) -m venv --clear $(1)
endef

# $(call unsound,ENVIRONMENT): its mark, where it has no Python any more, was left unfinished or
# was made in another place: scripts hold the path of their environment.
unsound = $(shell test -x $(1)/bin/python -a ! -e $(1)/.unfinished && \
  test "$$(cat $(1)/.python 2> /dev/null)" = "$(CURDIR)" || echo $(1)/.python)

# A lock that changed begins again, so that nothing of the old one stays behind.
$(READY): $(patsubst %,requirements/%.txt,runtime dev pages pipelines)
	$(call environment,$(VENV))
	@echo "$(CURDIR)" > $@

$(RUNTIME): $(READY) pyproject.toml
	$(call install,$(VENV),runtime,$(BIN)/python $(PIP) install --no-deps --no-build-isolation --editable .)
	@touch $@

$(DEV): $(RUNTIME)
	$(call install,$(VENV),dev)
	@touch $@

$(PAGES): $(DEV)
	$(call install,$(VENV),pages)
	@touch $@

$(PIPELINES): $(DEV)
	$(call install,$(VENV),pipelines)
	@touch $@

shared: $(PAGES) $(PIPELINES) $(TOOLS)/uv/.python  ## install what targets share, so that several can be made at once

# Each tool lives in an environment of its own, as it brings dependencies of its own.
TOOL_NAMES := $(basename $(notdir $(wildcard requirements/*.in)))
TOOL_MARKS := $(patsubst %,$(TOOLS)/%/.python,$(TOOL_NAMES))
$(TOOL_MARKS): $(TOOLS)/%/.python: requirements/%.txt
	$(call environment,$(TOOLS)/$*)
	$(call install,$(TOOLS)/$*,$*)
	@echo "$(CURDIR)" > $@

.PHONY: $(call unsound,$(VENV)) $(foreach tool,$(TOOL_NAMES),$(call unsound,$(TOOLS)/$(tool)))

# -- what is done with it -----------------------------------------------------------------------

demo: $(RUNTIME)  ## audit the example diocese and prove its log; results in out/
	@rm -rf out
	@$(BIN)/rolecall demo out

# The tiers of the tests differ in how much they try (CONTRIBUTING.md has the table); what wants more
# than Python is left out of them, and has a target of its own.
WORKERS ?= auto
PYTEST := $(BIN)/python -m pytest -q -n $(WORKERS) --maxprocesses 8 --dist worksteal
SUITES := tests --ignore=tests/stack --ignore=tests/pages --ignore=tests/setup --ignore=tests/pipelines \
  --ignore=tests/install --ignore=tests/docsite --ignore=tests/states

# What needs no stack, or is repeated for many values: there a wider tier tries more in minutes.
WIDE := tests/unit tests/proofs tests/simulation $(addprefix tests/functional/test_, \
  bombs.py broken_registry.py doctor.py reports_for_people.py reach.py)

# What has a stack of moto, and so a DynamoDB.
ON_DYNAMODB = $(shell grep -lE '^from tests\.(api|cloud|cloud_nights|vaults) ' -r tests --include='test_*.py' \
  --exclude-dir=stack --exclude-dir=pages)
DYNAMODB := $(CURDIR)/.local/dynamodb/node_modules/@dynoxide/linux-x64/dynoxide
STATES := .local/states/node_modules/asl-validator/package.json

test: $(DEV)  ## run the tests: before every commit, four minutes
	@mkdir -p .local && rm -f $(CALLS)
	ROLECALL_CALLS=$(CALLS) $(PYTEST) $(SUITES)
	@$(BIN)/python -m tests.permissions.inventory hold $(CALLS)

# What every role asks of AWS is held to a list, and the list to the template.
CALLS := .local/calls.jsonl
calls: $(DEV)  ## make the list of what each role asks of AWS anew, by running the tests
	@mkdir -p .local && rm -f $(CALLS)
	ROLECALL_CALLS=$(CALLS) ROLECALL_CALLS_ANEW=1 $(PYTEST) $(SUITES)
	$(BIN)/python -m tests.permissions.inventory write $(CALLS)

test-wide: $(DEV)  ## run what gains by it with more cases: the wide tier, as CI does
	ROLECALL_TIER=wide $(PYTEST) $(WIDE)

cover: $(DEV)  ## run all of them in the wide tier, and see what they cover: a quarter of an hour
	@rm -f .coverage .coverage.*
	ROLECALL_TIER=wide $(PYTEST) $(SUITES) --cov --cov-report=term

deep: $(DEV) $(DYNAMODB)  ## every byte, schedule and call, examples at random, and mutants: an hour or more
	ROLECALL_TIER=deep $(PYTEST) $(SUITES)
	ROLECALL_TIER=deep ROLECALL_DYNAMODB=$(DYNAMODB) $(PYTEST) $(ON_DYNAMODB)
	$(BIN)/python -m bench.mutants --places 40

MUTANTS ?= 10
mutants: $(DEV)  ## break the package in MUTANTS places at random, and see whether the tests notice
	$(BIN)/python -m bench.mutants --places $(MUTANTS)

# $(call from_npm,NAME): what requirements/NAME locks, by its hashes; nothing of it is run for that.
define from_npm
@command -v npm > /dev/null || { echo "there is no npm here: apt-get install npm" >&2; exit 1; }
@rm -rf .local/$(1) && mkdir -p .local/$(1) && cp $^ .local/$(1)
npm ci --prefix .local/$(1) --ignore-scripts --no-audit --no-fund
@touch $@
endef

$(DYNAMODB): requirements/dynamodb/package.json requirements/dynamodb/package-lock.json
	$(call from_npm,dynamodb)

$(STATES): requirements/states/package.json requirements/states/package-lock.json
	$(call from_npm,states)

test-dynamodb: $(DEV) $(DYNAMODB)  ## run what touches DynamoDB on a second engine (Linux on x86-64)
	ROLECALL_DYNAMODB=$(DYNAMODB) $(PYTEST) $(ON_DYNAMODB)

test-states: $(DEV) $(STATES)  ## hold the definition of the night to the Amazon States Language (with Node)
	$(BIN)/python -m pytest -q tests/states

test-stack: $(DEV)  ## run the tests that need the stack of make up
	$(BIN)/python -m pytest -q tests/stack

test-pages: $(PAGES)  ## look at the reports with Chromium and axe-core, and with veraPDF
	$(BIN)/python -m pytest -q tests/pages

test-pipelines: $(PIPELINES)  ## run what other people's pipelines run: the action, the hook, the image's steps
	$(BIN)/python -m pytest -q tests/pipelines

test-site: site $(DEV)  ## follow every link of the pages, and search them as they lie on the disk
	$(BIN)/python -m pytest -q tests/docsite

test-setup: $(DEV)  ## install what is locked, in a folder of its own, while newer releases are pretended
	$(BIN)/python -m pytest -q tests/setup

test-install: $(DEV) $(TOOLS)/uv/.python $(TOOLS)/installers/.python  ## install as people do, from the network
	ROLECALL_INSTALLERS=$(CURDIR)/$(TOOLS)/uv/bin:$(CURDIR)/$(TOOLS)/installers/bin \
	  $(BIN)/python -m pytest -q tests/install

dist: $(DEV)  ## build wheel and sdist with their bill of materials and licences, in dist/
	$(BIN)/python -m infra.distribution

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

site: $(TOOLS)/site/.python  ## make pages of docs/, in out/site; they ask nothing of any other host
	@rm -rf out/site
	$(TOOLS)/site/bin/sphinx-build --fail-on-warning --keep-going --quiet --doctree-dir .local/doctrees docs out/site
	@echo "the first page is out/site/index.html"

pictures: $(PAGES)  ## take the pictures of the README
	$(BIN)/python docs/pictures.py

bench: $(DEV)  ## measure; prints ratios against peers and floors
	@$(BIN)/python bench/needs.py
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

tools: $(addprefix $(TOOLS)/,uv/.python sam/.python emulator/.python)  ## install the AWS SAM CLI and the emulator below .local/

up: $(RUNTIME) tools  ## AWS on this machine: deploy, import the example, run the night
	@$(BIN)/python -m infra.local_stack up

down:  ## stop it; its state stays in .local/
	@$(BIN)/python -m infra.local_stack down

logs:  ## follow the logs of its functions
	@$(BIN)/python -m infra.local_stack logs

# Answers of a deployment: those in samconfig.toml, else those of the stack that stands. WITH='NAME=VALUE
# ...' changes some without a question; CHANGE=NAME lets change what is never changed by mistake.
deploy: $(DEV) $(TOOLS)/uv/.python $(TOOLS)/sam/.python  ## deploy to AWS, with questions (docs/deploy.md)
	@$(BIN)/python -m infra.deployment --environment "$${ENVIRONMENT:-default}" --stack "$$STACK" \
	  --with "$$WITH" --change "$$CHANGE"

destroy: $(DEV)  ## delete the stack from AWS; says what remains (docs/deploy.md)
	@$(BIN)/python -m infra.destruction --environment "$${ENVIRONMENT:-default}" --stack "$$STACK" --confirm "$$CONFIRM"

adopt: $(DEV) $(TOOLS)/uv/.python $(TOOLS)/sam/.python  ## make a stack of what another left: REMAINS=FILE (docs/deploy.md)
	@$(BIN)/python -m infra.adoption --environment "$${ENVIRONMENT:-default}" --stack "$$STACK" --remains "$$REMAINS"

# make lock LOCK_FLAGS=--upgrade takes newer releases. Extras stay in the lock: a line without them
# would not answer who asks for the extra.
LOCK = $(UV_CLI) pip compile --generate-hashes --universal --no-strip-extras --no-emit-index-url \
  --no-header --quiet $(LOCK_FLAGS)
lock: $(TOOLS)/uv/.python  ## resolve the requirements again
	$(LOCK) --python-version 3.11 pyproject.toml --extra aws --extra reports --group build -o requirements/runtime.txt
	$(LOCK) --python-version 3.11 pyproject.toml --extra aws --extra reports --group build --group dev \
	  -c requirements/runtime.txt -o requirements/dev.txt
	$(LOCK) --python-version 3.11 pyproject.toml --group pages -c requirements/dev.txt --no-emit-package rolecall \
	  -o requirements/pages.txt
	$(LOCK) --python-version 3.11 pyproject.toml --group pipelines -c requirements/dev.txt -c requirements/pages.txt \
	  --no-emit-package rolecall -o requirements/pipelines.txt
	for layer in deps api reporting; do $(LOCK) --python-version 3.13 layers/$$layer/requirements.in \
	  -c requirements/runtime.txt --no-annotate -o layers/$$layer/requirements.txt || exit; done
	for tool in $(TOOL_NAMES); do $(LOCK) --python-version 3.11 requirements/$$tool.in \
	  -o requirements/$$tool.txt || exit; done
	for program in dynamodb states; do npm install --prefix requirements/$$program --package-lock-only \
	  --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund || exit; done

clean:  ## stop what runs, and remove everything that was made
	@test ! -x $(BIN)/python || $(BIN)/python -m infra.local_stack down
	rm -rf $(VENV) .local out dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis
