# dxsh: everything a person or a machine does with the project, one target each.

SHELL := /bin/bash
PACKAGES := libssl-dev libsqlite3-dev libcurl4-openssl-dev libre2-dev pkg-config tzdata
RELEASE := swift build -c release --static-swift-stdlib --scratch-path .build-release -Xswiftc -cross-module-optimization
PREFIX ?= /usr/local
# How many runs `make torture` kills in each of its tests.
ROUNDS ?= 50
CEL_PYTHON ?= python3

.PHONY: demo test conformance build release install format bench torture clean libraries

## Builds dxsh and runs the sample `orders`.
demo: build
	@.build/debug/dxsh exec samples/orders/orders.dxsh
	@echo "The reports are samples/orders/out/report.json and samples/orders/out/report.md."

## Builds with the import check, lints the format, runs every test.
test: libraries
	swift build --build-tests --explicit-target-dependency-import-check error
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
	swift test --skip-build --disable-xctest

## Scores the conformance cases beside the clone, where there are any; `docs/cel-conformance.md` names what does not pass.
conformance: libraries
	@if [ -d ../shared/conformance ]; then \
	  DXSH_CONFORMANCE="$$(cd ../shared/conformance && pwd)" \
	    swift test --disable-xctest --filter CELConformanceTests; \
	else \
	  echo "conformance: no cases beside this clone, nothing to score"; \
	fi

## A debug build.
build: libraries
	swift build --product dxsh

## The program as it is shipped: .build-release/release/dxsh
release: libraries
	$(RELEASE) --product dxsh
	strip .build-release/release/dxsh

## Installs the released program into $(PREFIX)/bin.
install: release
	install -D .build-release/release/dxsh $(DESTDIR)$(PREFIX)/bin/dxsh

## Formats the sources.
format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests

## Measures, each figure beside its floor or its goal in the same run; counts syncs if strace is there. A few minutes.
## `ONLY=expressions` or `ONLY=json` measures that alone; CEL_PYTHON names a Python that has cel-expr-python to compare with.
bench: release
	$(RELEASE) --product DxshBench
	CEL_PYTHON=$(CEL_PYTHON) .build-release/release/DxshBench .build-release/release/dxsh $(ONLY)

## Kills runs with `kill -9` at seeded random moments and goes on with them, ROUNDS times; no effect may be repeated.
torture: libraries
	DXSH_KILL_ROUNDS=$(ROUNDS) swift test --disable-xctest --filter KillTests

clean:
	rm -rf .build .build-release

## Installs the system libraries that are missing; needs neither root nor network when none is.
libraries:
	@missing=""; \
	for package in $(PACKAGES); do \
	  [ "$$(dpkg-query -W -f='$${db:Status-Status}' $$package 2>/dev/null)" = installed ] || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -q && apt-get install -y -q $$missing; \
	  elif command -v sudo >/dev/null; then sudo apt-get update -q && sudo apt-get install -y -q $$missing; \
	  else echo "These packages are missing:$$missing. Install them as root: apt-get install$$missing" >&2; exit 1; fi; \
	fi
