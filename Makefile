# SPDX-License-Identifier: Apache-2.0
# `make` alone prints help. Every target installs what it needs (Debian) or says what is missing.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export JAVA_HOME := $(shell make/find-jdk 2>/dev/null)
MVN := mvn -B -q

.PHONY: help
help: ## print this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: doctor
doctor: ## say what is missing; change nothing
	@make/doctor

.PHONY: deps
deps: ## install the Debian packages that are missing (root)
	@make/install-packages

.PHONY: jdk
jdk:
	@make/find-jdk >/dev/null

.PHONY: build
build: jdk ## compile and check every module, without running tests
	@$(MVN) install -DskipTests

.PHONY: test
test: jdk deps ## every test there is, the privileged ones too (root); one closing line
	@make/run-tests

.PHONY: test-fast
test-fast: jdk ## tests that need neither root nor a cluster
	@make/run-tests --fast

.PHONY: handson
handson: ## play the hands-on chapter (refuses until the node dataplane exists)
	@echo "make handson: the node dataplane and the cluster overlay are not built yet, so no step can be played; see 'State of the work' in README.md" >&2; exit 2

.PHONY: clean
clean: ## remove what builds have written into this checkout
	@$(MVN) clean

-include make/*.mk
