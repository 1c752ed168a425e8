# Frontline. `make demo` and `make test` are all that a newcomer needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
MODEL := var/model/manifest.json
LEARNED := var/learned
PEERS := .venv-peers
BENCH_STEP ?= 10
CHAOS_MINUTES ?= 30
CHAOS_SEED ?= 1
CHAOS_FLAGS ?=
WORKERS ?= auto
ON_POSTGRESQL := tests/store tests/worker tests/scenarios
RARE_STORIES := beyond_slack channels channels_away doctor forgetting gaps groups_and_bots homes incidents \
  languages metrics misconfigured oncall problems resting the_loop ways workspaces
RARE_ON_POSTGRESQL := tests/worker/test_outages.py $(RARE_STORIES:%=tests/scenarios/test_%.py)

.PHONY: demo test test-rare lint bench bench-speed profile chaos bench-peers screenshots model gate clean

demo: model                 ## a Slack workspace on this machine with the real bot in it
	$(BIN)/frontline demo

test: model                 ## every test but those that take long and seldom break
	$(BIN)/pytest -n $(WORKERS) --dist loadfile

test-rare: model            ## these: outages, hostile texts and files, the page in a browser
	$(BIN)/pytest -m rare -n $(WORKERS) --dist loadfile
	FRONTLINE_ENGINE=postgresql $(BIN)/pytest -m 'not bench and not rare and not sqlite' \
	  -n $(WORKERS) --dist loadfile $(ON_POSTGRESQL)
	FRONTLINE_ENGINE=postgresql $(BIN)/pytest -m 'rare and not sqlite' \
	  -n $(WORKERS) --dist loadfile $(RARE_ON_POSTGRESQL)

lint: $(INSTALLED)          ## style, types, and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: export BENCH_RESULTS := tests/bench/results.json
bench: model                ## speed, size and quality: printed, and written to docs/figures.md
	$(BIN)/python -m pytest tests/bench/*_speed.py tests/bench/kb_*.py tests/bench/workspace_*.py \
	  --no-header -rs -s -m bench
	$(BIN)/python tests/bench/classifier_desk.py
	$(BIN)/python tests/bench/desk_gate.py
	$(BIN)/python tests/bench/desk_unseen.py
	$(BIN)/python tests/bench/classifier_holdout.py
	$(BIN)/python tests/bench/small_talk.py
	$(BIN)/python tests/bench/followups.py
	$(BIN)/python tests/bench/encoders.py
	$(BIN)/python -m tests.bench.conversations
	$(BIN)/python tests/bench/typos.py
	$(BIN)/python -m tests.bench.article_ways
	$(BIN)/python tests/bench/classifier_public.py
	-$(BIN)/python -m tests.bench.report_speed
	$(BIN)/python tests/bench/figures.py

bench-speed: model          ## how fast, beside Slack's own time: printed, in five minutes
	$(BIN)/python -m tests.bench.message_profile
	FRONTLINE_BENCH_SECONDS=20 $(BIN)/python -m pytest tests/bench/test_speed.py \
	  tests/bench/desk_latency.py -k "not busy_channel" --no-header -rs -s -m bench

profile: model              ## where the time of one message goes, by stage
	$(BIN)/python -m tests.bench.message_profile

chaos: $(INSTALLED)         ## everything goes wrong, from a seed, for half an hour; printed
	$(BIN)/python -m tests.bench.chaos --minutes $(CHAOS_MINUTES) --seed $(CHAOS_SEED) $(CHAOS_FLAGS)

bench-peers: export BENCH_RESULTS := tests/bench/results.json
bench-peers: $(PEERS)/.installed  ## ours beside other people's search and classifiers; the same
	BENCH_STEP=$(BENCH_STEP) $(PEERS)/bin/python -m pytest tests/bench/kb_course_faq.py \
	  --noconftest --no-header -rs -s -m bench
	$(PEERS)/bin/python tests/bench/classifier_peers.py
	$(PEERS)/bin/python tests/bench/figures.py

$(PEERS)/.installed: pyproject.toml constraints.txt constraints-peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check \
	  -c constraints.txt -c constraints-peers.txt -e '.[peers]'
	touch $@

screenshots: model          ## docs/images, made by the real bot in a real browser
	$(BIN)/python tests/playground/screenshots.py

model: $(MODEL) $(LEARNED)  ## the classifier and what articles are found by, from training_data/

gate: model                 ## fits how classifier and search decide together; minutes
	$(BIN)/frontline classifier gate

$(MODEL): $(INSTALLED) $(wildcard classifier/*.py classifier/*/*.py kb/encoding/*.py kb/encoding/*/*.py \
  training_data/*.json training_data/*/*.jsonl)
	$(BIN)/frontline classifier train

$(LEARNED): $(wildcard kb/articles/*.md training_data/*.json training_data/*/*.jsonl) | $(MODEL)
	$(BIN)/frontline kb sync kb/articles
	touch $@

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

clean:                      ## forgets what the demo kept, and everything that was built
	rm -rf var $(VENV) $(PEERS) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
