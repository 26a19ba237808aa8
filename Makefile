# One verb a line; each is what CI calls too. `make run PORT=8000 DATA=var`.
PYTHON ?= python3
PORT ?= 8000
DATA ?= var
VENV := .venv/bin
export PORT DATA

.PHONY: setup run test test-all test-gpu smoke bench lint lock messages

setup:
	@$(PYTHON) deploy/setup_clone.py

run: setup
	@exec $(VENV)/python manage.py run --port $(PORT) --data $(DATA)

test: setup
	@$(VENV)/python -m pytest -m "not browser and not docker and not faults and not gpu"

test-all: setup
	@$(VENV)/python -m pytest -m "not gpu"

test-gpu: setup
	@$(VENV)/python -m pytest -m gpu tests/gpu

smoke:
	@$(VENV)/python manage.py smoke --port $(PORT) --data $(DATA)

bench: setup
	@$(VENV)/python -m benchmarks

lint: setup
	@$(VENV)/ruff check . && $(VENV)/ruff format --check . && $(VENV)/mypy && PYTHONPATH=.:platform $(VENV)/lint-imports

lock:
	@for f in platform checker numpy torch dev; do $(VENV)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links -o requirements/$$f.txt requirements/$$f.in; done

messages: setup
	@cd platform/gradus && mkdir -p locale && for l in $(LANGUAGES); do ../../$(VENV)/django-admin makemessages -l $$l --no-location -i frontend -i static; done
	@cd platform/gradus && ../../$(VENV)/django-admin makemessages --all --no-location -i frontend -i static && ../../$(VENV)/django-admin compilemessages
