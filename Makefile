# Everything sets itself up: a machine needs Python 3.11 or later, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test night page crash torture peers check format docs clean

demo: $(READY)
	$(BIN)/haitang demo

test: $(READY)
	$(BIN)/pytest -n 2 --ignore tests/page --ignore tests/foreign --ignore tests/crash

# What takes hours: random lives and updates by the thousand, a year of a thousand tickets.
night: $(READY)
	HYPOTHESIS_PROFILE=night $(BIN)/pytest -n 2 --dist loadfile tests/properties tests/fuzz \
	  tests/desk/test_downtime_chat.py

# In a real browser, and with another framework's bot.
page: peers
	$(BIN)/pytest -n 2 tests/page tests/foreign

# The bot dies at every named point in every scene, and nobody is the worse for it (docs/crashes.md).
crash: $(READY)
	$(BIN)/pytest -n 2 tests/crash

# Residents and staff under load while the bot is killed again and again: make torture MINUTES=60
MINUTES ?= 15
torture: $(READY)
	$(BIN)/python -m playground.torture --minutes $(MINUTES)

# Another framework's bot, for one test: in an environment of its own, since it holds back pydantic.
PEERS := $(VENV)/peers
peers: $(PEERS)/.ready

$(PEERS)/.ready: tests/foreign/requirements.txt $(READY)
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet --requirement tests/foreign/requirements.txt
	touch $@

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY)
	$(BIN)/python -m docs.generate

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(READY)
