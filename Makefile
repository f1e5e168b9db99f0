# Two commands do all the set-up: `make demo` and `make test`.  They need Python
# 3.11 or newer and nothing else; README.md has the plain pip lines for Windows.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check lint types docs compiled pictures bench constraints clean

demo: $(VENV)/.run
	$(BIN)/iro demo

test: $(VENV)/.develop
	$(BIN)/python -m pytest -n 2

check: test lint types docs

lint: $(VENV)/.develop
	$(BIN)/ruff check src tests scripts bench
	$(BIN)/ruff format --check src tests scripts bench

types: $(VENV)/.develop
	$(BIN)/mypy

docs: $(VENV)/.develop
	$(BIN)/python scripts/compile_data.py --check
	$(BIN)/python -m cogapp --check -P README.md docs/*.md

# What is made from something else: packs and bank holidays, text in the docs, pictures.
compiled: $(VENV)/.develop
	$(BIN)/python scripts/compile_data.py
	$(BIN)/python -m cogapp -r -P README.md docs/*.md

pictures: $(VENV)/.develop
	$(BIN)/python scripts/pictures.py

bench: $(VENV)/.develop
	$(BIN)/python -m pip install --quiet 'pandas>=2.2'
	$(BIN)/python bench/run.py

# The pinned versions, with the hashes of every platform's files and no address of any.
constraints:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  -q pyproject.toml --group build -o constraints/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  -q pyproject.toml --group build --group tests --group typing --group lint --group docs \
	  -o constraints/develop.txt

$(VENV)/.run: pyproject.toml constraints/run.txt $(shell find src examples -type f -not -name '*.pyc')
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall .
	touch $@

$(VENV)/.develop: $(VENV)/.run constraints/develop.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints/develop.txt
	touch $@

clean:
	rm -rf $(VENV) build dist
