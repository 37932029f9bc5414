# The first Python of 3.11 or newer that really runs (a pyenv shim may only pretend).
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN = .venv/bin
ROOMS = appliance drivers evaluator kiosk printer queue

.PHONY: help demo test soak fuzz check format bench picture constraints need-python clean

help:
	@echo 'make demo     a whole hall in this terminal   在本终端里打开一个完整的大厅'
	@echo 'make test     set up and run the tests        运行测试'
	@echo 'make check    format, lint, types, imports, tests'
	@echo 'make bench    the figures of docs/limits.md, measured here'
	@echo 'make soak     the long crash runs'
	@echo 'make fuzz     a million inputs for each codec'
	@echo 'make picture  the pictures of the README, from a real run'

need-python:
	@test -n '$(PYTHON)' || { printf '\n缺少：Python 3.11 或更新\nMissing: Python 3.11 or newer\n\n    sudo apt-get install python3 python3-venv\n\n' >&2; exit 2; }

demo: need-python
	@$(PYTHON) tools/setup.py demo
	@$(BIN)/hall demo

test: need-python
	@$(PYTHON) tools/setup.py test
	$(BIN)/pytest -q -n 3 --dist loadgroup -m 'not soak'

soak: need-python
	@$(PYTHON) tools/setup.py test
	$(BIN)/pytest -q -m soak --timeout 3600

fuzz: need-python
	@$(PYTHON) tools/setup.py test
	@$(BIN)/python -m pip install --quiet -c constraints.txt --editable '.[fuzz]' --no-build-isolation
	$(BIN)/python tests/fuzz/run.py

check: need-python
	@$(PYTHON) tools/setup.py check
	$(BIN)/ruff format --check $(ROOMS) tests tools bench
	$(BIN)/ruff check $(ROOMS) tests tools bench
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n 3 --dist loadgroup -m 'not soak'

format: need-python
	@$(PYTHON) tools/setup.py check
	$(BIN)/ruff format $(ROOMS) tests tools bench
	$(BIN)/ruff check --fix $(ROOMS) tests tools bench

bench: need-python
	@$(PYTHON) tools/setup.py demo
	$(BIN)/python bench/run.py

picture: need-python
	@$(PYTHON) tools/setup.py test
	$(BIN)/python tools/readme_pictures.py

constraints: need-python
	@$(PYTHON) tools/setup.py check
	@{ echo '# Every version that the set-up installs. Names no index and no host.'; \
	   echo '# Renew with: make constraints'; \
	   $(BIN)/python -m pip freeze --all --exclude-editable | grep -v '^pip==' | sort -f; } > constraints.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
