# Everything sets itself up: a machine needs Python 3.11 or later, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test page peers check format docs clean

demo: $(READY)
	$(BIN)/haitang demo

test: $(READY)
	$(BIN)/pytest -n 2 --ignore tests/page --ignore tests/foreign

# In a real browser, and with another framework's bot.
page: peers
	$(BIN)/pytest -n 2 tests/page tests/foreign

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
