# Bare `make` lists what there is. Works with GNU make 3.81 (macOS) and any later one.
# Nothing needs to be set up by hand: every target first makes .venv if it is missing or older than the lock.

VENV    ?= .venv
PYTHON  ?=
WORKERS ?= 2
VIDEOS  ?=
ARCHIVE ?= demo/archive
PORT    ?= 8000
TESTS   ?= tests
CLIPS   ?= $(wildcard ../shared/corpus)
BENCH   ?=

BIN    := $(VENV)/bin
PY     := $(BIN)/python
READY  := $(VENV)/.ready
PYTEST := $(PY) -m pytest -n $(WORKERS)
CODE   := src tests docs changes requirements languages $(wildcard bench demo)
TOOLS  := docs/generate.py changes/gather.py requirements/lock.py languages/messages.py

.DEFAULT_GOAL := help
.PHONY: help setup demo serve bench test fast sweep kill lint format types docs stale messages lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(READY)  ## make .venv with the pinned tools and this package (the other targets do it themselves)
	@echo "ready: $(BIN)/holdfast"

demo: $(READY)  ## an archive of a dozen films: added, searched, known again, lost, restored, shown (VIDEOS=folder for your own)
	@$(PY) demo/run.py $(if $(VIDEOS),"$(VIDEOS)")

serve: $(READY)  ## show an archive as a site at this machine, until Ctrl-C (ARCHIVE=folder; else the demo's)
	@$(BIN)/holdfast serve "$(ARCHIVE)" --port $(PORT)

bench: $(READY)  ## altered copies of films, known again or not, with peers beside; ten minutes (CLIPS=folder of real ones)
	@echo "Makes one altered copy of each of 41 classes (mirrored, filmed by a telephone, 3 s of it, ...), asks what they"
	@echo "show, and prints recall, errors of time and cost, with the peers that are installed beside. About ten minutes."
	@$(PY) bench/restore.py --per-class 1 --made 4 --peers $(if $(CLIPS),--clips "$(CLIPS)") $(BENCH)

test: lint types stale  ## everything a change must pass: lint, types, imports, generated pages, all tests but kill and sweep
	@$(PYTEST) -m "not kill and not sweep" $(TESTS)

fast: $(READY)  ## the tests that answer within a minute: not slow, not kill, not corpus (TESTS=tests/keep for a part)
	@$(PYTEST) -m "not slow and not kill and not sweep and not corpus" $(TESTS)

sweep: $(READY)  ## the rest of the sweeps over every page of the site: in other roles and languages; takes minutes
	@$(PYTEST) -m sweep $(TESTS)

kill: $(READY)  ## tests that kill real processes at every step of their work; takes minutes
	@$(PY) -m pytest -m kill $(TESTS)

lint: $(READY)  ## style, format, and the direction of imports
	@$(PY) -m ruff check --quiet $(CODE)
	@$(PY) -m ruff format --quiet --check $(CODE) || { echo "some files are not formatted: make format"; exit 1; }
	@$(BIN)/lint-imports --no-logo >$(VENV)/.imports 2>&1 || { cat $(VENV)/.imports; exit 1; }
	@echo "lint: style, format and imports are right"

format: $(READY)  ## put style and format right where a machine can
	@$(PY) -m ruff check --quiet --fix $(CODE)
	@$(PY) -m ruff format $(CODE)

types: $(READY)  ## mypy --strict
	@$(PY) -m mypy --no-error-summary src
	@$(PY) -m mypy --no-error-summary $(TOOLS)
	@echo "types: mypy --strict found nothing"

docs: $(READY)  ## write the generated reference pages anew (commands, error codes)
	@$(PY) docs/generate.py

stale: $(READY)
	@$(PY) docs/generate.py --check

messages: $(READY)  ## gather what the site says, and compile what is translated (languages/messages.py)
	@$(PY) languages/messages.py

lock: $(READY)  ## choose and pin the newest versions that fit together, in requirements/dev.txt
	@$(PY) requirements/lock.py

clean:  ## remove .venv and everything that tools left behind; never touches an archive
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

# The environment. The stamp is newer than the lock and pyproject.toml as long as nothing needs to be installed.
$(READY): requirements/dev.txt pyproject.toml
	@if [ ! -x $(PY) ]; then found=; \
	    for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
	        $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && found=$$python && break; \
	    done; \
	    if [ -z "$$found" ]; then \
	        echo "No Python 3.11 or newer was found. Install one, or name it: make setup PYTHON=/path/to/python3"; exit 1; \
	    fi; \
	    echo "making $(VENV) with $$($$found --version)"; \
	    $$found -m venv $(VENV) || { rm -rf $(VENV); \
	        echo "This Python cannot make environments. On Debian: apt install python3-venv; then run make again."; exit 1; }; \
	fi
	@echo "installing the pinned tools and this package (the first time takes a minute)"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(READY)
