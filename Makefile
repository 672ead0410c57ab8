# Two commands: `make run` examines the sample photographs, `make test` runs every check.
# Everything is installed into .venv; nothing outside this folder changes (as root, Debian's python3-venv may
# be installed).

PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run serve test check docs card sbom audit lock licences release clean

help:
	@echo "make run    examine the photographs in examples/ and write a report to out/"
	@echo "make serve  open the workbench in a browser (Node 20 builds its pages once)"
	@echo "make test   run every gate and test"
	@echo "make docs   build the documentation to site/"
	@echo "make card   train and measure the lightweight CNN again and rewrite its card: make card DATA=folder of datasets"
	@echo "make sbom   list what is installed to sbom.json (CycloneDX); make audit: its known weaknesses"
	@echo "make lock   pin every package with its hashes; make licences: print and check them"
	@echo "make release  wheel, lock, list of parts and their hashes, to dist/"
	@echo "make clean  remove .venv, out/ and caches"

run: .venv/core
	@$(BIN)/tamperlens examine examples/*.jpg --out out --force --quiet
	@$(BIN)/python examples/beside_truth.py out
	@echo "Open it:             xdg-open out/index.html"
	@echo "Your own photograph: $(BIN)/tamperlens examine PHOTO.jpg --out out"

PAGES := src/tamperlens/service/static/index.html

serve: .venv/core $(PAGES)
	@$(BIN)/tamperlens serve

$(PAGES): ui/package-lock.json $(shell find ui/src ui/public -type f)
	@command -v npm >/dev/null || { echo "The workbench's pages are built by Node 20.19 or later: install it and try again."; exit 2; }
	@cd ui && npm ci --silent --no-audit --no-fund && npm run --silent build

test: .venv/dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" ./check

docs: .venv/dev
	@$(BIN)/mkdocs build --strict

card: .venv/dev
	@test -n "$(DATA)" || { echo "Say where the datasets are: make card DATA=folder"; exit 2; }
	$(BIN)/python benchmarks/cards/lightweight_cnn_card.py --data "$(DATA)"

# Tools for these come into a folder of their own: they are no part of what they look at.
TOOLS := .venv/tools

$(TOOLS): requirements/tools.txt .venv/core
	@$(BIN)/python -m venv --without-pip $(TOOLS)
	@$(BIN)/pip --python $(TOOLS)/bin/python install -q --require-hashes --no-deps -r requirements/tools.txt
	@touch $(TOOLS)

sbom: $(TOOLS)
	@$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible -o sbom.json $(BIN)/python

audit: $(TOOLS)
	@$(TOOLS)/bin/pip-audit --strict --no-deps --disable-pip -r requirements/release.txt

lock: $(TOOLS)
	@$(BIN)/python requirements/lock.py $(TOOLS)/bin/uv

licences: .venv/dev
	@$(BIN)/python requirements/licences.py

release: $(TOOLS) $(PAGES)
	@rm -rf dist && mkdir dist
	@$(BIN)/pip wheel -q --no-deps --no-build-isolation -w dist .
	@cp requirements/release.txt dist/requirements.txt
	@$(TOOLS)/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o dist/sbom.json requirements/release.txt
	@cd dist && sha256sum * > SHA256SUMS

.venv/core: pyproject.toml requirements/release.txt bootstrap
	@./bootstrap $(PYTHON) core

.venv/dev: pyproject.toml requirements/dev.txt bootstrap
	@./bootstrap $(PYTHON) dev

clean:
	rm -rf .venv out site ui/node_modules src/tamperlens/service/static .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
