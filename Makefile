# Frond. `make` lists what there is.

SHELL := /bin/bash
.DEFAULT_GOAL := help

CASE ?= configs/sodium-on-nisb.yaml
PREFIX ?= /usr/local

# Native code is several times faster in the loops; the binary is for this machine.
NATIVE := -c release -Xcc -march=native -Xswiftc -enforce-exclusivity=unchecked
# The tests run optimised, because the verification problems need the speed; -enable-testing keeps
# @testable imports. They build apart, so that `make run` and `make test` do not rebuild each other.
TESTING := --scratch-path .build/testing $(NATIVE) -Xswiftc -enable-testing
FROND := .build/release/frond
# A run keeps its case as case.yaml: that has the name of its folder.
NAME := $(notdir $(basename $(CASE:/case.yaml=.yaml)))
SOURCES := Sources Tests Benchmarks Package.swift

# Threads are the solver's own; a threaded BLAS would only get in its way.
export OPENBLAS_NUM_THREADS := 1

.PHONY: help requirements build run test benchmark benchmark-peers benchmark-solution lint format clean sanitize install

help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

requirements: ## Install the Debian packages that are missing, check for Swift
	@scripts/requirements

build: requirements ## Build for this machine
	swift build $(NATIVE)

run: build ## Run CASE (default: sodium on NiSb) into runs/
	@scripts/run-case "$(FROND)" "$(CASE)" "runs/$(NAME)"

test: requirements ## Build and run every test; the last line counts them
	@scripts/test $(TESTING)

benchmark: build ## Measure; BASE=old.csv compares, ARGUMENTS="512 t1 islands" chooses
	swift run $(NATIVE) --skip-build Benchmarks $(if $(BASE),base=$(BASE)) $(ARGUMENTS)

benchmark-peers: build ## Measure against NumPy, FiPy and py-pde (4 minutes; installs them into .build/peers)
	@scripts/benchmark-peers

benchmark-solution: build ## Error against cells, steps and time (20 minutes); ARGUMENTS="main needle islands-3d" chooses
	@python3 Benchmarks/solution/study.py $(ARGUMENTS)

lint: ## Check the format of the sources
	swift format lint --strict -r $(SOURCES)

format: ## Format the sources in place
	swift format -i -r $(SOURCES)

sanitize: requirements ## Run the tests under the thread and the address sanitizer (slow)
	swift test --scratch-path .build/thread --sanitize=thread
	ASAN_OPTIONS=detect_leaks=0 swift test --scratch-path .build/address --sanitize=address

install: build ## Install frond into PREFIX/bin (default /usr/local)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 "$(FROND)" "$(DESTDIR)$(PREFIX)/bin/frond"

clean: ## Remove everything that was built; runs/ stays
	rm -rf .build
