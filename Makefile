# One command brings a fleet to life (`make up`), a second proves it (`make test`).
# Stamps under .stamp/ remember what is set up, so that a second call starts at once.

PYTHON_BIN := .venv/bin
SYSTEM := provisioning/system
CONSOLE := dashboards/console
PORTAL := portal
ARGS ?=
NAME ?=
SCREEN ?= wayland
# Tests wait more than they compute: more workers than cores.
WORKERS ?= 4
# Part of `check`, and asked once.
HOUSE_RULES := tests/test_house_rules.py

.NOTPARALLEL:
.PHONY: up test check bench screenshots films clean pytest lock docs audit kiosk-trial office-trial

up: .stamp/up .stamp/console .stamp/portal .stamp/broker  ## ARGS='--kiosks 61 --seed 7'
	$(PYTHON_BIN)/anjungan up $(ARGS)

test: check .stamp/portal .stamp/parts  ## everything, in random order, over several processes
	$(PYTHON_BIN)/python -m pytest -n $(WORKERS) --dist worksteal --ignore $(HOUSE_RULES) $(ARGS)

pytest: .stamp/dev .stamp/console .stamp/portal .stamp/parts  ## ARGS='-k row_52': a part of the suite, in one process
	$(PYTHON_BIN)/python -m pytest $(ARGS)

check: .stamp/dev .stamp/console  ## what needs no running part
	$(PYTHON_BIN)/ruff check .
	$(PYTHON_BIN)/ruff format --check .
	$(PYTHON_BIN)/mypy .
	$(PYTHON_BIN)/lint-imports
	$(PYTHON_BIN)/python -m pytest -q $(HOUSE_RULES)

bench: .stamp/dev .stamp/console .stamp/portal .stamp/parts .stamp/rivals  ## NAME=ingest: one subject
	$(PYTHON_BIN)/python -m tests.bench $(NAME)

screenshots: .stamp/dev .stamp/console .stamp/portal .stamp/parts
	$(PYTHON_BIN)/python -m tests.screenshots

films: .stamp/dev .stamp/parts
	$(PYTHON_BIN)/python -m tests.films

kiosk-trial: .stamp/dev .stamp/portal .stamp/parts  ## SCREEN=x11: a whole kiosk from Debian, booted and asked; root
	sh tests/trial/kiosk.sh build/trial $(SCREEN)

office-trial: .stamp/dev .stamp/console .stamp/portal .stamp/parts  ## the same for an office; root
	sh tests/trial/office.sh build/trial

docs: .stamp/dev  ## the generated documents
	$(PYTHON_BIN)/python -m provisioning.docs
	mkdir -p build && $(PYTHON_BIN)/python -m controller.api > build/openapi.json
	mv build/openapi.json docs/openapi.json

# Its own room and not locked: it must be newer than what it judges. Needs an advisory service.
audit: build/audit/bin/pip-audit  ## every locked version against the known advisories; weekly
	for lock in requirements/*.txt; do $< --disable-pip --require-hashes -r $$lock || exit 1; done

build/audit/bin/pip-audit: .venv/pyvenv.cfg
	$(PYTHON_BIN)/python -m venv build/audit
	build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit

lock: .venv/pyvenv.cfg  ## UPGRADE=1 takes newer versions
	sh $(SYSTEM)/lock.sh $(PYTHON_BIN)/python

clean:  ## what was made, not what was collected: var/ stays
	rm -rf build .stamp .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf *.egg-info $(CONSOLE)/node_modules $(CONSOLE)/static/vendor
	rm -rf $(PORTAL)/node_modules $(PORTAL)/static/vendor
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +

.venv/pyvenv.cfg:
	python=$$(sh $(SYSTEM)/python.sh) && "$$python" -m venv .venv

# Build isolation would fetch a second, unpinned setuptools; the lock has one.
define install
	$(PYTHON_BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement $(1)
	$(PYTHON_BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	@mkdir -p .stamp && touch $@
endef

.stamp/up: requirements/up.txt pyproject.toml .venv/pyvenv.cfg
	$(call install,requirements/up.txt)

.stamp/dev: requirements/dev.txt pyproject.toml .venv/pyvenv.cfg
	$(call install,requirements/dev.txt)
	@touch .stamp/up

# Stands after .stamp/up or .stamp/dev wherever it is asked for: the copying is done by Python.
.stamp/console: $(CONSOLE)/package-lock.json $(CONSOLE)/vendor.py
	sh $(SYSTEM)/parts.sh npm
	cd $(CONSOLE) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	$(PYTHON_BIN)/python -m dashboards.console.vendor
	@mkdir -p .stamp && touch $@

.stamp/portal: $(PORTAL)/package-lock.json $(PORTAL)/vendor.py
	sh $(SYSTEM)/parts.sh npm
	cd $(PORTAL) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	$(PYTHON_BIN)/python -m portal.vendor
	@mkdir -p .stamp && touch $@

# Without Mosquitto `up` falls back to a broker for this machine only, and says so.
.stamp/broker:
	sh $(SYSTEM)/parts.sh --optional mosquitto
	@mkdir -p .stamp && touch $@

# The quick browser is asked for with the rest, and the tests do without it where there is none.
.stamp/parts: $(SYSTEM)/parts.sh
	sh $(SYSTEM)/parts.sh --optional tests shell
	sh $(SYSTEM)/parts.sh tests
	@mkdir -p .stamp && touch $@

.stamp/rivals: $(SYSTEM)/parts.sh
	sh $(SYSTEM)/parts.sh bench
	@mkdir -p .stamp && touch $@
