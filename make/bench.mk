# SPDX-License-Identifier: Apache-2.0
.PHONY: bench
bench: build images lab-tools ## measure side by side with what one would run otherwise (PART="kernel l7": only these; QUICK=1: a trial)
	@bench/run $(if $(QUICK),--quick) $(if $(ROUNDS),--rounds $(ROUNDS)) $(PART)

.PHONY: bench-tables
bench-tables: ## write the tables of all measured parts, which must be of one commit, into docs/performance.md
	@bench/tables
