# All developer commands. `make demo` and `make test` install what they need.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
NETLIFY := tests/e2e/node_modules/.bin/netlify
CHECKS := tests/e2e/checks/node_modules/.bin/html-validate
VERCEL := tests/e2e/vercel/node_modules/@vercel/build-utils/package.json
AWS := tests/e2e/aws/bin/aws-lambda-rie
PLATFORM := examples/blog-platform
NPM_INSTALL := npm install --no-audit --no-fund --no-package-lock --loglevel=error --prefix

# Tests start hundreds of processes, which would compile all modules again without their bytecode.
test: export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo platform test check format site bench clean need-python need-node chromium services

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: site ## Build this repo's own site for Netlify and preview it on http://127.0.0.1:8000
	$(BIN)/ssg serve --port $(or $(PORT),8000)

platform: $(BIN)/.installed-platform ## Start the blogging platform of examples/ on http://127.0.0.1:8010
	PYTHONPATH=$(PLATFORM) $(BIN)/python -m blog start --port $(or $(PORT),8010)

site: need-node $(BIN)/.installed ## Build this repo's own site into public/
	$(BIN)/ssg build --target netlify

test: need-node $(BIN)/.installed-dev $(NETLIFY) $(CHECKS) $(VERCEL) $(AWS) chromium services check ## Run every check and every test
	$(BIN)/pytest -n auto --dist loadgroup

check: $(BIN)/.installed-dev ## Types, lint, format, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=$(PLATFORM) $(BIN)/mypy -p blog
	$(BIN)/lint-imports

format: $(BIN)/.installed-dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: need-node $(BIN)/.installed-dev ## Measure builds, cold starts, misses and hits
	$(BIN)/python -m benchmarks

clean: ## Remove files of builds and tools
	rm -rf $(VENV) public .ssg .netlify dist tests/e2e/node_modules tests/e2e/checks/node_modules tests/e2e/vercel/node_modules tests/e2e/aws
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

need-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "ssg needs Python 3.11 or newer: install it, or name one: make PYTHON=python3.12 ..." >&2; \
	  exit 1; }

need-node:
	@command -v node >/dev/null || { \
	  echo "Node is missing. Install Node 20 or newer with npm: https://nodejs.org/" >&2; exit 1; }
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { \
	  echo "Node `node --version` is too old. Install Node 20 or newer." >&2; exit 1; }
	@command -v npm >/dev/null || { \
	  echo "npm is missing. Install it with Node 20 or newer: https://nodejs.org/" >&2; exit 1; }

$(BIN)/python: | need-python
	$(PYTHON) -m venv $(VENV)

$(BIN)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[images,reference]'
	@touch $@

$(BIN)/.installed-platform: pyproject.toml $(PLATFORM)/requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[server]' --requirement $(PLATFORM)/requirements.txt
	@touch $@

$(BIN)/.installed-dev: pyproject.toml $(PLATFORM)/requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' --requirement $(PLATFORM)/requirements.txt
	@touch $@ $(BIN)/.installed $(BIN)/.installed-platform

# Netlify's own CLI, for the end-to-end tests: about 420 MB.
$(NETLIFY): tests/e2e/package.json
	$(NPM_INSTALL) tests/e2e
	@touch $@

# axe-core, html-validate, Lighthouse, and the plural rules of CLDR: about 150 MB.
$(CHECKS): tests/e2e/checks/package.json
	$(NPM_INSTALL) tests/e2e/checks
	@touch $@

# Vercel's own readers of a deploy.
$(VERCEL): tests/e2e/vercel/package.json
	$(NPM_INSTALL) tests/e2e/vercel
	@touch $@

# AWS's emulator of Lambda, which is a program in the wheel of its command line, its runtime for
# Python, and cfn-lint. They have an environment of their own.
EMULATOR := samcli/local/rapid/aws-lambda-rie-$(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x86_64)
$(AWS): tests/e2e/aws-tools.txt | need-python
	$(PYTHON) -m venv tests/e2e/aws
	tests/e2e/aws/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/e2e/aws-tools.txt
	tests/e2e/aws/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --dest tests/e2e/aws/wheel 'aws-sam-cli>=1.170'
	tests/e2e/aws/bin/python -c "import sys, zipfile; open('$@', 'wb').write(zipfile.ZipFile(sys.argv[1]).read('$(EMULATOR)'))" tests/e2e/aws/wheel/aws_sam_cli-*.whl
	chmod +x $@ && rm -r tests/e2e/aws/wheel

# Debian's Chromium, for the browser tests, which are skipped without it.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	  || command -v google-chrome >/dev/null || { \
	  if command -v apt-get >/dev/null && [ "`id -u`" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null; \
	  else echo "Chromium is missing: the browser tests will be skipped" >&2; fi; }

# Debian's Redis, PostgreSQL, Varnish, nginx and Caddy, and programs for tests of servers; without them those tests are
# skipped. nginx cannot be configured without the user www-data, and no service is to be started.
SERVICES := redis-server postgresql pgbouncer varnish varnish-modules nginx-light caddy wrk iproute2
XKEY := /usr/lib/*/varnish/vmods/libvmod_xkey.so
services: export PATH := $(PATH):/usr/sbin:/sbin
services: export DEBIAN_FRONTEND := noninteractive
services:
	@command -v redis-server >/dev/null && ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 && command -v pgbouncer >/dev/null && command -v varnishd >/dev/null && ls $(XKEY) >/dev/null 2>&1 \
	  && command -v nginx >/dev/null && command -v caddy >/dev/null && command -v wrk >/dev/null && command -v ip >/dev/null || { \
	  if command -v apt-get >/dev/null && [ "`id -u`" = 0 ]; then \
	    getent group www-data >/dev/null || groupadd --system www-data; \
	    id -u www-data >/dev/null 2>&1 || useradd --system --no-create-home -g www-data www-data; \
	    policy=/usr/sbin/policy-rc.d; \
	    [ -e $$policy ] || { trap "rm -f $$policy" EXIT; printf '#!/bin/sh\nexit 101\n' >$$policy; chmod +x $$policy; }; \
	    apt-get update -qq && apt-get install -qq -y $(SERVICES) >/dev/null; \
	  else echo "Redis, PostgreSQL, Varnish, nginx, Caddy or wrk is missing: tests of servers will be skipped" >&2; fi; }
