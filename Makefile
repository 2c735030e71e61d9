# Selvkasse: `make demo` shows it, `make run` lets you play with it, `make test` tests it.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# The card terminal of the demonstration: nexo-json, nexo-xml or zvt.
PAY ?= nexo-json
STAMP := .venv/.installed
# An own stamp, so that a checkout without changes starts at once.
.DELETE_ON_ERROR:
.PHONY: help demo run venv test check bench appliance-test release lock packages packages-test web web-test clean

help:  ## What can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: venv  ## Scripted shoppers and an attendant before your eyes; leaves demo-out/
	@$(BIN)/kiosk demo --out demo-out --pay $(PAY)

run: venv  ## The same store to play with, on both sides of the till, until Ctrl-C
	@$(BIN)/kiosk bench

venv: packages $(STAMP) web  ## The environment in .venv, with the kiosk command

$(STAMP): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..." >&2; exit 1; }
	@echo "Setting up .venv from requirements.lock (a minute or two, once)"
	@"$(PYTHON)" -m venv .venv
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# The fleet's pages work without their charts (figures are tables then), so this stops nobody.
web:
	@deploy/web-packages kiosk/fleet/web || echo "The fleet's pages have no charts until 'make web' succeeds." >&2

web-test:
	@deploy/web-packages tests

packages:
	@deploy/packages run demo

packages-test:
	@deploy/packages run test

# Far ends, browsers and brokers share the processors with the tests: what failed is tried once
# more by itself, and named. A defect fails again; a far end that starved does not.
test: packages-test venv web-test  ## Every test
	@$(BIN)/pytest -q -n auto --dist loadfile $(ARGS) || { \
		test $$? -eq 1 || exit 1; \
		echo "Some tests failed side by side (named above). Once more, these alone:"; \
		$(BIN)/pytest -q --last-failed --last-failed-no-failures none $(ARGS); }

check: packages-test venv  ## Format, lint, types, import rules and every test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

bench: venv  ## The budgets beside what is measured here
	@$(BIN)/python -m tests.bench $(ARGS)

appliance-test: venv  ## The appliance in a virtual machine: sells, loses power, is attacked (root, QEMU)
	@nice $(BIN)/python -m tests.appliance $(ARGS)

release: venv  ## A signed release: make release KEY=supplier.pem COUNTER=8 (leaves dist/)
	@test -n "$(KEY)" -a -n "$(COUNTER)" || { echo "make release KEY=FILE COUNTER=NUMBER; kiosk release key makes a key" >&2; exit 1; }
	@deploy/install --wheels dist/parts/wheels
	@"$(PYTHON)" -m venv --clear dist/parts/venv
	@dist/parts/venv/bin/pip install -q --disable-pip-version-check --no-index --no-deps dist/parts/wheels/*.whl
	@$(BIN)/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml --mc-type application -o dist/parts/sbom.cdx.json dist/parts/venv/bin/python
	@$(BIN)/kiosk release pack dist/parts --key "$(KEY)" --counter "$(COUNTER)" --version "$$(deploy/install --version)" --system-digest "$$(deploy/install --system-digest)"

lock:  ## Pin the newest versions that pyproject.toml admits (needs uv)
	uv pip compile pyproject.toml --group dev --python-version 3.11 --universal --generate-hashes --no-header -q -o requirements.lock --upgrade

clean:  ## Remove what was made
	rm -rf .venv demo-out bench-out appliance-out var .mypy_cache .ruff_cache .pytest_cache dist
