# What one does with this project. Needs Python 3.11 or newer and a package index; everything else lands in .venv.
#
#   make                    what there is
#   make demo               from nothing to a campaign that has run
#   make PYTHON=python3.12 test
#   make CONSTRAINTS= demo  newest allowed versions instead of the pinned ones

PYTHON      ?= python3
VENV        ?= .venv
CONSTRAINTS ?= constraints.txt
WORKERS     ?= 2
FOLDER      ?= demo
ENGINES     ?= duckdb postgres sqlite spark clickhouse
N           ?= 1000

BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check --quiet
PINNED   = $(if $(CONSTRAINTS),--constraint $(CONSTRAINTS))
STAMPS  := $(VENV)/.stamps
LOCK    := build/lock

# Modules that write a file which is in git. Each knows `--check`: is the file what it would write?
GENERATORS := \
	campaign_dsl.language.syntax.grammar \
	campaign_dsl.language.syntax.driver_tables \
	campaign_dsl.language.diagnostics.pages \
	campaign_dsl.compile.plan.schema \
	campaign_dsl.language.catalog.schemas \
	campaign_dsl.doors.site.reference \
	campaign_dsl.doors.site.entries \
	campaign_dsl.doors.site.engines \
	campaign_dsl.doors.site.commands

# Tests of the ledger that are asked of PostgreSQL, too; all of tests/run can be.
LEDGERS := $(addprefix tests/run/, ledger/test_ledger_run.py ledger/test_ledger_preview.py \
	ledger/test_ledger_crash.py::test_killed_again_while_resuming ledger/test_ledger_crash.py::test_killed_at_random_moments \
	dispatch/test_dispatch_claims.py dispatch/test_dispatch_crash.py::test_killed_again_and_again)

# Tests that hand what they find to an engine and to the interpreter, and compare.
MEANING := $(addprefix tests/compile/test_, \
	$(addsuffix .py, oracle reference accepted_runs candidates_oracle triggers_oracle differential_cases))

# The same of audiences that are found together, in each of the ways there are.
TOGETHER := $(addprefix tests/compile/together/test_, together_property.py parts.py)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo install dev test engines ledgers differential check generate lock bench clean

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install ## install, then show the birthday campaign from check to report (FOLDER=demo)
	$(BIN)/python -m campaign_dsl.doors.demo $(FOLDER)

install: $(STAMPS)/runtime ## the command `campaign` in .venv/bin

dev: $(STAMPS)/dev ## what tests and checks need

test: dev engines ledgers ## all tests (WORKERS=2)
	$(BIN)/python -m pytest -n $(WORKERS)

ledgers: dev ## tests of the ledger, in PostgreSQL
	$(BIN)/python -m pytest -q -n $(WORKERS) --ledger postgres $(LEDGERS)

engines: dev ## what every engine is asked, a few examples of each (tests/differential.py)
	CAMPAIGN_EXAMPLES=15 $(BIN)/python -m pytest -q -n $(WORKERS) --hypothesis-seed=1 --engine postgres $(MEANING) tests/engines/test_primitives.py tests/engines/test_traps.py tests/engines/test_inspection.py
	CAMPAIGN_EXAMPLES=30 $(BIN)/python -m pytest -q -n $(WORKERS) --hypothesis-seed=1 --engine sqlite $(MEANING) tests/engines/test_primitives.py tests/engines/test_traps.py
	CAMPAIGN_EXAMPLES=8 $(BIN)/python -m pytest -q -n $(WORKERS) --hypothesis-seed=1 --engine clickhouse $(MEANING) tests/engines/test_primitives.py tests/engines/test_traps.py
	CAMPAIGN_EXAMPLES=4 $(BIN)/python -m pytest -q --hypothesis-seed=1 --engine spark tests/compile/test_oracle.py tests/compile/test_differential_cases.py tests/engines/test_primitives.py tests/engines/spark
	@set -e; for engine in postgres sqlite clickhouse; do echo "== $$engine: audiences found together"; \
		CAMPAIGN_EXAMPLES=2 $(BIN)/python -m pytest -q --hypothesis-seed=1 --engine $$engine $(TOGETHER); done
	@# Spark is slow to ask; each audience alone is what test_oracle.py has asked it.
	CAMPAIGN_EXAMPLES=2 $(BIN)/python -m pytest -q --hypothesis-seed=1 --engine spark $(TOGETHER) -k "not alone"

differential: dev ## random programs on every engine, compared with the interpreter (N=1000 ENGINES="duckdb postgres sqlite spark clickhouse")
	@set -e; for engine in $(ENGINES); do echo "== $$engine: $(N) examples of each property"; \
		CAMPAIGN_EXAMPLES=$(N) $(BIN)/python -m pytest -q -n $(WORKERS) --engine $$engine $(MEANING) $(TOGETHER); done

check: dev ## lint, format, types, architecture, generated files
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-logo
	@set -e; for module in $(GENERATORS); do echo "$(BIN)/python -m $$module --check"; $(BIN)/python -m $$module --check; done

generate: install ## rewrite generated files
	@set -e; for module in $(GENERATORS); do echo "$(BIN)/python -m $$module"; $(BIN)/python -m $$module; done

bench: dev ## measure, beside the floors (benchmarks/README.md)
	$(BIN)/python benchmarks/run.py

lock: ## newest allowed versions into constraints.txt
	$(require_python)
	@rm -rf $(LOCK) && $(PYTHON) -m venv $(LOCK)
	@$(LOCK)/bin/python -m pip --disable-pip-version-check --quiet install --upgrade pip
	@$(LOCK)/bin/python -m pip --disable-pip-version-check --quiet install --group dev .
	@{ echo "# Generated by \`make lock\`: what the tests ran with. \`make\` installs these versions."; \
	   $(LOCK)/bin/python -m pip freeze --all --exclude campaign-dsl --exclude setuptools; } > $(LOCK)/constraints.txt
	@mv $(LOCK)/constraints.txt constraints.txt && rm -rf $(LOCK)
	@echo "constraints.txt: $$(grep -c == constraints.txt) versions"

clean: ## remove what make has made; sources, campaigns and data stay
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------------------------------------------- the venv
# A step is done when its stamp is there: a second `make` does nothing, a broken one is repeated.

define require_python
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "This needs Python 3.11 or newer, and \`$(PYTHON)\` is $$($(PYTHON) --version 2>&1 || true)." >&2; \
	echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
endef

define or_explain
|| { echo "Could not install. Are the index and the network there? When a pinned version is gone: make CONSTRAINTS= $(MAKECMDGOALS)" >&2; exit 1; }
endef

$(STAMPS)/venv:
	$(require_python)
	@echo "making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV) && mkdir -p $(STAMPS)
	@# A known pip: the one that comes with Python may be too old for dependency groups.
	@$(PIP) install $(PINNED) --upgrade 'pip>=25.1' 'hatchling>=1.27' $(or_explain)
	@touch $@

$(STAMPS)/runtime: $(STAMPS)/venv pyproject.toml $(CONSTRAINTS)
	@echo "installing campaign into $(VENV)"
	@$(PIP) install $(PINNED) --no-build-isolation --editable . $(or_explain)
	@$(BIN)/python -m compileall -q src
	@touch $@

$(STAMPS)/dev: $(STAMPS)/runtime
	@echo "installing what tests and checks need into $(VENV)"
	@$(PIP) install $(PINNED) --group dev $(or_explain)
	@touch $@
