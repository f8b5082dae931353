# The few words a newcomer needs. Python 3.11 and make are all that is assumed.
PORT ?= 8000
PY = .venv/bin/python

.PHONY: demo test dev check messages bench clean

demo:      ## from a bare machine to a running house with a story inside
	@python3 tools/setup.py app
	@.venv/bin/tiendo demo --port $(PORT)

test:      ## everything that CI runs
	@python3 tools/setup.py all
	@$(PY) tools/check.py all

check:     ## what a machine can object to in under a minute
	@python3 tools/setup.py all
	@$(PY) tools/check.py quick

dev:       ## the house with reload, on the demo's database
	@python3 tools/setup.py all
	@TIENDO_DEBUG=1 .venv/bin/tiendo runserver $(PORT)

messages:  ## gather new sentences for the translators
	@$(PY) tools/messages.py extract

bench:     ## the scenarios, small size; SIZE=nation for the whole
	@$(PY) bench/figures.py
	@$(PY) bench/orgs.py
	@$(PY) bench/seals.py

clean:     ## forget everything that was made (the database too)
	@rm -rf .venv .boot node_modules static var
