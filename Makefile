# backissue: the commands that Pelican's users know, and our own.
# `make html` and `make test` set up what they need.

PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
INPUTDIR := content
OUTPUTDIR := output
CONFFILE := pelicanconf.py
PUBLISHCONF := publishconf.py
PORT ?= 8000
PELICANOPTS ?=

.DEFAULT_GOAL := help
.PHONY: help html clean distclean regenerate serve devserver publish test test-long bench bench-peers bench-publish bench-site check format lock

help:
	@echo 'make html        build the site in $(OUTPUTDIR)/ from $(INPUTDIR)/'
	@echo 'make publish     the same with the settings of $(PUBLISHCONF)'
	@echo 'make serve       serve $(OUTPUTDIR)/ at http://127.0.0.1:$(PORT)'
	@echo 'make regenerate  build again whenever something changes'
	@echo 'make devserver   serve and regenerate'
	@echo 'make clean       remove what was generated ($(OUTPUTDIR)/ and .backissue/)'
	@echo 'make test        run the tests      make test-long  the long ones too'
	@echo 'make check       lint, format and types'
	@echo 'make bench       run the benchmarks that need no peers'
	@echo 'make bench-publish  publishing, beside Hugo, Pelican, trafilatura and Pagefind'
	@echo 'make bench-site  axe-core, Lighthouse, html-validate and the Nu checker on the sample site'
	@echo 'make lock        write requirements/*.txt anew from pyproject.toml'

html: $(VENV)/.run
	@$(BIN)/pelican $(INPUTDIR) -o $(OUTPUTDIR) -s $(CONFFILE) $(PELICANOPTS)

publish: $(VENV)/.run
	@$(BIN)/pelican $(INPUTDIR) -o $(OUTPUTDIR) -s $(PUBLISHCONF) $(PELICANOPTS)

regenerate: $(VENV)/.run
	$(BIN)/pelican -r $(INPUTDIR) -o $(OUTPUTDIR) -s $(CONFFILE) $(PELICANOPTS)

serve: $(VENV)/.run
	$(BIN)/pelican -l $(INPUTDIR) -o $(OUTPUTDIR) -s $(CONFFILE) -p $(PORT) $(PELICANOPTS)

devserver: $(VENV)/.run
	$(BIN)/pelican -lr $(INPUTDIR) -o $(OUTPUTDIR) -s $(CONFFILE) -p $(PORT) $(PELICANOPTS)

clean:
	rm -rf $(OUTPUTDIR) .backissue

distclean: clean
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

test: $(VENV)/.dev
	$(BIN)/python -m pytest -m 'not long' -n auto $(TESTOPTS)

test-long: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto $(TESTOPTS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.first

bench-publish: $(VENV)/.dev bench-peers
	$(BIN)/python -m benchmarks.publish --equal

bench-site: $(VENV)/.dev
	$(BIN)/python -m benchmarks.site --install $(BENCHOPTS)

bench-peers: $(VENV)/.peers

lock: $(VENV)/.dev
	$(PY) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet uv
	$(VENV)/lock/bin/uv pip compile pyproject.toml --extra serve --extra pictures --group build --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url -o requirements/run.txt
	$(VENV)/lock/bin/uv pip compile pyproject.toml --extra serve --extra pictures --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url -o requirements/dev.txt
	$(VENV)/lock/bin/uv pip compile requirements/peers.in --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url -o requirements/peers.txt

# The locked, hash-checked packages, then this one, from its own folder.
$(VENV)/.run: requirements/run.txt
	$(PY) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# What benchmarks compare us with, in an environment of its own.
$(VENV)/.peers: requirements/peers.txt $(VENV)/.run
	$(PY) -m venv $(VENV)/peers
	$(VENV)/peers/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.txt
	@touch $@
