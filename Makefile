# SMEdx recommender. `make` lists the targets.
.DEFAULT_GOAL := help
.SILENT:
.PHONY: help run test lint fuzz format train simulate validate bench-install bench-quality bench-training bench-oracle bench-off-policy bench-pages bench-sense bench-serving bench-faults bench-memory bench-capacity profile-serving notebook openapi clients demo-widget pictures lock clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
PIP := $(BIN)/pip --disable-pip-version-check --quiet
SOURCES := recommender service clients tests benchmarks docs

help: ## List the targets
	awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## Build what is missing, train the first model, serve on http://127.0.0.1:8000
	exec $(BIN)/smedx serve --prepare

train: $(VENV)/run.stamp ## Train on simulated and recorded engagement; a running service takes the model over
	$(BIN)/smedx train

simulate: $(VENV)/run.stamp ## Serve, observe and retrain in a simulated world; write benchmarks/closed_loop.md
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.closed_loop

validate: $(VENV)/run.stamp ## Check the data tables
	$(BIN)/smedx data validate

test: lint $(VENV)/browser.stamp ## Run the linters and all tests, two files at a time
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/test.stamp ## Run ruff and mypy
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy

demo-widget: $(VENV)/run.stamp ## Show the widget on a page of another origin, http://127.0.0.1:8011
	$(BIN)/python -m clients.widget

fuzz: $(VENV)/test.stamp ## Send the API over 20,000 requests of every kind, and hold the answers against its document
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.fuzz

bench-install: $(VENV)/run.stamp ## Measure the installed size and the time that it takes
	$(BIN)/python -m benchmarks.install

bench-quality: $(PEERS)/peers.stamp ## Rank real data beside other libraries (an hour or two); write benchmarks/quality.md
	OMP_NUM_THREADS=1 $(PEERS)/bin/python -m benchmarks.quality

bench-training: $(PEERS)/peers.stamp ## Time training on up to a million simulated businesses; write benchmarks/training.md
	$(PEERS)/bin/python -m benchmarks.training

bench-oracle: $(VENV)/run.stamp ## Compare with an oracle that knows the simulated truth; write benchmarks/oracle.md
	$(BIN)/python -m benchmarks.oracle

bench-off-policy: $(VENV)/run.stamp ## Estimate policies whose truth is known from real data; write benchmarks/off_policy.md
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.off_policy

bench-faults: $(VENV)/test.stamp ## Kill the service 100 times under load and count what is lost; write benchmarks/faults.md
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.faults

bench-memory: $(VENV)/test.stamp ## Send a million requests and see what memory is held; write benchmarks/faults.md
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.memory

bench-capacity: $(VENV)/test.stamp ## Measure what a request costs in processor time; write benchmarks/capacity.md
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.capacity

bench-pages: $(VENV)/browser.stamp ## Weigh every page, time it on a slow phone, run axe on it; write benchmarks/pages.md
	$(BIN)/python -m benchmarks.pages

bench-sense: $(VENV)/run.stamp ## Compare lists with what a consultant expects; write benchmarks/sense.md
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.sense

bench-serving: $(VENV)/test.stamp ## Measure how fast the service answers; write benchmarks/serving.md
	command -v wrk >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && apt-get install -qq -y wrk >/dev/null; } \
	  || echo "wrk is not installed: a slower client in Python takes its place"
	$(BIN)/python -m benchmarks.serving

profile-serving: $(VENV)/test.stamp ## Draw where the time of a recommendation goes, docs/pictures/serving.svg
	$(BIN)/python -m benchmarks.flame

notebook: $(VENV)/test.stamp ## Execute docs/notebook.ipynb anew and keep what it prints
	$(BIN)/python -c 'import nbformat, nbclient; place = "docs/notebook.ipynb"; \
	  book = nbformat.read(place, 4); \
	  nbclient.NotebookClient(book, record_timing=False).execute(); nbformat.write(book, place)'

openapi: $(VENV)/run.stamp ## Write docs/openapi.json anew, as the service tells it
	$(BIN)/smedx openapi > docs/openapi.json

clients: $(VENV)/test.stamp openapi ## Write the clients anew from the OpenAPI document
	$(BIN)/python -m clients.generate

pictures: $(VENV)/browser.stamp ## Take the pictures of the documents anew
	$(BIN)/python -m tests.e2e.pictures

format: $(VENV)/test.stamp ## Format the code
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

lock: $(VENV)/test.stamp ## Lock the dependencies anew, with hashes
	$(PIP) install uv
	$(BIN)/uv pip compile pyproject.toml --extra build $(LOCK) -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra build --extra dev -c requirements.txt $(LOCK) -o requirements-dev.txt
	$(BIN)/uv pip compile benchmarks/peers.in -c requirements.txt $(LOCK) -o benchmarks/requirements-peers.txt

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet

clean: ## Remove the environment and the caches; models and var/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/run.stamp: requirements.txt pyproject.toml
	echo "Building the environment in $(VENV) (once, a minute or two)"
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements-dev.txt
	$(PIP) install --require-hashes -r requirements-dev.txt
	touch $@

# A browser: the system package, with Chromium without windows (pages open in a third of the time)
# where there is one; else a browser that is there; else Playwright's own.
$(VENV)/browser.stamp: $(VENV)/test.stamp
	command -v chromium-headless-shell >/dev/null && exit; \
	[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
	  && for packages in "chromium chromium-headless-shell" chromium; do \
	    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y $$packages >/dev/null && exit; done; \
	for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit; done; \
	$(BIN)/playwright install chromium
	touch $@

# The libraries that ours is compared with live in an environment of their own.
$(PEERS)/peers.stamp: benchmarks/requirements-peers.txt
	test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet --require-hashes -r benchmarks/requirements-peers.txt
	touch $@
