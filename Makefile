# SPDX-License-Identifier: Apache-2.0
# `make` alone prints help. Every target installs what it needs (Debian) or says what is missing.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export JAVA_HOME := $(shell make/find-jdk 2>/dev/null)
MVN := mvn -B -q
# What programs say of themselves; a checkout without git says "unknown".
BUILT_FROM = -Dkumo.commit=$(or $(shell git rev-parse --short=12 HEAD 2>/dev/null),unknown) \
	-Dkumo.date=$(or $(shell git log -1 --format=%cs 2>/dev/null),unknown)

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
build: jdk deps ## compile and check every module, without running tests
	@$(MVN) install -DskipTests $(BUILT_FROM)

.PHONY: test
test: build images lab-tools ## every test there is, the privileged ones too (root); one closing line
	@make/run-tests

.PHONY: test-fast
test-fast: jdk ## tests that need neither root nor a cluster
	@make/run-tests --fast

.PHONY: lab-tools
lab-tools: ## build the lab's Kubernetes programs into the cache (minutes the first time, then nothing)
	@lab/tools/build >/dev/null

.PHONY: handson
handson: build images lab-tools ## play the hands-on chapter on a fresh lab (KEEP=1: on the one that runs, which stays)
	@make/handson

.PHONY: clean
clean: ## remove what builds have written into this checkout
	@$(MVN) clean

-include make/*.mk
