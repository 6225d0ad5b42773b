# make run: the portal with a demo on this computer. make test: the whole gate. Everything else is listed by make help.
PYTHON ?= python3
BOOTSTRAP := exec $(PYTHON) tools/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help run reset manage test test-long faults bench messages

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

run: export TOT_DEMO = 1
run: ## start the portal with a demo on http://localhost:8000 (PORT=8001 chooses another port); Ctrl-C stops it
	@$(BOOTSTRAP) run

reset: export TOT_DEMO = 1
reset: ## remove the demo's data (var/), so that make run starts anew
	@$(BOOTSTRAP) reset

manage: ## a command of manage.py beside the running demo (COMMAND="backup")
	@$(BOOTSTRAP) manage $(COMMAND)

test: ## format, lint, contracts, migrations, deploy check, tests and browser journeys (TESTS=path runs only these tests)
	@$(BOOTSTRAP) test $(TESTS)

test-long: ## the tests that are too slow for every change
	@$(BOOTSTRAP) test-long $(TESTS)

faults: ## kill worker, web, broker and database while people work, and count what is lost (KILLS=25 SEED=random)
	@$(BOOTSTRAP) faults $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED))

bench: ## measure what the portal claims, on servers and data of its own (ONLY=pages|race|certificates|verification|taps|background)
	@$(BOOTSTRAP) bench

messages: ## collect the texts of the screens into locale/
	@$(BOOTSTRAP) messages
