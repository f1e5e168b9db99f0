# Two commands do all the set-up: `make demo` and `make test`.  They need Python
# 3.11 or newer and nothing else; README.md has the plain pip lines for Windows.

PYTHON ?= python3
VENV ?= .venv
UV ?= uv
BENCH ?=
FAULTS ?=
BIN := $(VENV)/bin
# Bytecode is kept, or every worker and every program that a test starts compiles all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-slow test-all check test-newest lint types docs compiled pictures week examples bench faults fuzz sbom bundle page constraints clean

demo: $(VENV)/.run
	$(BIN)/iro demo

# What guards behaviour, in under a minute of CPU, and what that leaves out: pages of
# transcripts, whole years, other programs, and properties drawn many times more.
test: $(VENV)/.develop
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

test-slow: $(VENV)/.develop
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "slow or hypothesis" --hypothesis-profile=all

test-all: test test-slow

# What leaves the program, with the newest version of every library that pyproject.toml
# allows, whatever is pinned: a new one may write, or print, what the pinned one does not.
test-newest: $(VENV)/.newest
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/forms tests/pages \
	  tests/cli/test_results.py tests/questions/test_suggesting.py tests/health/test_exports.py

check: test-all lint types docs

lint: $(VENV)/.develop
	$(BIN)/ruff check src tests scripts bench
	$(BIN)/ruff format --check src tests scripts bench
	$(BIN)/python scripts/complexity.py

types: $(VENV)/.develop
	$(BIN)/mypy

docs: $(VENV)/.develop
	$(BIN)/python scripts/compile_data.py --check
	$(BIN)/python -m cogapp --check -P README.md docs/*.md

# What is made from something else: packs and bank holidays, text in the docs, pictures.
compiled: $(VENV)/.develop
	$(BIN)/python scripts/compile_data.py
	$(BIN)/python -m cogapp -r -P README.md docs/*.md

# The screens of a week, as a terminal of 80x24 and one of 120x40 show it.
week: $(VENV)/.develop
	PYTHONPATH=tests $(BIN)/python -m week.playing

pictures: $(VENV)/.develop
	$(BIN)/python scripts/pictures.py

# One of each thing that leaves the program, of the fictional authority on its day.
EXPORTS := examples/exports
TESTSHIRE := build/testshire.db
ON_ITS_DAY = $(BIN)/iro --database $(TESTSHIRE) --as-of 2026-11-23

examples: $(VENV)/.develop
	mkdir -p build $(EXPORTS)
	rm -f $(TESTSHIRE)* $(EXPORTS)/*.ics  # a calendar that is written over counts on
	$(BIN)/iro --database $(TESTSHIRE) demo >build/demo.txt
	$(ON_ITS_DAY) due -f xlsx -o $(EXPORTS)/due.xlsx
	$(ON_ITS_DAY) due -f csv -o $(EXPORTS)/due.csv --about
	$(ON_ITS_DAY) due -f html -o $(EXPORTS)/due.html
	$(ON_ITS_DAY) due -f parquet -o $(EXPORTS)/due.parquet
	$(ON_ITS_DAY) due -f ics --all --iro "Ada Okafor" -o $(EXPORTS)/ada-okafor.ics
	$(ON_ITS_DAY) caseload -f xlsx --sheets iro -o $(EXPORTS)/caseload.xlsx
	$(ON_ITS_DAY) digest -o $(EXPORTS)/digest.txt
	$(ON_ITS_DAY) digest --html -o $(EXPORTS)/digest.html
	$(ON_ITS_DAY) report timeliness -f csv -o $(EXPORTS)/timeliness.csv
	$(ON_ITS_DAY) report quarterly -o $(EXPORTS)/quarterly.html
	$(ON_ITS_DAY) report quarterly -f json -o $(EXPORTS)/quarterly.json
	$(ON_ITS_DAY) report annual -f docx -o $(EXPORTS)/annual.docx

bench: $(VENV)/.develop
	$(BIN)/python -m pip install --quiet 'pandas>=2.2'
	$(BIN)/python bench/run.py $(BENCH)

# What befalls a program, and what of it was lost: docs/reliability.md.  Twenty minutes.
faults: $(VENV)/.develop
	PYTHONPATH=tests $(BIN)/python -m faults $(FAULTS)

fuzz: $(VENV)/.develop
	PYTHONPATH=tests $(BIN)/python -m faults files lines $(FAULTS)

# What the program is built from, in CycloneDX: versions, hashes, licences.
sbom: $(VENV)/.develop
	$(BIN)/python scripts/bill_of_materials.py constraints/run.txt build/sbom.json

# The pinned versions, with the hashes of every platform's files and no address of any.
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate pyproject.toml --group build

# The folder for Windows: the wheels for each Python, their hashes, and what installs them.
EXTRAS ?= encryption

bundle: $(VENV)/.develop
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8'
	$(BIN)/python scripts/bundle.py dist/iro-windows.zip $(EXTRAS)

# One page that a browser opens from the disk, with the program in it.  It needs npm and node.
page: $(VENV)/.develop
	$(BIN)/python scripts/make_page.py dist/iro.html

constraints:
	$(COMPILE) --output-file constraints/run.txt
	$(COMPILE) --all-extras --group tests --group typing --group lint --group docs \
	  --output-file constraints/develop.txt
	! grep -nE '://|--(extra-)?index-url|--find-links' constraints/*.txt

$(VENV)/.run: pyproject.toml constraints/run.txt $(shell find src examples/authority -type f -not -name '*.pyc')
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --force-reinstall .
	touch $@

$(VENV)/.develop: $(VENV)/.run constraints/develop.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints/develop.txt
	touch $@

$(VENV)/.newest: pyproject.toml $(shell find src examples/authority examples/packs -type f -not -name '*.pyc')
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --group tests '.[all]'
	touch $@

clean:
	rm -rf $(VENV) build dist
