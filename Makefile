# Everything sets itself up: a machine needs Python 3.11 or later, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := $(VENV)/peers

.PHONY: demo test long coverage night page crash torture defences peers bench bench-peers ear check format docs clean

demo: $(READY)
	$(BIN)/haitang demo

# Most that is promised, in some minutes; what takes its time has targets of its own.
OURS := --ignore tests/page --ignore tests/foreign --ignore tests/crash
test: $(READY)
	$(BIN)/pytest -n 2 $(OURS) -m "not long"

# The rooms beside the petition; the bot killed, starved and restored; PostgreSQL; random lives.
long: $(READY)
	$(BIN)/pytest -n 2 $(OURS) -m long

# Which lines and branches the tests pass: 90 % of all, and everything where a petition is decided
# about, taken in, rung and sent.
WHOLE := workflows/petition/engine.py,workflows/petition/rules/relations.py,workflows/desk/__init__.py,bot/telegram/receive.py,bot/telegram/exchange.py,bot/telegram/sending.py,bot/telegram/deliver.py
coverage: $(READY)
	$(BIN)/pytest -n 2 $(OURS) --cov --cov-report=
	$(BIN)/coverage report --fail-under 90
	$(BIN)/coverage report --fail-under 100 --include $(WHOLE)

# What takes hours: random lives and updates by the thousand, a year of a thousand tickets.
night: $(READY)
	HYPOTHESIS_PROFILE=night $(BIN)/pytest -n 2 --dist loadfile tests/properties tests/fuzz \
	  tests/desk/test_downtime_chat.py tests/petition/test_week_chat.py

# In a real browser, and with the bots of other libraries (grammY's and telegraf's after make bench-peers).
page: $(PEERS)/.bench-ready
	$(BIN)/pytest -n 2 tests/page tests/foreign

# The bot dies at every named point in every scene, and nobody is the worse for it (docs/crashes.md).
crash: $(READY)
	$(BIN)/pytest -n 2 tests/crash

# Each defence is taken out of a copy, and its test must fail (docs/failures.md): some ten minutes.
FAULTS ?=
defences: $(READY)
	$(BIN)/python tests/house/defences.py $(FAULTS)

# Residents and staff under load while the bot is killed again and again: make torture MINUTES=60
MINUTES ?= 15
torture: $(READY)
	$(BIN)/python -m playground.torture --minutes $(MINUTES)

# Another framework's bot, for one test: in an environment of its own, since it holds back pydantic.
peers: $(PEERS)/.ready

$(PEERS)/.ready: tests/foreign/requirements.txt $(READY)
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet --requirement tests/foreign/requirements.txt
	touch $@

# The bots of other libraries that haitang is measured against (benchmarks/peers).
NODE_PEERS := benchmarks/peers/node
bench-peers: $(PEERS)/.bench-ready $(NODE_PEERS)/node_modules/.ready

$(PEERS)/.bench-ready: benchmarks/peers/requirements.txt $(PEERS)/.ready
	$(PEERS)/bin/pip install --quiet --requirement benchmarks/peers/requirements.txt
	touch $@

$(NODE_PEERS)/node_modules/.ready: $(NODE_PEERS)/package.json $(NODE_PEERS)/package-lock.json
	if command -v npm > /dev/null; then \
	  npm ci --loglevel=error --prefix $(NODE_PEERS) && touch $@; \
	else echo "no node here: grammY and telegraf are left out"; fi

# Speed beside those bots (docs/performance.md), some hours in all. Another choice:
# make bench BENCH="--bots haitang,ptb --runs 1 --seconds 5 --pushes 300"
LOAD := $(VENV)/bench
bench: bench-peers $(LOAD)/.ready
	$(LOAD)/bin/python -m benchmarks $(BENCH)

# The ear for danger, taught by tests/data/danger.csv and, where HAITANG_PETITIONS is a file of real
# petitions, by their plain talk (docs/danger.md). How well: make ear EAR=--check
ear: $(LOAD)/.ready
	$(LOAD)/bin/python -m benchmarks.danger_training $(EAR)

$(LOAD)/.ready: benchmarks/requirements.txt $(READY)
	$(PYTHON) -m venv $(LOAD)
	$(LOAD)/bin/pip install --quiet --constraint constraints.txt --editable . \
	  --requirement benchmarks/requirements.txt
	touch $@

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pip check
	$(BIN)/python tests/house/dependencies.py

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
