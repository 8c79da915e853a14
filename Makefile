# From a bare machine to a release: Python 3.11 to 3.13 and make are all that it takes.
# make run ARGS="--raw raw/examples"    passes arguments on
# make test PYTHON=python3.12           takes this Python for .venv, where there is none yet

VENV := .venv
BIN := $(VENV)/bin
PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python)
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq
UV_VERSION := 0.13.9
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-header --no-annotate $(LOCK_ARGS)

# In the order of their names, and not those with the fewest tests last: these take longest.
PARALLEL = -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help run test soak bench train pictures lock browser postgres clean
.DELETE_ON_ERROR:

help:
	@echo "make run      raw/ to output/, with all the set-up that it needs"
	@echo "make test     lint, types and tests"
	@echo "make soak     the tests that take minutes, and properties tried on other examples each time"
	@echo "make bench    quality and speed, beside other tools"
	@echo "make train    the weights of the ranker of frames anew from benchmarks/bank"
	@echo "make pictures the pictures of README and of the desk's guide anew"
	@echo "make browser  chromium and a Chinese font, for the tests that look at pages"
	@echo "make postgres Postgres, for the tests of the deployment (make soak)"
	@echo "make lock     the lock files anew from pyproject.toml (LOCK_ARGS=--upgrade for newer versions)"
	@echo "make clean    removes .venv and caches, never output/"

run: $(VENV)/run.done
	@$(BIN)/wenshu run $(ARGS)

test: $(VENV)/test.done
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/pytest $(PARALLEL) $(ARGS)

soak: $(VENV)/test.done
	@$(BIN)/pytest -m soak $(PARALLEL) $(ARGS)
	@$(BIN)/pytest -m hypothesis $(PARALLEL) --hypothesis-profile searching $(ARGS)

bench: $(VENV)/test.done
	@for script in benchmarks/*.py; do $(BIN)/python $$script $(ARGS) || exit; done

train: $(VENV)/test.done
	@$(BIN)/python benchmarks/bank/train.py $(ARGS)

pictures: $(VENV)/test.done
	@$(BIN)/python docs/pictures/draw.py
	@$(BIN)/python docs/pictures/desk.py

# Debian's packages: the tests drive the system's chromium and download no browser.
browser:
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing chromium and a Chinese font ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends \
			chromium fonts-noto-cjk >/dev/null; \
	else echo "No chromium here: tests that need one are skipped (Debian: apt-get install chromium fonts-noto-cjk)"; fi

# The tests start one of their own, as the user postgres, on a port that is free.
postgres:
	@if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Postgres ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends \
			postgresql >/dev/null; \
	else echo "No Postgres here: tests that need one are skipped (Debian: apt-get install postgresql)"; fi

lock: $(BIN)/python
	@$(PIP) uv==$(UV_VERSION)
	@$(COMPILE) --group build -o requirements.lock pyproject.toml
	@$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find src flows tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@for python in $(PYTHONS); do \
		if $$python -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; \
		then exec $$python -m venv --clear $(VENV); fi; \
	done; \
	echo "wenshu needs Python 3.11, 3.12 or 3.13 with its venv module, and found none (Debian: apt-get install" \
		"python3-venv); where it has another name: make run PYTHON=/path/to/python" >&2; exit 2

# A lock file is its own constraint: without it pip takes the newest sqlalchemy for sqlalchemy[asyncio].
$(VENV)/run.done: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV), once: this takes a minute or two ..."
	@$(PIP) --require-hashes -r requirements.lock -c requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

# Holds everything that run.done does, in the same versions.
$(VENV)/test.done: requirements-dev.lock requirements.lock pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV) for the tests, once: this takes a minute or two ..."
	@$(PIP) --require-hashes -r requirements-dev.lock -c requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/run.done
