# Everything a person does here, each target setting up what it needs: Python 3.11 or newer, make and git are enough.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

UV_VERSION := 0.13.9
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$p" && break; done)

AUDIT_VERSION := 2.10.1
AUDIT := .tools/audit
AUDIT_READY := $(AUDIT)/.ready-$(AUDIT_VERSION)

BIN := .venv/bin
READY := .venv/.ready
UV := .tools/bin/uv
UV_STAMP := .tools/.uv-$(UV_VERSION)
ARGS ?=
# Much of two workers' time is waiting, for processes, databases and a browser: a third one fills it on two cores.
WORKERS ?= 3

# uv takes the Python it is given, and never fetches one.
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
ifeq ($(strip $(HOME)),)
export UV_CACHE_DIR ?= $(CURDIR)/.tools/cache
endif

# Without compiled bytecode every start takes three times as long: the first one writes it, whatever is set outside.
unexport PYTHONDONTWRITEBYTECODE

CODE := $(wildcard bot tests benchmarks migrations)
FAST_TESTS := $(wildcard tests/test_config.py tests/test_docs.py tests/test_privacy.py tests/dialogue tests/understanding tests/script)
STATIC := lint format types imports content

.PHONY: audit chaos fuzz weigh image docs pictures help run chat check test browser bench lock migrate fix setup clean fast-tests $(STATIC)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY) ## Start the bot: Telegram with a token, a practice chat without
	@$(BIN)/onward serve $(ARGS)

chat: $(READY) ## Talk to the bot in this terminal
	@$(BIN)/onward chat $(ARGS)

migrate: $(READY) ## Bring the database up to date
	@$(BIN)/onward migrate $(ARGS)

# Several at once, each one's output in one piece, and all of them even when one fails.
AT_ONCE = $(MAKE) -k -j2 $(if $(filter output-sync,$(.FEATURES)),-Otarget)

check: $(READY) ## Lint, format, types, layers, content and the fast tests: under a minute
	@$(AT_ONCE) types fast-tests lint format imports content

test: $(READY) browser ## Everything: what check looks at, and all tests
	@static=0; $(AT_ONCE) $(STATIC) || static=$$?; \
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS) && exit $$static

# The practice chat's tests drive a real one. Without it they fail, and say so.
BROWSERS := chromium chromium-browser google-chrome google-chrome-stable
browser:
	@for each in $(BROWSERS); do command -v $$each >/dev/null 2>&1 && exit 0; done; \
	test "$$(id -u)" = 0 && command -v apt-get >/dev/null 2>&1 || exit 0; \
	echo "Installing Chromium from the system's packages, for the browser tests"; \
	export DEBIAN_FRONTEND=noninteractive; \
	install() { apt-get install -y -qq --no-install-recommends chromium >.tools/browser.log 2>&1; }; \
	install || { apt-get update -qq >/dev/null 2>&1; install; } || tail -3 .tools/browser.log

bench: $(READY) ## Measure turns per second and how long a reply takes
	@$(BIN)/python -m benchmarks $(ARGS)

chaos: $(READY) ## Kill the bot a thousand times amid all other trouble, and write docs/chaos.md
	@$(BIN)/python -m tests.crash $(ARGS)

fuzz: $(READY) ## Feed the bot a million made-up updates, good and bent
	@$(BIN)/python -m tests.fuzz $(ARGS)

audit: $(READY) $(AUDIT_READY) ## Look the locked versions up among known vulnerabilities (needs the network)
	@$(BIN)/python -m tests.audit $(AUDIT)/bin/pip-audit

pictures: $(READY) browser ## Take the documentation's pictures anew, of the real bot
	@$(BIN)/python -m tests.browser.pictures

weigh: $(READY) ## Fit the weights mails are weighed, wishes guessed and danger gauged by, from the project's own texts
	@$(BIN)/python -m tests.understanding.fit_mails
	@$(BIN)/python -m tests.understanding.fit_danger

image: $(READY) ## Try the Dockerfile's steps without a container engine (as root, on Linux)
	@$(BIN)/python -m tests.image $(ARGS)

docs: $(READY) ## Write the pages of docs/ that are made from the code and the content
	@$(BIN)/onward docs
	@$(BIN)/onward check --advice --table > $@/.advice && mv $@/.advice $@/advice.md

fix: $(READY) ## Format the code, and mend what the linter can mend
	@$(BIN)/ruff check --quiet --fix $(CODE); $(BIN)/ruff format $(CODE)

lint: $(READY)
	@$(BIN)/ruff check $(CODE)

format: $(READY)
	@$(BIN)/ruff format --check $(CODE)

types: $(READY)
	@$(BIN)/mypy

imports: $(READY)
	@$(BIN)/lint-imports --no-logo

content: $(READY)
	@$(BIN)/onward check

fast-tests: $(READY)
	@$(BIN)/pytest -q -n 2 --dist worksteal -m "not slow" $(FAST_TESTS)

setup: $(READY) ## Only build .venv

$(READY): requirements.lock pyproject.toml $(UV_STAMP)
	@echo "Setting up .venv (once, and whenever the dependencies change)"
	@test -x $(BIN)/python || $(UV) venv --quiet --clear --python "$(PYTHON)" .venv
	@# uv doesn't read pip's own settings (a mirror, a proxy); where they are needed, pip does the same work.
	@VIRTUAL_ENV=.venv $(UV) pip sync --quiet --require-hashes requirements.lock \
	|| { echo "uv could not install; pip tries with its own settings"; \
	$(PIP) --python $(BIN)/python install --quiet --require-hashes -r requirements.lock; }
	@VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps --no-build-isolation --offline -e .
	@touch $@

PIP := .tools/bin/python -m pip --disable-pip-version-check

$(UV_STAMP):
	@test -n "$(PYTHON)" || { echo "Onward needs Python 3.11 or newer: install it, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv --clear .tools
	@$(PIP) install --quiet uv==$(UV_VERSION)
	@touch $@

# A tool of its own, apart from what the project runs on.
$(AUDIT_READY): $(UV_STAMP)
	@$(PYTHON) -m venv --clear $(AUDIT)
	@$(AUDIT)/bin/python -m pip --disable-pip-version-check install --quiet pip-audit==$(AUDIT_VERSION)
	@touch $@

# No download address in a lock: the machine it is installed on knows where its packages come from.
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-header --no-emit-index-url --no-emit-find-links

lock: $(UV_STAMP) ## Choose dependency versions anew: make lock ARGS=--upgrade
	@$(COMPILE) --group dev $(ARGS) pyproject.toml -o requirements.lock
	@$(COMPILE) --constraint requirements.lock pyproject.toml -o requirements-runtime.lock

clean: ## Remove .venv, .tools and what the tools leave behind
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
