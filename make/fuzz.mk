# SPDX-License-Identifier: Apache-2.0
SECONDS_EACH ?= 300

.PHONY: fuzz
fuzz: build images ## fuzz every target for SECONDS_EACH (300) and print what was found (root)
	@fuzz/run --seconds $(SECONDS_EACH)
