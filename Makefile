# Everything a user or a newcomer needs; `make` lists it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOYALTY_DATA ?= $(CURDIR)/data
export LOYALTY_DATA
export DO_NOT_TRACK = 1

.DEFAULT_GOAL := help
.PHONY: help run test app dev demo bench lint lock

help:            ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# uv where it is installed, else pip; both check every hash in the lock.
define install
	@test -x $(BIN)/python || { command -v uv >/dev/null && uv venv -q --python $(PYTHON) $(VENV) || $(PYTHON) -m venv $(VENV); }
	@if command -v uv >/dev/null; then \
	   uv pip install -q --python $(BIN)/python --require-hashes -r $(1) && \
	   uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	 else \
	   $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1) && \
	   $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	 fi
endef

$(VENV)/.run: requirements.lock pyproject.toml
	$(call install,requirements.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock requirements.lock pyproject.toml
	$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/.run

run: $(VENV)/.run        ## set up, run the main job on data/landing (or the demo company), print the scorecards
	@$(BIN)/loyalty demo --if-empty
	@$(BIN)/loyalty run
	@$(BIN)/loyalty scorecards

demo: $(VENV)/.run       ## create the demo company in data/landing
	@$(BIN)/loyalty demo

app: $(VENV)/.run        ## open the scorecards in a browser, without sign-in, on this machine only
	@$(BIN)/loyalty app --local

dev: $(VENV)/.run        ## open Dagster: the graph, its runs, its schedule and sensor
	@$(BIN)/loyalty dev

test: $(VENV)/.dev       ## set up and run every test
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# An empty company: what dbt compiles there is judged by its types.
LINTED := $(VENV)/lint
$(LINTED)/.built: $(VENV)/.dev $(shell find dbt_project orchestration -name '*.sql' -o -name '*.yml' -o -name '*.csv' -o -name '*.py')
	@rm -rf $(LINTED) && mkdir -p $(LINTED)
	@LOYALTY_DATA=$(CURDIR)/$(LINTED) $(BIN)/loyalty run 2> $(LINTED)/run.log || { cat $(LINTED)/run.log; exit 1; }
	@touch $@

lint: $(LINTED)/.built   ## ruff, ty, sqlfluff, and what would make numbers differ between two runs
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/ty check
	@$(BIN)/python -m tests.determinism $(LINTED)
	@LOYALTY_DATA=$(CURDIR)/$(LINTED) $(BIN)/sqlfluff lint -q dbt_project/models dbt_project/tests

bench: $(VENV)/.dev      ## measure, as ratios to hand-written peers
	@$(BIN)/python -m tests.benchmarks

# duckdb: see pyproject.toml; click: the newest that the SQL linter allows, so that both locks agree.
COMPILE = uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes \
          --no-emit-index-url --no-strip-extras --no-annotate --no-header -q

lock:            ## renew all locks (needs uv)
	@printf 'duckdb==1.5.5\nclick<8.5\n' > $(VENV)/constraints.txt
	@$(COMPILE) -c $(VENV)/constraints.txt -o requirements.lock
	@$(COMPILE) -c requirements.lock --extra dev --extra metricflow -o requirements-dev.lock
	@grep '^#' tests/duckdb-2.lock > $(VENV)/duckdb-2.lock
	@echo 'duckdb>=2,<2.1' | uv pip compile - --no-deps --universal --python-version 3.11 --generate-hashes \
	   --no-emit-index-url --no-annotate --no-header -q >> $(VENV)/duckdb-2.lock && cp $(VENV)/duckdb-2.lock tests/duckdb-2.lock
